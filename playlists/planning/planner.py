"""Plan a venue's week: opening windows, events at their clock times, blocks of lessons in between. Pure.

Reads no clock and no file, and draws no lots: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from operator import attrgetter
from zlib import crc32
from zoneinfo import ZoneInfo

from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from playlists.almanac.days import moment
from playlists.files.blocks import Moment
from playlists.files.calendar import Calendar
from playlists.files.lecturers import keep_speakers
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.files.rules import SOFT_NAMES
from playlists.files.venues import Venue
from playlists.planning.account import account_day, account_week, without_own
from playlists.planning.attempts import OpenDay
from playlists.planning.emptiness import why_empty
from playlists.planning.fill import Candidate, History
from playlists.planning.frames import Frame, Week, memory_of
from playlists.planning.given import Given
from playlists.planning.keep import Base, base_of, open_up
from playlists.planning.layout import (
    Pool,
    Showing,
    Span,
    Stretch,
    busy_with,
    lay_out,
    shown,
    spans_of,
    stretches,
)
from playlists.planning.pins import place_pins, seconds_of, swap_back
from playlists.planning.polish import Judge, judge_of
from playlists.planning.premieres import keep_for_best
from playlists.planning.shelf import Shelf
from playlists.planning.slots import day_of, gaps_in, holds, lesson_slot
from playlists.planning.weave import Order
from playlists.planning.whole import plan_day, starts_of
from playlists.schedules.schedule import Day, Gap, Relaxed, Schedule, Slot, Window, monday_of

__all__ = ["Given", "plan_from", "plan_week"]

# A prime, so that the days of a week begin far apart in the circle of lessons whatever its size.
_STRIDE = 7919
# So many starting points are spread over the circle: neighbours differ, and venues that begin alike are planned once.
_STARTS = 24


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
    return plan_from(Shelf.of(renditions, lessons), venue, programme, calendar, week, zone, seed, given)


def plan_from(
    shelf: Shelf,
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
    # The day before the week, too: its last hours may be the first ones of Monday.
    days = [monday + timedelta(days=number) for number in range(-1, 7)]
    memory = memory_of(shelf.pool(programme, Moment(monday), frozenset()))
    frames = [memory.frame(calendar, programme, venue, day, zone) for day in days]
    start = crc32(venue.id.encode()) % _STARTS, seed
    key = _key(shelf, venue, zone, start, given, frames)
    planned = memory.week(key) if key is not None else None
    if planned is None:
        planned = _Week(shelf, venue, programme, zone, start, given).plan(*frames)
        if key is not None:
            memory.keep(key, planned)
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


def _key(
    shelf: Shelf, venue: Venue, zone: ZoneInfo, start: tuple[int, int], given: Given, frames: Sequence[Frame]
) -> Hashable | None:
    """All that a week's plan depends on; None where it depends on how the venue's week stood before."""
    edits = given.edits
    if given.before or edits.pin or edits.swap or edits.never:
        return None
    begun = tuple(_turn(start, frame.date, len(shelf.lessons_on(frame.date))) for frame in frames[1:])
    asked = tuple((one.lesson, one.on) for one in _asked(given, venue))
    past = given.past
    return (
        tuple(map(id, frames)),
        zone.key,
        venue.profile,
        begun,
        asked,
        frozenset(past.uses.items()),
        frozenset(past.last.items()),
        past.orders,
        # What comes after the week matters only to what must keep apart from it.
        frozenset(given.after.items()) if frames[0].programme.rules.separation_minutes else None,
    )


class _Week:
    """A week under construction, a day after the other."""

    def __init__(
        self,
        shelf: Shelf,
        venue: Venue,
        programme: Programme,
        zone: ZoneInfo,
        start: tuple[int, int],
        given: Given,
    ) -> None:
        self.shelf, self.venue, self.programme, self.zone = shelf, venue, programme, zone
        self.start, self.given = start, given
        self.asked = _asked(given, venue)
        self.history = History(given.past.uses, given.past.last)
        self.seen = set(given.past.orders)
        self.days: list[Day] = []
        self.gaps: list[Gap] = []
        self.relaxed: list[Relaxed] = []
        self._before = {day.date: day for day in given.before.days} if given.before else {}

    def plan(self, eve: Frame, *frames: Frame) -> Week:
        """All its days after that eve, and the rules that only a whole week can break."""
        for before, frame in pairwise((eve, *frames)):
            self._add(before, frame)
        of_the_week = account_week(
            self.days,
            self.programme.rules,
            self.shelf,
            self.history,
            self.given.past,
            self.asked,
            moment(frames[0].date, 0, self.zone),
        )
        return Week(tuple(self.days), tuple(self.gaps), (*self.relaxed, *of_the_week))

    def _add(self, eve: Frame, frame: Frame) -> None:
        """Plan the day after that eve, or take it over when it is past."""
        day, windows = frame.date, frame.windows
        if day.day == 1:
            # Showings are counted by the month.
            self.history = self.history._replace(uses={})
        old = self._before.get(day)
        if old and self.given.today and day < self.given.today and not self._goes_on(old):
            self._take_over(old)
            return
        begun, until = self._begun(old) if old else ((), 0)
        later = tuple(one for one in frame.events if one.start.timestamp() >= until)
        events = [
            *(slot for slot in begun if not slot.lesson),
            *(keep_speakers(later, old.slots if old else ()) if later else ()),
        ]
        aired = [slot for slot in begun if slot.lesson and not any(one.start < slot.end for one in later)]
        # What people began the evening before may last into this day.
        still_held = [slot for slot in (self.days[-1].slots if self.days else eve.events) if not slot.lesson]
        showings, pool, free = self._fill(eve, frame, [*still_held, *events], old, aired, until)
        slots = [
            *events,
            *aired,
            *[lesson_slot(one, self.shelf.pattern(one[1][0]), self.zone) for one in showings],
        ]
        slots.sort(key=_start)
        self.days.append(
            Day.model_construct(
                date=day,
                windows=windows,
                slots=tuple(slots),
                closed=frame.closed,
                programme=frame.programme.mark if windows else "",
            )
        )
        if events or sum([slot.seconds for slot in slots]) < frame.seconds:
            because = why_empty(self.shelf, pool, free, self.venue.profile)
            self.gaps += gaps_in(windows, [*still_held, *slots], because, self.zone)

    def _begun(self, old: Day) -> tuple[tuple[Slot, ...], int]:
        """What of the day is on already, or over; and the present moment, 0 on any other day."""
        now = self.given.now
        if now is None or not (now.astimezone(self.zone).date() == old.date or self._goes_on(old)):
            return (), 0
        return tuple(slot for slot in old.slots if slot.start < now), int(now.timestamp())

    def _goes_on(self, old: Day) -> bool:
        """Whether it is open at the present moment, which may lie after its midnight."""
        return self.given.now is not None and holds(old.windows, self.given.now)

    def _take_over(self, old: Day) -> None:
        self.days.append(old)
        before = self.given.before
        if before:
            days = before.days
            self.gaps += (one for one in before.gaps if day_of(one.start, days) == old.date)
            self.relaxed += (
                one for one in before.relaxed if day_of(one.start, days) == old.date and one.rule not in _OF_THE_WEEK
            )
        for slot in old.slots:
            if slot.lesson:
                one = _showing_of(slot)
                self.history = self.history.after([one.candidate], one.start)
        self.seen.add(tuple(slot.lesson for slot in old.slots if slot.lesson))

    def _fill(
        self,
        eve: Frame,
        frame: Frame,
        events: Sequence[Slot],
        old: Day | None,
        aired: Sequence[Slot],
        until: int,
    ) -> tuple[list[Showing], Pool, Sequence[Stretch]]:
        """What is shown besides the events, from that moment on, behind what was shown already."""
        day, windows, programme = frame.date, frame.windows, frame.programme
        waiting = self._waiting(day)
        unseen = self._unseen(day)
        forbidden = self.given.edits.forbidden(self.venue.id, day) if self.given.edits.never else frozenset()
        now = Moment(day, waiting, unseen)
        pool = self.shelf.pool(programme, now, forbidden)
        begun = [_showing_of(slot) for slot in aired]
        until = max([until, *(one.end for one in begun)])
        pins, refused = place_pins(self.given.edits, day, windows, events, pool, self.zone, until, eve.windows)
        self.relaxed += refused
        apart = programme.rules.separation_minutes
        if pins and apart:
            pool = self.shelf.pool(programme, now, forbidden | {one.candidate.lesson for one in pins})
        taken = [(one.start, one.end) for one in pins]
        if until:
            taken.append((0, until))
        busy = [*busy_with(events), *taken]
        clock = partial(_seconds, day, zone=self.zone)
        free = stretches(windows, busy, programme, clock)
        parts = lay_out(free, pool)
        turn = _turn(self.start, day, len(pool.candidates))
        order = Order(turn, waiting, self.shelf.shares(programme.rules, day))
        if apart:
            order = self._before_others(order, day)
        best = self._best_hours(day, windows, programme)
        first = unseen if self.given.past.last else frozenset[str]()
        judge = judge_of(pool, self.history.last, best, first, [part.name for some in parts for part in some])
        if best and first and "premieres" in programme.rules.soft:
            parts = keep_for_best(free, parts, pool, first - waiting, best, turn)
        base = self._base(old, pool, taken, spans_of(free, parts), waiting) if old else None
        fixed = [*begun, *pins]
        if apart:
            judge = judge._replace(around=starts_of(fixed, order.later or {}))
        open_day = OpenDay(free, parts, pool, judge, self.history, fixed, self.seen)
        planned, clean, told = plan_day(open_day, order, base, clock, self.zone)
        self.relaxed += told
        new = sorted((*planned, *pins))
        self._take_in([*begun, *new], pool, None if clean and [*begun, *new] == planned else judge)
        return new, pool, free

    def _take_in(self, showings: Sequence[Showing], pool: Pool, judge: Judge | None) -> None:
        """Account for a day's showings, and remember them for the days after; no judge for a day without a breach."""
        if judge is not None:
            self.relaxed += account_day(showings, pool, judge, self.zone)
        self.relaxed += without_own(showings, pool, self.zone)
        self.history = shown(self.history, showings)
        self.seen.add(tuple([one[1][0] for one in showings]))

    def _unseen(self, day: date) -> frozenset[str]:
        """Films that the venue has never shown."""
        valid = self.shelf.lessons_on(day)
        return frozenset(name for name in valid.keys() - self.history.last.keys() if not valid[name].is_bare)

    def _before_others(self, order: Order, day: date) -> Order:
        """The order with what stands already of the days and weeks after that one."""
        days = (old for when, old in self._before.items() if when > day)
        coming = [_showing_of(slot) for old in days for slot in old.slots if slot.lesson]
        firm = dict(self.given.after)
        for pin in self.given.edits.pin:
            if pin.at.date() > day:
                at = seconds_of(pin.at, self.zone)
                firm[pin.lesson] = min(at, firm.get(pin.lesson, at))
        return Order(order.rotation, order.wanted, order.shares, firm, firm).before(coming, firm=False)

    def _base(
        self,
        old: Day,
        pool: Pool,
        taken: Sequence[tuple[int, int]],
        spans: Sequence[Span],
        waiting: frozenset[str],
    ) -> Base:
        """What of the day as it stood may stay, with room for a request that the week would otherwise miss."""
        gaps = self.given.before.gaps if self.given.before else ()
        slots = swap_back(old, self.given.edits, self.venue.id)
        base = base_of(old.model_copy(update={"slots": slots}), gaps, pool, taken, spans)
        due = self._due(base, waiting)
        late = [one for one in due if one in pool.lessons and not self._kept_later(one, old.date)]
        return open_up(base, self.shelf.renditions[min(late)].seconds) if late else base

    def _kept_later(self, lesson: str, day: date) -> bool:
        later = (one for when, old in self._before.items() if when >= day for one in old.slots)
        return any(slot.lesson == lesson for slot in later)

    def _due(self, base: Base, waiting: frozenset[str]) -> frozenset[str]:
        return waiting - {one.candidate.lesson for one in base.showings}

    def _waiting(self, day: date) -> frozenset[str]:
        """Lessons that were asked for and not shown since."""
        return frozenset(
            one.lesson
            for one in self.asked
            if one.on <= day and self.history.last.get(one.lesson, 0) < _seconds(one.on, 0, self.zone)
        )

    def _best_hours(self, day: date, windows: Iterable[Window], programme: Programme) -> tuple[int, int] | None:
        first, last = (_seconds(day, minutes, self.zone) for minutes in programme.rules.best)
        open_then = any(one.start.timestamp() < last and first < one.end.timestamp() for one in windows)
        return (first, last) if open_then else None


_OF_THE_WEEK = frozenset(SOFT_NAMES[rule] for rule in ("share", "fresh", "requests", "days_alike"))
_start = attrgetter("start")


def _turn(start: tuple[int, int], day: date, lessons: int) -> int:
    """Where in the circle of so many lessons a venue begins on that day.

    Args:
        start: which of the starting points is the venue's, and the seed.
    """
    point, seed = start
    return (point * lessons // _STARTS + seed + day.toordinal() * _STRIDE) % max(1, lessons)


def _asked(given: Given, venue: Venue) -> tuple[Request, ...]:
    return tuple(one for one in given.requests if one.venue in ("*", venue.id))


def _showing_of(slot: Slot) -> Showing:
    candidate = Candidate(slot.lesson, "" if slot.is_bare else slot.series, slot.seconds)
    return Showing(int(slot.start.timestamp()), candidate, slot.block, slot.why)


@lru_cache(maxsize=4096)
def _seconds(day: date, minutes: int, zone: ZoneInfo) -> int:
    return int(moment(day, minutes, zone).timestamp())
