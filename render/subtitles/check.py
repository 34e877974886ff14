"""Checks a subtitle file for a screen, and repairs what is safe. What needs no fonts lies in cue_rules.py."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from courseware.documents import said
from courseware.errors import InputError, Problem, text
from courseware.files import replacing
from courseware.subtitles import Placed, Subtitles, load_subtitles, write_cues
from courseware.subtitles.cue import Cue, labels
from courseware.subtitles.cue_rules import CueFinding, Fix, Level, Limits, check_cues, finding, fix_cues
from courseware.subtitles.formats import FORMATS
from courseware.terminal.console import Console
from courseware.times import Span
from render.plan.captions import FRAME_MS, SHORTEST_MS, CaptionStyle, caption_style, typeset
from render.plan.profiles import Profile
from templates.type.fonts import missing_glyphs
from templates.type.phrases import NO_WORDS, Words, tidy

_LED_ERROR_CPS, _TV_ERROR_CPS = 7, 9
_LEVELS = {"error": text("error"), "warning": text("warning")}


@dataclass(frozen=True, slots=True)
class CheckedSubtitles:
    """What was found in a file.

    Attributes:
        read: the file, repaired if that was asked; its problems are those of the file as it was.
        findings: what is wrong with it still.
        fixes: what was repaired.
        backup: where the file is kept as it was; None when nothing was written.
    """

    path: Path
    read: Subtitles
    findings: tuple[CueFinding, ...]
    fixes: tuple[Fix, ...] = ()
    backup: Path | None = None

    def count(self, level: Level) -> int:
        """How many findings there are of a level."""
        return sum(one.level == level for one in self.findings)


def check_file(
    path: Path, profile: Profile | None, video_ms: int | None, *, fix: bool = False, words: Words = NO_WORDS
) -> CheckedSubtitles:
    """Check a file; with `fix`, repair it in place first and keep the original beside it.

    Args:
        profile: the screen it is for; None for television's reading speed and no screen's lines.
        video_ms: length of the video, where it is known.

    Raises:
        InputError: the file cannot be read.
    """
    read = load_subtitles(path, mend=fix)
    fixes: tuple[Fix, ...] = ()
    backup = None
    if fix and FORMATS[read.format].read_only:
        what = text(
            "subtitles cannot be written into this file; make an SRT of them first: subtitle convert {name} x.srt",
            name=path.name,
        )
        raise InputError(Problem(path.name, what))
    if fix:
        placed, fixes = fix_cues(read.placed, video_ms)
        if (fixes or read.problems) and placed:
            backup = keep_copy(path)
            write_back(path, read, [one.cue for one in placed])
            read = replace(read, placed=placed)
    style = replace(caption_style(profile.canvas, profile.led), words=words) if profile else None
    findings = [*check_cues(read.placed, limits_for(profile), video_ms), *screen_findings(read.placed, style)]
    findings.sort(key=lambda one: (one.span.start_ms, one.line))
    return CheckedSubtitles(path, read, tuple(findings), fixes, backup)


def limits_for(profile: Profile | None) -> Limits:
    """What a kind of screen allows; its lines are set anew, so that those of the file do not matter."""
    if profile is None:
        return Limits(error_cps=_TV_ERROR_CPS)
    error_cps = _LED_ERROR_CPS if profile.led else _TV_ERROR_CPS
    return Limits(error_cps=error_cps, line_columns=None, cue_columns=None)


def screen_findings(placed: Sequence[Placed], style: CaptionStyle | None) -> Iterator[CueFinding]:
    """What the fonts cannot draw, and what the screen cannot show at once."""
    named = labels([one.cue for one in placed])
    for one, label in zip(placed, named, strict=True):
        for ch in missing_glyphs(tidy(label + one.cue.text)):
            what = text("the fonts have no “{char}” ({code})", char=ch, code=f"U+{ord(ch):04X}")
            yield finding(one, "glyph", "error", what, text("write it in another way"))
        if style:
            yield from _too_much(one, style)


def keep_copy(path: Path) -> Path:
    """A copy of the file under a name that is free and that no lesson takes for its subtitles."""
    names = (path.with_name(f"{path.name}.bak{number or ''}") for number in range(10_000))
    backup = next(name for name in names if not name.exists())
    with replacing(backup) as scratch:
        shutil.copy2(path, scratch)
    return backup


def write_back(path: Path, read: Subtitles, cues: Sequence[Cue]) -> None:
    """Write cues over the file that was read, in its own format and encoding."""
    # Big5 has no simplified characters, and UTF-16 needs its BOM.
    encoding = "utf-8" if read.encoding.startswith("big5") else read.encoding
    encoding = "utf-16" if encoding.startswith("utf-16") else encoding
    write_cues(cues, path, encoding, read.format)


def tell(console: Console, checked: CheckedSubtitles) -> None:
    """Every finding on a line of its own, then how many there are."""
    console.problems(checked.read.problems)
    for fix in checked.fixes:
        console.say(
            text(
                "repaired · subtitle {number}, {time}: {what}",
                number=fix.number,
                time=_clock(fix.span),
                what=fix.what,
            )
        )
    if checked.backup:
        console.say(text("The file as it was is kept as {name}.", name=checked.backup.name))
    for found in checked.findings:
        console.say(
            text(
                "{level} · subtitle {number}, {time}: {what}; {repair}",
                level=_LEVELS[found.level],
                number=found.number,
                time=_clock(found.span),
                what=found.what,
                repair=found.repair,
            )
        )
    console.say(
        text(
            "{name}: {cues} subtitles, {errors} errors, {warnings} warnings",
            name=checked.path.name,
            cues=len(checked.read.placed),
            errors=checked.count("error"),
            warnings=checked.count("warning"),
        )
    )


def document(console: Console, checked: CheckedSubtitles, profile: Profile | None) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "file": str(checked.path),
        "format": checked.read.format,
        "encoding": checked.read.encoding,
        "profile": profile.name if profile else None,
        "cues": len(checked.read.placed),
        "errors": checked.count("error"),
        "warnings": checked.count("warning"),
        "problems": said(checked.read.problems, console.tr),
        "findings": [_finding(console, one) for one in checked.findings],
        "fixes": [
            {"number": one.number, "start_ms": one.span.start_ms, "rule": one.rule, "what": console.tr(one.what)}
            for one in checked.fixes
        ],
        "backup": str(checked.backup) if checked.backup else None,
    }


def _too_much(one: Placed, style: CaptionStyle) -> Iterator[CueFinding]:
    """A cue that is divided so finely that its parts cannot be read, or cannot be set at the screen's size at all."""
    parts = typeset([one.cue], style)
    shortest_ms = min(part.span.duration_ms for part in parts)
    # Parts end on whole pictures, which takes at most one from the time that they are given.
    if len(parts) > 1 and shortest_ms <= SHORTEST_MS - FRAME_MS:
        what = text(
            "too long for {width}×{height}: it comes in {parts} parts, one of them for {ms} ms",
            width=style.width,
            height=style.height,
            parts=len(parts),
            ms=shortest_ms,
        )
        yield finding(one, "parts", "error", what, text("shorten it, or divide it and give it more time"))


def _finding(console: Console, one: CueFinding) -> dict[str, Any]:
    return {
        "number": one.number,
        "line": one.line,
        "start_ms": one.span.start_ms,
        "end_ms": one.span.end_ms,
        "rule": one.rule,
        "level": one.level,
        "what": console.tr(one.what),
        "repair": console.tr(one.repair),
        "safe": one.safe,
    }


def _clock(span: Span) -> str:
    seconds, ms = divmod(span.start_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"
