"""Which weeks are planned, and the planned week of a venue, as people name them. Plans nothing."""

from __future__ import annotations

from courseware.clutter import matching
from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id
from courseware.lessons.workspace import Workspace
from playlists.almanac.clock import coming_week, present_week, today
from playlists.almanac.days import parse_day, week_in
from playlists.almanac.typed import week_typed
from playlists.county.county import attempt
from playlists.files import venues as venues_file
from playlists.files.naming import select_venues
from playlists.files.venues import load_venues
from playlists.schedules.schedule import Day, Schedule, is_week, load_schedule, monday_of


def week_meant(workspace: Workspace, given: str) -> str:
    """The week as a person typed it (下周, 第49周, a day in it); without one, the week that `schedule plan` plans.

    Raises:
        InputError: none was typed, and none is planned.
    """
    return week_typed(given, today(workspace)) or planned_week(workspace)


def planned_week(workspace: Workspace) -> str:
    """The coming week when it is planned, else the present one, else the next that is, else the latest.

    Raises:
        InputError: none is planned.
    """
    weeks = [name for path in matching(workspace.schedules_dir, "*/*.json") if is_week(name := path.parent.name)]
    if not weeks:
        what = text("no week is planned yet; plan one with “yuanjiao schedule plan”")
        raise InputError(Problem("schedules", what))
    coming, present = coming_week(workspace), present_week(workspace)
    return coming if coming in weeks else next((week for week in weeks if week >= present), weeks[-1])


def planned_weeks(workspace: Workspace, week: str) -> tuple[tuple[Schedule, ...], tuple[Problem, ...]]:
    """The planned week of every venue of venues.csv, in its order, and why others are not among them.

    Raises:
        InputError: not a week.
    """
    monday_of(week)
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    schedules: list[Schedule] = []
    missing: list[Problem] = []
    for venue in venues:
        try:
            schedules.append(load_schedule(workspace.schedules_dir / week / f"{venue.id}.json"))
        except InputError as error:
            missing += error.problems
    return tuple(schedules), (*problems, *missing)


def schedule_of(workspace: Workspace, venue: str, week: str) -> Schedule:
    """The planned week of a venue, which may be called by its name.

    Raises:
        InputError: `week` is no week, the venue is not known, or its week is not planned.
    """
    monday_of(week)
    folder = workspace.schedules_dir / week
    if not is_safe_id(venue) or not (folder / f"{venue}.json").is_file():
        # A venue whose row is wrong just now may well have been planned before; one never heard of was not.
        venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
        if not venues:
            raise InputError(*problems)
        venue = select_venues(venues, (venue,))[0].id
    return load_schedule(folder / f"{venue}.json")


def week_if_planned(workspace: Workspace, venue: str, week: str) -> tuple[Schedule | None, tuple[Problem, ...]]:
    """The week of a venue, by its id; None without a problem when it is not planned, with one when it is damaged."""
    path = workspace.schedules_dir / week / f"{venue}.json"
    return attempt(load_schedule, path, None) if path.is_file() else (None, ())


def schedule_at(workspace: Workspace, venue: str, week: str, day: str) -> Schedule:
    """The venue's planned week: the one named, the one that the date lies in, or the one meant without either.

    Args:
        week, day: as typed; "" when not given.

    Raises:
        InputError: as schedule_of and planned_week.
    """
    return schedule_of(workspace, venue, week or week_in(day) or planned_week(workspace))


def day_at(found: Schedule, day: str) -> Day | None:
    """The day as typed (2026-11-24, 周二) of the week; None for "".

    Raises:
        InputError: not a day, or one of another week.
    """
    if not day:
        return None
    wanted = parse_day(day, found.days[0].date)
    return next(one for one in found.days if one.date == wanted)
