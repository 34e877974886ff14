"""Fill a stretch of time with whole lessons, exact to the second. Pure: no clock, no chance, no files.

First it is decided how often each lesson is shown (a subset-sum over bitsets, freshest lessons first), then in which
order (evenly spaced, series alternating). A lesson is never cut; what cannot be filled is returned as missing.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import heapify, heappop, heapreplace
from itertools import count
from statistics import median_low

from playlists.arrange import arrange
from playlists.tasks import Candidate, History, Offers, Task

__all__ = ["Candidate", "Filled", "History", "Task", "fill", "most_fillable"]

# So many of the longest lessons fit into the end of a stretch that is searched. The fewer, the fairer; with eight
# there nearly always is an exact choice among the next few in the queue.
_OPEN = (2, 4, 8)
# So few may be passed over without looking for a fairer choice; none, since each look costs little.
_FEW = 0
_ALL = 1 << 30
_MANY = 12
_MOST_TRIED = 200
# How many showings a lesson may be ahead or behind: one that joins in midweek must not crowd out the others.
_MOST_BEHIND = 2
_DAY_S = 86400
# Shares are divided in whole numbers of this.
_UNIT = 10**9


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
    return _most_fillable(seconds, frozenset(lengths))


@lru_cache(maxsize=4096)
def _most_fillable(seconds: int, lengths: frozenset[int]) -> int:
    return _sums(seconds, lengths).bit_length() - 1


def fill(task: Task, history: History) -> Filled:
    """Fill the stretch as far as arithmetic allows: exactly, whenever any combination of the candidates is exact.

    Where several combinations do, one is preferred in which no lesson follows itself, then one that keeps the gap,
    then one that needs the later tiers least.
    """
    tiers = _without_twins(task.tiers, task.seconds)
    if not tiers:
        return Filled((), task.seconds, varied=True, spaced=True)
    rank = _ranks(tiers, task, history)
    best: Filled | None = None
    if not task.exact:
        loose = _judge(_about(task, tiers, history.uses, rank), task, history.previous)
        if loose.varied and loose.spaced and loose.missing <= max(one.seconds for one in tiers[0]):
            return replace(loose, showings=arrange(loose.showings, task, history, rank))
    for attempt, cap in _attempts(tiers, task):
        chosen = _choose(task, attempt, history.uses, rank, cap)
        if chosen is None:
            continue
        found = _judge(chosen, task, history.previous)
        if best is None or found.rank > best.rank:
            best = found
        if all(best.rank):
            break
    assert best is not None  # noqa: S101  (the attempt without a cap always finds one)
    return Filled(arrange(best.showings, task, history, rank), best.missing, best.varied, best.spaced)


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


def _ranks(tiers: Sequence[Sequence[Candidate]], task: Task, history: History) -> dict[str, int]:
    """Lesson → place in the queue: asked for, then longest not shown, then by the circle; the one just shown last."""
    circle = sorted(one.lesson for tier in tiers for one in tier)
    size, last = len(circle), history.last
    # Turned so that it begins at the rotation; the sort keeps that order among equals.
    turn = task.rotation % size
    circle = circle[turn:] + circle[:turn]
    circle.sort(key=lambda lesson: last.get(lesson, 0) // _DAY_S)
    if task.wanted:
        circle.sort(key=lambda lesson: lesson not in task.wanted)
    ranks = {lesson: place for place, lesson in enumerate(circle)}
    if history.previous and history.previous.lesson in ranks:
        ranks[history.previous.lesson] = size
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
    most = max(counts.values(), default=0)
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
    task: Task,
    tiers: tuple[tuple[Candidate, ...], ...],
    uses: Mapping[str, int],
    rank: Mapping[str, int],
    cap: int | None,
) -> list[Candidate] | None:
    """Showings, in no order, that add up to the most that can be filled; None when the cap forbids it."""
    target = most_fillable(task.seconds, (one.seconds for tier in tiers for one in tier))
    longest = max(one.seconds for tier in tiers for one in tier)
    offers = Offers(_queue(task, tiers, uses, rank, cap))
    best: tuple[int, list[Candidate]] | None = None
    # The first in the queue are taken as they come, and only the rest is searched: it is fairer, and quicker.
    for kept_open in _OPEN:
        taken, left = _taken(offers, task, target, kept_open * longest)
        rest, looked_at = _subset(left, offers.between(len(taken), len(taken) + _MOST_TRIED))
        if rest is None:
            continue
        skipped = looked_at - len(rest)
        if best is None or skipped < best[0]:
            best = skipped, taken + rest
        if skipped <= _FEW or not taken:
            break
    return best[1] if best else _subset(target, offers.between(0, _ALL))[0]


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


def _about(
    task: Task, tiers: tuple[tuple[Candidate, ...], ...], uses: Mapping[str, int], rank: Mapping[str, int]
) -> list[Candidate]:
    """The first in the queue of the first tier that together nearly fill the stretch; each within its gap.

    Of many lessons those are taken that fill it exactly. Of few, always the same would; so some seconds may be left.
    """
    cap = (task.seconds - 1) // task.gap + 1 if task.gap else None
    longest = max(one.seconds for one in tiers[0])
    offered, some = 0, list[Candidate]()
    for one in _queue(task, tiers[:1], uses, rank, cap):
        some.append(one)
        offered += one.seconds
        if offered >= task.seconds + 2 * longest:
            break
    for spare in (0, longest // 2, longest) if len(some) >= _MANY else (longest // 2, longest):
        found = _earliest(task.seconds, some, spare)
        if found is not None:
            return found
    return []


def _earliest(seconds: int, some: Sequence[Candidate], spare: int) -> list[Candidate] | None:
    """Of these, the earliest that together last at most `seconds` and at most `spare` less; None when none do."""
    mask = (1 << (seconds + 1)) - 1
    # sums[n] has the bit of every length that the lessons from the n-th on can have together.
    sums = [1]
    for one in reversed(some):
        sums.append(sums[-1] | sums[-1] << one.seconds & mask)
    sums.reverse()

    def possible(left: int, place: int) -> bool:
        lowest = max(0, left - spare)
        return bool(sums[place] >> lowest & ((1 << (left - lowest + 1)) - 1))

    if not possible(seconds, 0):
        return None
    chosen, left = [], seconds
    for place, one in enumerate(some):
        if one.seconds <= left and possible(left - one.seconds, place + 1):
            chosen.append(one)
            left -= one.seconds
    return chosen


def _queue(
    task: Task,
    tiers: tuple[tuple[Candidate, ...], ...],
    uses: Mapping[str, int],
    rank: Mapping[str, int],
    cap: int | None,
) -> Iterator[Candidate]:
    """Showings in the order in which they are wanted, round after round, until none could be used any more.

    The first tier has the queue for itself until it could fill the stretch with some choice to spare.
    """
    rounds = _by_share if task.shares else _rounds
    turns = deque(rounds(task, tier, uses, rank, cap) for tier in tiers)
    enough = task.seconds + task.seconds // 4 + 4 * max(one.seconds for one in tiers[0])
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
    task: Task,
    tier: tuple[Candidate, ...],
    uses: Mapping[str, int],
    rank: Mapping[str, int],
    cap: int | None,
) -> Iterator[list[Candidate]]:
    """Each round offers every lesson of the tier once; lessons shown less often so far have extra rounds first."""
    ordered = sorted(tier, key=lambda one: rank[one.lesson])
    ahead = _ahead(tier, uses)
    first = min(ahead.values())
    for lesson in task.wanted & ahead.keys():
        ahead[lesson] = first - 1
    most = {one.lesson: min(task.seconds // one.seconds, cap or task.seconds) for one in tier}
    for level in count(min(ahead.values())):
        # `level - ahead` is how many showings the lesson has been offered before this round.
        offer = [one for one in ordered if 0 <= level - ahead[one.lesson] < most[one.lesson]]
        # Who catches up had its turn in a round before.
        offer.sort(key=lambda one: ahead[one.lesson] < level)
        if offer or level < 2 * _MOST_BEHIND:
            yield offer
        else:
            return


def _ahead(tier: tuple[Candidate, ...], uses: Mapping[str, int]) -> dict[str, int]:
    """Lesson → how many showings it is ahead of what is usual in its series; so within a series all come alike."""
    counts = {one.lesson: uses.get(one.lesson, 0) for one in tier}
    by_series: dict[str, list[int]] = {}
    for one in tier:
        by_series.setdefault(one.series, []).append(counts[one.lesson])
    overall = median_low(counts.values())
    usual = {series: median_low(some) for series, some in by_series.items()}
    base = {series: _clamp(level - overall) for series, level in usual.items()}
    # The same few differences come again and again.
    clamped = {difference: _clamp(difference) for difference in range(-9, 10)}
    found = {}
    for lesson, series, _ in tier:
        difference = counts[lesson] - usual[series]
        level = clamped.get(difference)
        found[lesson] = (_clamp(difference) if level is None else level) + base[series]
    return found


def _clamp(ahead: int) -> int:
    return max(-_MOST_BEHIND, min(_MOST_BEHIND, ahead))


def _by_share(
    task: Task,
    tier: tuple[Candidate, ...],
    uses: Mapping[str, int],
    rank: Mapping[str, int],
    cap: int | None,
) -> Iterator[list[Candidate]]:
    """Offer next the lesson that is furthest behind its share of the month."""
    every = {one.lesson: _UNIT // max(1, task.shares.get(one.lesson, 1)) for one in tier}
    passed = {one.lesson: uses.get(one.lesson, 0) * every[one.lesson] for one in tier}
    usual = median_low(passed.values())
    waiting = []
    for one in tier:
        least, most = usual - _MOST_BEHIND * every[one.lesson], usual + _MOST_BEHIND * every[one.lesson]
        begun = max(least, min(most, passed[one.lesson]))
        waiting.append((one.lesson not in task.wanted, begun + every[one.lesson], rank[one.lesson], 1, one))
    heapify(waiting)
    while waiting:
        _, due, place, offered, one = waiting[0]
        yield [one]
        if offered < min(task.seconds // one.seconds, cap or task.seconds):
            heapreplace(waiting, (True, due + every[one.lesson], place, offered + 1, one))
        else:
            heappop(waiting)


def _subset(target: int, queue: Iterable[Candidate]) -> tuple[list[Candidate] | None, int]:
    """The shortest beginning of the queue that has a subset with that sum, and in it the earliest such subset.

    Returns:
        The subset, None when there is none, and how many of the queue were looked at.
    """
    if not target:
        return [], 0
    mask = (1 << (target + 1)) - 1
    sums, layers = 1, list[tuple[Candidate, int]]()
    looked_at = 0
    for looked_at, one in enumerate(queue, 1):
        grown = sums | (sums << one.seconds & mask)
        if grown == sums:
            continue
        layers.append((one, sums))
        sums = grown
        if sums >> target & 1:
            return _trace(target, layers), looked_at
    return None, looked_at


def _trace(target: int, layers: list[tuple[Candidate, int]]) -> list[Candidate]:
    """Walk back from the end; what the sum can do without is left out, so the late showings go first."""
    chosen = []
    for one, sums_without in reversed(layers):
        if not sums_without >> target & 1:
            chosen.append(one)
            target -= one.seconds
    return chosen[::-1]
