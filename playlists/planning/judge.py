"""Judge a day by the soft rules, and better it by swaps. Says what is broken, never why; chooses no lesson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from playlists.files.rules import Soft
from playlists.planning.shelf import Pool
from playlists.planning.showings import FreeStretch, Interval, PlannedShowing

# A swap is looked for this far away where a day is long; in a short day everywhere.
_NEAR = 24
_LONG_DAY = 48
# Whole days judged in search of a better one: fewer where a day is long.
_TRIES_FOR_ALL, _LEAST_TRIES = 1200, 16
_MOST_HOPELESS = 16
_BROKEN = 1 << 30
_NOWHERE: Mapping[str, Sequence[int]] = MappingProxyType({})
_OF_A_DAY: tuple[Soft, ...] = ("series_in_a_row", "blocks", "premieres", "inserts", "repeat_gap")


class SoftBreach(NamedTuple):
    """A soft rule that a showing breaks; `place` is its place in the day."""

    rule: Soft
    place: int


class Judge(NamedTuple):
    """What a day is judged by.

    Attributes:
        weights: rule → what one breach counts, of the rules that are asked for.
        gap, apart: the wished and the hard least time between two starts of a lesson, in seconds.
        last: lesson → its latest start before the day.
        best: when premieres should come; None where the venue is closed then.
        unseen: lessons that the venue has never shown, where it has shown others.
        own: block → the lessons that it asks for.
        single: blocks that ask for one series only.
        aside: block → fillers that only fill time there, and so are no lessons of their series.
        every: after so many showings an insert is due; 0 for never.
        around: lesson → starts of those showings, on this day or another, that are not to be changed.
    """

    weights: Mapping[Soft, int]
    gap: int
    apart: int
    last: Mapping[str, int]
    best: Interval | None
    unseen: frozenset[str]
    own: Mapping[str, frozenset[str]]
    single: frozenset[str]
    aside: Mapping[str, frozenset[str]]
    every: int = 0
    around: Mapping[str, Sequence[int]] = _NOWHERE

    def is_free(self, lesson: str, start: int) -> bool:
        """Whether it may start then, as far as showings go that are not to be changed."""
        return all(abs(start - other) >= self.apart for other in self.around.get(lesson, ()))

    def breaches(self, showings: Sequence[PlannedShowing]) -> list[SoftBreach]:
        """Every breach of a rule that a single day can break: rule by rule, each in order of time."""
        return self.judged(showings)[0]

    def cost(self, showings: Sequence[PlannedShowing], without: Soft | None = None) -> int:
        """What its breaches weigh together, those of one rule left out."""
        found, hard = self._places(showings)
        soft = sum([len(some) * self.weights[rule] for rule, some in found.items() if some and rule != without])
        return soft + hard * _BROKEN

    def weight(self, rule: Soft) -> int:
        """What one breach of the rule counts; 0 when it is not asked for."""
        return self.weights.get(rule, 0)

    def judged(self, showings: Sequence[PlannedShowing]) -> tuple[list[SoftBreach], int]:
        """The breaches and the cost at once."""
        found, hard = self._places(showings)
        breaches = [SoftBreach(rule, place) for rule, places in found.items() for place in places]
        return breaches, sum([self.weights[breach.rule] for breach in breaches]) + hard * _BROKEN

    def _places(self, showings: Sequence[PlannedShowing]) -> tuple[dict[Soft, list[int]], int]:
        """Where each rule that is asked for is broken, and how often the hard separation is."""
        found: dict[Soft, list[int]] = {rule: [] for rule in _OF_A_DAY if rule in self.weights}
        if "series_in_a_row" in found:
            found["series_in_a_row"] = self._in_a_row(showings)
        if "blocks" in found:
            own = self.own
            found["blocks"] = [
                place
                for place, (_, (lesson, _, _), block, why) in enumerate(showings)
                if not why and lesson not in own.get(block, ())
            ]
        if "premieres" in found and self.best and self.unseen:
            found["premieres"] = self._late_premieres(showings, self.best)
        if "inserts" in found and self.every:
            found["inserts"] = self._without_insert(showings)
        least = max(self.gap if "repeat_gap" in found else 0, self.apart)
        if not least:
            return found, 0
        repeats = self._repeats(showings, least)
        if "repeat_gap" in found:
            found["repeat_gap"] = [place for place, since in repeats if since < self.gap]
        near = sum(not self.is_free(lesson, start) for start, (lesson, _, _), _, _ in showings if self.around)
        return found, near + sum(since < self.apart for _, since in repeats)

    def _in_a_row(self, showings: Sequence[PlannedShowing]) -> list[int]:
        """Places whose series is that of the showing right before, unless their block asks for that series only."""
        found, aside = list[int](), self.aside
        last_series, last_block, end = "", "", 0
        for place, (start, (lesson, series, seconds), block, why) in enumerate(showings):
            shown = "" if why == "insert" or lesson in aside.get(block, ()) else series
            if shown and shown == last_series and start == end and not (block == last_block and block in self.single):
                found.append(place)
            last_series, last_block, end = shown, block, start + seconds
        return found

    def series_of(self, showing: PlannedShowing) -> str:
        """The series it is shown as a lesson of; "" for what is inserted or only fills time."""
        _, (lesson, series, _), block, why = showing
        return "" if why == "insert" or lesson in self.aside.get(block, ()) else series

    def _without_insert(self, showings: Sequence[PlannedShowing]) -> list[int]:
        """Places at which an insert was due and none had come."""
        since, found = 0, list[int]()
        for place, showing in enumerate(showings):
            since = 0 if showing.why == "insert" else since + 1
            if since > self.every:
                found.append(place)
                since = 0
        return found

    def _late_premieres(self, showings: Sequence[PlannedShowing], best: Interval) -> list[int]:
        """Places of first showings outside the best hours."""
        met, found = set[str](), list[int]()
        for place, (start, (lesson, _, _), _, _) in enumerate(showings):
            if lesson in self.unseen and lesson not in met:
                met.add(lesson)
                if not best.holds(start):
                    found.append(place)
        return found

    def _repeats(self, showings: Sequence[PlannedShowing], least: int) -> list[tuple[int, int]]:
        """Places of lessons that come again sooner than that, with the seconds since."""
        latest, found = dict[str, int](), list[tuple[int, int]]()
        for place, (start, (lesson, _, _), _, _) in enumerate(showings):
            before = latest.get(lesson)
            if before is None:
                before = self.last.get(lesson)
            if before is not None and start - before < least:
                found.append((place, start - before))
            latest[lesson] = start
        return found


def judge_of(
    pool: Pool, last: Mapping[str, int], best: Interval | None, unseen: frozenset[str], blocks: Iterable[str]
) -> Judge:
    """The judge of a day that is filled from that pool."""
    programme, names = pool.programme, tuple(dict.fromkeys(blocks))
    return Judge(
        pool.weights,
        programme.repeat_gap_minutes * 60,
        programme.rules.separation_minutes * 60,
        last,
        best,
        unseen,
        {name: pool.own(name) for name in names},
        pool.single,
        {name: found for name in names if (found := pool.aside(name))},
        programme.insert_every if pool.inserts else 0,
    )


def starts_of(showings: Iterable[PlannedShowing], later: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
    """Lesson → when it starts, of these showings and of its first one after the day."""
    found = {lesson: [start] for lesson, start in later.items()}
    for showing in showings:
        found.setdefault(showing.candidate.lesson, []).append(showing.start)
    return found


def improve(
    showings: Sequence[PlannedShowing], stretches: Sequence[FreeStretch], judge: Judge
) -> tuple[list[PlannedShowing], int]:
    """The day with showings swapped inside their stretches, as long as that makes it better, and what it costs then.

    Inserts stay where they are.
    """
    day = list(showings)
    breaches, cost = judge.judged(day)
    if not breaches:
        return day, cost
    bounds = [_bounds(day, stretch) for stretch in stretches]
    budget = max(_LEAST_TRIES, _TRIES_FOR_ALL // len(day))
    hopeless = set[SoftBreach]()
    while budget and len(hopeless) < _MOST_HOPELESS:
        left = [breach for breach in breaches if breach not in hopeless]
        if not left:
            break
        breach = max(left, key=lambda each: judge.weights[each.rule])
        for tried in _mended(day, breach, bounds, judge):
            budget -= 1
            if judge.cost(tried) < cost:
                day = tried
                breaches, cost = judge.judged(day)
                hopeless.clear()
                break
            if not budget:
                break
        else:
            hopeless.add(breach)
    return day, cost


def _bounds(day: Sequence[PlannedShowing], stretch: FreeStretch) -> range:
    inside = [place for place, showing in enumerate(day) if stretch.start <= showing.start < stretch.end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _mended(
    day: list[PlannedShowing], breach: SoftBreach, bounds: Sequence[range], judge: Judge
) -> Iterator[list[PlannedShowing]]:
    """Days with one swap that may heal the breach."""
    places = (breach.place, breach.place - 1) if breach.rule == "series_in_a_row" else (breach.place,)
    series = [judge.series_of(showing) for showing in day]
    for place in places:
        for inside in bounds:
            if place not in inside:
                continue
            for other in _partners(place, inside):
                if _may_heal(day, series, breach, place, other, judge):
                    tried = swapped(day, min(place, other), max(place, other))
                    if tried is not None:
                        yield tried


def _may_heal(
    day: Sequence[PlannedShowing], series: Sequence[str], breach: SoftBreach, place: int, other: int, judge: Judge
) -> bool:
    """A cheap look before the day is judged as a whole."""
    if breach.rule == "series_in_a_row":
        return _rows_saved(series, place, other) > 0
    if breach.rule == "premieres" and judge.best:
        # To move another premiere out of the best hours helps nobody.
        return judge.best.holds(day[other].start) and day[other].candidate.lesson not in judge.unseen
    if breach.rule == "blocks":
        return day[place].candidate.lesson in judge.own.get(day[other].block, ())
    return True


def _rows_saved(series: Sequence[str], place: int, other: int) -> int:
    """How many pairs of neighbours of one series a swap saves."""
    one, two = series[place], series[other]
    if one == two or abs(place - other) == 1:
        return _beyond(series, place, other)
    saved = 0
    for here, was, now in ((place, one, two), (other, two, one)):
        for beside in (here - 1, here + 1):
            if 0 <= beside < len(series) and series[beside]:
                saved += (series[beside] == was) - (series[beside] == now)
    return saved


def _beyond(series: Sequence[str], place: int, other: int) -> int:
    """The same for two that stand beside each other: only those on either side of them matter."""
    first, second = sorted((place, other))
    one, two = series[first], series[second]
    if one == two:
        return 0
    saved = 0
    for beside, was, now in ((first - 1, one, two), (second + 1, two, one)):
        if 0 <= beside < len(series) and series[beside]:
            saved += (series[beside] == was) - (series[beside] == now)
    return saved


def _partners(place: int, inside: range) -> Iterator[int]:
    """The others of the stretch, the nearest first."""
    reach = _NEAR if len(inside) > _LONG_DAY else len(inside)
    for step in range(1, reach + 1):
        for other in (place + step, place - step):
            if other in inside:
                yield other


def swapped(day: Sequence[PlannedShowing], first: int, second: int) -> list[PlannedShowing] | None:
    """The day with two showings exchanged; those between move. None when one of them keeps its place."""
    one, other = day[first], day[second]
    if "insert" in (one.why, other.why) or "replay" in (one.why, other.why) or one.candidate == other.candidate:
        return None
    if one.block != other.block and one.candidate.seconds != other.candidate.seconds:
        # A block keeps its length.
        return None
    changed = list(day)
    changed[first] = other._replace(start=one.start, block=one.block)
    changed[second] = one._replace(block=other.block)
    # A pause between two showings stays as long as it is.
    shift = other.candidate.seconds - one.candidate.seconds
    for place in range(first + 1, second):
        changed[place] = day[place]._replace(start=day[place].start + shift)
    changed[second] = changed[second]._replace(start=other.start + shift)
    return changed
