"""The files that a county plans from, read together: what is right in each, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from courseware.errors import InputError, Problem
from playlists.duties import standards as standards_file
from playlists.duties.standards import Standard, load_standards
from playlists.files import calendar as calendar_file
from playlists.files import edits as edits_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.calendar import Calendar, load_calendar
from playlists.files.centres import TRAININGS_NAME, Centres, load_centres
from playlists.files.edits import Edits, load_edits
from playlists.files.programmes import Programme, load_programmes
from playlists.files.requests import Request, load_requests
from playlists.files.scope import by_ids, with_ids
from playlists.files.venues import Venue, load_venues

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Files:
    """What the files say.

    Attributes:
        requests: as written; lessons may be named by their titles, and venues by their names. Elsewhere venues are
            named by their ids.
        faults: file name → what is wrong with it; a TOML file that has faults counts as empty.
    """

    venues: tuple[Venue, ...]
    programmes: tuple[Programme, ...]
    calendar: Calendar
    edits: Edits
    requests: tuple[Request, ...]
    centres: Centres
    standards: tuple[Standard, ...]
    faults: Mapping[str, tuple[Problem, ...]]

    def faults_of(self, *names: str) -> tuple[Problem, ...]:
        """What is wrong with these files."""
        return tuple(problem for name in names for problem in self.faults[name])


def load_files(root: Path) -> Files:
    """Read the files in a workspace's folder; none hides another."""
    venues, bad_venues = load_venues(root / venues_file.FILE_NAME)
    no_programmes: tuple[Programme, ...] = ()
    programmes, bad_programmes = attempt(load_programmes, root / programmes_file.FILE_NAME, no_programmes)
    calendar, bad_calendar = attempt(load_calendar, root / calendar_file.FILE_NAME, Calendar())
    edits, bad_edits = attempt(load_edits, root / edits_file.FILE_NAME, Edits())
    requests, bad_requests = load_requests(root / requests_file.FILE_NAME)
    no_standards: tuple[Standard, ...] = ()
    standards, bad_standards = attempt(load_standards, root / standards_file.FILE_NAME, no_standards)
    centres, bad_centres = load_centres(root, venues)
    faults = {
        venues_file.FILE_NAME: bad_venues,
        programmes_file.FILE_NAME: bad_programmes,
        calendar_file.FILE_NAME: bad_calendar,
        edits_file.FILE_NAME: bad_edits,
        requests_file.FILE_NAME: bad_requests,
        standards_file.FILE_NAME: bad_standards,
        TRAININGS_NAME: _about(TRAININGS_NAME, bad_centres),
    }
    calendar, edits = with_ids(calendar, venues), with_ids(edits, venues)
    programmes, standards = by_ids(programmes, venues), by_ids(standards, venues)
    return Files(venues, programmes, calendar, edits, requests, centres, standards, faults)


def attempt(load: Callable[[Path], Loaded], path: Path, empty: Loaded) -> tuple[Loaded, tuple[Problem, ...]]:
    """What `load` reads, or `empty` and what is wrong with the file."""
    try:
        return load(path), ()
    except InputError as error:
        return empty, error.problems


def _about(name: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(one for one in problems if one.where.startswith(name))
