"""How often each lesson is shown in a stretch: subset sums over rounds of the queue, fair within each series.

Puts nothing in order, and never cuts a lesson.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import NamedTuple

from playlists.planning.showings import Candidate, FillTask, QueueStanding, seconds_of
from playlists.planning.sums import (
    SeriesChoice,
    can_reach,
    earliest_subset,
    fair_subset,
    first_subset,
    most_fillable,
    nearest_choice,
)

Tiers = tuple[tuple[Candidate, ...], ...]
# A fair choice near to the queue's is looked for in rounds of so many lessons; larger ones hardly ever need it.
_FEW = 60
# It differs in no more lessons, and on the way there is never further off than so many of the longest lessons.
_MOST_CHANGES = 5
# Where none is exact, so many of the longest lessons fit into the end of the queue that is searched.
_OPEN = (2, 4, 8)
_ALL = 1 << 30
_MOST_TRIED = 200
_REACH = 2


class TierSearch(NamedTuple):
    """A task with the tiers it is tried with, each in the order of the standing, and how often a lesson may come."""

    task: FillTask
    tiers: Tiers
    standing: QueueStanding
    uses: Mapping[str, int]
    cap: int | None

    @property
    def longest(self) -> int:
        """The length of its longest lesson, in seconds."""
        return max([candidate.seconds for tier in self.tiers for candidate in tier])

    def rounds(self, tier: tuple[Candidate, ...]) -> Iterator[Sequence[Candidate]]:
        """What the tier offers, round after round; where shares are wished, one lesson at a time."""
        if self.task.strides:
            return ((candidate,) for candidate in self.by_share(tier))
        return rounds(tier, self.standing, self.task.wanted, self.task.seconds, self.cap)

    def by_share(self, tier: tuple[Candidate, ...]) -> Iterator[Candidate]:
        """The lesson that is furthest behind its share of the month, again and again."""
        task = self.task
        queue = self.standing.by_share(tier, task.wanted, task.strides, self.uses)
        return queue.offers(task.seconds, self.cap or task.seconds)


def choose(search: TierSearch) -> list[Candidate] | None:
    """Showings, in no order, that add up to the most that can be filled; None when the cap forbids it."""
    if not search.task.strides and (fair := choose_fairly(search, search.task.seconds)) is not None:
        return fair
    target = most_fillable(search.task.seconds, [candidate.seconds for tier in search.tiers for candidate in tier])
    if (
        target < search.task.seconds
        and not search.task.strides
        and (fair := choose_fairly(search, target)) is not None
    ):
        return fair
    return _next_in_queue(search, target)


def choose_fairly(search: TierSearch, target: int) -> list[Candidate] | None:
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
    while number < len(coming) and lasting + coming[number].seconds // 2 <= left:
        lasting += coming[number].seconds
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
    offers: Iterator[Sequence[Candidate]], seconds: int
) -> tuple[list[Candidate], list[Candidate], list[Candidate], int]:
    """The rounds that fit whole, the last of them apart; the first that does not; and the seconds left for that."""
    taken, before = list[Candidate](), list[Candidate]()
    for coming in map(list, offers):
        left = seconds
        for candidate in coming:
            left -= candidate.seconds
            if left < 0:
                return taken, before, coming, seconds
        taken += before
        before, seconds = coming, left
    return taken, before, [], seconds


def _by_series(*levels: Iterable[Candidate]) -> list[SeriesChoice]:
    """The four parts of the rounds, from `before` to `following`, taken apart by series."""
    groups: dict[str, tuple[list[Candidate], ...]] = {}
    for number, level in enumerate(levels):
        for candidate in level:
            groups.setdefault(candidate.series, ([], [], [], []))[number].append(candidate)
    return [SeriesChoice(*some) for some in groups.values()]


def _next_in_queue(search: TierSearch, target: int) -> list[Candidate] | None:
    """The first in the queue, and of the next few those that are exact."""
    lengths = sorted([candidate[2] for tier in search.tiers for candidate in tier])
    if search.cap and not can_reach(target, tuple(lengths), search.cap):
        return None
    longest = lengths[-1]
    offers = Offers(_queue(search))
    fewest, best = 0, list[Candidate]()
    # The first in the queue are taken as they come, and only the rest is searched: it is fairer, and quicker.
    for kept_open in _OPEN:
        taken, left = _taken(offers, search.task, target, kept_open * longest)
        rest, looked_at = first_subset(left, offers.between(len(taken), len(taken) + _MOST_TRIED))
        if rest is None:
            continue
        skipped = looked_at - len(rest)
        if not best or skipped < fewest:
            fewest, best = skipped, taken + rest
        if not skipped or not taken:
            break
    if best:
        return best
    anywhere, _ = first_subset(target, offers.between(0, _ALL))
    return anywhere


def _taken(offers: Offers, task: FillTask, target: int, kept_open: int) -> tuple[list[Candidate], int]:
    """The first in the queue until only `kept_open` seconds are left; what was asked for however little is left."""
    taken: list[Candidate] = []
    left, wanted = target, task.wanted
    for candidate in offers.between(0, _ALL):
        if left <= kept_open:
            asked = wanted and candidate.lesson in wanted and candidate.seconds <= left and candidate not in taken
            if not asked:
                break
        taken.append(candidate)
        left -= candidate[2]
    return taken, left


def choose_nearly(search: TierSearch) -> list[Candidate] | None:
    """Whole rounds, and of the next one the earliest lessons that leave little: half the longest lesson, or one."""
    longest = search.longest
    taken, before, coming, left = _whole_rounds(search.rounds(search.tiers[0]), search.task.seconds)
    for spare in (longest // 2, longest):
        found = earliest_subset(left, coming, spare)
        if found is not None:
            return [*taken, *before, *found]
    return None


class Offers:
    """A queue that several searches read from its beginning, without making it more than once."""

    __slots__ = ("_coming", "_known")

    def __init__(self, coming: Iterator[Candidate]) -> None:
        self._coming = coming
        self._known: list[Candidate] = []

    def between(self, first: int, last: int) -> Iterator[Candidate]:
        """The offers from the first until before the last."""
        known = self._known
        yield from islice(known, first, last)
        for candidate in islice(self._coming, max(0, last - len(known))):
            known.append(candidate)
            if len(known) > first:
                yield candidate


def _queue(search: TierSearch) -> Iterator[Candidate]:
    """Showings in the order in which they are wanted, round after round, until none could be used any more."""
    if len(search.tiers) > 1:
        return chain.from_iterable(_tiers_in_turn(search))
    (tier,) = search.tiers
    return search.by_share(tier) if search.task.strides else chain.from_iterable(search.rounds(tier))


def _tiers_in_turn(search: TierSearch) -> Iterator[Sequence[Candidate]]:
    """A round of each tier after the other.

    The first tier has the queue for itself until it could fill the stretch with some choice to spare.
    """
    seconds = search.task.seconds
    turns = deque(search.rounds(tier) for tier in search.tiers)
    enough = seconds + seconds // 4 + 4 * max(map(seconds_of, search.tiers[0]))
    offered = 0
    while offered < enough and (one_round := next(turns[0], None)) is not None:
        yield one_round
        offered += sum([candidate[2] for candidate in one_round])
    turns.rotate(-1)
    while turns:
        one_round = next(turns[0], None)
        if one_round is None:
            turns.popleft()
        else:
            yield one_round
            turns.rotate(-1)


def rounds(
    tier: Sequence[Candidate], standing: QueueStanding, wanted: frozenset[str], seconds: int, cap: int | None
) -> Iterator[list[Candidate]]:
    """Each round offers every lesson of the tier once; lessons shown less often so far have extra rounds first.

    Args:
        tier: in the order of the standing.
        seconds, cap: a lesson is offered no more often than it fits in, and than it may be shown.
    """
    ahead = standing.ahead
    marks = [ahead[lesson] for lesson, _, _ in tier]
    first, last = min(marks), max(marks)
    levels: dict[int, list[Candidate]] = {mark: [] for mark in range(first - 1, last + 1)}
    if first == last:
        levels[first] = list(tier)
    else:
        for candidate, mark in zip(tier, marks, strict=True):
            levels[mark].append(candidate)
    asked = frozenset[str]()
    if wanted and (met := [candidate for candidate in tier if candidate.lesson in wanted]):
        asked = wanted
        for level, some in levels.items():
            levels[level] = [candidate for candidate in some if candidate.lesson not in wanted]
        first -= 1
        levels[first] = met
    offered = levels[first]
    yield offered
    most = cap or seconds
    for level in count(first + 1):
        # Who catches up had its turn in a round before.
        again = []
        for candidate in offered:
            turns = level - (first if candidate.lesson in asked else ahead[candidate.lesson])
            if turns < most and turns < seconds // candidate.seconds:
                again.append(candidate)
        offered = [*levels.get(level, ()), *again]
        if not offered and level > last:
            return
        yield offered
