"""What planning speaks of: lessons that may be shown, time to fill, showings, and where each lesson stands.

Puts lessons in the order in which they are wanted; chooses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heapify, heapreplace
from itertools import chain, islice, repeat
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from playlists.files.blocks import Block
from playlists.schedules.schedule import Slot

# Of a candidate its lesson and its length: millions are asked for, and this is the quickest way.
lesson_of, seconds_of = itemgetter(0), itemgetter(2)
_NONE: Mapping[str, int] = MappingProxyType({})


class Candidate(NamedTuple):
    """A lesson that may be shown; what is made without a video, like an ident, is of no series: its series is ""."""

    lesson: str
    series: str
    seconds: int


class History(NamedTuple):
    """What was shown before.

    Attributes:
        uses: lesson → number of showings in the month.
        last: lesson → start of its latest showing, in seconds on the same clock as `Task.start`.
        previous: the showing right before, None at the beginning.
    """

    uses: Mapping[str, int] = _NONE
    last: Mapping[str, int] = _NONE
    previous: Candidate | None = None

    def after(self, showings: Sequence[Candidate], start: int) -> History:
        """The history when `showings` have been shown one after the other from `start`."""
        uses, last = dict(self.uses), dict(self.last)
        for lesson, _, seconds in showings:
            uses[lesson] = uses.get(lesson, 0) + 1
            last[lesson] = start
            start += seconds
        return History(uses, last, showings[-1] if showings else self.previous)


class FillTask(NamedTuple):
    """A stretch to fill.

    Attributes:
        start: seconds on any clock, the same for all tasks of a venue.
        seconds: length.
        tiers: lessons by preference; those of a later tier come in only where the earlier do not suffice.
        gap: least seconds from the start of a showing to the next start of the same lesson.
        rotation: where in the circle of lessons to begin; decides among those shown last on the same day.
        wanted: lessons that come before all others.
        exact: whether every second counts; a block before another may leave some to it.
        strides: lesson → how far a showing takes it on; the one furthest behind comes next. Empty: all equally often.
    """

    start: int
    seconds: int
    tiers: tuple[tuple[Candidate, ...], ...]
    gap: int = 0
    rotation: int = 0
    wanted: frozenset[str] = frozenset()
    exact: bool = True
    strides: Mapping[str, int] = _NONE


class Interval(NamedTuple):
    """Some time, in seconds since 1970; the end is excluded."""

    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Whether the moment lies in it."""
        return self.start <= at < self.end


class FreeStretch(NamedTuple):
    """Time between events inside a window, in seconds since 1970; the end is excluded.

    Attributes:
        block: the block that was given this time by the clock; None for the others.
    """

    start: int
    end: int
    block: Block | None = None

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.end - self.start


class PlannedShowing(NamedTuple):
    """A lesson at its time, in seconds since 1970; `why` as in a slot."""

    start: int
    candidate: Candidate
    block: str
    why: str = ""

    @property
    def end(self) -> int:
        """When the next may begin."""
        return self.start + self.candidate.seconds


class BlockPart(NamedTuple):
    """A block, or what is left of it, inside one stretch."""

    name: str
    seconds: int
    own: tuple[Candidate, ...]


class FillOrder(NamedTuple):
    """How a stretch is to be filled.

    Attributes:
        rotation: where in the circle of lessons to begin.
        wanted: lessons that come first, because they were asked for.
        strides: lesson → how far a showing takes it on, as in `FillTask`.
        later: lesson → start of its next showing that stands already; what is chosen keeps apart from it.
        firm: those of them that cannot be given up, even where time stays empty.
    """

    rotation: int
    wanted: frozenset[str] = frozenset()
    strides: Mapping[str, int] | None = None
    later: Mapping[str, int] | None = None
    firm: Mapping[str, int] | None = None

    def before(self, showings: Iterable[PlannedShowing], *, firm: bool) -> FillOrder:
        """The same before these showings, too."""
        later, held = dict(self.later or {}), dict(self.firm or {})
        for starts in (later, held) if firm else (later,):
            for showing in showings:
                lesson = showing.candidate.lesson
                starts[lesson] = min(showing.start, starts.get(lesson, showing.start))
        return FillOrder(self.rotation, self.wanted, self.strides, later, held)


