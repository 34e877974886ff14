"""A day's showings: begun at several places of the rotation, bettered, compared; the best attempt is kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from playlists.planning.layout import Part, Pool, Showing, Stretch, shown
from playlists.planning.polish import Judge, improve
from playlists.planning.rearrange import best_of_few
from playlists.planning.tasks import History
from playlists.planning.weave import Order, weave

_MOST_TRIES, _TRIES_FOR_COST = 8, 3
_SHORT_DAY = 30


class OpenDay(NamedTuple):
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
    seen: AbstractSet[tuple[str, ...]] = frozenset()


def best_attempt(day: OpenDay, order: Order) -> tuple[list[Showing], bool]:
    """The day's plan; begun elsewhere in the rotation while it is like an earlier day's or breaks a soft rule.

    Returns:
        The plan, and whether it is known to break no rule that a single day can break.
    """
    best: tuple[int, bool, int] | None = None
    planned, clean = list[Showing](), False
    judge = day.judge
    for number, turn in enumerate(turns_of(len(day.pool.candidates)), 1):
        turned = order._replace(rotation=order.rotation + turn)
        tried, weight = improve(attempt(day, turned), day.free, judge)
        empty = -sum([one[1][2] for one in tried])
        alike = bool(day.seen) and tuple([one[1][0] for one in sorted((*tried, *day.fixed))]) in day.seen
        # In a long day some rule always gives way somewhere.
        cost = weight if len(tried) <= _SHORT_DAY else 0
        if best is None or (empty, alike, cost) < best:
            best, planned, clean = (empty, alike, cost), tried, not weight
        # Another beginning brings other lessons; the best hours stay as short as they are.
        if not alike and (number >= _TRIES_FOR_COST or not cost or not judge.cost(tried, "premieres")):
            break
    if best is not None and best[2]:
        better = best_of_few(planned, day.free, day.pool, judge, day.history, order.wanted, day.seen)
        return better or planned, False
    return planned, clean


def turns_of(lessons: int) -> list[int]:
    """Where in the circle to begin: a third of it further each time, since neighbours mostly bring the same day."""
    tries = range(min(_MOST_TRIES, max(1, lessons)))
    step = lessons // _TRIES_FOR_COST
    far = lessons > _MOST_TRIES
    return [number % _TRIES_FOR_COST * step + number // _TRIES_FOR_COST if far else number for number in tries]


def attempt(day: OpenDay, order: Order) -> list[Showing]:
    """The stretches filled one after the other, each knowing what was shown before it."""
    history, waiting = day.history, list(day.fixed)
    apart = day.pool.programme.rules.separation_minutes
    showings: list[Showing] = []
    for number, (stretch, own) in enumerate(zip(day.free, day.parts, strict=True), 1):
        while waiting and waiting[0].start < stretch.start:
            history = shown(history, [waiting.pop(0)])
        here = order
        if order.wanted and (met := order.wanted & {one.candidate.lesson for one in showings}):
            here = order._replace(wanted=order.wanted - met)
        if apart and waiting:
            here = here.before(waiting, firm=True)
        woven = weave(stretch, own, day.pool, history, here)
        if number < len(day.free):
            history = shown(history, woven)
        showings += woven
    return showings
