"""Lay a day's blocks over its open time: which part of which stretch belongs to which block.

Leaves premieres to the blocks of the best hours. Chooses no showing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from playlists.files.blocks import Block
from playlists.files.programmes import Programme
from playlists.planning.shelf import Pool
from playlists.planning.showings import BlockPart, Candidate, FreeStretch, Interval
from playlists.schedules.schedule import Window

# Printed times of blocks are whole minutes.
_GRAIN_S = 60
_EVERYTHING = Block(name="滚动播出")
# So much of the best hours is for premieres, in per cent; whole lessons never fill them to the second.
_MOST_PERCENT = 75
# Where more lessons are new than the best hours of so many days can take, none waits: they are wanted sooner.
_MOST_DAYS = 7


class BlockSpan(NamedTuple):
    """When a block is meant to be on; lessons do not end on the second, so it may be a little off."""

    start: int
    end: int
    block: str


def stretches(
    windows: Iterable[Window], busy: Iterable[tuple[int, int]], programme: Programme, clock: Callable[[int], int]
) -> tuple[FreeStretch, ...]:
    """The windows without the time that is taken, cut where a block has a clock time of its own.

    Args:
        busy: (start, end) of events and pinned showings.
        clock: minutes after midnight → seconds since 1970.
    """
    taken = sorted(busy)
    free = []
    for window in windows:
        start, end = int(window.start.timestamp()), int(window.end.timestamp())
        for begins, ends in taken:
            if begins < end and start < ends:
                free.append(FreeStretch(start, begins))
                start = max(start, ends)
        free.append(FreeStretch(start, end))
    whole = tuple(stretch for stretch in free if stretch.start < stretch.end)
    return _cut(whole, programme, clock)


def lay_out(some: Sequence[FreeStretch], pool: Pool) -> tuple[tuple[BlockPart, ...], ...]:
    """Lay the day's blocks over its stretches, in order; a block may end in a later stretch than it began."""
    lengths = tuple([stretch.end - stretch.start for stretch in some if stretch.block is None])
    if len(lengths) < len(some):
        return _laid(some, pool)
    # Without clock times it is the same on every day that is open for as long.
    found = pool.laid.get(lengths)
    return pool.laid.keep(lengths, _laid(some, pool)) if found is None else found


def _laid(some: Sequence[FreeStretch], pool: Pool) -> tuple[tuple[BlockPart, ...], ...]:
    """Blocks taken from a queue until each stretch is full; what is left of a block begins the next stretch."""
    total = sum(stretch.seconds for stretch in some if stretch.block is None)
    queue = [BlockPart(block.name, seconds, pool.of(block)) for block, seconds in _lengths(pool.programme, total)]
    laid = []
    for stretch in some:
        if stretch.block:
            laid.append(
                _without_empty([BlockPart(stretch.block.name, stretch.seconds, pool.of(stretch.block))], pool)
            )
            continue
        room, parts = stretch.seconds, list[BlockPart]()
        while room:
            part = queue.pop(0)
            used = min(room, part.seconds)
            parts.append(BlockPart(part.name, used, part.own))
            if used < part.seconds:
                queue.insert(0, BlockPart(part.name, part.seconds - used, part.own))
            room -= used
        laid.append(_without_empty(parts, pool))
    return tuple(laid)


def spans_of(some: Sequence[FreeStretch], parts: Sequence[Sequence[BlockPart]]) -> tuple[BlockSpan, ...]:
    """When each block is meant to be on."""
    spans = []
    for stretch, own in zip(some, parts, strict=True):
        start = stretch.start
        for part in own:
            spans.append(BlockSpan(start, start + part.seconds, part.name))
            start += part.seconds
    return tuple(spans)


def _cut(whole: Sequence[FreeStretch], programme: Programme, clock: Callable[[int], int]) -> tuple[FreeStretch, ...]:
    """The stretches cut where a block has a clock time; of two that overlap the earlier stays whole."""
    pinned = sorted(
        (clock(minutes), clock(minutes + (block.minutes or 0)), number)
        for number, block in enumerate(programme.block)
        for minutes in block.times
    )
    if not pinned:
        return tuple(whole)
    found: list[FreeStretch] = []
    for stretch in whole:
        start = stretch.start
        for begins, ends, number in pinned:
            first, last = max(start, begins), min(stretch.end, ends)
            if first < last:
                found += [FreeStretch(start, first), FreeStretch(first, last, programme.block[number])]
                start = last
        found.append(FreeStretch(start, stretch.end))
    return tuple(stretch for stretch in found if stretch.start < stretch.end)


