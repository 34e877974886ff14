"""A block filled with as many seconds of its own lessons as can be, where the plain way took hardly any. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from playlists.planning.arrange import arrange
from playlists.planning.fill import Filled, fill, judged
from playlists.planning.standing import Standing
from playlists.planning.sums import sums_of
from playlists.planning.tasks import Candidate, History, Task

# Divisions of the time that are tried, those with the most of the block's own first.
_MOST_TRIES = 12


def neglects(task: Task, found: Filled) -> bool:
    """Whether what is no lesson of the first tier takes more than half, and one of these would have fitted there."""
    asked = set(task.tiers[0])
    others = sum(one.seconds for one in found.showings if one not in asked)
    own = [one.seconds for one in task.tiers[0] if one.seconds <= task.seconds] if others else []
    if not own:
        return False
    # One lesson alone can only be every other showing.
    most = task.seconds if len(own) > 1 else task.seconds // 2
    shown = task.seconds - found.missing - others
    return others > min(task.seconds // 2, *own) and 2 * shown < most


def mostly_own(
    task: Task, found: Filled, fillers: Sequence[Candidate], others: Sequence[Candidate], history: History,
    standing: Standing,
) -> Filled:  # fmt: skip
    """As full and as varied as what was found, with clearly more of the first tier; that, where nothing has.

    Of the ways to do so, the one with the lesson whose turn it is.

    Args:
        fillers: what closes the rest, where that is less than half and less than any lesson of the block.
        others: what else may do so.
    """
    own = tuple(one for one in task.tiers[0] if one.seconds <= task.seconds)
    total, shown = task.seconds - found.missing, _seconds_of(found.showings, own)
    fill_up = tuple(one for one in fillers if one not in own)
    rest = tuple(one for one in others if one not in own and one not in fill_up)
    little = min(task.seconds // 2, *(one.seconds for one in own))
    place = standing.place
    for tiers, least in (((fill_up,), max(shown, total - little - 1)), ((rest, fill_up), shown)):
        best: tuple[int, list[Candidate]] | None = None
        for seconds in _divisions(total, own, [one for tier in tiers for one in tier], least):
            mine = fill(_part(task, seconds, (own,)), history, standing).showings
            some = [*mine, *fill(_part(task, total - seconds, tiers), history, standing).showings]
            turn = min(place[one.lesson] for one in mine)
            if judged(some, task, history.previous).rank >= found.rank and (best is None or turn < best[0]):
                best = turn, some
        if best is not None:
            ordered = arrange(best[1], task, history, standing.order)
            return judged(ordered, task, history.previous)
    return found


def _divisions(total: int, own: Sequence[Candidate], rest: Sequence[Candidate], least: int) -> Iterator[int]:
    """How many seconds of a block's own can be closed by the rest: more than the least, and half of the most."""
    mine = sums_of(total, [one.seconds for one in own], every=True)
    theirs = sums_of(total, [one.seconds for one in rest], every=True)
    ways = (each for each in range(total, least, -1) if mine >> each & 1 and theirs >> (total - each) & 1)
    most = 0
    for seconds in islice(ways, _MOST_TRIES):
        most = most or seconds
        if 2 * seconds >= most:
            yield seconds


def _part(task: Task, seconds: int, tiers: tuple[tuple[Candidate, ...], ...]) -> Task:
    wanted = task.wanted & {one.lesson for tier in tiers for one in tier}
    return Task(task.start, seconds, tiers, task.gap, task.rotation, wanted, shares=task.shares)


def _seconds_of(showings: Sequence[Candidate], own: Sequence[Candidate]) -> int:
    return sum(one.seconds for one in showings if one in own)
