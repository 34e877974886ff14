"""Fill a stretch of time with whole lessons, exact to the second. Pure: no clock, no chance, no files.

First it is decided how often each lesson is shown (a subset-sum over bitsets, freshest lessons first), then in which
order (evenly spaced, series alternating). A lesson is never cut; what cannot be filled is returned as missing.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from statistics import median_low
from typing import NamedTuple

# So many of the longest lessons fit into the end of a stretch that is searched; with eight there nearly always is an
# exact choice among the next few in the queue.
_OPEN = 8
_MOST_TRIED = 200
# How many showings a lesson may be ahead or behind: one that joins in midweek must not crowd out the others.
_MOST_BEHIND = 2


class Candidate(NamedTuple):
    """A lesson that may be shown."""

    lesson: str
    series: str
    seconds: int


@dataclass(frozen=True, slots=True)
class History:
    """What was shown before.

    Attributes:
        uses: lesson → number of showings.
        last: lesson → start of its latest showing, in seconds on the same clock as `Task.start`.
        previous: the showing right before, None at the beginning.
    """

    uses: Mapping[str, int] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)
    previous: Candidate | None = None

    def after(self, showings: Sequence[Candidate], start: int) -> History:
        """The history when `showings` have been shown one after the other from `start`."""
        uses, last = dict(self.uses), dict(self.last)
        for one in showings:
            uses[one.lesson] = uses.get(one.lesson, 0) + 1
            last[one.lesson] = start
            start += one.seconds
        return History(uses, last, showings[-1] if showings else self.previous)


@dataclass(frozen=True, slots=True)
class Task:
    """A stretch to fill.

    Attributes:
        start: seconds on any clock, the same for all tasks of a venue.
        seconds: length.
        tiers: lessons by preference; those of a later tier come in only where the earlier do not suffice.
        gap: least seconds from the start of a showing to the next start of the same lesson.
        rotation: where in the circle of lessons to begin.
    """

    start: int
    seconds: int
    tiers: tuple[tuple[Candidate, ...], ...]
    gap: int = 0
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """The showings in order and the seconds that stay empty at the end.

    Attributes:
        varied: no lesson has to follow itself.
        spaced: no lesson is shown more often than its gap allows.
    """

    showings: tuple[Candidate, ...]
    missing: int
    varied: bool
    spaced: bool

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Greater is better: full, then varied, then spaced."""
        return (not self.missing, self.varied, self.spaced)


def most_fillable(seconds: int, lengths: Iterable[int]) -> int:
    """The greatest sum of the lengths, each used any number of times, that does not exceed `seconds`."""
    return _sums(seconds, lengths).bit_length() - 1


def fill(task: Task, history: History) -> Filled:
    """Fill the stretch as far as arithmetic allows: exactly, whenever any combination of the candidates is exact.

    Where several combinations do, one is preferred in which no lesson follows itself, then one that keeps the gap,
    then one that needs the later tiers least.
    """
    tiers = _without_twins(task.tiers, task.seconds)
    if not tiers:
        return Filled((), task.seconds, varied=True, spaced=True)
    rank = _ranks(tiers, task.rotation, history.previous)
    best: Filled | None = None
    for attempt, cap in _attempts(tiers, task):
        chosen = _choose(task.seconds, attempt, history.uses, rank, cap)
        if chosen is None:
            continue
        found = _judge(chosen, task, history.previous)
        if best is None or found.rank > best.rank:
            best = found
        if all(best.rank):
            break
    assert best is not None  # noqa: S101  (the attempt without a cap always finds one)
    return Filled(_arrange(best.showings, task, history, rank), best.missing, best.varied, best.spaced)


def _without_twins(tiers: Sequence[Sequence[Candidate]], seconds: int) -> tuple[tuple[Candidate, ...], ...]:
    """Each lesson in its first tier only; those longer than the stretch, and empty tiers, are gone."""
    seen: set[str] = set()
    kept = []
    for tier in tiers:
        fresh = {one.lesson: one for one in tier if one.lesson not in seen and one.seconds <= seconds}
        seen |= fresh.keys()
        if fresh:
            kept.append(tuple(fresh.values()))
    return tuple(kept)


def _ranks(tiers: Sequence[Sequence[Candidate]], rotation: int, previous: Candidate | None) -> dict[str, int]:
    """Lesson → place in the circle of all lessons, from where the rotation begins; the one just shown comes last."""
    circle = sorted(one.lesson for tier in tiers for one in tier)
    ranks = {lesson: (place - rotation) % len(circle) for place, lesson in enumerate(circle)}
    if previous and previous.lesson in ranks:
        ranks[previous.lesson] = len(circle)
    return ranks


