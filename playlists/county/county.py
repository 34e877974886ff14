"""All that a county's files say, read together: what is right in each, and all that is wrong with it. Judges nothing.

Planning, checking and the overview read it here, and each decides what of the wrong it cannot do without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from courseware.errors import InputError, Problem
from courseware.lessons.workspace import Catalogue, Workspace, load_catalogue
from playlists.duties import obligations as obligations_file
from playlists.duties import standards as standards_file
from playlists.duties.obligations import Duties, load_duties
from playlists.duties.standards import Standard, load_standards
from playlists.files import calendar as calendar_file
from playlists.files import edits as edits_file
from playlists.files import lecturers as lecturers_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.calendar import Calendar, load_calendar
from playlists.files.centres import COURSES_NAME, ROOMS_NAME, TRAININGS_NAME, Centres, load_centres, with_trainings
from playlists.files.edits import Edits, load_edits
from playlists.files.lecturers import Lecturer, Travel, load_lecturers, load_travel
from playlists.files.programmes import Programme, load_programmes
from playlists.files.requests import Request, load_requests, resolve
from playlists.files.scope import by_ids, with_ids
from playlists.files.venues import Venue, load_venues

Loaded = TypeVar("Loaded")
_CENTRES_NAMES = (ROOMS_NAME, COURSES_NAME, TRAININGS_NAME)


@dataclass(frozen=True, slots=True)
class County:
    """What a workspace's files say. Venues are named by their ids, lessons that are asked for too.

    Attributes:
        calendar: with every training as an activity of its centre.
        written: calendar.toml alone.
        unmet: requests that name no lesson or no venue.
        faults: file name → what is wrong with it. A TOML file that has faults counts as empty; of a sheet the rows
            that are right count.
    """

    venues: tuple[Venue, ...]
    programmes: tuple[Programme, ...]
    calendar: Calendar
    written: Calendar
    edits: Edits
    requests: tuple[Request, ...]
    unmet: tuple[Problem, ...]
    centres: Centres
    standards: tuple[Standard, ...]
    duties: Duties
    lecturers: tuple[Lecturer, ...]
    travel: Travel
    catalogue: Catalogue
    faults: Mapping[str, tuple[Problem, ...]]

    def faults_of(self, *names: str) -> tuple[Problem, ...]:
        """What is wrong with these files."""
        return tuple(problem for name in names for problem in self.faults[name])


def load_county(workspace: Workspace, known: Catalogue | None = None) -> County:
    """Read venues.csv, all that is about venues, and the lessons; no file that is wrong hides another.

    Args:
        known: the lessons, where they were read already.
    """
    root, catalogue = workspace.root, known or load_catalogue(workspace)
    venues, venue_faults = load_venues(root / venues_file.FILE_NAME)
    faults = {venues_file.FILE_NAME: venue_faults}

    def toml(name: str, load: Callable[[Path], Loaded], empty: Loaded) -> Loaded:
        found, faults[name] = attempt(load, root / name, empty)
        return found

    programmes = toml(programmes_file.FILE_NAME, load_programmes, tuple[Programme, ...]())
    written = with_ids(toml(calendar_file.FILE_NAME, load_calendar, Calendar()), venues)
    edits = toml(edits_file.FILE_NAME, load_edits, Edits())
    wishes, faults[requests_file.FILE_NAME] = load_requests(root / requests_file.FILE_NAME)
    requests, unmet = resolve(wishes, catalogue.lessons, venues)
    standards = toml(standards_file.FILE_NAME, load_standards, tuple[Standard, ...]())
    duties = toml(obligations_file.FILE_NAME, load_duties, Duties())
    lecturers, faults[lecturers_file.FILE_NAME] = load_lecturers(root / lecturers_file.FILE_NAME)
    travel, faults[lecturers_file.TRAVEL_NAME] = load_travel(root / lecturers_file.TRAVEL_NAME)
    centres, centre_faults = load_centres(root, venues)
    faults |= {name: _about(name, centre_faults) for name in _CENTRES_NAMES}
    return County(
        venues,
        by_ids(programmes, venues),
        with_trainings(written, centres),
        written,
        with_ids(edits, venues),
        requests,
        unmet,
        centres,
        by_ids(standards, venues),
        with_ids(duties, venues),
        by_ids(lecturers, venues),
        travel,
        catalogue,
        faults,
    )


def attempt(load: Callable[[Path], Loaded], path: Path, empty: Loaded) -> tuple[Loaded, tuple[Problem, ...]]:
    """What `load` reads, or `empty` and what is wrong with the file."""
    try:
        return load(path), ()
    except InputError as error:
        return empty, error.problems


def _about(name: str, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.where.startswith(name))
