"""Plan a venue's week, day after day; what venues share is planned once. Pure.

Reads no clock and no file, and draws no lots: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from playlists.almanac.days import moment
from playlists.files.calendar import Calendar
from playlists.files.edits import Edits
from playlists.files.programmes import Programme
from playlists.files.rules import Rules
from playlists.files.venues import Venue
from playlists.opening.traits import VenueTraits
from playlists.planning.account import account_week
from playlists.planning.days import Carried, DayPlan, DayTask, WeekTask, plan_day
from playlists.planning.memory import CircleStart, DayFrame, Given, PlannedWeek, WeekKey
from playlists.planning.shelf import LessonShelf
from playlists.planning.showings import History
from playlists.schedules.schedule import Schedule, dump_common, monday_of

__all__ = ["Given", "plan_from", "plan_week"]


def plan_week(  # noqa: PLR0917  (the files of a county, one by one)
    venue: Venue,
    programme: Programme,
    calendar: Calendar,
    renditions: Mapping[str, Rendition],
    lessons: Iterable[Lesson],
    week: str,
    zone: ZoneInfo,
    seed: int = 0,
    given: Given | None = None,
) -> Schedule:
    """The venue's schedule of an ISO week, every window filled to the second where arithmetic allows.

    Args:
        renditions: by lesson id, of the venue's profile; a lesson without one is not shown.
        week: like 2026-W48.
        seed: another one gives another order.

    Raises:
        InputError: `week` is not a week.
    """
    return plan_from(LessonShelf.of(renditions, lessons), venue, programme, calendar, week, zone, seed, given)


def plan_from(
    shelf: LessonShelf,
    venue: Venue,
    programme: Programme,
    calendar: Calendar,
    week: str,
    zone: ZoneInfo,
    seed: int = 0,
    given: Given | None = None,
) -> Schedule:
    """The same from a shelf, which many venues and weeks share.

    Raises:
        InputError: `week` is not a week.
    """
    monday, given = monday_of(week), given or Given()
    former = {day.date: day for day in given.before.days} if given.before else {}
    asked = tuple(request for request in given.requests if request.venue in ("*", venue.id))
    task = WeekTask(shelf, venue, zone, CircleStart.of(venue, seed), given, asked, former)
    memory = shelf.memory(calendar, programme, monday)
    key = _key(task, programme.rules, monday, memory.traits(venue))
    planned = memory.weeks.get(key) if key is not None else None
    if planned is None:
        # The day before the week, too: its last hours may be the first ones of Monday.
        frames = [memory.frame(venue, monday + timedelta(days=number), zone) for number in range(-1, 7)]
        planned = _planned(_taken_over(task, frames[1:]), programme.rules, *frames)
        if key is not None:
            memory.weeks.keep(key, planned)
    return Schedule.model_construct(
        venue=venue.id,
        venue_name=venue.name,
        kind=venue.kind,
        town=venue.town,
        county=venue.county,
        week=week,
        profile=venue.profile,
        days=planned.days,
        gaps=planned.gaps,
        relaxed=planned.relaxed,
    )


def _taken_over(task: WeekTask, frames: Sequence[DayFrame]) -> WeekTask:
    """With the takeovers of the venue as showings at their moments."""
    edits = task.given.edits
    if not edits.takeover:
        return task
    windows = [_local(window.start, window.end) for frame in frames for window in frame.windows]
    busy = [_local(event.start, event.end) for frame in frames for event in frame.events]
    seconds = {lesson: made.seconds for lesson, made in task.shelf.renditions.items()}
    carried_out = edits.carried_out(task.venue.id, windows, busy, seconds)
    return replace(task, given=replace(task.given, edits=carried_out))


def _local(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """By the venue's clock, as edits.toml has it."""
    return start.replace(tzinfo=None), end.replace(tzinfo=None)


def _key(task: WeekTask, rules: Rules, monday: date, traits: VenueTraits) -> WeekKey | None:
    """All that a week's plan depends on; None where it depends on what somebody changed by hand, at one venue."""
    given, past = task.given, task.given.past
    if given.edits != Edits():
        return None
    days = (monday + timedelta(days=number) for number in range(7))
    return WeekKey(
        monday,
        task.zone,
        traits,
        task.venue.profile,
        tuple(task.start.turn(day, len(task.shelf.lessons_on(day))) for day in days),
        tuple((request.lesson, request.on) for request in task.asked),
        frozenset(past.uses.items()),
        frozenset(past.last.items()),
        past.orders,
        # What comes after the week matters only to what must keep apart from it.
        frozenset(given.after.items()) if rules.separation_minutes else None,
        # By its very words: the same moments may be written in different ways, and what stays keeps its own.
        (dump_common(given.before), given.today, given.now) if given.before else None,
    )


def _planned(task: WeekTask, rules: Rules, eve: DayFrame, *frames: DayFrame) -> PlannedWeek:
    """All days after that eve, each knowing of those before; and the rules that only a whole week can break."""
    past = task.given.past
    carried = Carried(History(past.uses, past.last), frozenset(past.orders), eve.events)
    plans = list[DayPlan]()
    for before, frame in pairwise((eve, *frames)):
        plan, carried = plan_day(DayTask(task, before, frame, task.former.get(frame.date), carried))
        plans.append(plan)
    days = tuple(plan.day for plan in plans)
    monday = moment(frames[0].date, 0, task.zone)
    of_the_week = account_week(days, rules, task.shelf, carried.history, past, task.asked, monday)
    return PlannedWeek(
        days,
        tuple(chain.from_iterable(plan.gaps for plan in plans)),
        (*chain.from_iterable(plan.relaxed for plan in plans), *of_the_week),
    )
