"""Checks one finished file: opens it, decodes it once, judges. A bad file is a finding, not an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Literal

from courseware.errors import Text, ToolError, text
from courseware.lessons.proofs import digest_of
from courseware.lessons.rendition import Rendition
from render.quality.checks import judge
from render.quality.checks.expected import Expected
from render.quality.container import FileFacts, examine, judge_file
from render.quality.facts import PictureFacts
from render.quality.findings import RENDER_AGAIN, QualityFinding, in_order, worst
from render.quality.picture import Watched, watch
from render.quality.sound import SoundFacts, listen
from render.work.ffmpeg import Ffmpeg

Verdict = Literal["good", "look", "bad"]
_NEAR_MS = 1000  # damage is told once a second


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file since it was made, and holds as long as its bytes are the same.

    Attributes:
        sha256: of the bytes; "" when they need not be compared, since they were written just now.
    """

    sha256: str = ""
    picture: PictureFacts | None = None
    sound: SoundFacts | None = None


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was checked.

    Attributes:
        name: for people, e.g. "dose · station-tv", or the file's name.
        lesson, title, profile: "" where they are not known.
        picture, sound: None where there is none, or it cannot be decoded.
    """

    name: str
    path: Path
    lesson: str
    title: str
    profile: str
    expected: Expected
    file: FileFacts
    picture: PictureFacts | None
    sound: SoundFacts | None
    findings: tuple[QualityFinding, ...]

    @property
    def verdict(self) -> Verdict:
        """What a person does with it: nothing, look at it (a warning), or make it again (an error)."""
        gravest = worst(self.findings)
        return "bad" if gravest == "error" else "look" if gravest == "warning" else "good"


def check_file(
    path: Path,
    expected: Expected,
    tool: Ffmpeg,
    *,
    about: Rendition | None = None,
    known: Known | None = None,
    stop: Event | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> CheckedFile:
    """Check a file; what is already known of it is not decoded again.

    Args:
        about: its description, for its names; None for any file.
        on_progress: told the milliseconds of picture seen so far.

    Raises:
        StoppedError: `stop` was set.
    """
    file = examine(path)
    findings = list(judge_file(file, expected))
    picture = sound = None
    if file.refused is None:
        if known is not None and known.sha256 and digest_of(path, anew=True) != known.sha256:
            findings.append(_changed())
            known = None
        expected = _adapted(expected, file)
        known = known or Known()
        picture, damage = _seen(path, file, known, on_progress)
        sound, deaf = _heard(path, file, known, tool, stop)
        findings += (*damage, *deaf, *judge(picture, sound, expected))
    return CheckedFile(
        name=f"{about.lesson} · {about.profile}" if about else path.name,
        path=path,
        lesson=about.lesson if about else "",
        title=about.title if about else "",
        profile=expected.profile.name if expected.profile else "",
        expected=expected,
        file=file,
        picture=picture,
        sound=sound,
        findings=in_order(findings),
    )


def _adapted(expected: Expected, file: FileFacts) -> Expected:
    """Moments are counted at the file's own frame rate, whatever it should have been."""
    if file.video is not None and file.video.fps:
        return replace(expected, fps=file.video.fps)
    return expected


def _changed() -> QualityFinding:
    what = text("its bytes are not those that were rendered: it was changed, or the disk has a fault")
    return QualityFinding("changed", "error", 0, 0, what, RENDER_AGAIN)


def _seen(
    path: Path, file: FileFacts, known: Known, on_progress: Callable[[int], None] | None
) -> tuple[PictureFacts | None, tuple[QualityFinding, ...]]:
    if file.video is None or known.picture is not None:
        return known.picture, ()
    try:
        watched = watch(path, on_progress)
    except ValueError as error:
        return None, (_undecodable(text("its pictures cannot be decoded: {reason}", reason=str(error))),)
    if watched.facts is None:
        return None, (_undecodable(text("its pictures cannot be decoded")),)
    return watched.facts, tuple(_damage(watched))


def _undecodable(what: Text) -> QualityFinding:
    return QualityFinding("damaged", "error", 0, 0, what, RENDER_AGAIN)


def _damage(watched: Watched) -> Iterator[QualityFinding]:
    """Damaged pictures; those close together are one place."""
    places: list[list[int]] = []
    for at_ms in watched.damaged_ms:
        if places and at_ms - places[-1][-1] <= _NEAR_MS:
            places[-1].append(at_ms)
        else:
            places.append([at_ms])
    picture_ms = round(1000 / watched.fps)
    for place in places:
        what = text("the picture is damaged")
        yield QualityFinding("damaged", "error", place[0], place[-1] + picture_ms, what, RENDER_AGAIN)


def _heard(
    path: Path, file: FileFacts, known: Known, tool: Ffmpeg, stop: Event | None
) -> tuple[SoundFacts | None, tuple[QualityFinding, ...]]:
    if file.audio is None or known.sound is not None:
        return known.sound, ()
    try:
        return listen(path, tool, stop), ()
    except ToolError as error:
        what = text("its sound cannot be decoded: {reason}", reason=error.problems[0].what)
        return None, (_undecodable(what),)
