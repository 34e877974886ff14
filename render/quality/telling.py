"""What was checked, in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from courseware.errors import Text, text
from courseware.terminal.console import Console
from courseware.times import clock
from render.quality.checking import CheckedFile
from render.quality.findings import QualityFinding, counted
from render.quality.report import exact_clock
from render.quality.sound import UNHEARD_LKFS

_MOST_TIMES = 3  # of a line
_VERDICTS = {"good": text("good"), "look": text("look at it"), "bad": text("make it again")}
_GRADES = {"error": text("error"), "warning": text("warning"), "info": text("note")}


def tell(console: Console, checked: Sequence[CheckedFile], page: Path | None) -> None:
    """A table, then each finding on a line of its own, then where the report is.

    Args:
        page: the printable report; None when none was written.
    """
    if not checked:
        console.say(text("There is nothing to check; render lessons first."))
        return
    headings = (text("verdict"), text("file"), text("length"), text("loudness, LKFS"), text("peak, dBTP"))
    rows = [(console.tr(_VERDICTS[one.verdict]), one.name, *_figures(console, one)) for one in checked]
    console.table(headings, rows)
    tell_findings(console, checked)
    findings = [finding for one in checked for finding in one.findings]
    console.say(
        text(
            "{files} files: {errors} errors, {warnings} warnings",
            files=len(checked),
            errors=counted(findings, "error"),
            warnings=counted(findings, "warning"),
        )
    )
    if page is not None:
        console.say(text("The report to print is {path}.", path=page))


def _figures(console: Console, one: CheckedFile) -> tuple[str, str, str]:
    length = "—"
    if one.picture is not None:
        length = clock(round(one.picture.pictures / one.expected.fps))
    if one.sound is None:
        return length, "—", "—"
    return length, _level(console, one.sound.lkfs), _level(console, one.sound.peak_dbtp)


def _level(console: Console, decibels: float) -> str:
    return f"{decibels:.1f}" if decibels > UNHEARD_LKFS else console.tr(text("silent"))


def tell_findings(console: Console, checked: Iterable[CheckedFile], *, notes: bool = True) -> None:
    """A line for each kind of thing that is wrong with a lesson, whichever of its files have it and how often.

    Args:
        notes: also what needs no act.
    """
    alike: dict[object, list[tuple[CheckedFile, QualityFinding]]] = {}
    for file in checked:
        for finding in file.findings:
            if notes or finding.severity != "info":
                sort = (file.lesson or file.name, finding.severity, finding.sentence.pattern, finding.remedy.pattern)
                alike.setdefault(sort, []).append((file, finding))
    for group in alike.values():
        _tell_alike(console, group)


def _tell_alike(console: Console, group: Sequence[tuple[CheckedFile, QualityFinding]]) -> None:
    """How grave, in which files, when, what, and what to do about it."""
    _, finding = group[0]
    values = {
        "level": _GRADES[finding.severity],
        "name": "、".join(dict.fromkeys(one.name for one, _ in group)),
        "what": finding.sentence,
        "repair": finding.remedy,
    }
    spans = (f"{exact_clock(one.from_ms)}–{exact_clock(one.to_ms)}" for _, one in group if one.to_ms > one.from_ms)
    times = tuple(dict.fromkeys(spans))
    if not times:
        console.say(text("{level} · {name}: {what}; {repair}", **values))
        return
    time: Text | str = "、".join(times[:_MOST_TIMES])
    if len(times) > _MOST_TIMES:
        time = text("{times} and {count} more", times=time, count=len(times) - _MOST_TIMES)
    console.say(text("{level} · {name}, {time}: {what}; {repair}", time=time, **values))