def busy_with(slots: Iterable[Slot]) -> list[tuple[int, int]]:
    """When events are held."""
    return [(int(slot.start.timestamp()), int(slot.end.timestamp())) for slot in slots]


def shown(history: History, showings: Sequence[PlannedShowing]) -> History:
    """The history when these have been shown, each at its own time."""
    if not showings:
        return history
    uses, last = dict(history.uses), dict(history.last)
    for start, (lesson, _, _), _, _ in showings:
        uses[lesson] = uses.get(lesson, 0) + 1
        last[lesson] = start
    return History(uses, last, showings[-1].candidate)


def counted(history: History, showings: Iterable[PlannedShowing]) -> History:
    """The history with these counted, wherever in the day they lie."""
    uses = dict(history.uses)
    for showing in showings:
        uses[showing.candidate.lesson] = uses.get(showing.candidate.lesson, 0) + 1
    return History(uses, history.last, history.previous)


# How many showings a lesson may be ahead or behind: one that joins in midweek must not crowd out the others.
MOST_BEHIND = 2
_DAY_S = 86400
# What wished shares are counted in: a lesson of so many shares takes the part of this that they leave.
LONGEST_STRIDE = 10**9
# A queue without end is made so far at a time.
_TURNS_AT_ONCE = 16
# The lessons of each series, series after series.
Members = tuple[tuple[str, ...], ...]


