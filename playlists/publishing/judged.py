"""The files of a planned week, and which of them may be announced: judged once while nothing that counts changes.

Where the workspace asks for it ([review] weeks = true), none may until the week was approved as it is planned.
Files are known by their bytes, and read only when something has to be said of them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import InputError, Problem
from courseware.lessons.workspace import Workspace
from courseware.reviews.book import load_book
from courseware.reviews.subjects import Subject, hashed, stand, why_not_approved
from playlists.almanac import clock
from playlists.almanac.days import week_of
from playlists.files import edits as edits_file
from playlists.files import venues as venues_file
from playlists.files.edits import load_edits
from playlists.files.venues import Venue, load_venues
from playlists.publishing.announce import WeekVerdict, judge_week
from playlists.publishing.memory import WeekMemory
from playlists.publishing.wording import week_label
from playlists.schedules.schedule import Schedule, load_schedule, monday_of

_SUFFIXES = {".toml", ".csv", ".xlsx", ".head"}


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A venue's week on the disk.

    Attributes:
        mark: of its bytes, of those of the week before, which rules about neighbours look at, and of what edits.toml
            says of the venue.
    """

    venue: str
    path: Path
    mark: str

    def load(self) -> Schedule:
        """Read it.

        Raises:
            InputError: it is no schedule any more.
        """
        return load_schedule(self.path)


@dataclass(frozen=True, slots=True)
class PlannedFiles:
    """The planned week of a county: its venues, the files of those that are planned, and what is wrong."""

    week: str
    venues: tuple[Venue, ...]
    files: Mapping[str, PlannedFile]
    problems: tuple[Problem, ...]


def find_planned(workspace: Workspace, week: str, sound: Mapping[str, str]) -> PlannedFiles:
    """The files of that week.

    Args:
        sound: venue → mark of a file that was read before; others are read now, to see whether they can be.

    Raises:
        InputError: not a week, or edits.toml is wrong.
    """
    before = week_of(monday_of(week) - timedelta(days=7))
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    edits = load_edits(workspace.root / edits_file.FILE_NAME)
    files: dict[str, PlannedFile] = {}
    for venue in venues:
        path = workspace.schedules_dir / week / f"{venue.id}.json"
        mark = _mark(path, workspace.schedules_dir / before / path.name, said=repr(edits.of(venue)))
        found = PlannedFile(venue.id, path, mark)
        try:
            if sound.get(venue.id) != found.mark:
                found.load()
            files[venue.id] = found
        except InputError as error:
            problems = (*problems, *error.problems)
    return PlannedFiles(week, tuple(venues), files, tuple(problems))


def _mark(*paths: Path, said: str) -> str:
    found = hashlib.sha256(said.encode())
    for path in paths:
        try:
            found.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            found.update(b"none")
    return found.hexdigest()


def judge_planned(workspace: Workspace, planned: PlannedFiles, memory: WeekMemory) -> WeekVerdict:
    """The verdict on those weeks that are not known to be clean; which are clean now, is remembered.

    Raises:
        InputError, StorageError: a file that all depends on, or the review ledger, cannot be read.
    """
    judged = _files_mark(workspace, planned.week)
    known = memory.clean if memory.judged == judged else {}
    clean = {venue: one for venue, one in planned.files.items() if known.get(venue) == one.mark}
    asked = [one.load() for venue, one in planned.files.items() if venue not in clean]
    verdict = judge_week(workspace, asked, {venue: one.load for venue, one in clean.items()})
    wrong = {one.venue for one in verdict.withheld}
    memory.judged = judged
    memory.clean = {venue: one.mark for venue, one in planned.files.items() if venue not in wrong}
    return verdict


def week_name(week: str) -> str:
    """How reviews name a week."""
    return f"week:{week}"


def load_week(workspace: Workspace, week: str) -> Subject:
    """The week as it is planned, for a review.

    Raises:
        InputError: not a week, or edits.toml is wrong.
    """
    return subject_of_week(find_planned(workspace, week, {}))


def subject_of_week(planned: PlannedFiles) -> Subject:
    """What is reviewed: the plan of every venue, to the byte."""
    parts = {venue: hashed(one.path.read_bytes()) for venue, one in sorted(planned.files.items())}
    return Subject(week_name(planned.week), week_label(planned.week), parts)


def week_waits(workspace: Workspace, week: str) -> tuple[Problem, ...]:
    """Why a week, as it is planned, may not be shown yet; nothing where no approval is asked for.

    Raises:
        InputError: not a week, or edits.toml is wrong.
    """
    return unapproved(workspace, find_planned(workspace, week, {})) if workspace.settings.review.weeks else ()


def unapproved(workspace: Workspace, planned: PlannedFiles) -> tuple[Problem, ...]:
    """Why the week as it is planned may not be published; nothing where no approval is asked for."""
    rules = workspace.settings.review
    if not rules.weeks:
        return ()
    item = stand(subject_of_week(planned), load_book(workspace.cache_dir, rules))
    return () if item.state == "approved" else (Problem(planned.week, why_not_approved(item)),)


def remarks_on(workspace: Workspace, planned: PlannedFiles) -> tuple[Problem, ...]:
    """That a week was handed in and is not approved, where that keeps nobody from publishing it."""
    rules = workspace.settings.review
    if rules.weeks:
        return ()
    book = load_book(workspace.cache_dir, rules)
    if (week_name(planned.week), "") not in book.submissions:
        return ()
    item = stand(subject_of_week(planned), book)
    return () if item.state == "approved" else (Problem(planned.week, why_not_approved(item)),)


def _files_mark(workspace: Workspace, week: str) -> str:
    """The day, the program, and every file that the checker may look at, besides the week itself."""
    found = hashlib.sha256(f"{clock.today(workspace)} {version('yuanjiao')}".encode())
    for path in (*_inputs(workspace), *_before(workspace, week)):
        found.update(f"{path} {_stamp(path)}\n".encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _inputs(workspace: Workspace) -> Iterator[Path]:
    own = (
        path for path in workspace.root.iterdir() if path.suffix in _SUFFIXES and path.name != edits_file.FILE_NAME
    )
    yield from sorted(own)
    for folder in (workspace.root / "courseware", workspace.renditions_dir):
        for home, folders, names in os.walk(folder):
            folders.sort()
            yield from (Path(home, name) for name in sorted(names))


def _before(workspace: Workspace, week: str) -> Iterator[Path]:
    """Folders that change when something becomes known of the weeks before: planned, published, shown."""
    for folder in listed(workspace.schedules_dir):
        if folder.name < week:
            yield from (folder, folder / "published")
    yield from (Path(home) for home, _, _ in os.walk(workspace.root / "asrun"))


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return "none"
    return f"{found.st_mtime_ns}.{found.st_size}.{found.st_ino}"
