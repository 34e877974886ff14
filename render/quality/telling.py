"""What was checked, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from courseware.console import Console
from courseware.errors import text
from courseware.times import clock
from render.quality.checking import Checked
from render.quality.judge import Finding, counted
from render.quality.report import exact_clock

_VERDICTS = {"good": text("good"), "look": text("look at it"), "bad": text("make it again")}
_GRADES = {"error": text("error"), "warning": text("warning"), "info": text("note")}


def tell(console: Console, checked: Sequence[Checked], page: Path | None) -> None:
    """A table, then each finding on a line of its own, then where the report is.

    Args:
        page: the printable report; None when none was written.
    """
    if not checked:
        console.say(text("There is nothing to check; render lessons first."))
        return
    headings = (text("verdict"), text("file"), text("length"), text("loudness, LKFS"), text("peak, dBTP"))
    rows = [(console.tr(_VERDICTS[one.verdict]), one.name, *_figures(one)) for one in checked]
    console.table(headings, rows)
    for one in checked:
        for finding in one.findings:
            tell_finding(console, one, finding)
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


def _figures(one: Checked) -> tuple[str, str, str]:
    length = "—"
    if one.picture is not None:
        length = clock(round(one.picture.pictures / one.expected.fps))
    if one.sound is None:
        return length, "—", "—"
    return length, f"{one.sound.lkfs:.1f}", f"{one.sound.peak_dbtp:.1f}"


def tell_finding(console: Console, one: Checked, finding: Finding) -> None:
    """A line: how grave, in which file, when, what, and what to do about it."""
    values = {
        "level": _GRADES[finding.severity],
        "name": one.name,
        "what": finding.sentence,
        "repair": finding.remedy,
    }
    if finding.to_ms > finding.from_ms:
        span = f"{exact_clock(finding.from_ms)}–{exact_clock(finding.to_ms)}"
        console.say(text("{level} · {name}, {time}: {what}; {repair}", time=span, **values))
    else:
        console.say(text("{level} · {name}: {what}; {repair}", **values))
