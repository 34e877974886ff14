"""Where a day begins again in the circle of lessons."""

from __future__ import annotations

import pytest

from playlists.planning.attempts import turns_of


@pytest.mark.parametrize("lessons", [1, 2, 3, 8, 9, 10, 11, 24, 25, 120, 1000])
def test_every_attempt_begins_elsewhere_and_the_first_where_it_should(lessons: int) -> None:
    turns = [turn % lessons for turn in turns_of(lessons)]
    assert turns[0] == 0
    assert len(set(turns)) == len(turns) == min(lessons, 8)


@pytest.mark.parametrize("lessons", [24, 25, 120])
def test_the_first_three_attempts_lie_far_apart(lessons: int) -> None:
    first, second, third = turns_of(lessons)[:3]
    assert min(second - first, third - second, lessons - third + first) >= lessons // 3
