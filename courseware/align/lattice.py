"""All ways through a stretch of the script, each weighed by how well it fits: how likely it is to begin elsewhere.

As the search, it knows neither sounds nor scripts; but it sums over all ways where the search takes the best one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from courseware.speech.chain import SENTENCE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.align.path import Costs
    from courseware.speech.chain import Chain
    from courseware.speech.sound import Floats

    Ints = NDArray[np.int64]
    Doubles = NDArray[np.float64]

REACH = 200  # steps before and after a start that are looked at, 4 s
NOTHING, ASIDE = -1, -2  # columns of the weights: no state, and what is not in the script
_STATES = 250  # states before and after a start
_TOGETHER = 24  # starts that are looked at together
# The weight of jumping anywhere, beside that of the best way. It also keeps off the smallest numbers there are, with
# which computers take many times as long.
LEAP = 1e-25
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Lattice:
    """The states of a chain, and one more after the pause of each sentence for what is not in the script.

    Attributes:
        column: which column of the weights a state takes: its row of models, or ASIDE.
        stay, enter, over: the weight of remaining in a state, of coming from the one before, from the second before.
        ends: the pauses after sentences.
        skip: for each of them the weight of coming from the one before: the sentence is not spoken.
        first: for each unit its first state.
    """

    column: Ints
    stay: Floats
    enter: Floats
    over: Floats
    ends: Ints
    skip: Floats
    first: Ints


@dataclass(frozen=True, slots=True)
class _View:
    """The states about some starts, starts × states.

    Attributes:
        origin, goal, skip: from which of all these states to which one comes by leaving a sentence out.
    """

    column: Ints
    stay: Floats
    enter: Floats
    over: Floats
    origin: Ints
    goal: Ints
    skip: Floats


def build_lattice(chain: Chain, costs: Costs, softness: float) -> Lattice:
    """Make weights of costs.

    Args:
        softness: what costs are multiplied by, as the evidence is; the less, the more ways count.
    """
    import numpy as np

    at = np.repeat(np.arange(len(chain.model)), 1 + (chain.border == SENTENCE))
    aside = np.concatenate(([False], at[1:] == at[:-1]))
    sound = chain.border[at] < 0
    pause = ~sound & ~aside
    strength = np.maximum(chain.border[at], 0)
    stay = np.where(sound, -costs.stay, -np.array(costs.pause_step)[strength] * pause)
    enter = np.where(aside, -costs.other, -np.array(costs.pause)[strength] * pause)
    # A pause may be passed over, and so may what is not in the script.
    after = np.concatenate(([False], ~sound[:-1]))
    over = np.where(pause, _NEVER, np.where(aside, -costs.other, np.where(after, 0, -costs.over)))
    ends = np.flatnonzero(pause & (strength == SENTENCE))
    skip = np.concatenate(([_NEVER], -costs.skip - costs.skip_state * np.diff(ends)))
    sounds = np.flatnonzero(sound)
    first = sounds[np.searchsorted(chain.unit[at[sounds]], np.arange(int(chain.unit[-1]) + 1))]
    weights = [np.exp(np.maximum(one * softness, -80)).astype(np.float32) for one in (stay, enter, over, skip)]
    column = np.where(aside, ASIDE, chain.model[at])
    return Lattice(column, weights[0], weights[1], weights[2] * (over > _NEVER), ends, weights[3], first)


def elsewhere(weights: Floats, lattice: Lattice, steps: Ints, units: Ints, away: int) -> Doubles:
    """How likely it is that each unit begins `away` steps or more before or after its step: 0 to 1.

    Args:
        weights: steps × columns, how well each fits, 1 at best; REACH steps more before and after those asked for.
            The column ASIDE is for what is not in the script, and NOTHING must be 0.
        steps: rows of `weights`, one for each unit.
    """
    import numpy as np

    chances = [np.zeros(0)]
    for at in range(0, len(steps), _TOGETHER):
        view = _view(lattice, lattice.first[units[at : at + _TOGETHER]], weights.shape[1])
        chances.append(_astray(weights, view, steps[at : at + _TOGETHER], away))
    return np.concatenate(chances)


def _view(lattice: Lattice, states: Ints, columns: int) -> _View:
    """Cut the states about each start out of the lattice, a row a start; beyond its ends all weights are 0."""
    import numpy as np

    at = states[:, None] + np.arange(-_STATES, _STATES + 1)
    there = (at >= 0) & (at < len(lattice.column))
    at = np.clip(at, 0, len(lattice.column) - 1)
    stay, enter, over = (one[at] * there for one in (lattice.stay, lattice.enter, lattice.over))
    enter[:, 1:] *= there[:, :-1]
    over[:, 2:] *= there[:, :-2]
    ways = []
    for number, state in enumerate(states):
        low, high = np.searchsorted(lattice.ends, (state - _STATES, state + _STATES + 1))
        inside = lattice.ends[low:high] - state + _STATES + number * at.shape[1]
        ways.append(np.stack((inside[:-1], inside[1:], np.arange(low, high)[1:])))
    origin, goal, which = np.concatenate(ways, axis=1)
    column = np.where(there, lattice.column[at], NOTHING) % columns
    return _View(column, stay, enter, over, origin, goal, lattice.skip[which])


def _astray(weights: Floats, view: _View, steps: Ints, away: int) -> Doubles:
    """The share of the ways that are past the start too early, or not yet there too late."""
    import numpy as np

    width = weights.shape[1]

    def fits(offset: int) -> Floats:
        return cast("Floats", weights.reshape(-1).take(view.column + (steps + offset)[:, None] * width))

    there = (view.column != width + NOTHING).astype(np.float32)
    forward, marks = there * fits(-REACH), {}
    for offset in range(1 - REACH, away + 1):
        forward = _levelled(_onward(forward, view) * fits(offset))
        if abs(offset) == away:
            marks[offset] = forward
    backward, total = there, np.zeros(len(steps))
    for offset in range(REACH, -away - 1, -1):
        if offset in marks:
            ways = (marks[offset] * backward).astype(np.float64)
            wrong = ways[:, _STATES:] if offset < 0 else ways[:, :_STATES]
            total += wrong.sum(axis=1) / np.maximum(ways.sum(axis=1), LEAP**2)
        backward = _levelled(_backward(backward * fits(offset), view))
    return np.minimum(total, 1)


def _levelled(values: Floats) -> Floats:
    """The same, with 1 for the largest of each row, and leaps to all states."""
    values /= values.max(axis=1, keepdims=True) + LEAP
    values += LEAP
    return values


def _onward(values: Floats, view: _View) -> Floats:
    """A step of the forward sums: the weight of all ways to each state, but for how well the step fits."""
    later = values * view.stay
    later[:, 1:] += values[:, :-1] * view.enter[:, 1:]
    later[:, 2:] += values[:, :-2] * view.over[:, 2:]
    later.reshape(-1)[view.goal] += values.reshape(-1)[view.origin] * view.skip
    return later


def _backward(values: Floats, view: _View) -> Floats:
    """The same turned round: the weight of all ways from each state to the end."""
    earlier = values * view.stay
    earlier[:, :-1] += (values * view.enter)[:, 1:]
    earlier[:, :-2] += (values * view.over)[:, 2:]
    earlier.reshape(-1)[view.origin] += values.reshape(-1)[view.goal] * view.skip
    return earlier
