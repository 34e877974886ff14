"""Lecturers for the planned lectures of a week, rooms for the batches of the courses: read, assign, write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from courseware.clutter import matching
from courseware.errors import InputError, Problem, text
from courseware.files import together
from courseware.lessons.workspace import Workspace
from courseware.storage.handwork import remembering
from playlists.almanac import clock
from playlists.almanac.days import moment, week_of
from playlists.files import calendar as calendar_file
from playlists.files import centres as centres_file
from playlists.files import lecturers as lecturers_file
from playlists.files import venues as venues_file
from playlists.files.calendar import Calendar, load_calendar
from playlists.files.centres import Training, check_centres, dump_trainings, load_centres
from playlists.files.chosen import open_lectures
from playlists.files.lecturers import Lecture, check_lecturers, load_lecturers, load_lectures, load_travel
from playlists.files.scope import by_ids, with_ids
from playlists.files.venues import Venue, load_venues
from playlists.opening.windows import opening_on
from playlists.people.asked import not_planned_so, unkept
from playlists.people.lectures import (
    Visit,
    dump_lectures,
    given_before,
    past_of,
    rows_of,
    sessions_in,
    still_open,
    told_of,
    with_lecturers,
    with_lectures,
    without_lecturer,
)
from playlists.people.rooms import Open, plan_trainings
from playlists.people.roster import plan_roster
from playlists.schedules.schedule import Schedule, dump_schedule, load_schedule, monday_of, path_of

# So many weeks back it counts who lectured, and what each venue heard.
_WEEKS_BACK = 8


@dataclass(frozen=True, slots=True)
class Staffed:
    """A week's lectures with their lecturers.

    Attributes:
        unfilled: what nobody can give, and which weeks cannot be read.
        problems: what is wrong in the lists, and which rows of lectures.csv are not kept.
    """

    visits: tuple[Visit, ...]
    unfilled: tuple[Problem, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """All trainings, the new ones among them; which batches find no room, and what is wrong in the sheets."""

    trainings: tuple[Training, ...]
    new: tuple[Training, ...]
    unfilled: tuple[Problem, ...]
    problems: tuple[Problem, ...]


def staff_week(workspace: Workspace, week: str, *, write: bool = True) -> Staffed:
    """Give every planned lecture of the week a lecturer and a topic, and write them into the schedules.

    They are also written into lectures.csv beside these: what stands there, by hand or from before the week was
    planned anew, is kept when it can be. Lectures that have begun keep whom they had.

    Raises:
        InputError: not a week, nothing planned, no lecturer can be read, or lectures.csv has mistakes.
    """
    monday = monday_of(week)
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    lecturers, more = load_lecturers(workspace.root / lecturers_file.FILE_NAME)
    travel, ways = load_travel(workspace.root / lecturers_file.TRAVEL_NAME)
    rows, wrong = load_lectures(workspace.schedules_dir / week / lecturers_file.LECTURES_NAME)
    lecturers, rows = by_ids(lecturers, venues), by_ids(rows, venues)
    if wrong:
        # It is written over below.
        raise InputError(*wrong)
    if not lecturers:
        nobody = Problem(lecturers_file.FILE_NAME, text("has no lecturers; add a row for each"))
        raise InputError(*(more or (nobody,)))
    schedules, damaged = _planned(workspace, week, venues)
    if not schedules:
        what = text("no such schedule; plan the week with “yuanjiao schedule plan --week {week}”", week=week)
        raise InputError(*(damaged or (Problem(week, what),)))
    chosen, now = _chosen(workspace, rows, venues), clock.now(workspace)
    moved = not_planned_so(chosen, schedules, week, now.date())
    if moved:
        raise InputError(*moved)
    weeks_back = [week_of(monday - timedelta(days=7 * n)) for n in range(1, _WEEKS_BACK + 1)]
    # What was damaged weeks ago is only not counted.
    planned = [(back, _planned(workspace, back, venues)[0]) for back in weeks_back]
    before = [one for back, some in planned for one in _remembered(workspace, back, some, venues)]
    present = _remembered(workspace, week, schedules, venues)
    sessions = sessions_in(present, {one.id: one for one in venues})
    given = given_before(sessions, present, now)
    roster = plan_roster(still_open(sessions, given, now), lecturers, travel, past_of(before, present, given))
    visits = tuple(sorted((*given, *roster.visits), key=lambda one: (one.session.start, one.session.venue.id)))
    hidden = _unread(workspace, week, schedules) | {row.venue for row in chosen} - {one.venue for one in schedules}
    lost = unkept([one for one in rows if one.venue not in hidden], visits, present, lecturers, venues)
    kept: tuple[Problem, ...] = ()
    if write:
        unread = [one for one in rows if one.venue in hidden]
        kept = _write(workspace, week, schedules, visits, unread, keep_old=bool(lost))
    every = (*problems, *more, *ways, *check_lecturers(lecturers, travel, venues), *lost, *kept)
    return Staffed(visits, (*damaged, *without_lecturer(roster.visits), *told_of(roster)), every)


def book_rooms(workspace: Workspace, *, write: bool = True) -> Booked:
    """Give every batch of every course that has none yet a room and its days, and write trainings.csv.

    Raises:
        InputError: calendar.toml or trainings.csv cannot be read; a sheet with mistakes is never written over.
    """
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    centres, more = load_centres(workspace.root, venues)
    own = [one for one in more if one.where.startswith(centres_file.TRAININGS_NAME)]
    if own:
        raise InputError(*own)
    new, unfilled = plan_trainings(centres.courses, centres.rooms, centres.trainings, _hours(workspace, venues))
    every = tuple(sorted((*centres.trainings, *new), key=lambda one: (one.date, one.starts, one.centre, one.room)))
    kept: tuple[Problem, ...] = ()
    if write and new:
        with remembering(workspace.root, workspace.root) as written:
            kept = written.put(workspace.root / centres_file.TRAININGS_NAME, dump_trainings(every))
    return Booked(every, new, unfilled, (*problems, *more, *check_centres(centres, venues), *kept))


def _planned(
    workspace: Workspace, week: str, venues: Sequence[Venue]
) -> tuple[tuple[Schedule, ...], tuple[Problem, ...]]:
    """The planned weeks that can be read, and why others cannot."""
    found, problems = list[Schedule](), list[Problem]()
    for venue in venues:
        path = workspace.schedules_dir / week / f"{venue.id}.json"
        try:
            found += [load_schedule(path)] if path.is_file() else []
        except InputError as error:
            problems += error.problems
    return tuple(found), tuple(problems)


def _unread(workspace: Workspace, week: str, schedules: Iterable[Schedule]) -> frozenset[str]:
    """The venues whose week is there and cannot be read."""
    there = {path.stem for path in matching(workspace.schedules_dir / week, "*.json")}
    return frozenset(there - {one.venue for one in schedules})


def _chosen(workspace: Workspace, rows: Sequence[Lecture], venues: Sequence[Venue]) -> tuple[Lecture, ...]:
    """The rows that say when a lecture is held whose time the calendar leaves open."""
    path = workspace.root / calendar_file.FILE_NAME
    calendar = with_ids(load_calendar(path) if path.is_file() else Calendar(), venues)
    return tuple(one.row for one in open_lectures(calendar, venues, rows) if one.row)


def _write(
    workspace: Workspace,
    week: str,
    schedules: Iterable[Schedule],
    visits: Sequence[Visit],
    others: Sequence[Lecture],
    *,
    keep_old: bool,
) -> tuple[Problem, ...]:
    folder = workspace.schedules_dir / week
    with remembering(workspace.root, folder) as written, together():
        for schedule in schedules:
            staffed = with_lecturers(schedule, visits)
            if staffed != schedule:
                written.amend(path_of(staffed, workspace.schedules_dir), dump_schedule(staffed))
        sheet = folder / lecturers_file.LECTURES_NAME
        return written.put(sheet, dump_lectures((*rows_of(visits), *others)), keep=keep_old)


def _remembered(
    workspace: Workspace, week: str, schedules: Iterable[Schedule], venues: Sequence[Venue]
) -> tuple[Schedule, ...]:
    """The schedules with the lecturers of lectures.csv, where there is one."""
    lectures, _ = load_lectures(workspace.schedules_dir / week / lecturers_file.LECTURES_NAME)
    named = by_ids(lectures, venues)
    return tuple(with_lectures(one, named) for one in schedules)


def _hours(workspace: Workspace, venues: Sequence[Venue]) -> Open:
    """When the centres are open; what is no centre never is."""
    calendar = with_ids(load_calendar(workspace.root / calendar_file.FILE_NAME), venues)
    zone = workspace.settings.zone
    centres = {venue.id: venue for venue in venues if venue.kind == "centre"}

    @cache
    def is_open(centre: str, day: date, starts: int) -> bool:
        venue = centres.get(centre)
        windows = opening_on(calendar, venue, day, zone) if venue else ()
        at = moment(day, starts, zone)
        return any(window.start <= at < window.end for window in windows)

    return is_open