def _attempts(
    tiers: tuple[tuple[Candidate, ...], ...], task: Task
) -> Iterator[tuple[tuple[tuple[Candidate, ...], ...], int | None]]:
    """Ways to try, best first: with the gap kept, then without; tiers apart, then more and more of them as one.

    Between these, a block of few lessons is kept from taking more than every other showing.
    """
    merges = [(sum(tiers[: n + 1], ()), *tiers[n + 1 :]) for n in range(len(tiers))]
    if task.gap:
        yield from ((merge, (task.seconds - 1) // task.gap + 1) for merge in merges)
    yield merges[0], None
    yield merges[0], max(1, task.seconds // (2 * max(one.seconds for tier in tiers for one in tier)))
    yield from ((merge, None) for merge in merges[1:])


def _judge(chosen: list[Candidate], task: Task, previous: Candidate | None) -> Filled:
    counts = Counter(one.lesson for one in chosen)
    most = max(counts.values())
    again = counts[previous.lesson] if previous else 0
    return Filled(
        tuple(chosen),
        task.seconds - sum(one.seconds for one in chosen),
        varied=2 * most <= len(chosen) + 1 and 2 * again <= len(chosen),
        spaced=not task.gap or most <= (task.seconds - 1) // task.gap + 1,
    )


def _sums(limit: int, lengths: Iterable[int]) -> int:
    """Bit n is set when n is a sum of lengths, each used any number of times; stops early once `limit` is one."""
    mask = (1 << (limit + 1)) - 1
    sums = 1
    for length in sorted(set(lengths)):
        step = length
        while step <= limit:
            sums |= (sums << step) & mask
            step *= 2
        if sums >> limit & 1:
            break
    return sums


def _choose(
    seconds: int,
    tiers: tuple[tuple[Candidate, ...], ...],
    uses: Mapping[str, int],
    rank: Mapping[str, int],
    cap: int | None,
) -> list[Candidate] | None:
    """Showings, in no order, that add up to the most that can be filled; None when the cap forbids it."""
    target = most_fillable(seconds, (one.seconds for tier in tiers for one in tier))
    queue = _queue(seconds, tiers, uses, rank, cap)
    # The first in the queue are taken as they come, and only the rest is searched: it is fairer, and quicker.
    kept_open = _OPEN * max(one.seconds for tier in tiers for one in tier)
    taken: list[Candidate] = []
    left = target
    while left > kept_open and (one := next(queue, None)):
        taken.append(one)
        left -= one.seconds
    rest = _subset(left, islice(queue, _MOST_TRIED))
    if rest is not None:
        return taken + rest
    return _subset(target, _queue(seconds, tiers, uses, rank, cap))


def _queue(
    seconds: int,
    tiers: tuple[tuple[Candidate, ...], ...],
    uses: Mapping[str, int],
    rank: Mapping[str, int],
    cap: int | None,
) -> Iterator[Candidate]:
    """Showings in the order in which they are wanted, round after round, until none could be used any more.

    The first tier has the queue for itself until it could fill the stretch with some choice to spare.
    """
    turns = deque(_rounds(seconds, tier, uses, rank, cap) for tier in tiers)
    enough = seconds + seconds // 4 + 4 * max(one.seconds for one in tiers[0])
    offered = 0
    while offered < enough and (one_round := next(turns[0], None)) is not None:
        yield from one_round
        offered += sum(one.seconds for one in one_round)
    turns.rotate(-1)
    while turns:
        one_round = next(turns[0], None)
        if one_round is None:
            turns.popleft()
        else:
            yield from one_round
            turns.rotate(-1)


def _rounds(
    seconds: int,
    tier: tuple[Candidate, ...],
    uses: Mapping[str, int],
    rank: Mapping[str, int],
    cap: int | None,
) -> Iterator[list[Candidate]]:
    """Each round offers every lesson of the tier once; lessons shown less often so far have extra rounds first."""
    ordered = sorted(tier, key=lambda one: rank[one.lesson])
    usual = median_low(uses.get(one.lesson, 0) for one in tier)
    ahead = {one.lesson: max(-_MOST_BEHIND, min(_MOST_BEHIND, uses.get(one.lesson, 0) - usual)) for one in tier}
    most = {one.lesson: min(seconds // one.seconds, cap or seconds) for one in tier}
    for level in count(-_MOST_BEHIND):
        # `level - ahead` is how many showings the lesson has been offered before this round.
        offer = [one for one in ordered if 0 <= level - ahead[one.lesson] < most[one.lesson]]
        if offer or level < _MOST_BEHIND:
            yield offer
        else:
            return


def _subset(target: int, queue: Iterable[Candidate]) -> list[Candidate] | None:
    """The shortest beginning of the queue that has a subset with that sum, and in it the earliest such subset."""
    if not target:
        return []
    mask = (1 << (target + 1)) - 1
    sums, layers = 1, list[tuple[Candidate, int]]()
    for one in queue:
        grown = sums | (sums << one.seconds & mask)
        if grown == sums:
            continue
        layers.append((one, sums))
        sums = grown
        if sums >> target & 1:
            return _trace(target, layers)
    return None


def _trace(target: int, layers: list[tuple[Candidate, int]]) -> list[Candidate]:
    """Walk back from the end; what the sum can do without is left out, so the late showings go first."""
    chosen = []
    for one, sums_without in reversed(layers):
        if not sums_without >> target & 1:
            chosen.append(one)
            target -= one.seconds
    return chosen[::-1]


@dataclass(slots=True)
class _Waiting:
    """A lesson, or a series, that has showings left to place; `due` is when the next one would be evenly spaced."""

    left: int
    every: int
    due: int


def _arrange(
    chosen: Sequence[Candidate], task: Task, history: History, rank: Mapping[str, int]
) -> tuple[Candidate, ...]:
    """Order the showings: no lesson after itself, the gap kept, no series after itself, all evenly spaced.

    Earlier wishes go before later ones. Spacing is by due times, series first, then lessons in the series.
    """
    kinds = {one.lesson: one for one in chosen}
    lessons = _waiting(Counter(one.lesson for one in chosen), task, history.last)
    series = _waiting(Counter(one.series for one in chosen), task, {})
    members: dict[str, list[str]] = {}
    for lesson in sorted(kinds, key=lambda name: rank[name]):
        members.setdefault(kinds[lesson].series, []).append(lesson)
    last, previous, now = dict(history.last), history.previous, task.start
    ordered = []
    for left in range(len(chosen), 0, -1):
        pick = _forced(lessons, left, previous)
        if pick is None:
            pick = _next(_series_order(series, left, previous), members, lessons, last, previous, now, task.gap)
        one = kinds[pick]
        for waiting in (lessons[one.lesson], series[one.series]):
            waiting.left -= 1
            waiting.due = max(now, waiting.due) + waiting.every
        last[pick] = now
        ordered.append(one)
        previous, now = one, now + one.seconds
    return tuple(ordered)


def _waiting(counts: Mapping[str, int], task: Task, last: Mapping[str, int]) -> dict[str, _Waiting]:
    waiting = {}
    for name, number in counts.items():
        every = task.seconds // number
        waiting[name] = _Waiting(number, every, max(task.start, last[name] + every if name in last else 0))
    return waiting


def _forced(lessons: Mapping[str, _Waiting], left: int, previous: Candidate | None) -> str | None:
    """A lesson with more than half of the showings left: unless it comes now, it must follow itself later."""
    for lesson, waiting in lessons.items():
        if 2 * waiting.left > left and (previous is None or lesson != previous.lesson):
            return lesson
    return None


def _series_order(series: Mapping[str, _Waiting], left: int, previous: Candidate | None) -> list[str]:
    """Most urgent first; the one just shown last."""

    def urgency(name: str) -> tuple[bool, bool, int]:
        waiting = series[name]
        just_shown = previous is not None and name == previous.series
        return just_shown, 2 * waiting.left <= left, waiting.due

    return sorted((name for name, waiting in series.items() if waiting.left), key=urgency)


def _next(
    order: Iterable[str],
    members: Mapping[str, list[str]],
    lessons: Mapping[str, _Waiting],
    last: Mapping[str, int],
    previous: Candidate | None,
    now: int,
    gap: int,
) -> str:
    """The lesson to show now: the most urgent rested one of the first series that has any, else the most rested."""
    tired: list[str] = []
    just_shown = previous.lesson if previous else None
    for series in order:
        left = [name for name in members[series] if lessons[name].left and name != just_shown]
        rested = [name for name in left if name not in last or now - last[name] >= gap]
        if rested:
            # min() keeps the order of the rotation among equals.
            return min(rested, key=lambda name: lessons[name].due)
        tired += left
    if not tired:
        # Nothing but the lesson just shown is left.
        return next(name for name, waiting in lessons.items() if waiting.left)
    return min(tired, key=lambda name: last[name])
