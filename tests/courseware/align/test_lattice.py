"""How likely a start is elsewhere, against all ways summed up plainly."""

import numpy as np
import pytest
from numpy.typing import NDArray

from courseware.align.lattice import ASIDE, LEAP, NOTHING, REACH, Lattice, build_lattice, elsewhere
from courseware.align.path import Costs
from courseware.speech.chain import CLAUSE, SENTENCE, WORD, Chain, Unit, build_chain

ROWS = {("a", 0): 1, ("a", 1): 2, ("b", 0): 3, ("b", 1): 4}
COLUMNS = 5 + 2
AWAY = 25


def chain(borders: tuple[int, ...]) -> Chain:
    """Units of 120 ms, of two sounds in turn."""
    units = [Unit(at, ("ab"[at % 2],), (120,), border) for at, border in enumerate(borders)]
    return build_chain(units, ROWS, 20)


def some_weights(seed: int, steps: int) -> NDArray[np.float32]:
    weights = np.random.default_rng(seed).uniform(0.05, 1, (steps, COLUMNS)).astype(np.float32)
    weights[:, NOTHING] = 0
    return weights


def summed_up(weights: NDArray[np.float32], lattice: Lattice, step: int, unit: int) -> float:
    """The same chance by a matrix of all states, one step after another."""
    count = len(lattice.column)
    moves = np.diag(lattice.stay.astype(np.float64))
    moves += np.diag(lattice.enter[1:].astype(np.float64), 1) + np.diag(lattice.over[2:].astype(np.float64), 2)
    for before, after, weight in zip(lattice.ends[:-1], lattice.ends[1:], lattice.skip[1:], strict=True):
        moves[before, after] += weight
    window = weights[step - REACH : step + REACH + 1][:, lattice.column].astype(np.float64)
    forward = [window[0]]
    for row in window[1:]:
        following = (forward[-1] @ moves) * row
        forward.append(following / following.max() + LEAP)
    backward = [np.ones(count)]
    for row in window[:0:-1]:
        before = moves @ (backward[-1] * row)
        backward.append(before / before.max() + LEAP)
    backward.reverse()
    first = lattice.first[unit]
    total = 0.0
    for offset, wrong in ((-AWAY, slice(first, None)), (AWAY, slice(0, first))):
        ways = forward[REACH + offset] * backward[REACH + offset]
        total += float(ways[wrong].sum() / ways.sum())
    return min(1.0, total)


@pytest.mark.parametrize("borders", [(WORD, WORD, CLAUSE, WORD, SENTENCE), (SENTENCE,) * 6])
def test_the_chance_is_that_of_all_ways_together(borders: tuple[int, ...]) -> None:
    lattice = build_lattice(chain(borders), Costs(skip=2, other=3), 0.3)
    weights = some_weights(3, 3 * REACH)
    steps, units = np.array([REACH + 30, REACH + 90, REACH + 90]), np.array([1, 1, 4])
    found = elsewhere(weights, lattice, steps, units, AWAY)
    assert found == pytest.approx(
        [summed_up(weights, lattice, int(step), int(unit)) for step, unit in zip(steps, units, strict=True)], rel=1e-3
    )
    assert 0.01 < found.min() < 0.99


def test_many_starts_are_judged_as_each_alone() -> None:
    lattice = build_lattice(chain((WORD, SENTENCE) * 30), Costs(), 0.5)
    weights = some_weights(5, 4 * REACH)
    units = np.arange(50)
    steps = REACH + 7 * units
    together = elsewhere(weights, lattice, steps, units, AWAY)
    alone = [elsewhere(weights, lattice, steps[at : at + 1], units[at : at + 1], AWAY)[0] for at in units]
    assert together == pytest.approx(alone, rel=1e-3)


def heard_at(place: int) -> NDArray[np.float32]:
    """Three units, each of 120 ms, heard from a place on; silence around."""
    states = chain((WORD, WORD, SENTENCE))
    sounds = states.model[states.border < 0]
    weights = np.full((3 * REACH, COLUMNS), 0.05, np.float32)
    weights[:, 0] = 1
    weights[place : place + len(sounds), 0] = 0.05
    weights[np.arange(place, place + len(sounds)), sounds] = 1
    weights[:, NOTHING] = 0
    weights[:, ASIDE] = 0.01
    return weights


@pytest.mark.parametrize(("shift", "low", "high"), [(0, 0, 0.01), (10, 0, 0.01), (40, 0.99, 1), (-40, 0.99, 1)])
def test_a_start_is_elsewhere_when_it_is_heard_elsewhere(shift: int, low: float, high: float) -> None:
    lattice = build_lattice(chain((WORD, WORD, SENTENCE)), Costs(), 0.8)
    place = REACH + 50
    found = elsewhere(heard_at(place), lattice, np.array([place + shift]), np.array([0]), AWAY)[0]
    assert low <= found <= high


def test_no_starts_are_no_chances() -> None:
    lattice = build_lattice(chain((SENTENCE,)), Costs(), 0.8)
    none = np.zeros(0, np.int64)
    assert len(elsewhere(some_weights(1, 3 * REACH), lattice, none, none, AWAY)) == 0
