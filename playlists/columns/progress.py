"""How far a column has come: every issue, how it stands, who reviewed it, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Literal

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.column import Column
from courseware.lessons.workspace import Catalogue, Workspace
from courseware.reviews.subjects import SubjectItem, stand, why_not_approved
from playlists.columns.building import FOLDER, is_draft, subject_of_issue
from playlists.columns.issue import FILE_NAME, folder_name, load_issue, number_problems, numbered_folders, subject_of
from playlists.columns.publishing import why_gone
from playlists.columns.reading import ReadIssue, Sources, read_issue
from playlists.columns.record import PublishedIssue, load_record

IssueState = Literal["published", "edited", "approved", "waiting", "rejected", "withdrawn", "draft"]
STATES: Mapping[IssueState, Text] = {
    "published": text("published"),
    "edited": text("published, changed since"),
    "approved": text("approved, not published"),
    "waiting": text("waits for {step}"),
    "rejected": text("rejected"),
    "withdrawn": text("withdrawn"),
    "draft": text("draft"),
}


@dataclass(frozen=True, slots=True)
class IssueProgress:
    """An issue and how it stands.

    Attributes:
        due: the step that is waited for; "" for none.
        reviewers: who approved it as it is now, or as it is published.
        missing: what keeps it from being made or published, or should be looked at.
    """

    number: int
    title: str
    day: date | None
    state: IssueState
    due: str
    reviewers: tuple[str, ...]
    missing: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ColumnProgress:
    """A column: how many issues are published of how many that there are to be, and each of them."""

    column: Column
    published: int
    issues: tuple[IssueProgress, ...]
    problems: tuple[Problem, ...]


def column_progress(workspace: Workspace, column: Column, catalogue: Catalogue | None = None) -> ColumnProgress:
    """Look at every issue; nothing is written.

    Args:
        catalogue: the lessons as they are now, for who has read them already.

    Raises:
        InputError: the record cannot be read.
    """
    sources, record = Sources.of(workspace, catalogue), load_record(workspace, column)
    numbers = sorted({*numbered_folders(workspace, column), *record.issues})
    issues = tuple(_progress(sources, column, number, record.issues.get(number)) for number in numbers)
    shown = sum(one.state in {"published", "edited"} for one in issues)
    return ColumnProgress(column, shown, issues, tuple(number_problems(workspace, column, record.used)))


def _progress(sources: Sources, column: Column, number: int, shown: PublishedIssue | None) -> IssueProgress:
    why = why_gone(sources, column, number, shown) if shown else None
    try:
        read = read_issue(sources, column, number, take=False)
    except InputError as error:
        return _unread(sources, column, number, shown, (*error.problems, *_gone(column, number, why)))
    said, item = read.issue.said, stand(subject_of_issue(read), sources.book)
    state = _state(sources.workspace, item, shown, withdrawn=said.withdrawn)
    missing = [*_gone(column, number, why)]
    if state not in {"published", "withdrawn"}:
        missing += _missing(read, item)
    reviewers = item.approvers or (shown.reviewers if shown else ())
    due = item.due.name if item.due else ""
    return IssueProgress(number, said.title, said.day, state, due, reviewers, tuple(missing))


def _unread(
    sources: Sources, column: Column, number: int, shown: PublishedIssue | None, problems: tuple[Problem, ...]
) -> IssueProgress:
    """An issue whose files have faults; of a published one, what was published counts."""
    title, day = (shown.title, shown.day) if shown else ("", None)
    with suppress(InputError):
        said = load_issue(sources.workspace, column, number, sources.catalogue).said
        title, day = said.title, said.day
    state: IssueState = "edited" if shown else "draft"
    # Which folder it is, the row says.
    own = f"columns/{column.name}/{folder_name(number)}/"
    missing = tuple(Problem(one.where.removeprefix(own), one.what) for one in problems)
    return IssueProgress(number, title, day, state, "", shown.reviewers if shown else (), missing)


def _state(workspace: Workspace, item: SubjectItem, shown: PublishedIssue | None, *, withdrawn: bool) -> IssueState:
    if withdrawn:
        return "withdrawn"
    if shown and shown.content != item.subject.sha256:
        return "edited"
    if item.state == "rejected":
        return "rejected"
    if shown:
        return "published"
    if not is_draft(workspace, item):
        return "approved"
    return "waiting" if item.state == "waiting" else "draft"


def _gone(column: Column, number: int, why: Text | None) -> tuple[Problem, ...]:
    if why is None:
        return ()
    what = text("is still shown, though {why}; run “yuanjiao column publish”", why=why)
    return (Problem(subject_of(column, number), what),)


def _missing(read: ReadIssue, item: SubjectItem) -> Iterator[Problem]:
    issue = read.issue
    if not (issue.folder / FOLDER / "index.html").is_file():
        yield Problem("", text("is not built yet; run “yuanjiao column build {number}”", number=issue.number))
    for key, given in {"summary": issue.said.summary, "date": issue.said.day}.items():
        if not given:
            yield Problem(f"{FILE_NAME}: {key}", text("this key is missing"))
    if item.state == "new":
        yield Problem("", text("not submitted"))
    if item.state in {"changed", "rejected"}:
        yield Problem("", why_not_approved(item))
