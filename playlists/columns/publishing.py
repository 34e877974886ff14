"""Issues published: published/columns/<slug>/, the list of all, the RSS feed. What may not be shown disappears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.column import Column
from courseware.lessons.settings import Office
from courseware.lessons.workspace import Workspace
from courseware.reviews.subjects import SubjectItem, stand, why_not_approved
from playlists.almanac.clock import now
from playlists.columns.building import (
    FOLDER,
    imprint_of,
    is_draft,
    made_files,
    printed_day,
    public_files,
    subject_of_issue,
)
from playlists.columns.feed import FEED, dump_feed
from playlists.columns.issue import ColumnIssue, folder_name, load_issue, number_problems, numbered_folders
from playlists.columns.placing import put_files
from playlists.columns.reading import Sources, read_issue
from playlists.columns.record import ColumnRecord, PublishedIssue, load_record, saving_record
from playlists.publishing.hub import COLUMNS, write_hub
from templates.pages.column import ColumnPage, ListedIssue, dump_list


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """What was done.

    Attributes:
        issues: how many are published now.
        new: numbers that are published as they were not before.
        removed: number → why it is not shown any more.
        kept: what was kept of a person's.
        problems: issues that cannot be published.
    """

    folder: Path
    issues: int
    new: tuple[int, ...]
    removed: Mapping[int, Text]
    kept: tuple[Problem, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ReadyIssue:
    """An issue that may be published, with all its files."""

    issue: ColumnIssue
    item: SubjectItem
    files: Mapping[str, bytes]


def home_of(workspace: Workspace, column: Column) -> Path:
    """Where the pages of a column lie."""
    return workspace.published_dir / COLUMNS / column.slug


def publish_column(workspace: Workspace, column: Column, numbers: Sequence[int] | None = None) -> PublishedColumn:
    """Publish issues, take away those that may not be shown any more, and write the list and the feed anew.

    Args:
        numbers: of the issues; None for all that are approved and not published so.

    Raises:
        InputError: the record or the ledger cannot be read.
        OSError: e.g. a full disk; then nothing of what is published was changed.
    """
    sources, record = Sources.of(workspace), load_record(workspace, column)
    problems = list(number_problems(workspace, column, record.used))
    ready: list[ReadyIssue] = []
    for number in _approved(sources, column, record) if numbers is None else dict.fromkeys(numbers):
        try:
            ready.append(_ready(sources, column, number))
        except InputError as error:
            problems += error.problems
    new = {one.issue.number: _published(workspace, one, record) for one in ready}
    removed = {
        number: why
        for number, one in record.issues.items()
        if number not in new and (why := why_gone(sources, column, number, one))
    }
    issues = {number: one for number, one in {**record.issues, **new}.items() if number not in removed}
    kept: tuple[Problem, ...] = ()
    if ready or removed or (numbers is None and issues):
        kept = _write(workspace, column, ColumnRecord(issues=issues, used=_used(record, new)), ready, removed)
    return PublishedColumn(home_of(workspace, column), len(issues), tuple(new), removed, kept, tuple(problems))


def refresh_columns(workspace: Workspace) -> Iterator[tuple[Column, Mapping[int, Text]]]:
    """Take away from every column what may not be shown any more: each column that had something, and what it was.

    Raises:
        InputError, OSError: as publish_column.
    """
    for column in workspace.settings.columns:
        if load_record(workspace, column).issues:
            done = publish_column(workspace, column, ())
            if done.removed:
                yield column, done.removed


def why_gone(sources: Sources, column: Column, number: int, published: PublishedIssue) -> Text | None:
    """Why a published issue may not be shown any more; None when it may."""
    if published.content in sources.book.rejected:
        return text("it was rejected")
    if sources.is_rejected(published.lesson):
        return text("its lesson {lesson} was rejected", lesson=published.lesson)
    try:
        withdrawn = load_issue(sources.workspace, column, number, sources.catalogue).said.withdrawn
    except InputError:
        return None
    return text("it was withdrawn") if withdrawn else None


def _approved(sources: Sources, column: Column, record: ColumnRecord) -> Iterator[int]:
    """What is approved and not published so; what is not finished yet is no fault."""
    for number in numbered_folders(sources.workspace, column):
        try:
            read = read_issue(sources, column, number)
        except InputError:
            continue
        item, known = stand(subject_of_issue(read), sources.book), record.issues.get(number)
        is_current = known is not None and known.content == item.subject.sha256
        if not (is_current or read.issue.said.withdrawn or is_draft(sources.workspace, item)):
            yield number


def _ready(sources: Sources, column: Column, number: int) -> ReadyIssue:
    """An issue with its files.

    Raises:
        InputError: it is wrong, withdrawn, or not approved.
    """
    read = read_issue(sources, column, number)
    item = stand(subject_of_issue(read), sources.book)
    problems = []
    if read.issue.said.withdrawn:
        problems.append(text("is withdrawn; remove “withdrawn” from issue.toml to publish it again"))
    if is_draft(sources.workspace, item):
        problems.append(why_not_approved(item))
    if problems:
        raise InputError(*(Problem(read.issue.subject, what) for what in problems))
    return ReadyIssue(read.issue, item, made_files(sources.workspace, read, item, draft=False))


def _published(workspace: Workspace, one: ReadyIssue, record: ColumnRecord) -> PublishedIssue:
    said, before = one.issue.said, record.issues.get(one.issue.number)
    return PublishedIssue(
        title=said.title,
        summary=said.summary,
        day=said.day,
        lesson=said.lesson,
        content=one.item.subject.sha256,
        at=before.at if before else now(workspace).replace(microsecond=0),
        reviewers=one.item.approvers,
    )


def _used(record: ColumnRecord, new: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({*record.used, *new}))


def _write(
    workspace: Workspace,
    column: Column,
    record: ColumnRecord,
    ready: Sequence[ReadyIssue],
    removed: Iterable[int],
) -> tuple[Problem, ...]:
    """All of it, or nothing."""
    home = home_of(workspace, column)
    files = {
        f"{folder_name(one.issue.number)}/{name}": content
        for one in ready
        for name, content in public_files(one.files).items()
    }
    files |= _list_files(column, workspace.settings.office, record)
    gone = [folder_name(number) for number in removed]
    aside = workspace.edited_dir / COLUMNS / column.slug
    with saving_record(workspace, column, record):
        kept = put_files(workspace, home, files, aside=aside, gone=gone)
    for one in ready:
        kept += put_files(workspace, one.issue.folder / FOLDER, one.files)
    write_hub(workspace)
    return kept


def _list_files(column: Column, office: Office, record: ColumnRecord) -> dict[str, bytes]:
    feed = dump_feed(column, office, record.issues)
    listed = tuple(
        ListedIssue(folder_name(number), f"第{number}期", one.title, printed_day(one.day), one.summary)
        for number, one in sorted(record.issues.items(), reverse=True)
    )
    page = ColumnPage(column.name, column.summary, column.goal, listed, FEED if feed else "", imprint_of(office))
    found = {"index.html": dump_list(page).encode()}
    return {**found, FEED: feed} if feed else found
