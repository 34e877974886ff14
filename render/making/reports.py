"""What the render commands say: of a source, of a batch. Words and documents only; nothing here acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from courseware.documents import said
from courseware.errors import Text, text
from courseware.terminal.console import Console
from courseware.times import clock
from render.making.doctor import Diagnosis
from render.quality.checking import CheckedFile
from render.quality.report import finding_document
from render.quality.telling import tell_findings as tell_alike
from render.source.examine import Outcome
from render.work.store import Collected, Kind, Usage

_MOST_KEPT = 40  # more renditions that were there already are counted, not listed
_STATES = {
    "made": text("made"),
    "kept": text("already there"),
    "due": text("would be made"),
    "failed": text("failed"),
}


def tell_outcomes(console: Console, outcomes: Iterable[Outcome], *, explain: bool = False) -> None:
    """A table of what became of each rendition, then what a person should look at; with `explain` also why."""
    listed = tuple(outcomes)
    kept = sum(one.state == "kept" for one in listed)
    if kept > _MOST_KEPT:
        console.say(text("already there: {count}", count=kept))
    shown = [one for one in listed if one.state != "kept" or kept <= _MOST_KEPT]
    rows = [
        [
            one.target.lesson,
            one.target.title,
            one.target.profile.name,
            clock(one.seconds) if one.seconds else "-",
            console.tr(_STATES[one.state]),
        ]
        for one in shown
    ]
    headings = [text("lesson"), text("title"), text("profile"), text("length"), text("result")]
    if rows:
        console.table(headings, rows)
    for outcome in listed:
        for reason in outcome.reasons if explain else ():
            console.say(text("{job}: {note}", job=outcome.target.name, note=reason))
        for note in outcome.notes:
            console.note(text("{job}: {note}", job=outcome.target.name, note=note))


def tell_findings_of(console: Console, checked: Iterable[CheckedFile]) -> None:
    """What a person should look at in what was made; notes that need no act are left to the report."""
    tell_alike(console, checked, notes=False)


def outcomes_document(
    console: Console, outcomes: Iterable[Outcome], checked: Iterable[CheckedFile] = ()
) -> list[dict[str, Any]]:
    """The same as JSON."""
    found = {one.path: [finding_document(finding, console.tr) for finding in one.findings] for one in checked}
    return [
        {
            "lesson": one.target.lesson,
            "profile": one.target.profile.name,
            "file": str(one.target.path),
            "state": one.state,
            "seconds": one.seconds,
            "reasons": [console.tr(reason) for reason in one.reasons],
            "notes": [console.tr(note) for note in one.notes],
            "findings": found.get(one.target.path, []),
            "problems": said(one.problems, console.tr),
        }
        for one in outcomes
    ]


def tell_findings(console: Console, findings: Iterable[Diagnosis]) -> None:
    """The doctor's report as a table; what is wrong says what to do."""
    rows = [
        [
            console.tr(one.what),
            one.found,
            console.tr(text("good")) if one.remedy is None else console.tr(one.remedy),
        ]
        for one in findings
    ]
    console.table([text("what"), text("found"), text("verdict")], rows)


def findings_document(console: Console, findings: Iterable[Diagnosis]) -> list[dict[str, Any]]:
    """The same as JSON."""
    return [
        {
            "id": one.id,
            "found": one.found,
            "ok": one.remedy is None,
            "needed": one.needed,
            "remedy": console.tr(one.remedy) if one.remedy else "",
        }
        for one in findings
    ]


_KINDS: dict[Kind, Text] = {
    "picture": text("pictures"),
    "sound": text("sound"),
    "ident": text("idents"),
    "bridge": text("copies of videos that cannot be sought"),
    "footage": text("videos of pictures and cards"),
    "splice": text("sound of lessons that were cut"),
    "narration": text("narration"),
    "speech": text("sentences of a voice"),
    "facts": text("what is in videos"),
    "pages": text("pages that were set"),
}


def tell_usage(console: Console, usage: Iterable[Usage]) -> None:
    """How much room the store takes, by kind."""
    rows = [[console.tr(_KINDS[one.kind]), str(one.count), _megabytes(one.size)] for one in usage]
    console.table([text("what"), text("pieces"), text("MB")], rows)


def usage_document(usage: Iterable[Usage]) -> list[dict[str, Any]]:
    """The same as JSON, in bytes."""
    return [{"kind": one.kind, "pieces": one.count, "bytes": one.size} for one in usage]


def tell_collected(console: Console, done: Collected) -> None:
    """What was removed from the store."""
    console.say(
        text(
            "removed: {count} pieces, {freed} MB; {left} MB are left",
            count=done.removed,
            freed=_megabytes(done.freed),
            left=_megabytes(done.left),
        )
    )


def collected_document(done: Collected) -> dict[str, Any]:
    """The same as JSON, in bytes."""
    return {"removed": done.removed, "freed": done.freed, "left": done.left}


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}"
