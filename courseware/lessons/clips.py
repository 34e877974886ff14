"""Clips (片段): which stretches of which videos a lesson shows, one after the other, as lesson.toml says it.

`[[clip]]` names each; `cut` names what is left out of the one video. Both become `Clip`s. Opens no video: whether a
stretch lies inside of its video is told by `beyond_end`, for whoever knows how long they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from courseware.errors import Problem, Text, text
from courseware.times import Span, parse_shift
from courseware.validate import Complaint

Fit = Literal["pad", "blur", "crop"]
Cut = tuple[int, int | None]  # what is left out, in milliseconds; None is the end of the video
Turn = Literal[0, 90, 180, 270]
SHORTEST_MS = 200  # of a clip on the screen; less is a flash that nobody meant
MOST_CLIPS = 200
_ROUNDED_MS = 1000  # players show whole seconds: an end typed from one may lie so far behind the video's
_LONGEST_FADE_MS = 5000
_END_MS = 100 * 3_600_000  # after the end of every video
_BETWEEN = re.compile(r"\s*(?:[-–—~～至到])\s*")


def moment_ms(given: object) -> int:
    """A validator: milliseconds of "1:20", "1:02:03.5", 80 or 80.5 (seconds).

    Raises:
        Complaint: it is no moment.
    """
    said = str(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
    found = parse_shift(said)
    if found is None or found < 0 or said.strip().startswith(("+", "-")):
        raise Complaint(text('{given} is not a moment; write "1:20", "1:02:03.5" or seconds', given=str(given)))
    return found


def cut_ms(given: object) -> Cut:
    """A validator: the stretch of "1:20-1:45"; "-0:05" is from the beginning, "1:45-" to the end (None).

    Raises:
        Complaint: it is none, or it ends before it begins.
    """
    if isinstance(given, tuple):
        return given  # as it was read
    parts = _BETWEEN.split(given.strip()) if isinstance(given, str) else []
    if len(parts) != 2 or not any(parts):  # noqa: PLR2004  (a start and an end)
        raise Complaint(text('{given} is not a stretch; write "1:20-1:45"', given=str(given)))
    start, end = moment_ms(parts[0] or "0"), moment_ms(parts[1]) if parts[1] else None
    if end is not None and end <= start:
        raise Complaint(text("{given} ends before it begins", given=str(given)))
    return start, end


def _fade_ms(given: object) -> int:
    found = moment_ms(given)
    if found > _LONGEST_FADE_MS:
        raise Complaint(text("a cross-fade lasts 5 seconds at most"))
    return found


def _speed(given: object) -> Fraction:
    try:
        return Fraction(Decimal(str(given)))
    except (ArithmeticError, ValueError):
        raise Complaint(text("must be a number, not {given}", given=str(given))) from None


Moment = Annotated[int, BeforeValidator(moment_ms)]
CutOut = Annotated[Cut, BeforeValidator(cut_ms)]


class ClipFile(BaseModel):
    """The keys of a [[clip]] of lesson.toml; docs/formats.md describes each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = ""
    from_ms: Moment = Field(default=0, alias="from")
    to_ms: Moment | None = Field(default=None, alias="to")
    gain: float = Field(default=0, ge=-40, le=20)
    speed: Annotated[Fraction, BeforeValidator(_speed)] = Field(default=Fraction(1), ge=Fraction(1, 4), le=4)
    fit: Fit | None = None
    rotate: Turn | None = None
    fade: Annotated[int, BeforeValidator(_fade_ms)] = 0

    @model_validator(mode="after")
    def _lasts(self) -> ClipFile:
        if self.to_ms is not None and self.to_ms - self.from_ms < SHORTEST_MS * self.speed:
            raise Complaint(text("“to” must come after “from”, by 0.2 s of the finished lesson at least"))
        return self


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of a video as it is shown.

    Attributes:
        key: how messages name it, e.g. "clip.2" or "cut".
        to_ms: None for the end of the video.
        gain_db: louder, or softer when it is negative.
        speed: how many times as fast.
        rotate: degrees clockwise.
        fade_ms: for so long the clip before goes over into it; 0 for a cut.
    """

    key: str
    path: Path
    from_ms: int = 0
    to_ms: int | None = None
    gain_db: float = 0
    speed: Fraction = Fraction(1)
    fit: Fit = "pad"
    rotate: int = 0
    fade_ms: int = 0


def kept_clips(path: Path, cuts: Sequence[Cut], fit: Fit, rotate: int) -> tuple[Clip, ...]:
    """What remains of a video when `cuts` are left out; a rest too short to be seen goes with them."""
    clips, start = [], 0
    for cut_start, cut_end in (*sorted(cuts, key=lambda cut: cut[0]), (None, None)):
        if cut_start is None or cut_start - start >= SHORTEST_MS:
            clips.append(Clip("cut", path, start, cut_start, fit=fit, rotate=rotate))
        if cut_start is not None and cut_end is None:
            break
        start = cut_end or 0
    return tuple(clips)


def clashing_cuts(cuts: Sequence[Cut], where: str) -> list[Problem]:
    """Cuts that overlap, and cuts that leave nothing."""
    problems = []
    for before, after in pairwise(sorted(cuts, key=lambda cut: cut[0])):
        if before[1] is None or before[1] > after[0]:
            what = text(
                "the cuts from {first} and from {second} overlap; make one of them",
                first=said(before[0]),
                second=said(after[0]),
            )
            problems.append(Problem(where, what))
    if cuts and not problems and not kept_clips(Path(), cuts, "pad", 0):
        problems.append(Problem(where, text("nothing of the video would be left")))
    return problems


def short_for_fades(clips: Sequence[ClipFile], where: str) -> list[Problem]:
    """Clips that are shorter than the cross-fades into and out of them, as far as that is known from the file."""
    fades = [0, *(clip.fade for clip in clips[1:]), 0]
    problems = []
    if clips and clips[0].fade:
        problems.append(Problem(f"{where}: clip.1.fade", text("there is nothing before it to fade from; remove it")))
    for number, clip in enumerate(clips):
        if clip.to_ms is not None and (clip.to_ms - clip.from_ms) / clip.speed < fades[number] + fades[number + 1]:
            what = text("is shorter than the cross-fades into and out of it")
            problems.append(Problem(f"{where}: clip.{number + 1}", what))
    return problems


def beyond_end(clips: Sequence[Clip], lengths_ms: Mapping[Path, int]) -> tuple[tuple[str, Text], ...]:
    """The clips that lie outside of their videos: the key of each, and what is wrong with it.

    Args:
        lengths_ms: of the videos that could be opened.
    """
    wrong: list[tuple[str, Text]] = []
    for clip in clips:
        length = lengths_ms.get(clip.path)
        late = [ms for ms in (clip.from_ms, clip.to_ms or 0) if length and ms > length + _ROUNDED_MS]
        if length and not late and clip.key != "cut" and lasting_ms(clip, length) < SHORTEST_MS:
            late = [clip.from_ms]
        for moment in late[:1]:
            what = text(
                "{moment} lies after the end of {name}, which lasts {length}",
                moment=said(moment),
                name=clip.path.name,
                length=said(length or 0),
            )
            wrong.append((clip.key, what))
    known = {clip.path for clip in clips} <= lengths_ms.keys()
    if known and not wrong and all(lasting_ms(clip, lengths_ms[clip.path]) < SHORTEST_MS for clip in clips):
        wrong += [(clip.key, text("nothing of the video would be left")) for clip in clips[:1]]
    return tuple(wrong)


def unheard(clips: Sequence[Clip]) -> tuple[Span, ...]:
    """What clips of one video leave out of it, in its time; nothing when there are none."""
    gaps, at = [], 0
    for start, end in sorted((clip.from_ms, _END_MS if clip.to_ms is None else clip.to_ms) for clip in clips):
        if start > at:
            gaps.append(Span(at, start))
        at = max(at, end)
    return (*gaps, *([Span(at, _END_MS)] if clips and at < _END_MS else []))


def subtitled_ms(videos: Sequence[Path], clips: Sequence[Clip], lengths_ms: Mapping[Path, int]) -> int | None:
    """How long the time of a lesson's subtitles is: that of its one video, else of all clips; None when unknown."""
    if len(videos) == 1:
        return lengths_ms.get(videos[0])
    if not clips or any(clip.path not in lengths_ms for clip in clips):
        return None
    return shown_ms(clips, lengths_ms)


