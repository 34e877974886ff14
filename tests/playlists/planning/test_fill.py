from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.planning.fill import LITTLE, Filled, fill
from playlists.planning.showings import Candidate, FillTask, History
from playlists.planning.sums import most_fillable
from tests.playlists.factories import candidates

LENGTHS = st.lists(st.integers(2, 400), min_size=1, max_size=12)


def brute_force(seconds: int, lengths: list[int]) -> int:
    """The most that can be filled, the slow and obvious way."""
    reached = {0}
    for total in range(1, seconds + 1):
        if any(total - one in reached for one in lengths):
            reached.add(total)
    return max(reached)


def shown(filled: Filled) -> list[str]:
    return [one.lesson for one in filled.showings]


@given(seconds=st.integers(1, 2000), lengths=LENGTHS)
@settings(deadline=None)
def test_a_stretch_is_filled_as_far_as_arithmetic_allows_or_nearly_where_a_lesson_would_follow_itself(
    seconds: int, lengths: list[int]
) -> None:
    filled = fill(FillTask(0, seconds, (candidates(lengths),)), History())
    least = seconds - brute_force(seconds, lengths)
    assert filled.missing == least or (filled.varied and least < filled.missing <= least + LITTLE)
    assert sum(one.seconds for one in filled.showings) + filled.missing == seconds


@given(seconds=st.integers(1, 2000), lengths=LENGTHS)
@settings(deadline=None)
def test_the_most_that_can_be_filled_is_known_without_filling(seconds: int, lengths: list[int]) -> None:
    assert most_fillable(seconds, lengths) == brute_force(seconds, lengths)


@given(seconds=st.integers(1, 9000), lengths=LENGTHS, previous=st.integers(0, 11), rotation=st.integers(0, 99))
@settings(deadline=None)
def test_no_lesson_is_cut_and_none_follows_itself_unless_it_must(
    seconds: int, lengths: list[int], previous: int, rotation: int
) -> None:
    some = candidates(lengths)
    before = some[previous % len(some)]
    history = History({before.lesson: 1}, {before.lesson: 0}, before)
    filled = fill(FillTask(500, seconds, (some,), rotation=rotation), history)
    assert set(filled.showings) <= set(some)
    repeats = [one for one, other in pairwise([before, *filled.showings]) if one == other]
    assert not (filled.varied and repeats)
    if not filled.varied:
        counts = Counter(filled.showings)
        assert 2 * max(counts.values()) > len(filled.showings) + 1 or 2 * counts[before] > len(filled.showings)


@given(seconds=st.integers(600, 14400), lengths=st.lists(st.integers(20, 90), min_size=8, max_size=60, unique=True))
@settings(max_examples=50)
def test_with_enough_lessons_windows_are_full_varied_and_fair(seconds: int, lengths: list[int]) -> None:
    some = candidates(lengths)
    filled = fill(FillTask(0, seconds, (some,)), History())
    # Even lengths alone never make an odd window.
    assert filled.missing == seconds - most_fillable(seconds, lengths)
    assert filled.varied
    counts = Counter(filled.showings)
    assert max(counts.values()) - min(counts[one] for one in some) <= 6


def test_six_short_lessons_fill_two_hours_about_equally_often() -> None:
    filled = fill(FillTask(0, 7200, (candidates([31, 37, 29, 41, 33, 26]),)), History())
    counts = Counter(shown(filled))
    assert filled.missing == 0
    assert len(counts) == 6
    assert max(counts.values()) - min(counts.values()) <= 3


def test_a_few_seconds_are_left_rather_than_one_lesson_shown_again_and_again() -> None:
    filled = fill(FillTask(0, 7200, (candidates(range(300, 356, 7)),)), History())
    assert 0 < filled.missing <= LITTLE
    assert len(set(filled.showings)) >= 4
    assert all(one != other for one, other in pairwise(filled.showings))


def test_where_only_many_seconds_less_would_help_a_lesson_follows_itself() -> None:
    filled = fill(FillTask(0, 1200, (candidates([600, 580]),)), History())
    assert shown(filled) == ["lesson-000", "lesson-000"]
    assert not filled.missing
    assert not filled.varied


def test_fillers_close_the_seconds_where_there_are_any() -> None:
    filler = (Candidate("ident", "B", 1), Candidate("slogan", "B", 2))
    filled = fill(FillTask(0, 7200, (candidates(range(300, 356, 7)), filler)), History())
    assert filled.varied
    assert not filled.missing


def test_missing_seconds_are_named_when_no_sum_fits() -> None:
    filled = fill(FillTask(0, 95, (candidates([30, 60]),)), History())
    assert filled.missing == 5


def test_nothing_is_shown_when_every_lesson_is_longer_than_the_stretch() -> None:
    assert fill(FillTask(0, 20, (candidates([30, 60]),)), History()) == Filled((), 20, varied=True, spaced=True)
    assert fill(FillTask(0, 20, ((), ())), History()).missing == 20


