"""What is announced of a week: each venue's version, how it is called, and what it changed. Reads publications."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from courseware.lessons.workspace import Workspace
from playlists.almanac.days import moment
from playlists.county.speakers import as_printed
from playlists.files import lecturers as lecturers_file
from playlists.files.lecturers import Lecturer, load_lecturers
from playlists.publishing.changes import changed_days, day_numbers, week_changes
from playlists.publishing.digest import VenueDigest, digest_week
from playlists.publishing.memory import KeptDigest, WeekMemory
from playlists.publishing.wording import moment_label
from playlists.schedules.history import open_ledger
from playlists.schedules.revisions import Revision, RevisionDraft, latest, path_in, revisions
from playlists.schedules.schedule import Schedule, load_schedule, monday_of
from templates.pages.week import Edition

_FORM = 3  # raise when digests say something else of the same week
_WITHHELD = "节目正在调整，请留意更正"


@dataclass(frozen=True, slots=True)
class Announced:
    """A venue's week as it is published now.

    Attributes:
        key: of all that the digest was made of.
        path: the publication's file; None for a week that is withheld.
        edition: of the venue's own pages.
        latest: whether the last publication changed it.
    """

    digest: VenueDigest
    key: str
    edition: Edition
    latest: bool
    path: Path | None
    lecturers: tuple[Lecturer, ...] = ()
    withheld: Schedule | None = None

    def day_number(self, day: int) -> int:
        """The publication that changed a day (Monday is 0) last."""
        return self.edition.number if self.withheld else self.digest.day_numbers[day]

    def load(self) -> Schedule:
        """The week itself.

        Raises:
            InputError: its file is damaged or gone.
        """
        if self.withheld or not self.path:
            return self.withheld or load_schedule(Path())
        return as_printed(load_schedule(self.path, self.path.parents[2].name), self.lecturers)


@dataclass(frozen=True, slots=True)
class EditionBook:
    """All publications of a week, the draft of the newest included.

    Attributes:
        lecturers: who speaks, as people read it.
        stamp: of these, and of what was published in the weeks before, which decides what is new.
    """

    workspace: Workspace
    week: str
    revisions: tuple[Revision, ...]
    lecturers: tuple[Lecturer, ...]
    stamp: str

    @property
    def last(self) -> Revision:
        """The newest publication."""
        return self.revisions[-1]

    def edition(self, number: int) -> Edition:
        """A publication as pages name it."""
        found = next((one for one in self.revisions if one.number == number), self.last)
        zone = self.workspace.settings.zone
        return Edition(found.number, moment_label(found.at.astimezone(zone)))

    def versions(self, venue: str) -> tuple[Revision, ...]:
        """For each version of the venue's week a publication that has it, the newest first."""
        found: dict[int, Revision] = {}
        for publication in reversed(self.revisions):
            if venue in publication.venues:
                found.setdefault(publication.venues[venue], publication)
        return tuple(found.values())


def open_book(workspace: Workspace, week: str, draft: RevisionDraft) -> EditionBook:
    """The publications of a week."""
    kept = tuple(one for one in revisions(workspace.schedules_dir, week) if one.number != draft.revision.number)
    lecturers = tuple(load_lecturers(workspace.root / lecturers_file.FILE_NAME)[0])
    stamp = f"{_stamp(workspace, week)} {hashlib.sha256(repr(lecturers).encode()).hexdigest()[:16]}"
    return EditionBook(workspace, week, (*kept, draft.revision), lecturers, stamp)


def announced(
    book: EditionBook, order: Sequence[str], withheld: Sequence[Schedule], memory: WeekMemory
) -> tuple[Announced, ...]:
    """Every venue's published week, in the order of venues.csv; digests are kept in the memory.

    Raises:
        InputError: a publication's file is damaged or gone.
    """
    hidden = {one.venue: one for one in withheld}
    places = {venue: place for place, venue in enumerate(order)}
    names = sorted(book.last.venues.keys() | hidden.keys(), key=lambda one: (places.get(one, len(places)), one))
    found = tuple(_hidden(book, hidden[one]) if one in hidden else _shown(book, one, memory) for one in names)
    memory.digests = {one.digest.venue: KeptDigest(key=one.key, digest=one.digest) for one in found}
    return found


def _shown(book: EditionBook, venue: str, memory: WeekMemory) -> Announced:
    versions = book.versions(venue)
    numbers = [one.venues[venue] for one in versions]
    key = f"{_FORM} {'.'.join(map(str, numbers))} {book.stamp}"
    path = path_in(book.workspace.schedules_dir, book.last, venue)
    kept = memory.digests.get(venue)
    digest = kept.digest if kept and kept.key == key else _digest(book, versions, numbers, venue)
    number = numbers[0]
    return Announced(digest, key, book.edition(number), number == book.last.number, path, book.lecturers)


def _digest(book: EditionBook, versions: Sequence[Revision], numbers: Sequence[int], venue: str) -> VenueDigest:
    paths = (path_in(book.workspace.schedules_dir, one, venue) for one in versions)
    weeks = [as_printed(load_schedule(path, book.week), book.lecturers) for path in paths]
    digest = digest_week(weeks[0], _known(book, venue)).model_copy(
        update={"day_numbers": day_numbers(weeks, numbers)}
    )
    if len(weeks) == 1:
        return digest
    told = {"changes": week_changes(weeks[1], weeks[0]), "changed_days": changed_days(weeks[1], weeks[0])}
    return digest.model_copy(update=told)


def _hidden(book: EditionBook, schedule: Schedule) -> Announced:
    digest = digest_week(schedule, None).model_copy(update={"changes": (_WITHHELD,)})
    key = f"withheld {book.last.number}"
    return Announced(digest, key, book.edition(book.last.number), latest=True, path=None, withheld=schedule)


def _known(book: EditionBook, venue: str) -> frozenset[str] | None:
    """The lessons that the venue had before the week, by id and by content; None when it had none at all."""
    begins = int(moment(monday_of(book.week), 0, book.workspace.settings.zone).timestamp())
    with open_ledger(book.workspace.cache_dir) as ledger:
        had = ledger.latest(venue, begins)
    return frozenset(name for lesson, content, _ in had for name in (lesson, content) if name) or None


def _stamp(workspace: Workspace, week: str) -> str:
    """The last publications of the weeks of a season before."""
    monday = monday_of(week)
    weeks = (monday - timedelta(days=7 * number) for number in range(1, 14))
    found = ((day, latest(workspace.schedules_dir, "{}-W{:02}".format(*day.isocalendar()[:2]))) for day in weeks)
    return ".".join(str(one.number if one else 0) for _, one in found)


def merged_changes(venues: Sequence[Announced]) -> Iterator[tuple[tuple[str, ...], tuple[VenueDigest, ...]]]:
    """What the last publication changed: the same changes with all venues that have them."""
    found: dict[tuple[str, ...], list[VenueDigest]] = {}
    for week in venues:
        if week.latest and week.digest.changes:
            found.setdefault(week.digest.changes, []).append(week.digest)
    yield from ((changes, tuple(own)) for changes, own in found.items())
