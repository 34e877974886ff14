from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from render.plan.timeline import END_MIN_MS, plan_bare_timeline, plan_timeline

RATES = st.sampled_from([Fraction(25), Fraction(50), Fraction(30_000, 1001), Fraction(24), Fraction(25, 2)])


@given(st.integers(1, 7_200_000), RATES)
def test_every_rendition_lasts_whole_seconds_and_nothing_is_cut(body: int, fps: Fraction) -> None:
    line = plan_timeline(body, fps)
    assert line.frames / fps == line.seconds
    assert line["body"].frames == body
    assert line["end"].frames / fps * 1000 >= END_MIN_MS


@given(st.integers(1, 7_200_000), RATES)
def test_segments_follow_one_another_without_gap(body: int, fps: Fraction) -> None:
    line = plan_timeline(body, fps)
    starts = [one.start for one in line.segments]
    ends = [one.start + one.frames for one in line.segments]
    assert starts == [0, *ends[:-1]]
    assert ends[-1] == line.frames


@given(st.integers(1, 7_200_000))
def test_the_end_card_is_held_for_less_than_a_second_more_than_needed(body: int) -> None:
    held = plan_timeline(body, Fraction(25))["end"].frames
    assert 100 <= held < 125


def test_a_segment_that_is_missing_lies_at_the_end_and_lasts_no_frame() -> None:
    timeline = plan_bare_timeline(75, Fraction(25), "ident")
    assert timeline.span("ident") == (0, 75)
    assert timeline.span("body") == (75, 75)


def test_a_known_body_gives_a_known_timeline() -> None:
    line = plan_timeline(626, Fraction(25))
    assert [(one.name, one.start, one.frames) for one in line.segments] == [
        ("ident", 0, 75),
        ("title", 75, 100),
        ("body", 175, 626),
        ("end", 801, 124),
    ]
    assert line.seconds == 37
    assert line.samples(line.frames, 48_000) == 37 * 48_000


@given(st.integers(1, 200_000), RATES)
def test_words_alone_are_one_body_of_whole_seconds(frames: int, fps: Fraction) -> None:
    line = plan_bare_timeline(frames, fps)
    assert [(one.name, one.start) for one in line.segments] == [("body", 0)]
    assert line.frames >= frames
    assert line.frames / fps == line.seconds
    assert line.frames - frames < fps.numerator


@given(st.integers(1, 7_200_000), RATES)
def test_sound_is_as_long_as_the_picture_to_the_sample(body: int, fps: Fraction) -> None:
    line = plan_timeline(body, fps)
    assert line.samples(line.frames, 48_000) == line.seconds * 48_000
