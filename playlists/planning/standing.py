"""Where each lesson stands in the queue of a day: how often, compared with others, and how long ago it was shown.

Puts lessons in the order in which they are wanted; chooses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from playlists.planning.tasks import Candidate, History

# How many showings a lesson may be ahead or behind: one that joins in midweek must not crowd out the others.
MOST_BEHIND = 2
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Standing:
    """The lessons of a day before it begins, or in the midst of it.

    Attributes:
        order: asked for, then longest not shown, then by the circle.
        ahead: lesson → how many showings it is ahead of what is usual in its series, so that within a series all come
            alike.
    """

    order: tuple[Candidate, ...]
    ahead: Mapping[str, int]

    def after(self, showings: Iterable[Candidate]) -> Standing:
        """The standing when these have been shown: they go to the end, each so many showings further ahead."""
        ahead, shown = dict(self.ahead), list[Candidate]()
        for one in showings:
            if one.lesson in ahead:
                ahead[one.lesson] += 1
                shown.append(one)
        done = set(shown)
        order = [one for one in self.order if one not in done]
        # Of each the latest showing counts, and of these the latest comes last.
        order += reversed(dict.fromkeys(reversed(shown)))
        return Standing(tuple(order), ahead)

    @property
    def place(self) -> dict[str, int]:
        """Lesson → its place in the order; the one shown right before is the last."""
        return {lesson: place for place, (lesson, _, _) in enumerate(self.order)}


def stand(some: Sequence[Candidate], history: History, rotation: int, wanted: frozenset[str]) -> Standing:
    """How lessons, given by id in order, stand after that history.

    Args:
        rotation: where in the circle of lessons to begin; decides among those shown last on the same day.
        wanted: lessons that come before all others.
    """
    turn = rotation % len(some) if some else 0
    circle, last = [*some[turn:], *some[:turn]], history.last
    if last:
        days = [last.get(one.lesson, 0) // _DAY_S for one in circle]
        circle = [circle[number] for number in sorted(range(len(circle)), key=days.__getitem__)]
    if wanted:
        circle.sort(key=lambda one: one.lesson not in wanted)
    previous = history.previous
    if previous in circle:
        circle.remove(previous)
        circle.append(previous)
    return Standing(tuple(circle), _ahead(some, history.uses))


def _ahead(some: Sequence[Candidate], uses: Mapping[str, int]) -> dict[str, int]:
    counts = [uses.get(one.lesson, 0) for one in some]
    if not counts or min(counts) == max(counts):
        return {one.lesson: 0 for one in some}
    by_series: dict[str, list[int]] = {}
    for one, number in zip(some, counts, strict=True):
        by_series.setdefault(one.series, []).append(number)
    overall = _median(counts)
    usual = {series: _median(numbers) for series, numbers in by_series.items()}
    base = {series: _clamp(level - overall) for series, level in usual.items()}
    # The same few numbers come again and again.
    known = {
        (series, number): _clamp(number - usual[series]) + base[series]
        for series, numbers in by_series.items()
        for number in set(numbers)
    }
    return {one.lesson: known[one.series, number] for one, number in zip(some, counts, strict=True)}


def _median(numbers: Sequence[int]) -> int:
    return sorted(numbers)[(len(numbers) - 1) // 2]


def _clamp(ahead: int) -> int:
    return -MOST_BEHIND if ahead < -MOST_BEHIND else min(ahead, MOST_BEHIND)


def rounds(
    tier: Sequence[Candidate], standing: Standing, wanted: frozenset[str], seconds: int, cap: int | None
) -> Iterator[list[Candidate]]:
    """Each round offers every lesson of the tier once; lessons shown less often so far have extra rounds first.

    Args:
        tier: in the order of the standing.
        seconds, cap: a lesson is offered no more often than it fits in, and than it may be shown.
    """
    levels: dict[int, list[Candidate]] = {}
    ahead = standing.ahead
    for one in tier:
        levels.setdefault(ahead[one.lesson], []).append(one)
    first = min(levels)
    if wanted and (asked := [one for one in tier if one.lesson in wanted]):
        levels = {level: [one for one in some if one.lesson not in wanted] for level, some in levels.items()}
        first -= 1
        levels[first] = asked
    last, offered = max(levels), levels.get(first, [])
    yield offered
    begun = {one.lesson: level for level, some in levels.items() for one in some}
    most = {one.lesson: min(seconds // one.seconds, cap or seconds) for one in tier}
    for level in count(first + 1):
        # Who catches up had its turn in a round before.
        again = [one for one in offered if level - begun[one.lesson] < most[one.lesson]]
        offered = [*levels.get(level, ()), *again]
        if not offered and level > last:
            return
        yield offered
