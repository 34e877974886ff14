"""Blocks that are repeated: at their later clock times they show what they showed at the first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from playlists.almanac.days import clock_at
from playlists.planning.layout import Showing, Stretch
from playlists.schedules.causes import cause
from playlists.schedules.schedule import Relaxed

_RULE = "板块重播"


@dataclass(frozen=True, slots=True)
class Replays:
    """What the repeated blocks of a day show.

    Attributes:
        showings: at all of their times, the first included.
        stretches: the time that these take.
        refused: the later times at which a block is not repeated, since its lessons would come too soon again.
    """

    showings: tuple[Showing, ...]
    stretches: tuple[Stretch, ...]
    refused: tuple[Stretch, ...]

    def others(self, showings: Iterable[Showing]) -> list[Showing]:
        """Those that lie elsewhere, or are repeated no more."""
        return [
            one._replace(why="") if one.why == "replay" and _lies_in(one, self.refused) else one
            for one in showings
            if not _lies_in(one, self.stretches)
        ]

    def relaxed(self, minutes: int, zone: ZoneInfo) -> Iterable[Relaxed]:
        """The times at which nothing could be repeated, with the reason.

        Args:
            minutes: the hard least time between two starts of a lesson.
        """
        for stretch in self.refused:
            reason = cause("replay_too_soon", block=stretch.block.name if stretch.block else "", minutes=minutes)
            yield Relaxed(rule=_RULE, start=clock_at(stretch.start, zone), reason=reason)


def replays_of(
    planned: Sequence[Showing],
    free: Iterable[Stretch],
    opening: Callable[[int], int],
    fits: Callable[[Sequence[Showing]], bool],
) -> Replays:
    """What a block showed at its first time, for each of its later times that is as long.

    Args:
        opening: minutes after midnight → seconds since 1970.
        fits: whether these showings, in no order, may all be shown that day.
    """
    repeated = [one for one in free if one.block and one.block.replay]
    showings, taken, refused = list[Showing](), list[Stretch](), list[Stretch]()
    for stretch in repeated:
        first = next(one for one in repeated if one.block == stretch.block)
        whole = first.block is not None and first.start == opening(first.block.times[0])
        if stretch == first or not whole or stretch.seconds != first.seconds:
            continue
        begun = [one for one in planned if _lies_in(one, (first,))] if first not in taken else []
        source = begun or [one for one in showings if _lies_in(one, (first,))]
        shift = stretch.start - first.start
        again = [one._replace(start=one.start + shift, why="replay") for one in source]
        if fits([*showings, *begun, *again]):
            showings += [*begun, *again]
            taken += [stretch] if first in taken else [first, stretch]
        else:
            refused.append(stretch)
    return Replays(tuple(showings), tuple(taken), tuple(refused))


def _lies_in(one: Showing, stretches: Iterable[Stretch]) -> bool:
    return any(stretch.start <= one.start < stretch.end for stretch in stretches)
