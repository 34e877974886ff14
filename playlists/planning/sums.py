"""Sums of lesson lengths, exact: which can be reached, and by which lessons. Sets of sums are bits of one integer.

Knows no clock and no preference but the order in which lessons are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from itertools import zip_longest
from operator import or_
from typing import NamedTuple

from playlists.planning.showings import Candidate, seconds_of

# A lesson with the sums that were known before it.
_Layer = tuple[Candidate, int]


class _Reached(NamedTuple):
    """Sums that can be reached, with what is taken in any case and what may be."""

    sums: int
    fixed: tuple[Candidate, ...]
    layers: list[_Layer]


def most_fillable(seconds: int, lengths: Iterable[int]) -> int:
    """The greatest sum of the lengths, each used any number of times, that does not exceed `seconds`."""
    return _most_fillable(seconds, frozenset(lengths))


@lru_cache(maxsize=4096)
def _most_fillable(seconds: int, lengths: frozenset[int]) -> int:
    return sums_of(seconds, lengths).bit_length() - 1


def sums_of(limit: int, lengths: Iterable[int], *, every: bool = False) -> int:
    """Bit n is set when n is a sum of lengths, each used any number of times.

    Args:
        every: find all of them; else the search ends once `limit` is one.
    """
    mask = (1 << (limit + 1)) - 1
    sums = 1
    for length in sorted(set(lengths)):
        step = length
        while step <= limit:
            sums |= (sums << step) & mask
            step *= 2
        if not every and sums >> limit & 1:
            break
    return sums


@lru_cache(maxsize=4096)
def can_reach(target: int, lengths: tuple[int, ...], cap: int) -> bool:
    """Whether these lengths, one for each lesson, add up to that when each comes so often at most."""
    mask = (1 << (target + 1)) - 1
    sums = 1
    for length in lengths:
        # 1, 2, 4 … and the rest: together every number up to the greatest.
        left, step = min(cap, target // length), 1
        while left:
            step = min(step, left)
            sums |= sums << step * length & mask
            left -= step
            step *= 2
    return bool(sums >> target & 1)


def first_subset(target: int, queue: Iterable[Candidate]) -> tuple[list[Candidate] | None, int]:
    """The shortest beginning of the queue that has a subset with that sum, and in it the earliest such subset.

    Returns:
        The subset, None when there is none, and how many of the queue were looked at.
    """
    if not target:
        return [], 0
    mask = (1 << (target + 1)) - 1
    sums, layers = 1, list[_Layer]()
    looked_at = 0
    for looked_at, candidate in enumerate(queue, 1):
        grown = sums | (sums << candidate.seconds & mask)
        if grown == sums:
            continue
        layers.append((candidate, sums))
        sums = grown
        if sums >> target & 1:
            return _trace(target, layers), looked_at
    return None, looked_at


def earliest_subset(seconds: int, some: Sequence[Candidate], spare: int) -> list[Candidate] | None:
    """Of these, the earliest that together last at most `seconds` and at most `spare` less; None when none do."""
    mask = (1 << (seconds + 1)) - 1
    # sums[n] has the bit of every length that the lessons from the n-th on can have together.
    sums = [1]
    for candidate in reversed(some):
        sums.append(sums[-1] | sums[-1] << candidate.seconds & mask)
    sums.reverse()

    def possible(left: int, place: int) -> bool:
        lowest = max(0, left - spare)
        return bool(sums[place] >> lowest & ((1 << (left - lowest + 1)) - 1))

    if not possible(seconds, 0):
        return None
    chosen, left = [], seconds
    for place, candidate in enumerate(some):
        if candidate.seconds <= left and possible(left - candidate.seconds, place + 1):
            chosen.append(candidate)
            left -= candidate.seconds
    return chosen


class SeriesChoice(NamedTuple):
    """What may be taken of a series without unfairness.

    That is all of `before` and some of the next round; or some of `before` alone; or all of both and some of
    `following`. In the end no lesson is more than one showing ahead of another.

    Attributes:
        chosen: of the next round, what is taken when nothing speaks against it.
        others: the rest of it.
    """

    before: Sequence[Candidate]
    chosen: Sequence[Candidate]
    others: Sequence[Candidate]
    following: Sequence[Candidate]


class _SeriesWay(NamedTuple):
    """One way to take a series: `fixed`, the `drops` that are not changed, and the `adds` that are."""

    fixed: Sequence[Candidate]
    drops: Sequence[Candidate]
    adds: Sequence[Candidate]
    changes: int = 0
    shift: int = 0


class _SeriesStep(NamedTuple):
    """A way with the sums that can be made after it, and before each of its changes."""

    way: _SeriesWay
    layers: Sequence[tuple[Candidate, int, int]]
    sums: int


class _ChangeRows(NamedTuple):
    """Sums for each number of changes side by side in one integer: row n has those that n changes can make.

    Between two rows there is room for what a shift carries out of them; `mask` clears it.
    """

    width: int
    mask: int


def nearest_choice(target: int, choices: Sequence[SeriesChoice], reach: int, most: int) -> list[Candidate] | None:
    """The fair choice with that sum that differs in the fewest lessons from what is chosen; None beyond `most`.

    Args:
        reach: no sum on the way may be further from the target, in seconds; no lesson is longer.
    """
    start = reach - target
    for each in choices:
        start += sum(map(seconds_of, each.before)) + sum(map(seconds_of, each.chosen))
    if not 0 <= start <= 2 * reach:
        return None
    rows = _rows(reach, most)
    sums, steps = 1 << start, list[list[_SeriesStep]]()
    for each in choices:
        steps.append([_step(way, sums, reach, rows) for way in _ways(each)])
        sums = reduce(or_, [step.sums for step in steps[-1]])
    found = (number for number in range(most + 1) if sums >> rows.width * number + reach & 1)
    changes = next(found, None)
    return None if changes is None else _changed(steps, changes, reach, rows.width)


@lru_cache(maxsize=64)
def _rows(reach: int, most: int) -> _ChangeRows:
    """For 0 to `most` changes and sums up to `reach` on either side of the middle bit, which is the target."""
    width, row = 3 * reach + 1, (1 << (2 * reach + 1)) - 1
    return _ChangeRows(width, sum(row << width * number for number in range(most + 1)))


def _ways(each: SeriesChoice) -> Iterator[_SeriesWay]:
    """As chosen; a round behind, where the one before is the changed one; a round ahead, with some of the next."""
    yield _SeriesWay(each.before, each.chosen, each.others)
    if each.before:
        yield _SeriesWay((), each.before, (), len(each.chosen), -sum(map(seconds_of, each.chosen)))
    if each.following:
        both = [*each.before, *each.chosen, *each.others]
        yield _SeriesWay(both, (), each.following, len(each.others), sum(map(seconds_of, each.others)))


def _step(way: _SeriesWay, sums: int, reach: int, rows: _ChangeRows) -> _SeriesStep:
    """The sums, row by row of changes, when the series is taken that way: each drop or add moves them one row up."""
    width, mask = rows
    here, left = (sums << way.changes * width & mask), way.shift
    while here and left:
        # By more at once, sums of one row would come to lie in the next.
        by = max(-reach, min(reach, left))
        here = (here << by if by > 0 else here >> -by) & mask
        left -= by
    layers = list[tuple[Candidate, int, int]]()
    if not here:
        return _SeriesStep(way, layers, here)
    # What is nearest to the end of the chosen is changed most gladly, and so comes first.
    for drop, add in zip_longest(reversed(way.drops), way.adds):
        if drop is not None:
            layers.append((drop, -1, here))
            here |= here << width - drop[2] & mask
        if add is not None:
            layers.append((add, 1, here))
            here |= here << width + add[2] & mask
    return _SeriesStep(way, layers, here)


def _changed(steps: Sequence[Sequence[_SeriesStep]], changes: int, place: int, width: int) -> list[Candidate]:
    """Walk back through the series; where several ways do, the first."""
    found = list[Candidate]()
    for ways in reversed(steps):
        step = next(step for step in ways if step.sums >> changes * width + place & 1)
        dropped, added = set[Candidate](), list[Candidate]()
        for candidate, sign, before in reversed(step.layers):
            if not before >> changes * width + place & 1:
                changes -= 1
                place -= sign * candidate.seconds
                if sign < 0:
                    dropped.add(candidate)
                else:
                    added.append(candidate)
        changes -= step.way.changes
        place -= step.way.shift
        found += [*step.way.fixed, *(candidate for candidate in step.way.drops if candidate not in dropped), *added]
    return found


def fair_subset(target: int, choices: Sequence[SeriesChoice]) -> list[Candidate] | None:
    """Any fair choice with that sum; None when there is none."""
    mask = (1 << (target + 1)) - 1
    sums, steps = 1, list[list[_Reached]]()
    for each in choices:
        step, fixed = list[_Reached](), list[Candidate]()
        for level in (each.before, [*each.chosen, *each.others], each.following):
            grown, layers = _grown(sums << sum(candidate.seconds for candidate in fixed) & mask, level, mask)
            step.append(_Reached(grown, tuple(fixed), layers))
            fixed += level
        steps.append(step)
        sums = reduce(or_, (reached.sums for reached in step))
    return _chosen(target, steps) if sums >> target & 1 else None


def _grown(sums: int, level: Iterable[Candidate], mask: int) -> tuple[int, list[_Layer]]:
    """The sums with any of these added, and what was known before each."""
    layers = list[_Layer]()
    for candidate in level:
        layers.append((candidate, sums))
        sums |= sums << candidate.seconds & mask
    return sums, layers


def _chosen(target: int, steps: Sequence[Sequence[_Reached]]) -> list[Candidate]:
    """Walk back through the series; where several levels do, the middle one is where the others of the day are."""
    chosen = list[Candidate]()
    for few, middle, many in reversed(steps):
        _, fixed, layers = next(reached for reached in (middle, few, many) if reached.sums >> target & 1)
        some = [*fixed, *_trace(target, layers)]
        target -= sum(candidate.seconds for candidate in some)
        chosen += some
    return chosen


def _trace(target: int, layers: Sequence[_Layer]) -> list[Candidate]:
    """Walk back from the end; what the sum can do without is left out, so the late showings go first."""
    chosen = []
    for candidate, sums_without in reversed(layers):
        if not sums_without >> target & 1:
            chosen.append(candidate)
            target -= candidate.seconds
    return chosen[::-1]
