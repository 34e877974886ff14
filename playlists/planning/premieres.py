"""Keeps first showings for the best hours: which lessons a block leaves to a later one. Chooses no showing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playlists.planning.layout import Part, Pool, Stretch
from playlists.planning.tasks import Candidate

# So much of the best hours is for premieres, in per cent; whole lessons never fill them to the second.
_MOST_PERCENT = 75
# Where more lessons are new than the best hours of so many days can take, none waits: they are wanted sooner.
_MOST_DAYS = 7


def keep_for_best(
    free: Sequence[Stretch],
    parts: Sequence[Sequence[Part]],
    pool: Pool,
    unseen: frozenset[str],
    best: tuple[int, int],
    rotation: int,
) -> tuple[tuple[Part, ...], ...]:
    """The blocks without the lessons whose first showing can wait for the best hours, of this day or of one soon.

    Args:
        unseen: lessons that the venue has never shown and nobody asked for.
        best: in seconds since 1970.
        rotation: where in the circle of lessons to begin.
    """
    during, room = _overlaps(free, parts, best)
    admitted = {one.lesson for part, inside in during if inside for one in part.own} & unseen
    room = room * _MOST_PERCENT // 100
    if sum(one.seconds for one in pool.candidates if one.lesson in admitted) > _MOST_DAYS * room:
        return tuple(tuple(some) for some in parts)
    turn = rotation % max(1, len(pool.candidates))
    coming = _fitting((*pool.candidates[turn:], *pool.candidates[:turn]), admitted, room)
    kept = iter(_without(part, admitted - coming if inside else admitted) for part, inside in during)
    return tuple(tuple(next(kept) for _ in some) for some in parts)


def _overlaps(
    free: Sequence[Stretch], parts: Sequence[Sequence[Part]], best: tuple[int, int]
) -> tuple[list[tuple[Part, bool]], int]:
    """Each part with whether it lies in the best hours, at least in part; and the seconds that do."""
    found, room = list[tuple[Part, bool]](), 0
    for stretch, some in zip(free, parts, strict=True):
        start = stretch.start
        for part in some:
            inside = max(0, min(start + part.seconds, best[1]) - max(start, best[0]))
            found.append((part, inside > 0))
            room += inside
            start += part.seconds
    return found, room


def _fitting(some: Iterable[Candidate], admitted: set[str], room: int) -> set[str]:
    found = set[str]()
    for one in some:
        if one.lesson in admitted and one.seconds <= room:
            found.add(one.lesson)
            room -= one.seconds
    return found


def _without(part: Part, waiting: set[str]) -> Part:
    own = tuple(one for one in part.own if one.lesson not in waiting)
    return Part(part.name, part.seconds, own) if own else part
