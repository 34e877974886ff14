"""What is reviewed besides videos, as people name it: week:2026-W49, column:扶贫振兴之路/12."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.column import column_named
from courseware.lessons.settings import ReviewSettings
from courseware.lessons.workspace import Workspace
from courseware.reviews import telling
from courseware.reviews.book import load_book
from courseware.reviews.ledger import LedgerEntry
from courseware.reviews.subjects import Subject, SubjectItem, stand
from playlists.almanac.clock import present_week, today
from playlists.almanac.typed import week_typed
from playlists.columns.building import subject_of_issue
from playlists.columns.issue import numbered_folders
from playlists.columns.publishing import refresh_columns
from playlists.columns.reading import Sources, read_issue
from playlists.publishing.judged import load_week, week_name
from playlists.schedules.schedule import is_week

WEEK, COLUMN = "week", "column"
HEADINGS = (
    text("Name"),
    text("Title"),
    text("State"),
    text("Submitted"),
    text("Decided"),
    text("Note"),
)
_CHANGED = text("changed, not submitted")


def split(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of lessons, and names of what else is reviewed."""
    told = tuple(name.replace("：", ":") for name in names)
    return tuple(one for one in told if ":" not in one), tuple(one for one in told if ":" in one)


def find_subjects(workspace: Workspace, names: Sequence[str]) -> tuple[Subject, ...]:
    """What the names mean, as it is now.

    Raises:
        InputError: some mean nothing, or what they mean has faults; all problems at once.
    """
    found: list[Subject] = []
    problems: list[Problem] = []
    for name in names:
        try:
            found.append(_found(workspace, name))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return tuple(found)


def find_items(workspace: Workspace, names: Sequence[str]) -> tuple[SubjectItem, ...]:
    """How what is named stands; without names, whatever was ever handed in: weeks from the present one on.

    Raises:
        InputError: as find_subjects.
    """
    book = load_book(workspace.cache_dir, workspace.settings.review)
    if names:
        return tuple(stand(one, book) for one in find_subjects(workspace, names))
    known = sorted(lesson for lesson, profile in book.submissions if ":" in lesson and not profile)
    first = week_name(present_week(workspace))
    found = (_if_there(workspace, name) for name in known if not name.startswith(f"{WEEK}:") or name >= first)
    return tuple(stand(one, book) for one in found if one and one.parts)


def find_all(workspace: Workspace) -> tuple[SubjectItem, ...]:
    """How every week stands that is planned, from the present one on, and every issue; what has faults is left out.

    Raises:
        InputError: the ledger cannot be read.
    """
    book, first = load_book(workspace.cache_dir, workspace.settings.review), present_week(workspace)
    weeks = sorted(path.name for path in workspace.schedules_dir.glob("*") if is_week(path.name))
    names = [week_name(week) for week in weeks if week >= first]
    for column in workspace.settings.columns:
        names += (f"{COLUMN}:{column.name}/{number}" for number in numbered_folders(workspace, column))
    found = (_if_there(workspace, name) for name in names)
    return tuple(stand(one, book) for one in found if one)


def removed_from_columns(workspace: Workspace) -> Iterator[Problem]:
    """Take what may not be shown any more out of the columns, and tell what that was."""
    for column, removed in refresh_columns(workspace):
        for number, why in removed.items():
            what = text("is no longer shown in the column: {why}", why=why)
            yield Problem(f"{COLUMN}:{column.name}/{number}", what)


def done_lines(entries: Sequence[LedgerEntry], rules: ReviewSettings) -> Iterator[Text]:
    """What was done with each; the last step, or one approval where there are none, approves."""
    last = rules.taken_in[-1].name if rules.taken_in else ""
    for entry in entries:
        if entry.action == "approved" and entry.step != last:
            yield text("{name}: {step} taken", name=entry.lesson, step=entry.step)
        else:
            done: Mapping[str, Text] = {
                "submitted": text("{name}: handed in"),
                "approved": text("{name}: approved"),
                "rejected": text("{name}: rejected"),
            }
            yield Text(done[entry.action].pattern, {"name": entry.lesson})


def rows(items: Sequence[SubjectItem], zone: ZoneInfo, translate: telling.Translate) -> list[tuple[str, ...]]:
    """A row for each."""
    return [
        (
            one.subject.lesson,
            one.subject.title,
            translate(standing(one)),
            telling.who_and_when(one.submitted, zone),
            "；".join(telling.who_and_when(entry, zone) for entry in one.decisions),
            "；".join([*(entry.note for entry in one.decisions if entry.note), *map(translate, one.changed)]),
        )
        for one in items
    ]


def documents(items: Sequence[SubjectItem], zone: ZoneInfo, translate: telling.Translate) -> list[dict[str, Any]]:
    """The same for --json."""
    return [
        {
            "name": one.subject.lesson,
            "title": one.subject.title,
            "sha256": one.subject.sha256,
            "state": one.state,
            "submitted": telling.entry_document(one.submitted, zone),
            "decisions": [telling.entry_document(entry, zone) for entry in one.decisions],
            "due": one.due.name if one.due else "",
            "waits_for": list(one.due.by) if one.due else [],
            "changed": [translate(what) for what in one.changed],
        }
        for one in items
    ]


def _found(workspace: Workspace, name: str) -> Subject:
    kind, _, rest = name.partition(":")
    match kind:
        case "week" | "周":
            week = week_typed(rest, today(workspace))
            found = load_week(workspace, week) if week else None
            if found is None or not found.parts:
                raise InputError(Problem(name, text("there is no such week planned; write it like week:2026-W49")))
            return found
        case "column" | "专栏":
            column, _, number = rest.rpartition("/")
            if not number.isdecimal():
                raise InputError(Problem(name, text("name an issue like column:12, or column:road/12")))
            chosen = column_named(workspace.settings.columns, column)
            return subject_of_issue(read_issue(Sources.of(workspace), chosen, int(number)))
    raise InputError(Problem(name, text("write the id of a lesson, or week:2026-W49, or column:12")))


def _if_there(workspace: Workspace, name: str) -> Subject | None:
    try:
        return _found(workspace, name)
    except InputError:
        return None


def standing(item: SubjectItem) -> Text:
    """How it stands, in words."""
    if item.state == "changed":
        return _CHANGED
    if item.due is None:
        return telling.STATE_NAMES[item.state]
    if item.due.by:
        return text("waits for {step} by {who}", step=item.due.name, who="、".join(item.due.by))
    return text("waits for {step}", step=item.due.name)