def _lengths(programme: Programme, total: int) -> Iterator[tuple[Block, int]]:
    """Blocks with their seconds, `total` in all: fixed ones as far as there is time, elastic ones by share."""
    blocks = [block for block in programme.block if not block.at]
    left = total
    fixed = []
    for block in blocks:
        fixed.append(min(left, (block.minutes or 0) * 60))
        left -= fixed[-1]
    weights = [block.weight for block in blocks]
    if not any(weights):
        yield from zip(blocks, fixed, strict=True)
        yield _EVERYTHING, left
        return
    passed = begun = 0
    for block, seconds, weight in zip(blocks, fixed, weights, strict=True):
        passed += weight
        # The last elastic block ends where the time does; the others end on a whole minute.
        ends = left if passed == sum(weights) else left * passed // sum(weights) // _GRAIN_S * _GRAIN_S
        yield block, ends - begun if weight else seconds
        begun = ends if weight else begun


def _without_empty(parts: Sequence[BlockPart], pool: Pool) -> tuple[BlockPart, ...]:
    """The time of a block that no lesson fits goes to the next block, or to the one before when it is the last."""
    kept: list[BlockPart] = []
    spare = 0
    for part in parts:
        if part.own:
            kept.append(BlockPart(part.name, part.seconds + spare, part.own))
            spare = 0
        else:
            spare += part.seconds
    if not kept:
        # Any film, then; slogans and notices only where there is no film at all.
        return (BlockPart(parts[0].name, spare, pool.of(_EVERYTHING) or pool.candidates),) if spare else ()
    kept[-1] = BlockPart(kept[-1].name, kept[-1].seconds + spare, kept[-1].own)
    return tuple(kept)


def keep_for_best(
    free: Sequence[FreeStretch],
    parts: Sequence[Sequence[BlockPart]],
    pool: Pool,
    unseen: frozenset[str],
    best: Interval,
    rotation: int,
) -> tuple[tuple[BlockPart, ...], ...]:
    """The blocks without the lessons whose first showing can wait for the best hours, of this day or of one soon.

    Args:
        unseen: lessons that the venue has never shown and nobody asked for.
        best: in seconds since 1970.
        rotation: where in the circle of lessons to begin.
    """
    during, room = _overlaps(free, parts, best)
    admitted = {candidate.lesson for part, inside in during if inside for candidate in part.own} & unseen
    room = room * _MOST_PERCENT // 100
    if sum(candidate.seconds for candidate in pool.candidates if candidate.lesson in admitted) > _MOST_DAYS * room:
        return tuple(tuple(some) for some in parts)
    turn = rotation % max(1, len(pool.candidates))
    coming = _fitting((*pool.candidates[turn:], *pool.candidates[:turn]), admitted, room)
    kept = iter(_without(part, admitted - coming if inside else admitted) for part, inside in during)
    return tuple(tuple(next(kept) for _ in some) for some in parts)


def _overlaps(
    free: Sequence[FreeStretch], parts: Sequence[Sequence[BlockPart]], best: Interval
) -> tuple[list[tuple[BlockPart, bool]], int]:
    """Each part with whether it lies in the best hours, at least in part; and the seconds that do."""
    found, room = list[tuple[BlockPart, bool]](), 0
    for stretch, some in zip(free, parts, strict=True):
        start = stretch.start
        for part in some:
            inside = max(0, min(start + part.seconds, best.end) - max(start, best.start))
            found.append((part, inside > 0))
            room += inside
            start += part.seconds
    return found, room


def _fitting(some: Iterable[Candidate], admitted: set[str], room: int) -> set[str]:
    """Of the admitted lessons those, in turn, that fit into so many seconds together."""
    found = set[str]()
    for candidate in some:
        if candidate.lesson in admitted and candidate.seconds <= room:
            found.add(candidate.lesson)
            room -= candidate.seconds
    return found


def _without(part: BlockPart, waiting: set[str]) -> BlockPart:
    own = tuple(candidate for candidate in part.own if candidate.lesson not in waiting)
    return BlockPart(part.name, part.seconds, own) if own else part
