from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.streaks import Streak, streaks_of


@pytest.mark.parametrize("kind", [list, bytearray, lambda flags: np.array(flags, np.bool_)])
def test_streaks_reach_to_both_ends_whatever_holds_the_flags(kind: Callable[[list[bool]], Any]) -> None:
    assert streaks_of(kind([True, True, False, True, False, False, True])) == [
        Streak(0, 2),
        Streak(3, 4),
        Streak(6, 7),
    ]
    assert streaks_of(kind([])) == streaks_of(kind([False, False])) == []


@given(st.lists(st.booleans()))
def test_streaks_hold_all_that_is_set_and_never_touch(flags: list[bool]) -> None:
    found = streaks_of(flags)
    assert [at for start, end in found for at in range(start, end)] == [at for at, flag in enumerate(flags) if flag]
    assert all(before.end < after.start for before, after in pairwise(found))