class ShareQueue:
    """Lessons by how far each is behind its share of the month, the furthest first, without end.

    How much time there is to fill only leaves out what comes too often for it: so one queue serves for all of them.
    """

    __slots__ = ("_lengths", "_turns", "_waiting")

    def __init__(
        self, tier: Sequence[Candidate], wanted: frozenset[str], strides: Mapping[str, int],
        uses: Mapping[str, int], place: Mapping[str, int],
    ) -> None:  # fmt: skip
        self._lengths = [*map(seconds_of, tier)]
        self._turns = list[tuple[Candidate, int]]()  # each lesson with the number of its turn
        every = [strides.get(lesson, LONGEST_STRIDE) for lesson, _, _ in tier]
        passed = [uses.get(lesson, 0) * stride for (lesson, _, _), stride in zip(tier, every, strict=True)]
        usual = _median(passed)
        # Asked for before others, then who is due first, then by its place; then its turn, its stride, itself.
        self._waiting = list[tuple[bool, int, int, int, int, Candidate]]()
        for candidate, stride, done in zip(tier, every, passed, strict=True):
            # What it is due by is never far from what is usual.
            ahead, most = done - usual, MOST_BEHIND * stride
            begun = usual + (most if ahead > most else max(ahead, -most))
            lesson = candidate[0]
            self._waiting.append((lesson not in wanted, begun + stride, place[lesson], 1, stride, candidate))
        heapify(self._waiting)

    def offers(self, seconds: int, cap: int) -> Iterator[Candidate]:
        """Its lessons in turn, each at least once, and no oftener than it fits into the time and than that cap."""
        turns, place, given, passed_over, most = self._turns, 0, 0, 0, 0
        while True:
            for candidate, number in islice(turns, place, None):
                if number == 1 or (number <= cap and number * candidate[2] <= seconds):
                    given += 1
                    yield candidate
                    continue
                passed_over += 1
                if passed_over == len(self._lengths):
                    most = sum([max(1, min(seconds // length, cap)) for length in self._lengths])
                if given == most:
                    return
            place = len(turns)
            self._go_on()

    def _go_on(self) -> None:
        waiting, turns = self._waiting, self._turns
        for _ in range(_TURNS_AT_ONCE):
            _, due, at, number, stride, candidate = waiting[0]
            turns.append((candidate, number))
            heapreplace(waiting, (True, due + stride, at, number + 1, stride, candidate))


@dataclass(frozen=True)
class QueueStanding:
    """The lessons of a day before it begins, or in the midst of it.

    Attributes:
        order: asked for, then longest not shown, then by the circle.
        ahead: lesson → how many showings it is ahead of what is usual in its series, so that within a series all come
            alike.
        known: what was worked out from it, by the lessons and by what was asked for; changes no answer.
    """

    order: tuple[Candidate, ...]
    ahead: Mapping[str, int]
    known: dict[tuple[tuple[Candidate, ...], frozenset[str]], ShareQueue] = field(default_factory=dict)

    def after(self, showings: Iterable[Candidate]) -> QueueStanding:
        """The standing when these have been shown: they go to the end, each so many showings further ahead."""
        ahead, done = dict(self.ahead), dict[str, Candidate]()
        for candidate in showings:
            lesson = candidate.lesson
            if lesson in ahead:
                ahead[lesson] += 1
                # Of each the latest showing counts, and of these the latest comes last.
                done.pop(lesson, None)
                done[lesson] = candidate
        waiting = [candidate for candidate in self.order if candidate.lesson not in done]
        return QueueStanding((*waiting, *done.values()), ahead)

    def by_share(
        self, tier: tuple[Candidate, ...], wanted: frozenset[str], strides: Mapping[str, int], uses: Mapping[str, int]
    ) -> ShareQueue:
        """The queue of these lessons after those uses; the same whatever time they are to fill."""
        found = self.known.get((tier, wanted))
        if found is None:
            found = self.known[tier, wanted] = ShareQueue(tier, wanted, strides, uses, self.place)
        return found

    @cached_property
    def place(self) -> dict[str, int]:
        """Lesson → its place in the order; the one shown right before is the last."""
        return {lesson: place for place, (lesson, _, _) in enumerate(self.order)}


def stand(
    some: Sequence[Candidate],
    history: History,
    rotation: int,
    wanted: frozenset[str],
    members: Members | None = None,
) -> QueueStanding:
    """How lessons, given by id in order, stand after that history.

    Args:
        rotation: where in the circle of lessons to begin; decides among those shown last on the same day.
        wanted: lessons that come before all others.
        members: of these lessons, where they are known already.
    """
    turn = rotation % len(some) if some else 0
    circle, last = [*some[turn:], *some[:turn]], history.last
    if last:
        days = [last.get(candidate.lesson, 0) // _DAY_S for candidate in circle]
        circle = [circle[number] for number in sorted(range(len(circle)), key=days.__getitem__)]
    if wanted:
        circle.sort(key=lambda each: each.lesson not in wanted)
    previous = history.previous
    if previous is not None:
        # It is one of the last, as a rule.
        for place in range(len(circle) - 1, -1, -1):
            if circle[place] == previous:
                circle.append(circle.pop(place))
                break
    return QueueStanding(tuple(circle), _ahead(members_of(some) if members is None else members, history.uses))


def members_of(some: Iterable[Candidate]) -> Members:
    """The lessons of each series among these."""
    found: dict[str, list[str]] = {}
    for lesson, series, _ in some:
        found.setdefault(series, []).append(lesson)
    return tuple(map(tuple, found.values()))


def _ahead(members: Members, uses: Mapping[str, int]) -> dict[str, int]:
    """Lesson → showings ahead of its series' median, plus that median ahead of the one of all; both clamped."""
    counts = [[*map(uses.get, lessons, repeat(0))] for lessons in members]
    every = sorted(chain.from_iterable(counts))
    if not every or every[0] == every[-1]:
        return dict.fromkeys(chain.from_iterable(members), 0)
    overall = every[(len(every) - 1) // 2]
    ahead: dict[str, int] = {}
    for lessons, numbers in zip(members, counts, strict=True):
        usual = _median(numbers)
        base = _clamp(usual - overall)
        # The same few numbers come again and again.
        known = {number: _clamp(number - usual) + base for number in set(numbers)}
        ahead.update(zip(lessons, map(known.__getitem__, numbers), strict=True))
    return ahead


def _median(numbers: Sequence[int]) -> int:
    return sorted(numbers)[(len(numbers) - 1) // 2]


def _clamp(ahead: int) -> int:
    return -MOST_BEHIND if ahead < -MOST_BEHIND else min(ahead, MOST_BEHIND)
