"""Fill a stretch of time with whole lessons, exact to the second. Pure: no clock, no chance, no files.

First it is decided how often each lesson is shown (subset sums over bitsets, freshest lessons first, fair within each
series), then in which order (evenly spaced, series alternating). A lesson is never cut; what cannot be filled is
returned as missing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from statistics import median_low
from typing import NamedTuple

from playlists.planning.arrange import arrange
from playlists.planning.standing import MOST_BEHIND, Standing, rounds, stand
from playlists.planning.sums import Choice, earliest_subset, fair_subset, first_subset, most_fillable, nearest_choice
from playlists.planning.tasks import Candidate, History, Offers, Task, lesson_of, seconds_of

__all__ = ["Candidate", "Filled", "History", "Task", "fill", "judged", "most_fillable"]

Tiers = tuple[tuple[Candidate, ...], ...]
# A fair choice near to the queue's is looked for in rounds of so many lessons; larger ones hardly ever need it.
_FEW = 60
# It differs in no more lessons, and on the way there is never further off than so many of the longest lessons.
_MOST_CHANGES = 5
_REACH = 2
# Where none is exact, so many of the longest lessons fit into the end of the queue that is searched.
_OPEN = (2, 4, 8)
_ALL = 1 << 30
_MANY = 12
_MOST_TRIED = 200
# So many seconds may be left rather than show one lesson again and again.
LITTLE = 10
# Shares are divided in whole numbers of this.
_UNIT = 10**9


class Filled(NamedTuple):
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


class _Search(NamedTuple):
    """A task with the tiers it is tried with, each in the order of the standing, and how often a lesson may come."""

    task: Task
    tiers: Tiers
    standing: Standing
    uses: Mapping[str, int]
    cap: int | None

    @property
    def longest(self) -> int:
        """The length of its longest lesson, in seconds."""
        return max([one[2] for tier in self.tiers for one in tier])

    def rounds(self, tier: tuple[Candidate, ...]) -> Iterator[list[Candidate]]:
        """What the tier offers, round after round."""
        if self.task.shares:
            return _by_share(self, tier)
        return rounds(tier, self.standing, self.task.wanted, self.task.seconds, self.cap)


def fill(task: Task, history: History, standing: Standing | None = None) -> Filled:
    """Fill the stretch as far as arithmetic allows: exactly, whenever any combination of the candidates is exact.

    Only where one lesson would have to follow itself, though there are others, a few seconds may be left.
    Where several combinations do, one is preferred in which no lesson follows itself, then one that keeps the gap,
    then one that needs the later tiers least, then one that is fair within each series.

    Args:
        standing: of all lessons of the task, where it is known already.
    """
    if standing is None:
        every = sorted({one for tier in task.tiers for one in tier})
        standing = stand(every, history, task.rotation, task.wanted)
    best = _loosely(task, standing, history) if not task.exact else None
    if best is None:
        best = _exactly(task, tuple(_in_order(task, standing)), standing, history)
    return best._replace(showings=arrange(best.showings, task, history, standing.order))


def _in_order(task: Task, standing: Standing) -> Iterator[tuple[Candidate, ...]]:
    """Each lesson in its first tier only; those longer than the stretch, and empty tiers, are gone."""
    order, seconds = standing.order, task.seconds
    seen: set[str] = set()
    for number, tier in enumerate(task.tiers):
        if len(seen) == len(order):
            return
        if not tier:
            continue
        fits = max(map(seconds_of, tier)) <= seconds
        if fits and not number and len(tier) == len(order):
            yield order
            return
        fresh = set(map(lesson_of, tier if fits else [one for one in tier if one[2] <= seconds]))
        fresh -= seen
        if fresh:
            seen |= fresh
            yield tuple([one for one in order if one[0] in fresh])


def _exactly(task: Task, tiers: Tiers, standing: Standing, history: History) -> Filled:
    """As full as can be; a few seconds less where else a lesson has to follow itself."""
    best = _fullest(task, tiers, standing, history)
    number = sum(map(len, tiers))
    if best.varied or number == 1:
        return best
    instead: Filled | None = None
    for less in range(best.missing + 1, min(best.missing + LITTLE, task.seconds - 1) + 1):
        shorter = task._replace(seconds=task.seconds - less)
        tried = _fullest(shorter, tuple(_in_order(shorter, standing)), standing, history)
        if tried.missing or not tried.varied:
            continue
        instead = instead or tried._replace(missing=less)
        # A second more or less is nothing against many more lessons.
        if 2 * len(set(tried.showings)) >= min(number, len(tried.showings)):
            return tried._replace(missing=less)
    return instead or best


def _fullest(task: Task, tiers: Tiers, standing: Standing, history: History) -> Filled:
    if not tiers:
        return Filled((), task.seconds, varied=True, spaced=True)
    best: Filled | None = None
    for attempt, cap in _attempts(tiers, task):
        chosen = _choose(_Search(task, attempt, standing, history.uses, cap))
        if chosen is None:
            continue
        found = judged(chosen, task, history.previous)
        if best is None or found.rank > best.rank:
            best = found
        if all(best.rank):
            break
    assert best is not None  # noqa: S101  (the attempt without a cap always finds one)
    return best


def _attempts(tiers: Tiers, task: Task) -> Iterator[tuple[Tiers, int | None]]:
    """Ways to try, best first: with the gap kept, then without; tiers apart, then more and more of them as one.

    Between these, a block of few lessons is kept from taking more than every other showing.
    """
    numbers = range(len(tiers))
    if task.gap:
        cap = _most_often(task)
        yield from ((_merged(tiers, number), cap) for number in numbers)
    yield tiers, None
    yield tiers, max(1, task.seconds // (2 * max(one.seconds for tier in tiers for one in tier)))
    yield from ((_merged(tiers, number), None) for number in numbers[1:])


def _merged(tiers: Tiers, more: int) -> Tiers:
    """The first tier and so many more as one."""
    return (sum(tiers[: more + 1], ()), *tiers[more + 1 :]) if more else tiers


def judged(chosen: Sequence[Candidate], task: Task, previous: Candidate | None) -> Filled:
    """These showings, in no order, as a filling of the stretch after the one right before."""
    counts = dict[str, int]()
    missing = task.seconds
    for lesson, _, seconds in chosen:
        counts[lesson] = counts.get(lesson, 0) + 1
        missing -= seconds
    most = max(counts.values(), default=0)
    again = counts.get(previous.lesson, 0) if previous else 0
    return Filled(
        tuple(chosen),
        missing,
        varied=2 * most <= len(chosen) + 1 and 2 * again <= len(chosen),
        spaced=not task.gap or most <= _most_often(task),
    )


def _most_often(task: Task) -> int:
    """How often one lesson may begin in the stretch, its gap kept; what begins at its end is no part of it."""
    return (task.seconds - 1) // task.gap + 1


def _choose(search: _Search) -> list[Candidate] | None:
    """Showings, in no order, that add up to the most that can be filled; None when the cap forbids it."""
    if not search.task.shares and (fair := _fair(search, search.task.seconds)) is not None:
        return fair
    target = most_fillable(search.task.seconds, [one[2] for tier in search.tiers for one in tier])
    if target < search.task.seconds and not search.task.shares and (fair := _fair(search, target)) is not None:
        return fair
    return _next_in_queue(search, target)


def _fair(search: _Search, target: int) -> list[Candidate] | None:
    """Whole rounds of the first tier and a part of the next one; None where that is never exact.

    Where no part of the round is, some series are a round behind or ahead as a whole.
    """
    offers = search.rounds(search.tiers[0])
    taken, before, coming, left = _whole_rounds(offers, target)
    rest, _ = first_subset(left, coming)
    if rest is not None:
        return [*taken, *before, *rest]
    if search.task.wanted:
        # What was asked for is in the first of the rounds, and stays.
        taken, before = [*taken, *before], []
    number, lasting = 0, 0
    while number < len(coming) and lasting + coming[number][2] // 2 <= left:
        lasting += coming[number][2]
        number += 1
    choices = _by_series(before, coming[:number], coming[number:], next(offers, ()))
    if len(choices) == 1:
        # Of one series a round that does not fit whole is taken in part, and no part of it was exact.
        return None
    back = target - sum(map(seconds_of, taken))
    found = None
    if len(coming) <= _FEW:
        found = nearest_choice(back, choices, _REACH * search.longest, _MOST_CHANGES)
    if found is None:
        found = fair_subset(back, choices)
    return None if found is None else [*taken, *found]


def _whole_rounds(
    offers: Iterator[list[Candidate]], seconds: int
) -> tuple[list[Candidate], list[Candidate], list[Candidate], int]:
    """The rounds that fit whole, the last of them apart; the first that does not; and the seconds left for that."""
    taken, before = list[Candidate](), list[Candidate]()
    for coming in offers:
        left = seconds
        for one in coming:
            left -= one[2]
            if left < 0:
                return taken, before, coming, seconds
        taken += before
        before, seconds = coming, left
    return taken, before, [], seconds


def _by_series(*levels: Iterable[Candidate]) -> list[Choice]:
    groups: dict[str, tuple[list[Candidate], ...]] = {}
    for number, level in enumerate(levels):
        for one in level:
            group = groups.get(one[1])
            if group is None:
                group = groups[one[1]] = ([], [], [], [])
            group[number].append(one)
    return [Choice(*some) for some in groups.values()]


def _next_in_queue(search: _Search, target: int) -> list[Candidate] | None:
    """The first in the queue, and of the next few those that are exact."""
    longest = search.longest
    offers = Offers(_queue(search))
    best: tuple[int, list[Candidate]] | None = None
    # The first in the queue are taken as they come, and only the rest is searched: it is fairer, and quicker.
    for kept_open in _OPEN:
        taken, left = _taken(offers, search.task, target, kept_open * longest)
        rest, looked_at = first_subset(left, offers.between(len(taken), len(taken) + _MOST_TRIED))
        if rest is None:
            continue
        skipped = looked_at - len(rest)
        if best is None or skipped < best[0]:
            best = skipped, taken + rest
        if not skipped or not taken:
            break
    return best[1] if best else first_subset(target, offers.between(0, _ALL))[0]


def _taken(offers: Offers, task: Task, target: int, kept_open: int) -> tuple[list[Candidate], int]:
    """The first in the queue until only `kept_open` seconds are left; what was asked for however little is left."""
    taken: list[Candidate] = []
    left = target
    for one in offers.between(0, _ALL):
        asked = one.lesson in task.wanted and one.seconds <= left and one not in taken
        if left <= kept_open and not asked:
            break
        taken.append(one)
        left -= one.seconds
    return taken, left


def _loosely(task: Task, standing: Standing, history: History) -> Filled | None:
    """Whole rounds of the first tier and of the next one what nearly fills the rest; each lesson within its gap.

    Of many lessons those are taken that fill it exactly. Of few, always the same would; so some seconds may be left.
    """
    tier = next(_in_order(task, standing), None)
    if tier is None:
        return None
    cap = _most_often(task) if task.gap else None
    search = _Search(task, (tier,), standing, history.uses, cap)
    found = _fair(search, task.seconds) if len(tier) >= _MANY else None
    if found is None:
        found = _nearly(search)
    loose = judged(found, task, history.previous) if found is not None else None
    return loose if loose and loose.varied and loose.spaced else None


def _nearly(search: _Search) -> list[Candidate] | None:
    longest = search.longest
    taken, before, coming, left = _whole_rounds(search.rounds(search.tiers[0]), search.task.seconds)
    for spare in (longest // 2, longest):
        found = earliest_subset(left, coming, spare)
        if found is not None:
            return [*taken, *before, *found]
    return None


def _queue(search: _Search) -> Iterator[Candidate]:
    """Showings in the order in which they are wanted, round after round, until none could be used any more.

    The first tier has the queue for itself until it could fill the stretch with some choice to spare.
    """
    seconds = search.task.seconds
    turns = deque(search.rounds(tier) for tier in search.tiers)
    enough = seconds + seconds // 4 + 4 * max(one.seconds for one in search.tiers[0])
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


def _by_share(search: _Search, tier: tuple[Candidate, ...]) -> Iterator[list[Candidate]]:
    """Offer next the lesson that is furthest behind its share of the month."""
    task, place = search.task, search.standing.place
    every = {one.lesson: _UNIT // max(1, task.shares.get(one.lesson, 1)) for one in tier}
    passed = {one.lesson: search.uses.get(one.lesson, 0) * every[one.lesson] for one in tier}
    usual = median_low(passed.values())
    waiting = []
    for one in tier:
        least, most = usual - MOST_BEHIND * every[one.lesson], usual + MOST_BEHIND * every[one.lesson]
        begun = max(least, min(most, passed[one.lesson]))
        waiting.append((one.lesson not in task.wanted, begun + every[one.lesson], place[one.lesson], 1, one))
    heapify(waiting)
    while waiting:
        _, due, at, offered, one = waiting[0]
        yield [one]
        if offered < min(task.seconds // one.seconds, search.cap or task.seconds):
            heapreplace(waiting, (True, due + every[one.lesson], at, offered + 1, one))
        else:
            heappop(waiting)
