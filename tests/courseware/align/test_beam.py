"""The search of long recordings finds what a search of everything finds, and looks at a part of it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from courseware.align.anchors import anchors, standing_out
from courseware.align.beam import best_way
from courseware.align.path import OTHER, Costs, Walk, best_path
from courseware.speech.chain import SENTENCE, Chain, Unit, build_chain

Floats = NDArray[np.float32]
UNITS = 200
LENGTH = 4  # states
COSTS = Costs(other=10, leap=40, skip=15)


def chain_of() -> Chain:
    """Sentences of ten sounds in an order that does not return."""
    rng = np.random.default_rng(2)
    names = rng.integers(0, 12, UNITS).astype(str)
    units = [Unit(at, (name,), (LENGTH * 20,), SENTENCE if at % 10 == 9 else 0) for at, name in enumerate(names)]
    return build_chain(units, {(str(name), part): name + 1 for name in range(12) for part in (0, 1)}, 20)


def heard(chain: Chain, states: list[int]) -> tuple[Floats, Floats]:
    """What would be heard if the states were passed; −1 for something that fits nothing."""
    rng = np.random.default_rng(3)
    rows = np.where(np.array(states) < 0, 0, chain.model[states])
    fits = rng.normal(-2, 0.5, (len(states), 13)).astype(np.float32)
    fits[np.arange(len(states)), rows] += np.where(rows > 0, 4, 0)
    fits[:, 0] = 0
    pauses = (rows == 0) & (np.array(states) >= 0)
    return fits, np.where(pauses, -1, 1).astype(np.float32)


def sounds(chain: Chain, first: int, last: int) -> list[int]:
    """The states from one unit to another, without the pauses inside sentences."""
    inside = (chain.unit >= first) & (chain.unit < last) & ((chain.border < 0) | (chain.border == SENTENCE))
    return [int(state) for state in np.flatnonzero(inside)]


def narrow(monkeypatch: pytest.MonkeyPatch, *, worse: float = 60) -> None:
    monkeypatch.setattr("courseware.align.beam.BLOCK", 64)
    monkeypatch.setattr("courseware.align.beam.WORSE", worse)
    monkeypatch.setattr("courseware.align.beam.AHEAD", 700)


def test_the_way_is_the_best_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch)
    chain = chain_of()
    fits, voice = heard(chain, [0, *sounds(chain, 0, UNITS)])
    whole = best_path(fits, voice, chain, COSTS, len(chain.model))
    assert (best_way(fits, voice, chain, COSTS, frozenset()) == whole).all()


def test_few_states_are_looked_at_where_the_script_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch)
    chain = chain_of()
    widths: list[int] = []
    usual = Walk.look_at

    def counted(walk: Walk, low: int, high: int) -> None:
        widths.append(high - low)
        usual(walk, low, high)

    monkeypatch.setattr(Walk, "look_at", counted)
    best_way(*heard(chain, [0, *sounds(chain, 0, UNITS)]), chain, COSTS, frozenset())
    assert np.median(widths) < len(chain.model) / 4


def test_a_wide_beam_is_never_wider_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch, worse=1e6)
    monkeypatch.setattr("courseware.align.beam.WIDEST", 300)
    monkeypatch.setattr("courseware.align.beam.AHEAD", 100)
    chain = chain_of()
    states = [0, *sounds(chain, 0, UNITS)]
    path = best_way(*heard(chain, states), chain, COSTS, frozenset())
    assert (path == states).mean() > 0.9


def test_script_longer_than_a_block_that_was_not_spoken_is_leapt_over(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch)
    chain = chain_of()
    states = [0, *sounds(chain, 0, 60), *sounds(chain, 160, UNITS)]
    path = best_way(*heard(chain, states), chain, COSTS, frozenset(range(0, len(states), 5)))
    units = set(chain.unit[path[(path != OTHER)]].tolist())
    assert (path == states).mean() > 0.9
    assert not units & set(range(70, 150))


def test_something_else_may_last_longer_than_all_that_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch)
    chain = chain_of()
    states = [0, *sounds(chain, 0, 100), *[-1] * 600, *sounds(chain, 100, UNITS)]
    path = best_way(*heard(chain, states), chain, COSTS, frozenset(range(0, len(states), 50)))
    between = len(sounds(chain, 0, 100)) + 1
    assert (path[between + 5 : between + 595] == OTHER).all()
    assert (path[between + 610 :] == states[between + 610 :]).mean() > 0.9


def test_a_recording_may_break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch)
    chain = chain_of()
    states = [0, *sounds(chain, 0, 75)]
    path = best_way(*heard(chain, states), chain, COSTS, frozenset())
    assert (path == states).mean() > 0.9


def test_a_stretch_from_anywhere_is_placed_and_nonsense_does_not_stand_out() -> None:
    chain = chain_of()
    said = sounds(chain, 40, 70)
    nonsense = [int(state) for state in np.random.default_rng(5).permutation(said)]
    states = [*said, *nonsense, *sounds(chain, 150, 180)]
    found = anchors(*heard(chain, states), chain, Costs(skip=300), len(said), 3)
    clear = standing_out(found)
    assert [one.first for one in found] == [0, len(said), 2 * len(said)]
    assert [one.first for one in clear] == [0, 2 * len(said)]
    assert [(int(one.path[0]), int(one.path[-1])) for one in clear] == [
        (said[0], said[-1]),
        (sounds(chain, 150, 180)[0], sounds(chain, 150, 180)[-1]),
    ]


def test_where_nobody_speaks_nothing_is_placed() -> None:
    chain = chain_of()
    fits, _ = heard(chain, [0] * 120)
    assert anchors(fits, np.full(120, -1, np.float32), chain, COSTS, 60, 2) == []
