"""Everything that a workspace's files say, for the checker. What cannot be read in single rows becomes problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.clutter import matching
from courseware.errors import InputError, Problem, text
from courseware.lessons.proofs import digest_of
from courseware.lessons.rendition import Rendition, load_renditions
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews.approval import load_approval
from courseware.storage.state import FILE_NAME as STATE_NAME
from playlists.checking.facts import Facts
from playlists.duties import obligations as obligations_file
from playlists.duties.obligations import Duties, load_duties
from playlists.files import calendar as calendar_file
from playlists.files import edits as edits_file
from playlists.files import lecturers as lecturers_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.calendar import load_calendar
from playlists.files.centres import Centres, load_centres, with_trainings
from playlists.files.edits import load_edits
from playlists.files.lecturers import load_lecturers, load_travel
from playlists.files.programmes import Programme, load_programmes
from playlists.files.requests import load_requests, resolve
from playlists.files.scope import by_ids, with_ids
from playlists.files.venues import Venue, load_venues
from playlists.schedules.history import Ledger, open_ledger


@dataclass(frozen=True, slots=True)
class County:
    """The facts of a county, without its renditions, and what they are about."""

    facts: Facts
    venues: tuple[Venue, ...]
    programmes: tuple[Programme, ...]
    duties: Duties
    centres: Centres
    problems: tuple[Problem, ...]


def load_county(workspace: Workspace) -> County:
    """Everything the workspace says; what cannot be read in single rows or lessons becomes problems.

    Raises:
        InputError: no venue can be used, or a file that all depends on cannot be read.
    """
    root = workspace.root
    venues, problems = load_venues(root / venues_file.FILE_NAME)
    if not venues:
        raise InputError(*(problems or (Problem(venues_file.FILE_NAME, text("holds no venue yet")),)))
    catalogue = load_catalogue(workspace)
    lecturers, more = load_lecturers(root / lecturers_file.FILE_NAME)
    travel, ways = load_travel(root / lecturers_file.TRAVEL_NAME)
    centres, yet_more = load_centres(root, venues)
    duties = with_ids(load_duties(root / obligations_file.FILE_NAME), venues)
    calendar = with_ids(load_calendar(root / calendar_file.FILE_NAME), venues)
    edits = with_ids(load_edits(root / edits_file.FILE_NAME), venues)
    requests, unread = load_requests(root / requests_file.FILE_NAME)
    wishes_of, unmet = resolve(requests, catalogue.lessons, venues)
    known = {one.id for one in catalogue.lessons}
    folders = {path.parent.name for path in matching(workspace.lessons_dir, "*/lesson.toml")}
    facts = Facts(
        workspace.settings.zone,
        with_trainings(calendar, centres),
        {one.id: one for one in catalogue.lessons},
        {},
        frozenset(folders - known),
        reviewed=duties.reviewed,
        approval=load_approval(workspace),
        lecturers={one.name: one for one in by_ids(lecturers, venues)},
        edits=edits,
        travel=travel,
        requests=wishes_of,
    )
    programmes = by_ids(load_programmes(root / programmes_file.FILE_NAME), venues)
    every = (*problems, *catalogue.problems, *more, *ways, *yet_more, *unread, *unmet)
    return County(facts, venues, programmes, duties, centres, every)


def history_of(workspace: Workspace) -> AbstractContextManager[Ledger | None]:
    """The history, which a check does not begin where there is none."""
    known = (workspace.cache_dir / STATE_NAME).is_file()
    return open_ledger(workspace.cache_dir) if known else nullcontext()


def with_renditions(workspace: Workspace, facts: Facts, venues: Iterable[Venue], *, deep: bool) -> Facts:
    """The facts with what is made for the screens of these venues; `deep` reads every file whole."""
    profiles = dict.fromkeys(venue.profile for venue in venues)
    made = {profile: load_renditions(workspace.renditions_dir, profile) for profile in profiles}
    damaged = frozenset(_damaged(workspace.root, made)) if deep else frozenset()
    return replace(facts, renditions=made, damaged=damaged)


def _damaged(root: Path, made: Mapping[str, Mapping[str, Rendition]]) -> Iterator[str]:
    for profile, some in made.items():
        for one in some.values():
            name = f"renditions/{profile}/{one.file}"
            if digest_of(root / name, anew=True) != one.sha256:
                yield name
