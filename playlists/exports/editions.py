"""The editions of the published weeks as calendars, written: one for each venue, one for each lecturer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from courseware.files import safe_name
from courseware.lessons.workspace import Workspace
from courseware.storage.handwork import remembering
from courseware.validate import not_one_of
from playlists.almanac.clock import present_week
from playlists.county.speakers import as_printed
from playlists.exports.calendars import (
    CalendarEntry,
    DatedEntry,
    dump_calendar,
    entries_of_lecturers,
    entries_of_venue,
    through_editions,
)
from playlists.files import lecturers as lecturers_file
from playlists.files import venues as venues_file
from playlists.files.lecturers import load_lecturers
from playlists.files.naming import select_venues
from playlists.files.venues import load_venues
from playlists.schedules.revisions import Revision, published, revisions
from playlists.schedules.schedule import Schedule, is_week

FOLDER_NAME = "calendars"
VENUES, LECTURERS = "venues", "lecturers"
_Own = dict[str, CalendarEntry]
_Edition = tuple[datetime, _Own]
_Look = Callable[[str, int], tuple[_Own, dict[str, _Own]]]  # what a venue and its lecturers have in a version


@dataclass(frozen=True, slots=True)
class CountyCalendars:
    """The calendars of a county.

    Attributes:
        files: the way from the folder of the calendars → its name and entries.
    """

    files: dict[str, tuple[str, tuple[DatedEntry, ...]]]
    problems: tuple[Problem, ...]


def gather_calendars(
    workspace: Workspace, venues: Sequence[str] = (), lecturers: Sequence[str] = (), week: str = ""
) -> CountyCalendars:
    """The calendars of these venues and lecturers; of all where neither is named.

    Args:
        week: that one alone; else the present one and all that follow.

    Raises:
        InputError: an unknown name, or nothing is published.
    """
    known, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    chosen = select_venues(known, venues) if venues or not lecturers else ()
    weeks = [week] if week else [name for name in _weeks(workspace) if name >= present_week(workspace)]
    told: dict[str, list[DatedEntry]] = defaultdict(list)
    people: dict[str, list[DatedEntry]] = defaultdict(list)
    for name in weeks:
        by_venue, by_person = _week(workspace, name)
        for venue, editions in by_venue.items():
            told[venue] += through_editions(editions)
        for person, editions in by_person.items():
            people[person] += through_editions(editions)
    if not told:
        what = text("nothing is published yet; calendars are of what was published: run “yuanjiao publish”")
        raise InputError(*problems, Problem(week or "published", what))
    if unknown := [name for name in lecturers if name not in people]:
        raise InputError(*(Problem("--lecturer", not_one_of(name, sorted(people))) for name in unknown))
    persons = lecturers or (() if venues else sorted(people))
    names = {one.id: f"{one.town} {one.name}" for one in known}
    files = {f"{VENUES}/{one.id}.ics": (names[one.id], tuple(told[one.id])) for one in chosen if one.id in told}
    files |= {f"{LECTURERS}/{safe_name(one)}.ics": (f"{one} 宣讲", tuple(people[one])) for one in persons}
    return CountyCalendars(files, tuple(problems))


def write_calendars(
    workspace: Workspace, calendars: CountyCalendars, folder: Path
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write them; what a person changed is kept beside. Call under the workspace's lock."""
    made, kept = [], list[Problem]()
    for part in (VENUES, LECTURERS):
        home = folder / part
        own = {name: found for name, found in calendars.files.items() if name.startswith(f"{part}/")}
        if not own:
            continue
        home.mkdir(parents=True, exist_ok=True)
        with remembering(workspace.root, home) as written:
            for name, (title, entries) in own.items():
                made.append(folder / name)
                kept += written.put(folder / name, dump_calendar(title, entries))
    return tuple(made), tuple(kept)


def _weeks(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in listed(workspace.schedules_dir) if path.is_dir() and is_week(path.name))


def _week(workspace: Workspace, week: str) -> tuple[dict[str, list[_Edition]], dict[str, list[_Edition]]]:
    """The editions of a week by venue and by lecturer; one in which somebody has nothing is among them."""
    people = tuple(load_lecturers(workspace.root / lecturers_file.FILE_NAME)[0])
    kept = revisions(workspace.schedules_dir, week)

    @cache
    def entries(venue: str, number: int) -> tuple[_Own, dict[str, _Own]]:
        revision = next(one for one in kept if one.venues.get(venue) == number)
        found = published(workspace.schedules_dir, revision, venue)
        assert found is not None  # noqa: S101  (the revision has it)
        printed = as_printed(found, people)
        return entries_of_venue(printed), _by_person(found, printed)

    venues = list(dict.fromkeys(venue for revision in kept for venue in revision.venues))
    by_venue = {venue: list(_editions(kept, venue, entries)) for venue in venues}
    held = [(one.at, _merged(one, entries)) for one in kept]
    persons = dict.fromkeys(person for _, own in held for person in own)
    by_person = {person: [(at, own.get(person, {})) for at, own in held] for person in persons}
    return by_venue, by_person


def _by_person(found: Schedule, printed: Schedule) -> dict[str, _Own]:
    own: dict[str, _Own] = defaultdict(dict)
    for person, entry in entries_of_lecturers(found, printed):
        own[person][entry.uid] = entry
    return own


def _editions(kept: Sequence[Revision], venue: str, entries: _Look) -> Iterator[_Edition]:
    for revision in kept:
        number = revision.venues.get(venue)
        yield revision.at, entries(venue, number)[0] if number else {}


def _merged(revision: Revision, entries: _Look) -> dict[str, _Own]:
    found: dict[str, _Own] = defaultdict(dict)
    for venue, number in revision.venues.items():
        for person, own in entries(venue, number)[1].items():
            found[person] |= own
    return found
