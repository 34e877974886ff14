"""The one best way of a recording through a chain of states: dynamic programming, a window of states at a time.

It knows neither sounds nor scripts: it is given how well each step fits each row of models, and what detours cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from courseware.align.chain import SENTENCE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.align.chain import Chain
    from courseware.align.sound import Floats

    Bools = NDArray[np.bool_]

OTHER = -1  # in a path: something that is not in the script
_STAY, _NEXT, _OVER, _SKIP, _RETURN = range(5)  # the first three go back so many states
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Costs:
    """What deviations cost, in the same unit as the evidence.

    Attributes:
        stay: a state lasts a step longer than the synthesiser would make it.
        over: a state is passed over.
        pause: to begin a pause at a border INSIDE, WORD, CLAUSE, SENTENCE.
        pause_step: each step of it.
        skip: a sentence of the script was not spoken.
        skip_state: and for each of its states.
        other: something else begins that is not in the script.
        other_step: and for each step of it.
    """

    stay: float = 0.7
    over: float = 1.0
    pause: tuple[float, float, float, float] = (8.0, 4.0, 1.0, 0.0)
    pause_step: tuple[float, float, float, float] = (2.5, 0.5, 0.0, 0.0)
    skip: float = 15.0
    skip_state: float = 0.1
    other: float = 25.0
    other_step: float = 0.1

    def per_steps(self, count: int) -> Costs:
        """The same for steps that are `count` times as long: what is paid by the step grows."""
        return Costs(
            stay=self.stay * count,
            over=self.over * count,
            pause=self.pause,
            pause_step=tuple(one * count for one in self.pause_step),  # type: ignore[arg-type]
            skip=self.skip,
            skip_state=self.skip_state * count,
            other=self.other,
            other_step=self.other_step * count,
        )


def best_path(
    fits: Floats, voice: Floats, chain: Chain, costs: Costs, width: int, centre: NDArray[np.int64] | None = None
) -> NDArray[np.int32]:
    """The state of every step, OTHER where something else is heard.

    Args:
        fits: steps × rows of models.
        voice: how sure it is that a step is voice, weighted: added to sounds, taken from pauses.
        width: how many states to look at in each step.
        centre: the state about which to look at each step; None if the width takes in all.
    """
    search = _Search(fits, voice, chain, costs, min(width, len(chain.model)))
    for step in range(len(fits)):
        search.advance(step, 0 if centre is None else int(centre[step]))
    return search.trace()


class _Search:
    """The values of the states after some steps, and how each was reached."""

    def __init__(self, fits: Floats, voice: Floats, chain: Chain, costs: Costs, width: int) -> None:
        import numpy as np

        self._fits, self._voice, self._costs, self._width = fits, voice, costs, width
        self._model = chain.model
        self._states = len(chain.model)
        self._ends = np.flatnonzero(chain.border == SENTENCE)
        self._set_costs(chain)
        self._lows = np.zeros(len(fits), np.int64)
        self._back = np.zeros((len(fits), width), np.int8)
        self._back_aside = np.zeros((len(fits), len(self._ends)), np.bool_)
        # Two in front, so that no index is below 0.
        self._value = np.full(self._states + 2, _NEVER, np.float32)
        self._value[2] = 0
        self._aside = np.full(len(self._ends), _NEVER, np.float32)

    def _set_costs(self, chain: Chain) -> None:
        import numpy as np

        costs = self._costs
        pauses = chain.border >= 0
        strength = chain.border[pauses]
        self._stay = np.where(pauses, 0, -costs.stay).astype(np.float32)
        self._stay[pauses] = -np.array(costs.pause_step, np.float32)[strength]
        self._enter = np.zeros(self._states, np.float32)
        self._enter[pauses] = -np.array(costs.pause, np.float32)[strength]
        self._over = np.full(self._states, -costs.over, np.float32)
        self._over[1:][pauses[:-1]] = 0
        self._over[pauses] = _NEVER
        self._sign = np.where(pauses, -1, 1).astype(np.float32)
        self._skip = -(costs.skip + costs.skip_state * np.diff(self._ends)).astype(np.float32)

    def advance(self, step: int, centre: int) -> None:
        """Take one step of the recording into account."""
        import numpy as np

        low = self._window(step, centre)
        high = low + self._width
        staying = self._value[low + 2 : high + 2] + self._stay[low:high]
        coming = self._value[low + 1 : high + 1] + self._enter[low:high]
        passing = self._value[low:high] + self._over[low:high]
        best = np.maximum(np.maximum(staying, coming), passing)
        choice = self._back[step]
        choice[:] = np.where(best == staying, _STAY, np.where(best == coming, _NEXT, _OVER))
        self._detours(step, low, best, choice)
        best += self._fits[step][self._model[low:high]]
        best += self._sign[low:high] * self._voice[step]
        self._value[low + 2 : high + 2] = best

    def _window(self, step: int, centre: int) -> int:
        """The first state to look at; a window never goes back, and what it leaves is lost."""
        before = int(self._lows[step - 1]) if step else 0
        low = max(before, min(centre - self._width // 2, self._states - self._width))
        self._value[2 + before : 2 + low] = _NEVER
        self._lows[step] = low
        return low

    def _detours(self, step: int, low: int, best: Floats, choice: NDArray[np.int8]) -> None:
        """At the ends of sentences: leave one out, or listen to something else and come back."""
        import numpy as np

        first, last = np.searchsorted(self._ends, (low, low + self._width))
        at = self._ends[first:last] - low
        before = self._value[self._ends[first:last] + 2]
        _take(best, choice, at[1:], before[:-1] + self._skip[first : max(first, last - 1)], _SKIP)
        _take(best, choice, at, self._aside[first:last], _RETURN)
        going = before - self._costs.other
        begins = going > self._aside[first:last]
        self._back_aside[step, first:last] = begins
        heard = abs(float(self._voice[step])) - self._costs.other_step
        self._aside[first:last] = np.where(begins, going, self._aside[first:last]) + heard

    def trace(self) -> NDArray[np.int32]:
        """Go back from the end of the chain."""
        import numpy as np

        path = np.zeros(len(self._fits), np.int32)
        # A recording may break off with the last sound, and a window may not have come to the end.
        state = self._states - 1 - int(self._value[-2] > self._value[-1])
        aside = bool(self._aside[-1] > self._value[state + 2])
        if not aside and self._value[state + 2] <= _NEVER / 2:
            state = int(np.argmax(self._value)) - 2
            if self._value[state + 2] <= _NEVER / 2:
                return np.full(len(path), OTHER, np.int32)
        state = self._states - 1 if aside else state
        for step in range(len(path) - 1, -1, -1):
            path[step] = OTHER if aside else state
            if aside:
                aside = not self._back_aside[step, np.searchsorted(self._ends, state)]
                continue
            way = self._back[step, state - self._lows[step]]
            aside = way == _RETURN
            state = (
                int(self._ends[np.searchsorted(self._ends, state) - 1])
                if way == _SKIP
                else state - int(way) * (way <= _OVER)
            )
        return path


def _take(best: Floats, choice: NDArray[np.int8], at: NDArray[np.int64], offer: Floats, way: int) -> None:
    """Put a detour where it is better than what there is."""
    import numpy as np

    better = offer > best[at]
    best[at] = np.where(better, offer, best[at])
    choice[at] = np.where(better, way, choice[at])
