"""Why time of a window stays empty: the cause, and with it the cure. Plans nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from courseware.times import clock
from playlists.planning.fill import LITTLE, most_fillable
from playlists.planning.layout import Pool, Stretch
from playlists.planning.shelf import Shelf
from playlists.schedules.causes import Cause, cause


def why_empty(shelf: Shelf, pool: Pool, free: Sequence[Stretch], profile: str) -> Callable[[int, int], Cause]:
    """Why some time of a day stays empty, told by its start and its seconds.

    Args:
        free: the time that was to be filled.
        profile: of the venue.
    """
    nothing = _nothing_to_show(shelf, pool, profile)
    rest = pool.programme.rules.separation_minutes

    def because(start: int, seconds: int) -> Cause:
        if nothing is not None:
            return nothing
        shortest = min(pool.lengths)
        if shortest > seconds and any(one.start == start and one.seconds == seconds for one in free):
            return cause("all_longer", shortest=clock(shortest), seconds=seconds)
        if rest:
            return cause("too_soon", minutes=rest, seconds=seconds)
        if seconds <= LITTLE and any(
            one.start <= start < one.end and _could_hold_more(one, seconds, pool) for one in free
        ):
            return cause("variety", seconds=seconds)
        return cause("no_sum", seconds=seconds)

    return because


def _could_hold_more(stretch: Stretch, empty: int, pool: Pool) -> bool:
    return most_fillable(stretch.seconds, pool.lengths) > stretch.seconds - empty


def _nothing_to_show(shelf: Shelf, pool: Pool, profile: str) -> Cause | None:
    if shelf.is_empty:
        return cause("no_lesson")
    if not shelf.lessons:
        return cause("none_approved" if shelf.refused else "none_made", profile=profile)
    if not pool.candidates:
        return cause("all_forbidden" if shelf.lessons_on(pool.moment.day) else "none_valid")
    return None
