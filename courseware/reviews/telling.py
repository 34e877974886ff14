"""What the review commands say: rows of tables and documents for --json. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from courseware.documents import said
from courseware.errors import Problem, Text, text
from courseware.lessons.settings import ReviewSettings
from courseware.reviews.book import State
from courseware.reviews.comments import ReviewComment
from courseware.reviews.items import ReviewItem
from courseware.reviews.ledger import Action, LedgerEntry, Pages, steps_back
from courseware.reviews.work import ReviewOutcome
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
COMMENT_HEADINGS = (text("Number"), text("Lesson"), text("Moment"), text("Comment"), text("By"))
STATE_NAMES: Mapping[State, Text] = {
    "approved": text("approved"),
    "waiting": text("waiting for approval"),
    "rejected": text("rejected"),
    "changed": text("made again, not submitted"),
    "new": text("not submitted"),
}
# What is printed is Chinese.
PRINTED_ACTIONS: Mapping[Action, str] = {
    "submitted": "送审",
    "approved": "通过",
    "rejected": "退回",
    "accepted": "认可",
    "commented": "批注",
    "settled": "处理",
}
_NOBODY = LedgerEntry(0, "submitted", "", "", "", "", "", "")
Translate = Callable[[Text], str]


def status_rows(items: Sequence[ReviewItem], zone: ZoneInfo, translate: Translate) -> list[tuple[str, ...]]:
    """One row for each lesson and state its videos are in."""
    groups: dict[tuple[str, str], list[ReviewItem]] = {}
    for item in items:
        groups.setdefault((item.rendition.lesson, translate(standing(item))), []).append(item)
    return [
        (
            lesson,
            own[0].rendition.title,
            how,
            "、".join(item.rendition.profile for item in own),
            who_and_when(own[0].submitted, zone),
            "；".join(who_and_when(decision, zone) for decision in own[0].decisions),
            "；".join(_notes(own[0], translate)),
        )
        for (lesson, how), own in groups.items()
    ]


def standing(item: ReviewItem) -> Text:
    """How a video stands, in a few words."""
    if item.due is None:
        return STATE_NAMES[item.state]
    if item.due.by:
        return text("waits for {step} by {who}", step=item.due.name, who="、".join(item.due.by))
    return text("waits for {step}", step=item.due.name)


def _notes(item: ReviewItem, translate: Translate) -> Iterator[str]:
    yield from filter(None, [(item.decided or item.submitted or _NOBODY).note])
    if item.state in {"changed", "waiting"}:
        yield from map(translate, item.changed)


def taken_lines(done: ReviewOutcome, rules: ReviewSettings) -> Iterator[Text]:
    """What an approval came to, a line for each step that was taken; the last one, or one without steps, approves."""
    steps = [step.name for step in rules.taken_in]
    last = steps[-1] if steps else ""
    for step in dict.fromkeys((*(one.step for one in done.entries), *(() if done.entries else [last]))):
        own = [one for one in done.entries if one.step == step]
        counts = {"lessons": len({one.lesson for one in own}), "videos": len(own)}
        if step == last:
            yield text("Approved: {lessons} lessons, {videos} videos", **counts)
        else:
            due = steps[steps.index(step) + 1]
            yield text(
                "{step} taken: {lessons} lessons, {videos} videos; {due} comes next", step=step, due=due, **counts
            )


def status_counts(items: Iterable[ReviewItem]) -> dict[str, int]:
    """State → lessons with a video in it."""
    lessons: dict[str, set[str]] = {state: set() for state in STATE_NAMES}
    for one in items:
        lessons[one.state].add(one.rendition.lesson)
    return {state: len(own) for state, own in lessons.items()}


def status_document(
    items: Iterable[ReviewItem], zone: ZoneInfo, rules: ReviewSettings, translate: Translate
) -> dict[str, Any]:
    """Every video and how it stands, for --json."""
    listed = list(items)
    videos = [
        {
            "lesson": one.rendition.lesson,
            "profile": one.rendition.profile,
            "sha256": one.rendition.sha256,
            "state": one.state,
            "submitted": entry_document(one.submitted, zone),
            "decided": entry_document(one.decided, zone),
            "decisions": [entry_document(decision, zone) for decision in one.decisions],
            "due": one.due.name if one.due else "",
            "waits_for": list(one.due.by) if one.due else [],
            "changed": [translate(what) for what in one.changed],
        }
        for one in listed
    ]
    steps = [{"name": step.name, "by": list(step.by)} for step in rules.taken_in]
    return {"required": rules.required, "steps": steps, "lessons": status_counts(listed), "videos": videos}


def done_document(done: ReviewOutcome, zone: ZoneInfo, translate: Translate) -> dict[str, Any]:
    """What was written, for --json."""
    entries = [{**asdict(one), "at": _instant(one, zone)} for one in done.entries]
    for entry in entries:
        for name in ("made_from", "moment", "answers"):
            del entry[name]
    return {"entries": entries, "problems": said(done.problems, translate), "notes": said(done.notes, translate)}


def comment_rows(comments: Iterable[ReviewComment], zone: ZoneInfo) -> list[tuple[str, ...]]:
    """One row for each comment."""
    return [
        (str(one.number), one.said.lesson, one.at, one.said.note, who_and_when(one.said, zone).lstrip())
        for one in comments
    ]


def comment_document(comment: ReviewComment, zone: ZoneInfo) -> dict[str, Any]:
    """A comment and what became of it, for --json."""
    said = comment.said
    return {
        "number": comment.number,
        "lesson": said.lesson,
        "profile": said.profile,
        "sha256": said.content,
        "at_ms": comment.at_ms,
        "words": said.note,
        "by": said.by,
        "office": said.office,
        "said_at": _instant(said, zone),
        "settled": entry_document(comment.settled, zone),
    }


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


def entry_document(entry: LedgerEntry | None, zone: ZoneInfo) -> dict[str, str] | None:
    """An entry, for --json."""
    if entry is None:
        return None
    return {
        "step": entry.step,
        "by": entry.by,
        "office": entry.office,
        "at": _instant(entry, zone),
        "note": entry.note,
    }


def who_and_when(entry: LedgerEntry | None, zone: ZoneInfo) -> str:
    """A step, a person and a moment, in a few words; "" for nothing."""
    return f"{entry.step} {entry.by} {datetime.fromtimestamp(entry.at, zone):%m-%d %H:%M}".lstrip() if entry else ""
