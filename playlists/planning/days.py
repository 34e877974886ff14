"""Plan one day of a venue's week, and hand on what the days after it must know. Pure.

Reads no clock and no file, and draws no lots: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from playlists.almanac.days import moment
from playlists.files.blocks import Moment
from playlists.files.lecturers import keep_speakers
from playlists.files.requests import Request
from playlists.files.rules import SOFT_NAMES
from playlists.files.venues import Venue
from playlists.planning.account import account_day, gaps_in, why_empty, without_own
from playlists.planning.attempts import OpenDay, plan_open_day
from playlists.planning.fixed import FormerDay, epoch_of, former_of, open_up, place_pins, swap_back
from playlists.planning.judge import judge_of, starts_of
from playlists.planning.layout import keep_for_best, lay_out, spans_of, stretches
from playlists.planning.memory import CircleStart, DayFrame, Given
from playlists.planning.shelf import LessonShelf, Pool, lesson_slot
from playlists.planning.showings import (
    BlockPart,
    Candidate,
    FillOrder,
    FreeStretch,
    History,
    Interval,
    PlannedShowing,
    busy_with,
    shown,
)
from playlists.schedules.schedule import Day, Gap, Relaxed, Slot, day_of, holds

_OF_THE_WEEK = frozenset(SOFT_NAMES[rule] for rule in ("share", "fresh", "requests", "days_alike"))


@dataclass(frozen=True)
class WeekTask:
    """What all days of a venue's week have in common.

    Attributes:
        asked: of what people asked for, what concerns the venue.
        former: the days as they stood before, by their dates.
    """

    shelf: LessonShelf
    venue: Venue
    zone: ZoneInfo
    start: CircleStart
    given: Given
    asked: tuple[Request, ...]
    former: Mapping[date, Day]

    @cached_property
    def stood(self) -> Mapping[date, Sequence[PlannedShowing]]:
        """The lessons of the days as they stood before; every day asks for those of all days after it."""
        return {
            day: [_showing_of(slot) for slot in former.slots if slot.lesson] for day, former in self.former.items()
        }


class Carried(NamedTuple):
    """What a day needs to know of the days before it.

    Attributes:
        history: what was shown before, counted in the day's month.
        orders: what each of the last days showed, in order; no day should be like one of them.
        events: those of the evening before, which may last into the day.
    """

    history: History
    orders: frozenset[tuple[str, ...]]
    events: tuple[Slot, ...]

    def after(self, history: History, lessons: Sequence[str], slots: Sequence[Slot]) -> Carried:
        """The same after a day with that history, these lessons in order and these slots."""
        return Carried(history, self.orders | {tuple(lessons)}, tuple(slot for slot in slots if not slot.lesson))


class DayTask(NamedTuple):
    """A day to be planned.

    Attributes:
        eve: the day before, whose windows may last into this one.
        former: the day as it stood before, if it did.
    """

    week: WeekTask
    eve: DayFrame
    frame: DayFrame
    former: Day | None
    carried: Carried

    @property
    def is_past(self) -> bool:
        """Whether it stays as it stood."""
        today = self.week.given.today
        return bool(self.former and today and self.frame.date < today and not self._goes_on(self.former))

    @property
    def present(self) -> datetime | None:
        """The present moment, where it lies on this day, by the clock or in a window that lasts after midnight."""
        now, former = self.week.given.now, self.former
        if now is None or former is None:
            return None
        return now if now.astimezone(self.week.zone).date() == former.date or self._goes_on(former) else None

    def _goes_on(self, former: Day) -> bool:
        return self.week.given.now is not None and holds(former.windows, self.week.given.now)

    def clock(self, minutes: int) -> int:
        """Minutes after midnight → seconds since 1970."""
        return _seconds(self.frame.date, minutes, self.week.zone)


class DayPlan(NamedTuple):
    """A planned day, the time of it that stays empty, and the soft rules that it does not keep."""

    day: Day
    gaps: tuple[Gap, ...]
    relaxed: tuple[Relaxed, ...]


class _DaySoFar(NamedTuple):
    """What of a day stands before its lessons are chosen.

    Attributes:
        events: lectures and activities of the day.
        aired: showings that are over or on.
        until: the present moment in seconds since 1970; 0 on any other day.
    """

    events: tuple[Slot, ...]
    aired: tuple[Slot, ...]
    until: int


class _Opened(NamedTuple):
    """A day with all that its time is filled from.

    Attributes:
        free: the time to fill.
        begun, pins: showings that are not changed.
        taken: (start, end) of the time before the present moment and of the pins.
        waiting: lessons that were asked for and not shown since.
        unseen: films that the venue has never shown.
        refused: pins that cannot be met.
    """

    pool: Pool
    free: tuple[FreeStretch, ...]
    begun: list[PlannedShowing]
    pins: list[PlannedShowing]
    taken: list[tuple[int, int]]
    waiting: frozenset[str]
    unseen: frozenset[str]
    refused: list[Relaxed]


def plan_day(task: DayTask) -> tuple[DayPlan, Carried]:
    """The day, planned or, where it is past, as it stood; and what the day after it needs to know."""
    if task.frame.date.day == 1:
        # Showings are counted by the month.
        history = task.carried.history._replace(uses={})
        task = task._replace(carried=task.carried._replace(history=history))
    if task.former and task.is_past:
        return _taken_over(task, task.former)
    week, frame = task.week, task.frame
    settled = _settle(task)
    opened = _open(task, settled)
    showings, relaxed = _fill(task, opened)
    patterns = week.shelf.patterns
    new = [lesson_slot(each, patterns[each.candidate.lesson], week.zone) for each in showings]
    slots = sorted([*settled.events, *settled.aired, *new], key=attrgetter("start"))
    day = Day.model_construct(
        date=frame.date,
        windows=frame.windows,
        slots=tuple(slots),
        closed=frame.closed,
        programme=frame.programme.mark if frame.windows else "",
    )
    gaps: tuple[Gap, ...] = ()
    if settled.events or sum([slot.seconds for slot in slots]) < frame.seconds:
        because = why_empty(week.shelf, opened.pool, opened.free, week.venue.profile)
        gaps = tuple(gaps_in(frame.windows, [*task.carried.events, *slots], because, week.zone))
    every = [*opened.begun, *showings]
    carried = task.carried.after(shown(task.carried.history, every), [each.candidate.lesson for each in every], slots)
    return DayPlan(day, gaps, (*opened.refused, *relaxed)), carried


def _taken_over(task: DayTask, former: Day) -> tuple[DayPlan, Carried]:
    """A past day as it stood, with what was said of it."""
    gaps, relaxed = list[Gap](), list[Relaxed]()
    if before := task.week.given.before:
        gaps = [gap for gap in before.gaps if day_of(gap.start, before.days) == former.date]
        told = (each for each in before.relaxed if each.rule not in _OF_THE_WEEK)
        relaxed = [each for each in told if day_of(each.start, before.days) == former.date]
    showings = [_showing_of(slot) for slot in former.slots if slot.lesson]
    history = shown(task.carried.history, showings)
    carried = task.carried.after(history, [each.candidate.lesson for each in showings], former.slots)
    return DayPlan(former, tuple(gaps), tuple(relaxed)), carried


def _settle(task: DayTask) -> _DaySoFar:
    """Events, those that are over or on as they stood; and the showings that are, as far as no event cut them off."""
    former, present = task.former, task.present
    begun = [slot for slot in former.slots if slot.start < present] if former and present else []
    until = int(present.timestamp()) if present else 0
    coming = tuple(event for event in task.frame.events if event.start.timestamp() >= until)
    kept = keep_speakers(coming, former.slots if former else ()) if coming else ()
    aired = [slot for slot in begun if slot.lesson and not any(event.start < slot.end for event in coming)]
    return _DaySoFar((*(slot for slot in begun if not slot.lesson), *kept), tuple(aired), until)


def _open(task: DayTask, settled: _DaySoFar) -> _Opened:
    """The time that neither events nor pins nor what was shown already take, and the lessons that may fill it."""
    week, frame, programme = task.week, task.frame, task.frame.programme
    edits = week.given.edits
    waiting, unseen = _waiting(task), _unseen(task)
    forbidden = edits.forbidden(week.venue.id, frame.date) if edits.never else frozenset()
    now = Moment(frame.date, waiting, unseen)
    pool = week.shelf.pool(programme, now, forbidden)
    # What people began the evening before may last into this day.
    events = [*task.carried.events, *settled.events]
    begun = [_showing_of(slot) for slot in settled.aired]
    until = max([settled.until, *(showing.end for showing in begun)])
    pins, refused = place_pins(edits, frame.date, frame.windows, events, pool, week.zone, until, task.eve.windows)
    if pins and programme.rules.separation_minutes:
        pool = week.shelf.pool(programme, now, forbidden | {pin.candidate.lesson for pin in pins})
    taken = [(pin.start, pin.end) for pin in pins]
    if until:
        taken.append((0, until))
    free = stretches(frame.windows, [*busy_with(events), *taken], programme, task.clock)
    return _Opened(pool, free, begun, pins, taken, waiting, unseen, refused)


def _fill(task: DayTask, opened: _Opened) -> tuple[list[PlannedShowing], list[Relaxed]]:
    """The day's new showings and its pins, in order of time, and the soft rules that it does not keep."""
    pool, free, zone, carried = opened.pool, opened.free, task.week.zone, task.carried
    parts, best = lay_out(free, pool), _best_hours(task)
    order = _order(task, opened)
    first = opened.unseen if task.week.given.past.last else frozenset[str]()
    judge = judge_of(pool, carried.history.last, best, first, [part.name for some in parts for part in some])
    if best and first and "premieres" in pool.programme.rules.soft:
        parts = keep_for_best(free, parts, pool, first - opened.waiting, best, order.rotation)
    former = _former(task, task.former, opened, parts) if task.former else None
    fixed = [*opened.begun, *opened.pins]
    if pool.programme.rules.separation_minutes:
        judge = judge._replace(around=starts_of(fixed, order.later or {}))
    open_day = OpenDay(free, parts, pool, judge, carried.history, fixed, carried.orders)
    planned, clean, told = plan_open_day(open_day, order, former, task.clock, zone)
    new = sorted((*planned, *opened.pins))
    every = [*opened.begun, *new]
    relaxed = [*told]
    if not (clean and every == planned):
        relaxed += account_day(every, pool, judge, zone)
    return new, [*relaxed, *without_own(every, pool, zone)]


