"""The best way of a long recording through a long chain, when nobody knows where in it to look.

States far worse than the best are forgotten; where nothing fits well, none is far worse, and many are kept. Now and
then the way may leap over script that was not spoken, and something unscripted may last as long as it will.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from courseware.align.path import NEVER, OTHER, Trail, Walk

if TYPE_CHECKING:
    from courseware.align.path import Costs, Path
    from courseware.speech.chain import Chain
    from courseware.speech.sound import Floats

BLOCK = 1_000  # steps whose trail is in memory at a time
WORSE = 3_500.0  # than the best by more: forgotten
WIDEST = 40_000  # states
AHEAD = 10_000  # states over which a leap can go: 12 minutes and more
_EVERY = 8  # steps
_MARGIN = 2 * _EVERY + 2  # states that can be passed meanwhile


def best_way(fits: Floats, voice: Floats, chain: Chain, costs: Costs, leaps: AbstractSet[int]) -> Path:
    """The state of every step, OTHER where something else is heard.

    Args:
        fits: steps × rows of models.
        voice: how sure it is that a step is voice, weighted.
        leaps: the steps in which the way may leap.
    """
    import numpy as np

    beam = _Beam(fits, voice, chain, costs, leaps)
    starts = range(0, len(fits), BLOCK)
    marks = []
    for first in starts:
        marks.append(beam.mark())
        beam.run(first, None)
    end = beam.walk.ending()
    if end is None:
        return np.full(len(fits), OTHER, np.int32)
    state, aside = end
    path = np.zeros(len(fits), np.int32)
    # Trails of hours would fill the memory: each block is walked again when its turn comes.
    for first, mark in zip(reversed(starts), reversed(marks), strict=True):
        trail = Trail()
        beam.restore(mark)
        beam.run(first, trail)
        path[first : first + BLOCK], state, aside = trail.back(beam.walk.ends, state, aside=aside)
    return path


class _Beam:
    """A walk with the window that it needs."""

    def __init__(self, fits: Floats, voice: Floats, chain: Chain, costs: Costs, leaps: AbstractSet[int]) -> None:
        self._fits, self._voice, self._leaps = fits, voice, leaps
        self.walk = Walk(chain, costs)
        self.walk.look_at(0, min(len(chain.model), _MARGIN))

    def mark(self) -> tuple[int, int, Floats, Floats]:
        """Where the walk is."""
        walk = self.walk
        return walk.low, walk.high, walk.value[walk.low + 2 : walk.high + 2].copy(), walk.aside.copy()

    def restore(self, mark: tuple[int, int, Floats, Floats]) -> None:
        """Go back there."""
        low, high, value, aside = mark
        self.walk.look_at(low, high)
        self.walk.value[:] = NEVER
        self.walk.value[low + 2 : high + 2] = value
        self.walk.aside[:] = aside

    def run(self, first: int, trail: Trail | None) -> None:
        """One block."""
        for step in range(first, min(len(self._fits), first + BLOCK)):
            leaping = step in self._leaps
            if step % _EVERY == 0 or leaping:
                self._look(leaping=leaping)
            self.walk.advance(self._fits[step], float(self._voice[step]), trail, leaping=leaping)

    def _look(self, *, leaping: bool) -> None:
        """Look at the states that are not far worse than the best, and those that can be reached from there soon."""
        import numpy as np

        walk = self.walk
        value = walk.value[walk.low + 2 : walk.high + 2]
        top = max(float(value.max()), float(walk.aside.max()))
        # In hours sums would grow until small differences are lost.
        value -= np.float32(top)
        walk.aside -= np.float32(top)
        worse = WORSE
        low, high = self._within(value, worse, leaping=leaping)
        while high - low > WIDEST:
            worse /= 1.5
            low, high = self._within(value, worse, leaping=leaping)
        walk.look_at(low, high)

    def _within(self, value: Floats, worse: float, *, leaping: bool) -> tuple[int, int]:
        """The first state that is worth looking at, and the one after the last."""
        import numpy as np

        walk = self.walk
        ends = walk.ends
        alive = np.flatnonzero(value > -worse) + walk.low
        asides = np.flatnonzero(walk.aside > -worse)
        places = [int(alive[0]), int(alive[-1])] if len(alive) else []
        places += [ends[int(asides[0])], ends[int(asides[-1])]] if len(asides) else []
        best = walk.low + int(value.argmax()) if value.max() > walk.aside.max() else ends[int(walk.aside.argmax())]
        after = (
            best + AHEAD if leaping else min(best + AHEAD, ends[min(bisect_left(ends, best) + 2, len(ends) - 1)] + 1)
        )
        high = max(max(places) + _MARGIN, after)
        return min(places), min(high, len(walk.value) - 2)
