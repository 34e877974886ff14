"""A day's showings: begun at several places of the rotation, bettered, compared; the best attempt is kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from playlists.planning.layout import Part, Pool, Showing, Stretch, shown
from playlists.planning.polish import Judge, improve
from playlists.planning.rearrange import best_of_few
from playlists.planning.tasks import History
from playlists.planning.weave import Order, weave

_MOST_TRIES, _TRIES_FOR_COST = 8, 4
_SHORT_DAY = 30


@dataclass(frozen=True, slots=True)
class OpenDay:
    """The time of a day that is to be filled.

    Attributes:
        fixed: showings that lie between the stretches, in order of time.
        seen: the orders of earlier days, which this one should not repeat.
    """

    free: Sequence[Stretch]
    parts: Sequence[Sequence[Part]]
    pool: Pool
    judge: Judge
    history: History
    fixed: Sequence[Showing] = ()
    seen: frozenset[tuple[str, ...]] = frozenset()


def best_attempt(day: OpenDay, order: Order) -> list[Showing]:
    """The day's plan; begun elsewhere in the rotation while it is like an earlier day's or breaks a soft rule."""
    best: tuple[int, bool, int] | None = None
    planned: list[Showing] = []
    judge = day.judge
    for turn in range(min(_MOST_TRIES, max(1, len(day.pool.candidates)))):
        turned = replace(order, rotation=order.rotation + turn)
        tried, weight = improve(attempt(day, turned), day.free, judge)
        empty = -sum(one.candidate.seconds for one in tried)
        alike = tuple(one.candidate.lesson for one in sorted((*tried, *day.fixed))) in day.seen
        # In a long day some rule always gives way somewhere.
        cost = weight if len(tried) <= _SHORT_DAY else 0
        if best is None or (empty, alike, cost) < best:
            best, planned = (empty, alike, cost), tried
        # Another beginning brings other lessons; the best hours stay as short as they are.
        if not alike and (turn + 1 >= _TRIES_FOR_COST or not cost or not judge.cost(tried, "premieres")):
            break
    if best is not None and best[2]:
        return best_of_few(planned, day.free, day.pool, judge, day.history, order.wanted, day.seen) or planned
    return planned


def attempt(day: OpenDay, order: Order) -> list[Showing]:
    """The stretches filled one after the other, each knowing what was shown before it."""
    history, waiting = day.history, list(day.fixed)
    showings: list[Showing] = []
    for stretch, own in zip(day.free, day.parts, strict=True):
        while waiting and waiting[0].start < stretch.start:
            history = shown(history, [waiting.pop(0)])
        met = {one.candidate.lesson for one in showings}
        here = replace(order, wanted=order.wanted - met) if order.wanted & met else order
        woven = weave(stretch, own, day.pool, history, here)
        history = shown(history, woven)
        showings += woven
    return showings
