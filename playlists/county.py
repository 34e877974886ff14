"""A county's planning files together, and the week of each of its venues planned from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from courseware.errors import InputError, Problem, YuanjiaoError, text
from courseware.rendition import Rendition, load_renditions
from courseware.workspace import Catalogue, Workspace, load_catalogue
from playlists import calendar as calendar_file
from playlists import programmes as programmes_file
from playlists import venues as venues_file
from playlists.calendar import Calendar, check_calendar, load_calendar
from playlists.days import week_of
from playlists.planner import plan_week
from playlists.programmes import Programme, check_programmes, load_programmes, programme_for
from playlists.schedule import Schedule, load_schedule, monday_of, save_schedule
from playlists.venues import Venue, load_venues


@dataclass(frozen=True, slots=True)
class County:
    """What planning needs to know.

    Attributes:
        problems: what is wrong with single rows or names; the rest can be planned.
    """

    venues: tuple[Venue, ...]
    programmes: tuple[Programme, ...]
    calendar: Calendar
    catalogue: Catalogue
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The schedules that were made, with their files, and what went wrong with the others."""

    schedules: tuple[Schedule, ...]
    paths: tuple[Path, ...]
    problems: tuple[Problem, ...]


def load_county(workspace: Workspace) -> County:
    """Read venues.csv, programmes.toml, calendar.toml and the lessons.

    Raises:
        InputError: no venue can be used, or programmes.toml or calendar.toml is wrong; all problems at once.
    """
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    catalogue = load_catalogue(workspace)
    fatal = list(problems) if not venues else []
    programmes, calendar = tuple[Programme, ...](), Calendar()
    try:
        programmes = load_programmes(workspace.root / programmes_file.FILE_NAME)
    except InputError as error:
        fatal += error.problems
    try:
        calendar = load_calendar(workspace.root / calendar_file.FILE_NAME)
    except InputError as error:
        fatal += error.problems
    if fatal:
        raise InputError(*fatal)
    if not venues:
        raise InputError(Problem(venues_file.FILE_NAME, text("lists no venue; write one row for each")))
    unknown = (
        *check_programmes(programmes, workspace.settings, venues, catalogue.lessons),
        *check_calendar(calendar, venues),
    )
    return County(venues, programmes, calendar, catalogue, (*problems, *unknown))


def plan_county(
    workspace: Workspace,
    county: County,
    venues: Sequence[Venue],
    week: str,
    seed: int = 0,
    progress: Callable[[Venue], None] = lambda _venue: None,
) -> Planned:
    """Plan and save the week of each venue; one that cannot be planned does not stop the others.

    Args:
        progress: told each venue when it is done.

    Raises:
        InputError: `week` is not a week.
    """
    monday_of(week)
    made: list[tuple[Schedule, Path]] = []
    problems: list[Problem] = []

    @cache
    def renditions(profile: str) -> dict[str, Rendition]:
        return load_renditions(workspace.renditions_dir, profile)

    for venue in venues:
        try:
            schedule = plan_week(
                venue,
                programme_for(venue, county.programmes),
                county.calendar,
                renditions(venue.profile),
                county.catalogue.lessons,
                week,
                workspace.settings.zone,
                seed,
            )
            made.append((schedule, save_schedule(schedule, workspace.schedules_dir)))
            problems += idle_days(schedule)
        except YuanjiaoError as error:
            problems += error.problems
        progress(venue)
    return Planned(tuple(one for one, _ in made), tuple(path for _, path in made), tuple(problems))


def idle_days(schedule: Schedule) -> tuple[Problem, ...]:
    """Days on which a venue is open and shows no lesson: 日有播放 asks for one on each."""
    idle = [day.date for day in schedule.days if day.windows and not any(one.lesson for one in day.slots)]
    if not idle:
        return ()
    # An event may take all of a window; only time that stays empty has a reason to give.
    reason = next((gap.reason for gap in schedule.gaps if gap.start.date() in idle), "宣讲或活动占满了开放时段")
    what = text("no lesson on {days}: {reason}", days="、".join(map(str, idle)), reason=reason)
    return (Problem(schedule.venue, what),)


def coming_week(workspace: Workspace) -> str:
    """The week after the present one, by the workspace's clock."""
    return week_of(_today(workspace) + timedelta(days=7))


def planned_week(workspace: Workspace) -> str:
    """The present week when it is planned, else the next one that is, else the latest.

    Raises:
        InputError: none is planned.
    """
    weeks = sorted(path.parent.name for path in workspace.schedules_dir.glob("*/*.json"))
    if not weeks:
        what = text("no week is planned yet; plan one with “yuanjiao schedule plan”")
        raise InputError(Problem("schedules", what))
    present = present_week(workspace)
    return next((week for week in weeks if week >= present), weeks[-1])


def present_week(workspace: Workspace) -> str:
    """The ISO week that today lies in, by the workspace's clock."""
    return week_of(_today(workspace))


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
    """The planned week of a venue.

    Raises:
        InputError: `week` is no week, the venue is not known, or its week is not planned.
    """
    monday_of(week)
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    path = workspace.schedules_dir / week / f"{venue}.json"
    if not path.is_file():
        # A venue whose row is wrong just now may well have been planned before; one never heard of was not.
        if not venues:
            raise InputError(*problems)
        venues_file.select_venues(venues, (venue,))
    return load_schedule(path)


def _today(workspace: Workspace) -> date:
    return datetime.now(workspace.settings.zone).date()