def _waiting(task: DayTask) -> frozenset[str]:
    """Lessons that were asked for and not shown since."""
    day, zone, last = task.frame.date, task.week.zone, task.carried.history.last
    return frozenset(
        request.lesson
        for request in task.week.asked
        if request.on <= day and last.get(request.lesson, 0) < _seconds(request.on, 0, zone)
    )


def _unseen(task: DayTask) -> frozenset[str]:
    """Films that the venue has never shown."""
    valid = task.week.shelf.lessons_on(task.frame.date)
    return frozenset(name for name in valid.keys() - task.carried.history.last.keys() if not valid[name].is_bare)


def _best_hours(task: DayTask) -> Interval | None:
    """When premieres should come, in seconds since 1970; None where the venue is closed then."""
    first, last = map(task.clock, task.frame.programme.rules.best)
    windows = task.frame.windows
    open_then = any(window.start.timestamp() < last and first < window.end.timestamp() for window in windows)
    return Interval(first, last) if open_then else None


def _order(task: DayTask, opened: _Opened) -> FillOrder:
    """How the day is to be filled; where lessons keep apart, with what stands already of the days and weeks after."""
    week, day, rules = task.week, task.frame.date, task.frame.programme.rules
    turn = week.start.turn(day, len(opened.pool.candidates))
    order = FillOrder(turn, opened.waiting, week.shelf.strides(rules, day))
    if not rules.separation_minutes:
        return order
    coming = [showing for when, showings in week.stood.items() if when > day for showing in showings]
    firm = dict(week.given.after)
    for pin in week.given.edits.pin:
        if pin.at.date() > day:
            at = epoch_of(pin.at, week.zone)
            firm[pin.lesson] = min(at, firm.get(pin.lesson, at))
    return order._replace(later=firm, firm=firm).before(coming, firm=False)


