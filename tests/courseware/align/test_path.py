"""The search finds the best way, whole or through a window, with and without detours."""

import numpy as np
import pytest

from courseware.align.path import OTHER, Costs, best_path
from courseware.speech.chain import CLAUSE, SENTENCE, Chain, Unit, build_chain


def chain_of(count: int, length: int = 3) -> Chain:
    """Units that each sound like themselves only, each a sentence."""
    units = [Unit(at, (str(at),), (length * 20,), SENTENCE) for at in range(count)]
    return build_chain(units, {(str(at), part): at + 1 for at in range(count) for part in (0, 1)}, 20)


def fits_of(rows: list[int], count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    fits = np.full((len(rows), count + 1), -2, np.float32)
    fits[np.arange(len(rows)), rows] = 2
    fits[:, 0] = 0
    return fits


def units_of(chain: Chain, path: np.ndarray[tuple[int], np.dtype[np.int32]]) -> list[int]:
    return list(dict.fromkeys(int(chain.unit[state]) for state in path if state != OTHER and chain.border[state] < 0))


def test_each_step_goes_to_the_state_that_fits() -> None:
    chain = chain_of(4)
    rows = [0, 0, 1, 1, 1, 0, 2, 2, 2, 2, 3, 3, 3, 0, 4, 4, 4]
    voice = np.array([1 if row else -1 for row in rows], np.float32)
    path = best_path(fits_of(rows, 4), voice, chain, Costs(), len(chain.model))
    assert [int(chain.model[state]) for state in path] == rows


def test_a_window_that_holds_the_best_way_finds_the_same() -> None:
    chain = chain_of(40)
    rows = [row for unit in range(1, 41) for row in [unit] * 3 + [0]]
    voice = np.array([1 if row else -1 for row in rows], np.float32)
    whole = best_path(fits_of(rows, 40), voice, chain, Costs(), len(chain.model))
    guided = best_path(fits_of(rows, 40), voice, chain, Costs(), 20, whole.astype(np.int64))
    assert (whole == guided).all()


def test_a_unit_that_is_missing_is_skipped() -> None:
    chain = chain_of(6, length=20)
    rows = [row for unit in (1, 2, 4, 5, 6) for row in [unit] * 20 + [0] * 5]
    voice = np.array([1 if row else -1 for row in rows], np.float32)
    path = best_path(fits_of(rows, 6), voice, chain, Costs(), len(chain.model))
    assert units_of(chain, path) == [0, 1, 3, 4, 5]


@pytest.mark.parametrize("spoken", [True, False])
def test_what_is_optional_is_passed_over_for_nothing_and_found_for_little(*, spoken: bool) -> None:
    units = [Unit(at, (str(at),), (40,), SENTENCE, optional=at == 1) for at in range(3)]
    chain = build_chain(units, {(str(at), part): at + 1 for at in range(3) for part in (0, 1)}, 20)
    rows = [row for unit in ((1, 2, 3) if spoken else (1, 3)) for row in [unit] * 2 + [0] * 3]
    fits = fits_of(rows, 3)
    voice = np.array([1 if row else -1 for row in rows], np.float32)
    path = best_path(fits, voice, chain, Costs(), len(chain.model))
    assert units_of(chain, path) == ([0, 1, 2] if spoken else [0, 2])
    assert 1 not in units_of(chain, best_path(fits, voice, chain, Costs(optional=1_000), len(chain.model)))


def test_what_fits_nothing_is_something_else() -> None:
    chain = chain_of(3, length=20)
    rows = [1] * 20 + [0] * 5 + [9] * 60 + [0] * 5 + [2] * 20 + [0] * 5 + [3] * 20
    fits = fits_of([0 if row == 9 else row for row in rows], 3)
    voice = np.array([1 if row else -1 for row in rows], np.float32)
    path = best_path(fits, voice, chain, Costs(), len(chain.model))
    assert (path[30:80] == OTHER).mean() > 0.9
    assert units_of(chain, path) == [0, 1, 2]


def test_a_chain_has_a_pause_after_every_unit_and_at_least_one_state_for_it() -> None:
    units = [Unit(0, ("a", "b"), (5, 5), CLAUSE), Unit(1, ("b",), (200,), SENTENCE)]
    chain = build_chain(units, {("a", 0): 1, ("a", 1): 2, ("b", 0): 3, ("b", 1): 4}, 20)
    assert list(chain.border[chain.border >= 0]) == [SENTENCE, CLAUSE, SENTENCE]
    assert list(np.bincount(chain.unit[chain.border < 0])) == [1, 10]
