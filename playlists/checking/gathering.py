"""The facts that the checker works with, gathered from all that a county's files say; and its history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import chain
from pathlib import Path

from courseware.clutter import matching
from courseware.errors import InputError, Problem, text
from courseware.lessons.lesson import FILE_NAME as LESSON_NAME
from courseware.lessons.proofs import digest_of
from courseware.lessons.rendition import Rendition, load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import load_approval
from courseware.storage.state import FILE_NAME as STATE_NAME
from playlists.checking.facts import Facts
from playlists.county.county import County, load_county
from playlists.duties import obligations as obligations_file
from playlists.files import calendar as calendar_file
from playlists.files import centres as centres_file
from playlists.files import edits as edits_file
from playlists.files import lecturers as lecturers_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.chosen import chosen_in, with_chosen
from playlists.files.venues import Venue
from playlists.schedules.history import Ledger, open_ledger

_NEEDED = (obligations_file.FILE_NAME, calendar_file.FILE_NAME, edits_file.FILE_NAME, programmes_file.FILE_NAME)
_PEOPLE = (lecturers_file.FILE_NAME, lecturers_file.TRAVEL_NAME)
_CENTRES = (centres_file.ROOMS_NAME, centres_file.COURSES_NAME, centres_file.TRAININGS_NAME)


def county_to_check(workspace: Workspace, known: County | None = None) -> County:
    """What the files say.

    Args:
        known: where they were read already.

    Raises:
        InputError: no venue can be used, or a file that all depends on cannot be read.
    """
    county = known or load_county(workspace)
    if not county.venues:
        nowhere = Problem(venues_file.FILE_NAME, text("has no venues yet; add a row for each"))
        raise InputError(*(county.faults_of(venues_file.FILE_NAME) or (nowhere,)))
    if unreadable := county.faults_of(*_NEEDED):
        raise InputError(*unreadable)
    return county


def unread_in(county: County) -> tuple[Problem, ...]:
    """The rows and lessons that could not be read, and requests that name nothing."""
    sheets = county.faults_of(*_PEOPLE, *_CENTRES, requests_file.FILE_NAME)
    return (*county.faults_of(venues_file.FILE_NAME), *county.catalogue.problems, *sheets, *county.unmet)


def gather_facts(workspace: Workspace, county: County, weeks: Iterable[str]) -> Facts:
    """What holds for all venues, without what is made for their screens.

    Args:
        weeks: those that are looked at, for the times that were chosen for their lectures.
    """
    lectures = chosen_in(county.calendar, county.venues, workspace.schedules_dir, weeks)
    lessons = {lesson.id: lesson for lesson in county.catalogue.lessons}
    return Facts(
        workspace.settings.zone,
        with_chosen(county.calendar, chain.from_iterable(lectures.values())),
        lessons,
        {},
        frozenset(_unread(workspace, lessons)),
        reviewed=county.duties.reviewed,
        approval=load_approval(workspace),
        lecturers={lecturer.name: lecturer for lecturer in county.lecturers},
        edits=county.edits,
        travel=county.travel,
        requests=county.requests,
        without_time=frozenset(
            (week, one.venue.id, one.event.printed) for week, some in lectures.items() for one in some if not one.row
        ),
    )


def _unread(workspace: Workspace, lessons: Collection[str]) -> Iterator[str]:
    """The names of folders of lessons that cannot be used as they are."""
    others = (folder for folder in matching(workspace.lessons_dir, "*") if folder.name not in lessons)
    return (folder.name for folder in others if (folder / LESSON_NAME).is_file())


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
    for profile, renditions in made.items():
        for rendition in renditions.values():
            name = f"renditions/{profile}/{rendition.file}"
            if digest_of(root / name, anew=True) != rendition.sha256:
                yield name