def _former(task: DayTask, old: Day, opened: _Opened, parts: Sequence[Sequence[BlockPart]]) -> FormerDay:
    """What of the day as it stood may stay, with room for a request that the week would otherwise miss."""
    week, pool = task.week, opened.pool
    gaps = week.given.before.gaps if week.given.before else ()
    swapped = old.model_copy(update={"slots": swap_back(old, week.given.edits, week.venue.id)})
    former = former_of(swapped, gaps, pool, opened.taken, spans_of(opened.free, parts))
    stays = {showing.candidate.lesson for showing in former.showings}
    days = (each for when, each in week.former.items() if when >= old.date)
    stays |= {slot.lesson for day in days for slot in day.slots}
    late = [lesson for lesson in opened.waiting - stays if lesson in pool.lessons]
    return open_up(former, week.shelf.renditions[min(late)].seconds) if late else former


def _showing_of(slot: Slot) -> PlannedShowing:
    candidate = Candidate(slot.lesson, "" if slot.is_bare else slot.series, slot.seconds)
    return PlannedShowing(int(slot.start.timestamp()), candidate, slot.block, slot.why)


@lru_cache(maxsize=4096)
def _seconds(day: date, minutes: int, zone: ZoneInfo) -> int:
    return int(moment(day, minutes, zone).timestamp())
