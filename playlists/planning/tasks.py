"""What filling works on: lessons that may be shown, what was shown before, and a stretch to fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

# Of a candidate its lesson and its length: millions are asked for, and this is the quickest way.
lesson_of, seconds_of = itemgetter(0), itemgetter(2)
_NONE: Mapping[str, int] = MappingProxyType({})


class Candidate(NamedTuple):
    """A lesson that may be shown; what is made without a video, like an ident, is of no series: its series is ""."""

    lesson: str
    series: str
    seconds: int


class History(NamedTuple):
    """What was shown before.

    Attributes:
        uses: lesson → number of showings in the month.
        last: lesson → start of its latest showing, in seconds on the same clock as `Task.start`.
        previous: the showing right before, None at the beginning.
    """

    uses: Mapping[str, int] = _NONE
    last: Mapping[str, int] = _NONE
    previous: Candidate | None = None

    def after(self, showings: Sequence[Candidate], start: int) -> History:
        """The history when `showings` have been shown one after the other from `start`."""
        uses, last = dict(self.uses), dict(self.last)
        for lesson, _, seconds in showings:
            uses[lesson] = uses.get(lesson, 0) + 1
            last[lesson] = start
            start += seconds
        return History(uses, last, showings[-1] if showings else self.previous)


class Task(NamedTuple):
    """A stretch to fill.

    Attributes:
        start: seconds on any clock, the same for all tasks of a venue.
        seconds: length.
        tiers: lessons by preference; those of a later tier come in only where the earlier do not suffice.
        gap: least seconds from the start of a showing to the next start of the same lesson.
        rotation: where in the circle of lessons to begin; decides among those shown last on the same day.
        wanted: lessons that come before all others.
        exact: whether every second counts; a block before another may leave some to it.
        shares: lesson → how often it should come, compared with the others; empty: all equally often.
    """

    start: int
    seconds: int
    tiers: tuple[tuple[Candidate, ...], ...]
    gap: int = 0
    rotation: int = 0
    wanted: frozenset[str] = frozenset()
    exact: bool = True
    shares: Mapping[str, int] = _NONE


class Offers:
    """A queue that several searches read from its beginning, without making it more than once."""

    __slots__ = ("_coming", "_known")

    def __init__(self, coming: Iterator[Candidate]) -> None:
        self._coming = coming
        self._known: list[Candidate] = []

    def between(self, first: int, last: int) -> Iterator[Candidate]:
        """The offers from the first until before the last."""
        known = self._known
        for place in range(first, last):
            if place == len(known):
                one = next(self._coming, None)
                if one is None:
                    return
                known.append(one)
            yield known[place]
