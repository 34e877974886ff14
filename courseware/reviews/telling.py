"""What the review commands say: rows of tables and documents for --json. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from courseware.documents import said
from courseware.errors import Problem, Text, text
from courseware.reviews.ledger import LedgerEntry, Pages, State, steps_back
from courseware.reviews.work import ReviewItem, ReviewOutcome
from courseware.storage.state import FILE_NAME as STATE_FILE

STATUS_HEADINGS = (
    text("Lesson"),
    text("Title"),
    text("State"),
    text("Screens"),
    text("Submitted"),
    text("Decided"),
    text("Note"),
)
STATE_NAMES: Mapping[State, Text] = {
    "approved": text("approved"),
    "waiting": text("waiting for approval"),
    "rejected": text("rejected"),
    "changed": text("made anew, not submitted"),
    "new": text("not submitted"),
}
_NOBODY = LedgerEntry(0, "submitted", "", "", "", "", "", "")
Translate = Callable[[Text], str]


def status_rows(items: Sequence[ReviewItem], zone: ZoneInfo, translate: Translate) -> list[tuple[str, ...]]:
    """One row for each lesson and state its videos are in."""
    groups: dict[tuple[str, State], list[ReviewItem]] = {}
    for one in items:
        groups.setdefault((one.rendition.lesson, one.state), []).append(one)
    return [
        (
            lesson,
            own[0].rendition.title,
            translate(STATE_NAMES[state]),
            "、".join(one.rendition.profile for one in own),
            _who(own[0].submitted, zone),
            _who(own[0].decided, zone),
            (own[0].decided or own[0].submitted or _NOBODY).note,
        )
        for (lesson, state), own in groups.items()
    ]


def status_counts(items: Iterable[ReviewItem]) -> dict[str, int]:
    """State → lessons with a video in it."""
    lessons: dict[str, set[str]] = {state: set() for state in STATE_NAMES}
    for one in items:
        lessons[one.state].add(one.rendition.lesson)
    return {state: len(own) for state, own in lessons.items()}


def status_document(items: Iterable[ReviewItem], zone: ZoneInfo, *, required: bool) -> dict[str, Any]:
    """Every video and how it stands, for --json."""
    listed = list(items)
    videos = [
        {
            "lesson": one.rendition.lesson,
            "profile": one.rendition.profile,
            "sha256": one.rendition.sha256,
            "state": one.state,
            "submitted": _document(one.submitted, zone),
            "decided": _document(one.decided, zone),
        }
        for one in listed
    ]
    return {"required": required, "lessons": status_counts(listed), "videos": videos}


def done_document(done: ReviewOutcome, zone: ZoneInfo, translate: Translate) -> dict[str, Any]:
    """What was written, for --json."""
    entries = [{**asdict(one), "at": _instant(one, zone)} for one in done.entries]
    return {"entries": entries, "problems": said(done.problems, translate), "notes": said(done.notes, translate)}


def clock_remarks(pages: Pages, zone: ZoneInfo) -> list[Problem]:
    """The reviews behind a later one: a clock was set back then, or had been wrong."""
    return [
        Problem(
            f"{STATE_FILE}: review {number}",
            text("{at}: the review before it is of a later time", at=_instant(pages.entries[number], zone)),
        )
        for number in steps_back(pages)
    ]


def pages_document(pages: Pages, faults: Iterable[Problem], translate: Translate) -> dict[str, Any]:
    """Whether the reviews are as they were written, for --json."""
    return {
        "entries": len(pages.entries),
        "head": pages.head.link if pages.head else None,
        "clock_set_back": list(steps_back(pages)),
        "problems": said(faults, translate),
    }


def _instant(entry: LedgerEntry, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(entry.at, zone).isoformat()


def _document(entry: LedgerEntry | None, zone: ZoneInfo) -> dict[str, str] | None:
    if entry is None:
        return None
    return {"by": entry.by, "office": entry.office, "at": _instant(entry, zone), "note": entry.note}


def _who(entry: LedgerEntry | None, zone: ZoneInfo) -> str:
    return f"{entry.by} {datetime.fromtimestamp(entry.at, zone):%m-%d %H:%M}" if entry else ""
