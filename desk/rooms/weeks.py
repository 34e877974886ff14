"""编排: the week of every venue by town; a venue's day as a strip, to pin, swap and forbid, with what breaks."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from functools import partial

from starlette.responses import Response

from courseware.errors import BatchError, InputError, Problem, text
from courseware.lessons.workspace import Workspace, open_workspace
from desk.county.editweek import WeekSeen, judge, never, pin, swap, undo
from desk.county.places import venues_there
from desk.county.weekly import day_in, schedule_there, strip_of, towns_of, version_of_week, weeks_of_venues
from desk.people.roles import EDITORS, OFFICE
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import Ask
from desk.work import TaskConsole
from playlists.almanac.clock import coming_week, today
from playlists.almanac.days import week_of
from playlists.files.naming import select_venues
from playlists.schedules.schedule import monday_of
from playlists.schedules.words import day_label, week_label
from playlists.weeks.beside import plan_beside
from playlists.weeks.making import county_to_plan, unplannable
from playlists.weeks.second import second_drafter


def show_weeks(ask: Ask) -> Response:
    """The week that is planned next."""
    return ask.go(f"/weeks/{coming_week(ask.workspace)}")


def show_week(ask: Ask) -> Response:
    """All venues by town."""
    workspace, week = ask.workspace, _week(ask)
    weeks = weeks_of_venues(workspace, week)
    monday = monday_of(week)
    return ask.show(
        "weeks.html.j2",
        week=week,
        label=week_label(week),
        before=week_of(monday - timedelta(days=7)),
        after=week_of(monday + timedelta(days=7)),
        towns=list(towns_of(weeks)),
        planned=sum(one.counts is not None for one in weeks),
        count=len(weeks),
    )


def plan_week(ask: Ask) -> Response:
    """Put the planning of the week into the queue, for all venues or one."""
    week, venue = _week(ask), ask.said("venue")
    if venue:
        select_venues(county_to_plan(ask.workspace).venues, (venue,))
    name = text("Plan {week}", week=week_label(week))
    run = partial(_plan, ask.workspace, week, (venue,) if venue else ())
    ask.queue(name, run, link=f"/weeks/{week}/{venue}" if venue else f"/weeks/{week}")
    return ask.go("/tasks")


def show_venue(ask: Ask) -> Response:
    """A venue's week: a strip for each day, one day with every showing, and what the checker says."""
    workspace, week = ask.workspace, _week(ask)
    (venue,) = select_venues(venues_there(workspace)[0], (ask.path("venue"),))
    # Before it is read: what is written meanwhile is then another.
    version = version_of_week(workspace, venue.id, week)
    schedule = schedule_there(workspace, venue.id, week)
    if schedule is None:
        return ask.show("venue_unplanned.html.j2", week=week, label=week_label(week), venue=venue)
    series = tuple(one.name for one in workspace.settings.all_series)
    zone, now = workspace.settings.zone, today(workspace)
    report = judge(workspace, venue.id, week, today)
    chosen = day_in(schedule, ask.query("day"))
    return ask.show(
        "venue_week.html.j2",
        week=week,
        label=week_label(week),
        venue=venue,
        schedule=schedule,
        version=version,
        strips=[(day, day_label(day.date), strip_of(day, series, zone)) for day in schedule.days],
        chosen=chosen,
        can_change=chosen.date >= now,
        zone=zone,
        series=series,
        lessons=sorted({(slot.lesson, slot.title) for day in schedule.days for slot in day.slots if slot.lesson}),
        hard=[breach.problem for breach in report.breaches if breach.hard],
        soft=[breach.problem for breach in report.breaches if not breach.hard],
        undoable=ask.desk.edits.last(venue.id, week),
    )


def change_week(ask: Ask) -> Response:
    """Pin, swap, replace, forbid or undo; then show the day again."""
    workspace, week, venue = ask.workspace, _week(ask), ask.path("venue")
    seen = WeekSeen(venue, week, ask.said("version"))
    history, chosen = ask.desk.edits, [str(value) for value in ask.form.getlist("at")]
    match ask.said("do"), chosen:
        case "pin", [at]:
            pin(workspace, history, seen, _moment(at), "")
        case "replace", [at]:
            pin(workspace, history, seen, _moment(at), _needed(ask.said("lesson")))
        case "swap", [first, second]:
            swap(workspace, history, seen, _moment(first), _moment(second))
        case "never", [at]:
            never(workspace, history, seen, _lesson_at(workspace, venue, week, _moment(at)))
        case "undo", _:
            undo(workspace, history, seen)
        case "swap", _:
            raise InputError(Problem("", text("choose the two showings that are to change places")))
        case _:
            raise InputError(Problem("", text("choose one showing")))
    return ask.go(f"/weeks/{week}/{venue}?day={ask.said('day')}")


def _plan(
    workspace: Workspace, week: str, venues: tuple[str, ...], console: TaskConsole, _stop: threading.Event
) -> None:
    """What `yuanjiao schedule plan` does."""
    fresh = open_workspace(workspace.root)
    county = county_to_plan(fresh)
    chosen = select_venues(county.venues, venues)
    with second_drafter(len(chosen)) as second, console.progress() as bars:
        bar = bars.add_task("", total=len(chosen))
        planned = plan_beside(
            fresh.root, county, chosen, week, progress=lambda _venue: bars.advance(bar), second=second
        )
    console.say(text("planned: {count} venues", count=len(planned.schedules)))
    console.problems((*county.catalogue.problems, *planned.notes))
    problems = (*unplannable(county, fresh.settings), *planned.problems)
    if problems:
        raise BatchError(*problems)


def _week(ask: Ask) -> str:
    """The week of the address.

    Raises:
        InputError: not a week.
    """
    monday_of(ask.path("week"))
    return ask.path("week")


def _moment(said: str) -> datetime:
    """A local time as a showing's row names it.

    Raises:
        InputError: it is none.
    """
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise InputError(Problem("", text("choose one showing"))) from None
    if found.tzinfo is not None:
        raise InputError(Problem("", text("choose one showing")))
    return found


def _needed(lesson: str) -> str:
    if not lesson:
        raise InputError(Problem("", text("choose the lesson that is to be shown instead")))
    return lesson


def _lesson_at(workspace: Workspace, venue: str, week: str, at: datetime) -> str:
    schedule = schedule_there(workspace, venue, week)
    zone = workspace.settings.zone
    slots = [slot for day in schedule.days for slot in day.slots] if schedule else []
    for slot in slots:
        if slot.lesson and slot.start.astimezone(zone).replace(tzinfo=None) == at:
            return slot.lesson
    raise InputError(Problem("", text("choose one showing")))


ROOM = DeskRoom(
    text("Schedules"),
    "/weeks",
    (
        DeskRoute("GET", "/weeks", show_weeks, roles=OFFICE | EDITORS),
        DeskRoute("GET", "/weeks/{week}", show_week, roles=OFFICE | EDITORS, in_turn=True),
        DeskRoute("POST", "/weeks/{week}", plan_week, roles=OFFICE),
        DeskRoute("GET", "/weeks/{week}/{venue}", show_venue, roles=OFFICE | EDITORS, in_turn=True),
        DeskRoute("POST", "/weeks/{week}/{venue}", change_week, roles=OFFICE),
    ),
)
