from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.subtitles.cue import Cue
from courseware.subtitles.moving import TimeMap, divided_at, joined_at, moved, through_points
from courseware.times import Span


def cue(start_ms: int, end_ms: int, said: str = "字") -> Cue:
    return Cue(Span(start_ms, end_ms), said)


def spans(cues: tuple[Cue, ...]) -> list[tuple[int, int]]:
    return [(one.span.start_ms, one.span.end_ms) for one in cues]


def test_two_pairs_of_moments_make_a_line_through_both() -> None:
    by = through_points((5_000, 6_200), (1_200_000, 1_231_000))
    assert (by(5_000), by(1_200_000)) == (6_200, 1_231_000)
    assert by(602_500) == 618_600


@pytest.mark.parametrize("last", [(5_000, 9_000), (9_000, 6_000), (9_000, 6_200), (1_000, 9_000)])
def test_pairs_at_one_moment_or_in_another_order_make_none(last: tuple[int, int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (either of the two)
        through_points((5_000, 6_200), last)


def test_what_ends_before_the_start_is_left_out_and_what_begins_there_is_cut() -> None:
    by = TimeMap(offset_ms=Fraction(-1_000))
    assert spans(moved([cue(0, 1_000), cue(500, 1_500), cue(2_000, 3_000)], by)) == [(0, 500), (1_000, 2_000)]


def test_files_are_joined_in_the_order_of_time() -> None:
    whole = joined_at([(0, [cue(0, 900), cue(70_000, 71_000)]), (60_000, [cue(500, 1_500)])])
    assert spans(whole) == [(0, 900), (60_500, 61_500), (70_000, 71_000)]


def test_a_cue_over_a_border_goes_where_most_of_it_is_shown() -> None:
    first, second = divided_at([cue(0, 1_000), cue(9_000, 10_900), cue(9_200, 11_000), cue(20_000, 21_000)], [10_000])
    assert spans(first) == [(0, 1_000), (9_000, 10_900)]
    assert spans(second) == [(0, 1_000), (10_000, 11_000)]


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)), max_size=20),
    st.lists(st.integers(1, 10**6), max_size=4, unique=True).map(sorted),
)
def test_each_cue_is_in_one_part_and_none_is_lost(starts: list[tuple[int, int]], borders: list[int]) -> None:
    cues = [cue(start, start + length, f"{number}字") for number, (start, length) in enumerate(starts)]
    parts = divided_at(cues, borders)
    assert sorted(one.text for part in parts for one in part) == sorted(one.text for one in cues)