def test_lessons_shown_less_often_come_first() -> None:
    some = candidates([60] * 6)
    history = History({one.lesson: 3 for one in some[:4]} | {one.lesson: 2 for one in some[4:]})
    filled = fill(FillTask(0, 120, (some,)), history)
    assert set(shown(filled)) == {"lesson-004", "lesson-005"}


def test_a_lesson_new_in_midweek_does_not_crowd_out_the_others() -> None:
    some = candidates([60] * 6)
    history = History({one.lesson: 200 for one in some[:5]})
    counts = Counter(shown(fill(FillTask(0, 3600, (some,)), history)))
    assert counts["lesson-005"] <= min(counts.values()) + 4


def test_a_later_tier_only_closes_what_the_first_leaves() -> None:
    own, filler = Candidate("own", "A", 100), Candidate("filler", "B", 7)
    second = Candidate("own-2", "C", 100)
    filled = fill(FillTask(0, 407, ((own, second), (filler,))), History())
    assert filled.missing == 0
    assert Counter(shown(filled)) == {"own": 2, "own-2": 2, "filler": 1}


def test_a_block_with_one_lesson_borrows_others_rather_than_repeat_it() -> None:
    own = Candidate("own", "A", 30)
    filled = fill(FillTask(0, 600, ((own,), candidates([30, 45, 60]))), History())
    assert filled.missing == 0
    assert all(one != other for one, other in pairwise(filled.showings))
    assert Counter(shown(filled))["own"] >= 5


def test_the_gap_between_showings_is_kept_when_the_lessons_suffice() -> None:
    filled = fill(FillTask(0, 7200, (candidates(range(170, 430, 7)),), gap=3600), History())
    starts: dict[str, list[int]] = {}
    now = 0
    for one in filled.showings:
        starts.setdefault(one.lesson, []).append(now)
        now += one.seconds
    assert filled.missing == 0
    assert filled.spaced
    assert all(later - sooner >= 3600 for times in starts.values() for sooner, later in pairwise(times))


def test_exactness_goes_before_the_gap() -> None:
    filled = fill(FillTask(0, 1200, (candidates([31, 37, 29]),), gap=1800), History())
    assert (filled.missing, filled.spaced) == (0, False)


def test_series_take_turns() -> None:
    filled = fill(FillTask(0, 3600, (candidates(range(40, 64)),)), History())
    neighbours = [(one.series, other.series) for one, other in pairwise(filled.showings)]
    assert sum(one == other for one, other in neighbours) <= len(neighbours) // 20


def test_showings_of_a_lesson_are_spread_evenly() -> None:
    filled = fill(FillTask(0, 7200, (candidates([31, 37, 29, 41, 33, 26]),)), History())
    places = [place for place, one in enumerate(filled.showings) if one.lesson == "lesson-000"]
    assert max(later - sooner for sooner, later in pairwise(places)) <= 11


def test_another_rotation_begins_elsewhere() -> None:
    some = candidates([31, 37, 29, 41, 33, 26])
    firsts = {shown(fill(FillTask(0, 7200, (some,), rotation=turn), History()))[0] for turn in range(6)}
    assert len(firsts) >= 3


def test_the_same_task_is_filled_the_same_way() -> None:
    task = FillTask(0, 7200, (candidates([31, 37, 29, 41, 33, 26]),), gap=120, rotation=4)
    assert fill(task, History()) == fill(task, History())


@pytest.mark.parametrize("seconds", [43200, 86400])
def test_a_whole_day_is_filled_too(seconds: int) -> None:
    assert fill(FillTask(0, seconds, (candidates(range(25, 41)),)), History()).missing == 0


def test_history_remembers_uses_and_starts() -> None:
    one, other = candidates([30, 40])
    history = History({one.lesson: 2}).after([one, other], 100)
    assert dict(history.uses) == {one.lesson: 3, other.lesson: 1}
    assert dict(history.last) == {one.lesson: 100, other.lesson: 130}
    assert history.previous == other


def test_ten_seconds_are_left_rather_than_show_a_lesson_twice_in_a_row_and_no_more() -> None:
    ten, eleven = (fill(FillTask(0, 200, (candidates([100, length]),)), History()) for length in (90, 89))
    assert (ten.missing, len(set(ten.showings))) == (10, 2)
    assert (eleven.missing, len(set(eleven.showings))) == (0, 1)


def test_a_lesson_may_not_begin_again_at_the_end_of_the_stretch() -> None:
    # A gap of 60 seconds lets a lesson begin twice in 120 seconds, not three times.
    strict = fill(FillTask(0, 120, (candidates([40, 60]),), gap=60), History())
    assert (shown(strict), strict.spaced) == (["lesson-001", "lesson-001"], True)
    loose = fill(FillTask(0, 90, (candidates([20, 50]),), gap=90, exact=False), History())
    assert (sorted(shown(loose)), loose.missing, loose.spaced) == (["lesson-000", "lesson-001"], 20, True)
    forced = fill(FillTask(0, 90, (candidates([40, 20]),), gap=90), History())
    assert (shown(forced), forced.spaced) == (["lesson-001", "lesson-000", "lesson-001"], False)
