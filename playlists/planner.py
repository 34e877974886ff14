"""Plan a venue's week: opening windows, events at their clock times, blocks of lessons in between. Pure.

Reads no clock and no file, and draws no lots: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from courseware.lesson import Lesson
from courseware.rendition import Rendition
from playlists.account import account_day, account_week
from playlists.calendar import Calendar, closed_because, events_on, occasion_on, opening_on
from playlists.days import moment
from playlists.edits import Edits
from playlists.fill import Candidate, History
from playlists.history import Past
from playlists.keep import Base, base_of, keep, open_up
from playlists.layout import Part, Pool, Showing, Span, Stretch, busy_with, lay_out, spans_of, stretches
from playlists.lecturers import keep_speakers
from playlists.pins import place_pins, swap_back
from playlists.polish import Judge, improve, judge_of
from playlists.programmes import Moment, Programme
from playlists.requests import Request
from playlists.schedule import Day, Gap, Relaxed, Schedule, Slot, Window, monday_of
from playlists.shelf import Shelf
from playlists.slots import event_slot, gaps_in, lesson_slot
from playlists.venues import Venue
from playlists.weave import Order, weave

# A prime, so that the days of a week begin far apart in the circle of lessons whatever its size.
_STRIDE = 7919
_MOST_TRIES, _TRIES_FOR_COST = 8, 5
_SHORT_DAY = 30


@dataclass(frozen=True, slots=True)
class Given:
    """What a week depends on besides the files of the county.

    Attributes:
        past: what the venue showed before the week.
        before: the week as it was planned or published; what of it can stay, stays.
        today: days before it are past and stay as they stood in `before`.
        edits: what the office changed by hand.
        requests: what people asked for.
    """

    past: Past = field(default_factory=Past)
    before: Schedule | None = None
    today: date | None = None
    edits: Edits = field(default_factory=Edits)
    requests: tuple[Request, ...] = ()


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
    monday = monday_of(week)
    plan = _Week(shelf, venue, programme, calendar, zone, seed, given or Given())
    for number in range(7):
        plan.add(monday + timedelta(days=number))
    return Schedule.model_construct(
        venue=venue.id,
        venue_name=venue.name,
        kind=venue.kind,
        town=venue.town,
        county=venue.county,
        week=week,
        profile=venue.profile,
        days=tuple(plan.days),
        gaps=tuple(plan.gaps),
        relaxed=(*plan.relaxed, *plan.of_the_week(monday)),
    )


class _Week:
    """A week under construction, a day after the other."""

    def __init__(
        self,
        shelf: Shelf,
        venue: Venue,
        programme: Programme,
        calendar: Calendar,
        zone: ZoneInfo,
        seed: int,
        given: Given,
    ) -> None:
        self.shelf, self.venue, self.programme, self.calendar, self.zone = shelf, venue, programme, calendar, zone
        self.given = given
        self.rotation = crc32(venue.id.encode()) + seed
        self.history = History(given.past.uses, given.past.last)
        self.seen = set(given.past.orders)
        self.days: list[Day] = []
        self.gaps: list[Gap] = []
        self.relaxed: list[Relaxed] = []
        self._before = {day.date: day for day in given.before.days} if given.before else {}

    def add(self, day: date) -> None:
        """Plan the day, or take it over when it is past."""
        if day.day == 1:
            # Showings are counted by the month.
            self.history = replace(self.history, uses={})
        old = self._before.get(day)
        if old and self.given.today and day < self.given.today:
            self._take_over(old)
            return
        reason = closed_because(self.calendar, self.venue, day)
        windows = opening_on(self.calendar, self.venue, day, self.zone) if reason is None else ()
        held = events_on(self.calendar, self.venue, day) if reason is None else ()
        events = keep_speakers((event_slot(one, day, self.zone) for one in held), old.slots if old else ())
        programme = self.programme
        if programme.variant:
            programme = programme.on(occasion_on(self.calendar, self.venue, day))
        showings, pool = self._fill(day, windows, events, programme, old)
        slots = (
            *events,
            *(lesson_slot(one, self.shelf.pattern(one.candidate.lesson), self.zone) for one in showings),
        )
        would_open = not windows and self.venue.windows_on(day, self.zone)
        self.days.append(
            Day.model_construct(
                date=day,
                windows=windows,
                slots=tuple(sorted(slots, key=lambda slot: slot.start)),
                closed=(reason or "休息") if would_open else "",
                programme=programme.mark if windows else "",
            )
        )
        self.gaps += gaps_in(windows, slots, self._empty_because(pool), self.zone)

    def of_the_week(self, monday: date) -> Iterable[Relaxed]:
        """The rules that only a whole week can break."""
        return account_week(
            self.days,
            self.programme.rules,
            self.shelf,
            self.history,
            self.given.past,
            self._asked(),
            moment(monday, 0, self.zone),
        )

    def _take_over(self, old: Day) -> None:
        self.days.append(old)
        before = self.given.before
        if before:
            self.gaps += (one for one in before.gaps if one.start.date() == old.date)
            self.relaxed += (
                one for one in before.relaxed if one.start.date() == old.date and one.rule not in _OF_THE_WEEK
            )
        for slot in old.slots:
            if slot.lesson:
                candidate = Candidate(slot.lesson, slot.series, slot.seconds)
                self.history = self.history.after([candidate], int(slot.start.timestamp()))
        self.seen.add(tuple(slot.lesson for slot in old.slots if slot.lesson))

    def _fill(
        self, day: date, windows: tuple[Window, ...], events: Sequence[Slot], programme: Programme, old: Day | None
    ) -> tuple[list[Showing], Pool]:
        waiting = self._waiting(day)
        unseen = self.shelf.lessons_on(day).keys() - self.history.last.keys()
        forbidden = self.given.edits.forbidden(self.venue.id, day) if self.given.edits.never else frozenset()
        now = Moment(day, waiting, frozenset(unseen))
        pool = self.shelf.pool(programme, now, forbidden)
        pins, refused = place_pins(self.given.edits, day, windows, events, pool, self.zone)
        self.relaxed += refused
        apart = programme.rules.separation_minutes
        if pins and apart:
            pool = self.shelf.pool(programme, now, forbidden | {one.candidate.lesson for one in pins})
        busy = [*busy_with(events), *((one.start, one.end) for one in pins)]
        free = stretches(windows, busy, programme, lambda minutes: _seconds(day, minutes, self.zone))
        parts = lay_out(free, pool)
        order = Order(self.rotation + day.toordinal() * _STRIDE, waiting, self.shelf.shares(programme.rules, day))
        best = self._best_hours(day, windows, programme)
        new = frozenset(unseen) if self.given.past.last else frozenset[str]()
        judge = judge_of(pool, self.history.last, best, new, [part.name for some in parts for part in some])
        base = self._base(old, pool, pins, spans_of(free, parts), waiting) if old else None
        if base and base.showings:
            planned = keep(
                free,
                parts,
                pool,
                base,
                _with_pins(self.history, pins),
                replace(order, wanted=self._due(base, waiting)),
            )
        else:
            planned = self._unlike(free, parts, pool, order, judge, pins)
        planned = _replayed(planned, free, self.zone, day)
        day_showings = sorted((*planned, *pins))
        self.relaxed += account_day(day_showings, pool, judge, self.zone)
        self.history = _after(self.history, day_showings)
        self.seen.add(tuple(one.candidate.lesson for one in day_showings))
        return day_showings, pool

    def _unlike(
        self,
        free: Sequence[Stretch],
        parts: Sequence[Sequence[Part]],
        pool: Pool,
        order: Order,
        judge: Judge,
        pins: Sequence[Showing],
    ) -> list[Showing]:
        """The day's plan; begun elsewhere in the rotation while it is like an earlier day's or breaks a soft rule."""
        best: tuple[int, bool, int] | None = None
        planned: list[Showing] = []
        for turn in range(min(_MOST_TRIES, max(1, len(pool.candidates)))):
            turned = replace(order, rotation=order.rotation + turn)
            tried = improve(self._day(free, parts, pool, turned, pins), free, judge)
            empty = -sum(one.candidate.seconds for one in tried)
            alike = tuple(one.candidate.lesson for one in sorted((*tried, *pins))) in self.seen
            # In a long day some rule always gives way somewhere.
            cost = judge.cost(tried) if len(tried) <= _SHORT_DAY else 0
            if best is None or (empty, alike, cost) < best:
                best, planned = (empty, alike, cost), tried
            if not alike and (not cost or turn + 1 >= _TRIES_FOR_COST):
                break
        return planned

    def _day(
        self,
        free: Sequence[Stretch],
        parts: Sequence[Sequence[Part]],
        pool: Pool,
        order: Order,
        pins: Sequence[Showing],
    ) -> list[Showing]:
        history, waiting = self.history, list(pins)
        day: list[Showing] = []
        for stretch, own in zip(free, parts, strict=True):
            while waiting and waiting[0].start < stretch.start:
                history = _after(history, [waiting.pop(0)])
            met = {one.candidate.lesson for one in day}
            here = replace(order, wanted=order.wanted - met) if order.wanted & met else order
            woven = weave(stretch, own, pool, history, here)
            history = _after(history, woven)
            day += woven
        return day

    def _base(
        self, old: Day, pool: Pool, pins: Sequence[Showing], spans: Sequence[Span], waiting: frozenset[str]
    ) -> Base:
        """What of the day as it stood may stay, with room for a request that the week would otherwise miss."""
        gaps = self.given.before.gaps if self.given.before else ()
        slots = swap_back(old, self.given.edits, self.venue.id)
        base = base_of(old.model_copy(update={"slots": slots}), gaps, pool, pins, spans)
        due = self._due(base, waiting)
        late = [one for one in due if one in pool.lessons and not self._kept_later(one, old.date)]
        return open_up(base, self.shelf.renditions[min(late)].seconds) if late else base

    def _kept_later(self, lesson: str, day: date) -> bool:
        later = (one for when, old in self._before.items() if when >= day for one in old.slots)
        return any(slot.lesson == lesson for slot in later)

    def _due(self, base: Base, waiting: frozenset[str]) -> frozenset[str]:
        return waiting - {one.candidate.lesson for one in base.showings}

    def _asked(self) -> tuple[Request, ...]:
        return tuple(one for one in self.given.requests if one.venue in ("*", self.venue.id))

    def _waiting(self, day: date) -> frozenset[str]:
        """Lessons that were asked for and not shown since."""
        return frozenset(
            one.lesson
            for one in self._asked()
            if one.on <= day and self.history.last.get(one.lesson, 0) < _seconds(one.on, 0, self.zone)
        )

    def _empty_because(self, pool: Pool) -> Callable[[int], str]:
        if not self.shelf.renditions:
            return lambda _seconds: f"没有适合本屏幕（{self.venue.profile}）的成片"
        if not pool.candidates:
            return lambda _seconds: "当天没有在有效期内的课件"
        rest = pool.programme.rules.separation_minutes
        if rest:
            return lambda seconds: f"同一课件至少相隔{rest}分钟，现有课件不够，差{seconds}秒"
        return lambda seconds: f"现有课件的时长凑不满，差{seconds}秒"

    def _best_hours(self, day: date, windows: Iterable[Window], programme: Programme) -> tuple[int, int] | None:
        first, last = (_seconds(day, minutes, self.zone) for minutes in programme.rules.best)
        open_then = any(one.start.timestamp() < last and first < one.end.timestamp() for one in windows)
        return (first, last) if open_then else None


_OF_THE_WEEK = ("share", "fresh", "requests")


def _seconds(day: date, minutes: int, zone: ZoneInfo) -> int:
    return int(moment(day, minutes, zone).timestamp())


def _after(history: History, showings: Sequence[Showing]) -> History:
    """The history when these have been shown, each at its own time."""
    if not showings:
        return history
    uses, last = dict(history.uses), dict(history.last)
    for one in showings:
        uses[one.candidate.lesson] = uses.get(one.candidate.lesson, 0) + 1
        last[one.candidate.lesson] = one.start
    return History(uses, last, showings[-1].candidate)


def _with_pins(history: History, pins: Sequence[Showing]) -> History:
    """Pinned showings count for how often a lesson is shown, wherever in the day they lie."""
    uses = dict(history.uses)
    for one in pins:
        uses[one.candidate.lesson] = uses.get(one.candidate.lesson, 0) + 1
    return replace(history, uses=uses)


def _replayed(planned: Sequence[Showing], free: Sequence[Stretch], zone: ZoneInfo, day: date) -> list[Showing]:
    """A block that is repeated shows at its later times what it showed at the first, where the time is the same."""
    repeated = [one for one in free if one.block and one.block.replay]
    shown = list(planned)
    for stretch in repeated:
        first = next(one for one in repeated if one.block == stretch.block)
        whole = first.start == _seconds(day, stretch.block.times[0], zone) if stretch.block else False
        if stretch == first or not whole or stretch.seconds != first.seconds:
            continue
        shown = [one for one in shown if not stretch.start <= one.start < stretch.end]
        shift = stretch.start - first.start
        shown += [
            one._replace(start=one.start + shift, why="replay")
            for one in planned
            if first.start <= one.start < first.end
        ]
    return sorted(shown)
