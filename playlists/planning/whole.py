"""All showings of a day together: kept or new, with the blocks that are repeated. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from playlists.planning.attempts import OpenDay, best_attempt
from playlists.planning.keep import Base, keep
from playlists.planning.layout import Showing
from playlists.planning.replays import replays_of
from playlists.planning.weave import Order, keeps_apart
from playlists.schedules.schedule import Relaxed


def plan_day(
    day: OpenDay, order: Order, base: Base | None, clock: Callable[[int], int], zone: ZoneInfo
) -> tuple[list[Showing], bool, list[Relaxed]]:
    """The day with its repeated blocks, and the others again where these would come too close to them.

    Args:
        base: what of the day as it stood may stay.
        clock: minutes after midnight → seconds since 1970.

    Returns:
        The showings, in no order; whether they are known to break no rule that a single day can break; and the times
        at which a block could not be repeated.
    """
    planned, clean = _planned(day, order, base)
    if not any(one.block and one.block.replay for one in day.free):
        return planned, clean, []
    minutes = day.pool.programme.rules.separation_minutes

    def fits(some: Sequence[Showing]) -> bool:
        every = sorted((*day.fixed, *some))
        return not minutes or keeps_apart(every, day.history.last, minutes * 60, order.firm)

    replays = replays_of(planned, day.free, clock, fits)
    others = replays.others(planned)
    if replays.showings and not fits([*replays.showings, *others]):
        fixed = sorted((*day.fixed, *replays.showings))
        left = [pair for pair in zip(day.free, day.parts, strict=True) if pair[0] not in replays.stretches]
        judge = day.judge._replace(around=starts_of(fixed, order.later or {}))
        rest = OpenDay([one for one, _ in left], [own for _, own in left], day.pool, judge, day.history, fixed)
        kept = replace(base, showings=tuple(replays.others(base.showings))) if base else None
        others, _ = _planned(rest, order, kept)
    return [*others, *replays.showings], False, list(replays.relaxed(minutes, zone))


def starts_of(showings: Iterable[Showing], later: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
    """Lesson → when it starts, of these showings and of its first one after the day."""
    found = {lesson: [start] for lesson, start in later.items()}
    for one in showings:
        found.setdefault(one.candidate.lesson, []).append(one.start)
    return found


def _planned(day: OpenDay, order: Order, base: Base | None) -> tuple[list[Showing], bool]:
    if base and base.showings:
        due = order._replace(wanted=order.wanted - {one.candidate.lesson for one in base.showings})
        return keep(day.free, day.parts, day.pool, base, day.history, due, day.fixed), False
    return best_attempt(day, order)
