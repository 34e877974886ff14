"""Whether the lines of one start of a player are all there, and as it wrote them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from playlists.asrun.line import LogLine, mark_of


class Written(NamedTuple):
    """A line and the bytes that its hash is made of."""

    line: LogLine
    content: bytes


@dataclass(frozen=True, slots=True)
class RecordChain:
    """The lines of one start of one player.

    Attributes:
        lines: by number; one of each.
        doubtful: numbers of those that are not as the player wrote them.
        gaps: numbers before which lines are missing.
        twins: numbers of which there are several that differ.
    """

    lines: tuple[Written, ...]
    doubtful: frozenset[int]
    gaps: tuple[int, ...]
    twins: tuple[int, ...]


def join_chain(written: Iterable[Written]) -> RecordChain:
    """Put lines of one start in order, however they were split, doubled or mixed.

    Of several lines of one number the one that its neighbours confirm is taken. A line whose hash is not the one that
    the next line names was changed, or the next was: both are doubtful unless the other neighbour confirms them.
    """
    by_number: dict[int, dict[bytes, Written]] = defaultdict(dict)
    for one in written:
        by_number[one.line.n][one.content] = one
    numbers = sorted(by_number)
    named = {n: {one.line.prev for one in by_number[n].values()} for n in numbers}
    chosen = tuple(_confirmed(by_number[n].values(), named.get(n + 1, set()), _marks(by_number, n)) for n in numbers)
    gaps = tuple(n for n, before in zip(numbers, [-1, *numbers], strict=False) if n != before + 1)
    twins = tuple(n for n in numbers if len(by_number[n]) > 1)
    return RecordChain(chosen, frozenset(_doubtful(chosen)), gaps, twins)


def _marks(by_number: dict[int, dict[bytes, Written]], n: int) -> set[str]:
    """What a line of this number may name as its predecessor."""
    if n == 0:
        return {mark_of(one.line.boot.encode()) for one in by_number[0].values()}
    return {mark_of(content) for content in by_number.get(n - 1, ())}


def _confirmed(some: Iterable[Written], named_after: set[str], marks_before: set[str]) -> Written:
    """The one that the next line names, else one that names the line before, else the first by its bytes."""
    return min(
        some,
        key=lambda one: (mark_of(one.content) not in named_after, one.line.prev not in marks_before, one.content),
    )


def _doubtful(lines: Sequence[Written]) -> Iterable[int]:
    """A line is doubtful when the next one is there and names another; the first and last also by the one before."""
    last = len(lines) - 1
    for place, one in enumerate(lines):
        before = lines[place - 1] if place and lines[place - 1].line.n == one.line.n - 1 else None
        after = lines[place + 1] if place < last and lines[place + 1].line.n == one.line.n + 1 else None
        if one.line.n == 0 and one.line.prev != mark_of(one.line.boot.encode()):
            yield one.line.n
        elif after is not None:
            # The player hashed what it had written: what the next line confirms is whole, `prev` included.
            if after.line.prev != mark_of(one.content):
                yield one.line.n
        elif before is not None and one.line.prev != mark_of(before.content):
            yield one.line.n
