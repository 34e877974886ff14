"""Where each lesson stands in the queue of a day: how often, compared with others, and how long ago it was shown.

Puts lessons in the order in which they are wanted; chooses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, repeat
from typing import NamedTuple

from playlists.planning.tasks import Candidate, History

# How many showings a lesson may be ahead or behind: one that joins in midweek must not crowd out the others.
MOST_BEHIND = 2
_DAY_S = 86400
# The lessons of each series, series after series.
Members = tuple[tuple[str, ...], ...]


class Standing(NamedTuple):
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
        ahead, done = dict(self.ahead), dict[str, Candidate]()
        for one in showings:
            lesson = one.lesson
            if lesson in ahead:
                ahead[lesson] += 1
                # Of each the latest showing counts, and of these the latest comes last.
                done.pop(lesson, None)
                done[lesson] = one
        return Standing((*[one for one in self.order if one[0] not in done], *done.values()), ahead)

    @property
    def place(self) -> dict[str, int]:
        """Lesson → its place in the order; the one shown right before is the last."""
        return {lesson: place for place, (lesson, _, _) in enumerate(self.order)}


def stand(
    some: Sequence[Candidate],
    history: History,
    rotation: int,
    wanted: frozenset[str],
    members: Members | None = None,
) -> Standing:
    """How lessons, given by id in order, stand after that history.

    Args:
        rotation: where in the circle of lessons to begin; decides among those shown last on the same day.
        wanted: lessons that come before all others.
        members: of these lessons, where they are known already.
    """
    turn = rotation % len(some) if some else 0
    circle, last = [*some[turn:], *some[:turn]], history.last
    if last:
        days = [last.get(one[0], 0) // _DAY_S for one in circle]
        circle = [circle[number] for number in sorted(range(len(circle)), key=days.__getitem__)]
    if wanted:
        circle.sort(key=lambda one: one.lesson not in wanted)
    previous = history.previous
    if previous is not None:
        # It is one of the last, as a rule.
        for place in range(len(circle) - 1, -1, -1):
            if circle[place] == previous:
                circle.append(circle.pop(place))
                break
    return Standing(tuple(circle), _ahead(members_of(some) if members is None else members, history.uses))


def members_of(some: Iterable[Candidate]) -> Members:
    """The lessons of each series among these."""
    found: dict[str, list[str]] = {}
    for lesson, series, _ in some:
        found.setdefault(series, []).append(lesson)
    return tuple(map(tuple, found.values()))


def _ahead(members: Members, uses: Mapping[str, int]) -> dict[str, int]:
    counts = [[*map(uses.get, lessons, repeat(0))] for lessons in members]
    every = sorted(chain.from_iterable(counts))
    if not every or every[0] == every[-1]:
        return dict.fromkeys(chain.from_iterable(members), 0)
    overall = every[(len(every) - 1) // 2]
    ahead: dict[str, int] = {}
    for lessons, numbers in zip(members, counts, strict=True):
        usual = _median(numbers)
        base = _clamp(usual - overall)
        # The same few numbers come again and again.
        known = {number: _clamp(number - usual) + base for number in set(numbers)}
        ahead.update(zip(lessons, map(known.__getitem__, numbers), strict=True))
    return ahead


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
    ahead = standing.ahead
    marks = [ahead[one[0]] for one in tier]
    first, last = min(marks), max(marks)
    levels: dict[int, list[Candidate]] = {mark: [] for mark in range(first - 1, last + 1)}
    if first == last:
        levels[first] = list(tier)
    else:
        for one, mark in zip(tier, marks, strict=True):
            levels[mark].append(one)
    asked = frozenset[str]()
    if wanted and (met := [one for one in tier if one[0] in wanted]):
        asked = wanted
        levels = {level: [one for one in some if one[0] not in wanted] for level, some in levels.items()}
        first -= 1
        levels[first] = met
    offered = levels[first]
    yield offered
    most = cap or seconds
    for level in count(first + 1):
        # Who catches up had its turn in a round before.
        again = []
        for one in offered:
            turns = level - (first if one[0] in asked else ahead[one[0]])
            if turns < most and turns < seconds // one[2]:
                again.append(one)
        offered = [*levels.get(level, ()), *again]
        if not offered and level > last:
            return
        yield offered
