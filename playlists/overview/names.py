"""Names in a county's files that nothing bears, told where they stand, and each once."""

from __future__ import annotations

from collections.abc import Iterable

from courseware.errors import Problem
from courseware.lessons.settings import Settings
from playlists.county.county import County
from playlists.duties import obligations as obligations_file
from playlists.duties.conflicts import unknown_seasons
from playlists.duties.obligations import check_duties
from playlists.duties.standards import check_standards
from playlists.files import calendar as calendar_file
from playlists.files import centres as centres_file
from playlists.files import lecturers as lecturers_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.calendar import check_calendar
from playlists.files.centres import check_centres
from playlists.files.edits import check_edits
from playlists.files.lecturers import check_lecturers
from playlists.files.programmes import check_programmes

# How places end at which a venue, or a lesson, is named.
_OF_A_VENUE = (".venues", ".venue", ".groups", requests_file.VENUE_PLACE)
_OF_A_LESSON = (".lessons", ".lesson", requests_file.LESSON_PLACE)


def unknown_names(county: County, settings: Settings, folders: set[str]) -> Iterable[Problem]:
    """Every name that nothing bears.

    Args:
        folders: of all lessons. One that cannot be read is known all the same, and is not to be reported twice; nor
            is a venue while venues.csv has faults.
    """
    venues, lessons = county.venues, county.catalogue.lessons
    calendar = county.written
    # Without programmes every venue would be said to lack one.
    known = not county.faults[programmes_file.FILE_NAME]
    found = (
        *(check_programmes(county.programmes, settings, venues, lessons) if known else ()),
        *check_calendar(calendar, venues),
        *check_edits(county.edits, venues, [one.id for one in lessons]),
        *county.unmet,
        *check_standards(county.standards, venues),
        # The workspace's own seasons are not known while its calendar cannot be read.
        *(() if county.faults[calendar_file.FILE_NAME] else unknown_seasons(calendar, county.programmes, venues)),
    )
    for problem in found:
        if problem.where.endswith(_OF_A_VENUE):
            is_echo = bool(county.faults[venues_file.FILE_NAME])
        else:
            is_echo = problem.where.endswith(_OF_A_LESSON) and problem.what.values.get("value") in folders
        if not is_echo:
            yield problem


def staff_problems(county: County, settings: Settings) -> tuple[Problem, ...]:
    """Everything wrong in obligations.toml, lecturers.csv, travel.csv and the three sheets of the centres."""
    unread = county.faults_of(
        obligations_file.FILE_NAME,
        lecturers_file.FILE_NAME,
        lecturers_file.TRAVEL_NAME,
        centres_file.ROOMS_NAME,
        centres_file.COURSES_NAME,
        centres_file.TRAININGS_NAME,
    )
    venues = county.venues
    if county.faults[venues_file.FILE_NAME] or not venues:
        # Nobody can say which names are wrong.
        return unread
    unknown = (
        *check_duties(county.duties, venues, settings),
        *check_lecturers(county.lecturers, county.travel, venues),
        *check_centres(county.centres, venues),
    )
    return (*unread, *unknown)
