from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.times import Span, clock, frames_for_ms, parse_shift

RATES = st.sampled_from([Fraction(25), Fraction(30000, 1001), Fraction(24), Fraction(50)])


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5)])
def test_a_span_that_cannot_be_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(start, end)


def test_a_span_that_begins_where_another_ends_does_not_overlap_it() -> None:
    assert not Span(0, 1000).overlaps(Span(1000, 2000))
    assert Span(0, 1001).overlaps(Span(1000, 2000))


def test_a_shifted_span_keeps_its_length() -> None:
    assert Span(100, 350).shifted(1000) == Span(1100, 1350)
    assert Span(1100, 1350).duration_ms == 250


@given(st.integers(0, 10**8), RATES)
def test_frames_never_show_less_than_was_asked_for_and_never_a_whole_frame_more(
    duration_ms: int, fps: Fraction
) -> None:
    frames = frames_for_ms(duration_ms, fps)
    assert Fraction(frames * 1000) / fps >= duration_ms
    assert Fraction((frames - 1) * 1000) / fps < duration_ms


def test_a_clock_shows_hours_only_when_there_are_some() -> None:
    assert [clock(5), clock(185), clock(3725)] == ["0:05", "3:05", "1:02:05"]


@pytest.mark.parametrize(
    ("said", "ms"),
    [("-1:00:00", -3_600_000), ("+0:02.5", 2_500), ("−2.5", -2_500), ("90", 90_000), ("-0：01", -1_000)],
)
def test_a_shift_is_read_as_people_write_it(said: str, ms: int) -> None:
    assert parse_shift(said) == ms


@pytest.mark.parametrize("said", ["", "-", "nan", "1:2:3:4", "一小时", "1e9"])
def test_what_is_no_shift_is_none(said: str) -> None:
    assert parse_shift(said) is None