def footage_at(clips: Sequence[Clip], lengths_ms: Mapping[Path, int], at_ms: int) -> tuple[Clip, int]:
    """The clip that shows a moment of the lesson's own time, and its video's moment; of what is cut out, the next.

    Args:
        clips: at least one.
        lengths_ms: of all videos that are shown.
    """
    if len(lengths_ms) == 1:
        later = [(max(at_ms, clip.from_ms), clip) for clip in clips if clip.to_ms is None or at_ms < clip.to_ms]
        if later:
            moment, clip = min(later, key=lambda found: found[0])
            return clip, moment
    start = Fraction(0)
    for clip in clips:
        start -= clip.fade_ms
        lasts = lasting_ms(clip, lengths_ms[clip.path])
        if len(lengths_ms) > 1 and at_ms < start + lasts:
            return clip, clip.from_ms + int((at_ms - start) * clip.speed)
        start += lasts
    last = clips[-1]
    return last, last.from_ms + int(lasting_ms(last, lengths_ms[last.path]) * last.speed) - 1


def shown_ms(clips: Sequence[Clip], lengths_ms: Mapping[Path, int]) -> int:
    """How long all clips are together."""
    return int(sum(lasting_ms(clip, lengths_ms[clip.path]) - clip.fade_ms for clip in clips))


def lasting_ms(clip: Clip, length_ms: int) -> Fraction:
    """How long a clip of a video of that length is on the screen; not positive when it lies after its end."""
    end_ms = length_ms if clip.to_ms is None else min(clip.to_ms, length_ms)
    return (end_ms - clip.from_ms) / clip.speed


def said(ms: int) -> str:
    """A moment as lesson.toml has it: "1:20", "1:02:03.5"."""
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 1000:02}" + (f".{rest % 1000:03}".rstrip("0") if rest % 1000 else "")
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"
