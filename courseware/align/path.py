"""The one best way of a recording through a chain of states: dynamic programming, a window of states at a time.

It knows neither sounds nor scripts: it is given how well each step fits each row of models, and what detours cost.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from courseware.speech.chain import SENTENCE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.speech.chain import Chain
    from courseware.speech.sound import Floats

    Bools = NDArray[np.bool_]
    Path = NDArray[np.int32]

OTHER = -1  # in a path: something that is not in the script
_STAY, _NEXT, _OVER, _SKIP, _RETURN, _LEAP = range(6)  # the first three go back so many states
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Costs:
    """What deviations cost, in the same unit as the evidence.

    Attributes:
        stay: a state lasts a step longer than the synthesiser would make it.
        over: a state is passed over.
        pause: to begin a pause at a border INSIDE, WORD, CLAUSE, SENTENCE.
        pause_step: each step of it.
        skip: a sentence of the script was not spoken; nothing where it is optional.
        optional: one that is optional was spoken.
        skip_state: and for each of its states.
        other: something else begins that is not in the script.
        other_step: and for each step of it.
        leap: a long stretch of the script was not spoken; only where leaps are allowed.
        leap_state: and for each of its states.
    """

    stay: float = 0.7
    over: float = 1.0
    pause: tuple[float, float, float, float] = (8.0, 4.0, 1.0, 0.0)
    pause_step: tuple[float, float, float, float] = (2.5, 0.5, 0.0, 0.0)
    skip: float = 15.0
    skip_state: float = 0.1
    optional: float = 4.0
    other: float = 25.0
    other_step: float = 0.1
    leap: float = 2_000.0
    leap_state: float = 0.01

    def per_steps(self, count: int) -> Costs:
        """The same for steps that are `count` times as long: what is paid by the step grows."""
        return Costs(
            stay=self.stay * count,
            over=self.over * count,
            pause=self.pause,
            pause_step=tuple(one * count for one in self.pause_step),  # type: ignore[arg-type]
            skip=self.skip,
            skip_state=self.skip_state * count,
            optional=self.optional,
            other=self.other,
            other_step=self.other_step * count,
            leap=self.leap,
            leap_state=self.leap_state * count,
        )


@dataclass(slots=True)
class Trail:
    """How each state was reached in some steps.

    Attributes:
        ways: for each step the first state looked at, and how it and each one after it was reached.
        begins: for each step the first end of a sentence looked at, and whether something else begins at each.
        leaps: for steps with leaps, from which end each end is reached at best.
    """

    ways: list[tuple[int, NDArray[np.int8]]] = field(default_factory=list)
    begins: list[tuple[int, Bools]] = field(default_factory=list)
    leaps: dict[int, tuple[int, NDArray[np.int64]]] = field(default_factory=dict)

    def back(self, ends: list[int], state: int, *, aside: bool) -> tuple[Path, int, bool]:
        """Go back through all of its steps.

        Args:
            ends: the states in which sentences end.
            state: where the way is after the last step, and `aside`, whether something else is heard there.

        Returns:
            The state of every step, and where the way was before the first.
        """
        import numpy as np

        path = np.zeros(len(self.ways), np.int32)
        for step in range(len(path) - 1, -1, -1):
            path[step] = OTHER if aside else state
            if aside:
                first, begins = self.begins[step]
                at = bisect_left(ends, state) - first
                aside = not (0 <= at < len(begins) and begins[at])
                continue
            low, ways = self.ways[step]
            way = int(ways[state - low])
            aside = way == _RETURN
            if way == _SKIP:
                state = ends[bisect_left(ends, state) - 1]
            elif way == _LEAP:
                first, origins = self.leaps[step]
                state = ends[first + int(origins[bisect_left(ends, state) - first])]
            elif way <= _OVER:
                state -= way
        return path, state, aside


def best_path(
    fits: Floats, voice: Floats, chain: Chain, costs: Costs, width: int, centre: NDArray[np.int64] | None = None
) -> Path:
    """The state of every step, OTHER where something else is heard.

    Args:
        fits: steps × rows of models.
        voice: how sure it is that a step is voice, weighted: added to sounds, taken from pauses.
        width: how many states to look at in each step.
        centre: the state about which to look at each step; None if the width takes in all.
    """
    import numpy as np

    walk, trail, states = Walk(chain, costs), Trail(), len(chain.model)
    width = min(width, states)
    for step in range(len(fits)):
        # A window never goes back, and what it leaves is lost.
        low = walk.low if centre is None else max(walk.low, min(int(centre[step]) - width // 2, states - width))
        walk.look_at(low, low + width)
        walk.advance(fits[step], float(voice[step]), trail)
    end = walk.ending()
    return np.full(len(fits), OTHER, np.int32) if end is None else trail.back(walk.ends, end[0], aside=end[1])[0]


class Walk:
    """How good the best ways are that lead to each state, after some steps.

    Attributes:
        low, high: the states that are looked at; ways to all others are forgotten.
        ends: the states in which sentences end.
        value: of the states; with two in front, so that no index is below 0.
        aside: of listening to something else after each end.
    """

    def __init__(self, chain: Chain, costs: Costs, *, anywhere: bool = False) -> None:
        """Begin at the beginning of the chain, or with `anywhere` at any pause."""
        import numpy as np

        self._model, self._costs = chain.model, costs
        states = len(chain.model)
        self._at_ends = np.flatnonzero(chain.border == SENTENCE)
        self.ends: list[int] = self._at_ends.tolist()
        self._set_costs(chain)
        self.low, self.high = 0, states
        self.value = np.full(states + 2, NEVER, np.float32)
        self.value[np.flatnonzero(chain.border >= 0) + 2 if anywhere else 2] = 0
        self.aside = np.full(len(self.ends), NEVER, np.float32)

    def _set_costs(self, chain: Chain) -> None:
        """Write costs as gains below 0, one a state: of staying, of coming from the one before or the second before.

        To pass over a pause is free. What is optional may be left out for nothing, and costs something to be spoken.
        """
        import numpy as np

        costs = self._costs
        pauses = chain.border >= 0
        strength = chain.border[pauses]
        self._stay = np.where(pauses, 0, -costs.stay).astype(np.float32)
        self._stay[pauses] = -np.array(costs.pause_step, np.float32)[strength]
        self._enter = np.zeros(len(pauses), np.float32)
        self._enter[pauses] = -np.array(costs.pause, np.float32)[strength]
        self._over = np.full(len(pauses), -costs.over, np.float32)
        self._over[1:][pauses[:-1]] = 0
        self._over[pauses] = NEVER
        self._skip = -(costs.skip + costs.skip_state * np.diff(self._at_ends)).astype(np.float32)
        optional = chain.optional[self._at_ends[1:]]
        self._skip[optional] = 0
        before = self._at_ends[:-1][optional]
        self._enter[before + 1] -= costs.optional
        # Its first state can also be reached past the pause before it, its second past the first.
        self._over[before + 1] -= costs.optional
        self._over[before + 2] -= costs.optional

    def look_at(self, low: int, high: int) -> None:
        """Look at other states from now on."""
        if (low, high) != (self.low, self.high):
            self.value[self.low + 2 : low + 2] = NEVER
            self.value[high + 2 : self.high + 2] = NEVER
            self.low, self.high = low, high

    def advance(self, fits: Floats, voice: float, trail: Trail | None = None, *, leaping: bool = False) -> None:
        """Take one step of the recording into account."""
        import numpy as np

        low, high, value = self.low, self.high, self.value
        staying = value[low + 2 : high + 2] + self._stay[low:high]
        coming = value[low + 1 : high + 1] + self._enter[low:high]
        passing = value[low:high] + self._over[low:high]
        nearer = np.maximum(staying, coming)
        best = np.maximum(nearer, passing)
        choice = None
        if trail is not None:
            # Staying before coming, coming before passing where they are as good.
            choice = ((best > staying).view(np.int8) + (best > nearer)).astype(np.int8)
            trail.ways.append((low, choice))
        self._detours(best, choice, abs(voice), trail, leaping=leaping)
        heard = fits + np.float32(voice)
        heard[0] = fits[0] - voice
        best += heard[self._model[low:high]]
        value[low + 2 : high + 2] = best

    def _detours(
        self, best: Floats, choice: NDArray[np.int8] | None, voice: float, trail: Trail | None, *, leaping: bool
    ) -> None:
        """At the ends of sentences: leave one out, or many, or listen to something else and come back."""
        import numpy as np

        first, last = bisect_left(self.ends, self.low), bisect_left(self.ends, self.high)
        at = self._at_ends[first:last] - self.low
        before = self.value[self._at_ends[first:last] + 2]
        _take(best, choice, at[1:], before[:-1] + self._skip[first : max(first, last - 1)], _SKIP)
        if leaping and last - first > 1:
            self._leap(best, choice, at, before, trail)
        aside = self.aside[first:last]
        _take(best, choice, at, aside, _RETURN)
        going = before - np.float32(self._costs.other)
        begins = going > aside
        if trail is not None:
            trail.begins.append((first, begins))
        aside[:] = np.where(begins, going, aside)
        # Something else may go on for ever, wherever the window is.
        self.aside[:last] += np.float32(voice - self._costs.other_step)

    def _leap(
        self,
        best: Floats,
        choice: NDArray[np.int8] | None,
        at: NDArray[np.int64],
        before: Floats,
        trail: Trail | None,
    ) -> None:
        """Offer each end the best of all ends before it, less a cost that grows with the states between.

        Since that cost is linear, a running maximum of value + cost to there finds the best origin for all at once.
        """
        import numpy as np

        ahead = before + np.float32(self._costs.leap_state) * at
        most = np.maximum.accumulate(ahead)
        _take(best, choice, at, most - np.float32(self._costs.leap_state) * at - np.float32(self._costs.leap), _LEAP)
        if trail is not None:
            origins = np.maximum.accumulate(np.where(ahead == most, np.arange(len(at)), 0))
            trail.leaps[len(trail.ways) - 1] = (bisect_left(self.ends, self.low), origins)

    def ending(self) -> tuple[int, bool] | None:
        """Where the best way ends, at the end of the chain if any gets there; and whether something else is heard."""
        import numpy as np

        states = len(self.value) - 2
        # A recording may break off with the last sound, and a window may not have come to the end.
        state = states - 1 - int(self.value[-2] > self.value[-1])
        if len(self.aside) and self.aside[-1] > max(self.value[state + 2], NEVER / 2):
            return states - 1, True
        if self.value[state + 2] > NEVER / 2:
            return state, False
        state = int(np.argmax(self.value)) - 2
        return (state, False) if self.value[state + 2] > NEVER / 2 else None


def _take(best: Floats, choice: NDArray[np.int8] | None, at: NDArray[np.int64], offer: Floats, way: int) -> None:
    """Put a detour where it is better than what there is."""
    better = offer > best[at]
    if better.any():
        best[at[better]] = offer[better]
        if choice is not None:
            choice[at[better]] = way
