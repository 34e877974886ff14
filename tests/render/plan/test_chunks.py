from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.plan.chunks import CHUNK_MS, Chunk, cut
from render.plan.timeline import Timeline, plan_bare_timeline, plan_timeline

RATES = st.sampled_from([Fraction(25), Fraction(50), Fraction(30_000, 1001), Fraction(24), Fraction(25, 2)])
timelines = st.builds(plan_timeline, st.integers(1, 180_000), RATES)
bare_timelines = st.builds(plan_bare_timeline, st.integers(1, 20_000), RATES)


def of_segment(chunks: tuple[Chunk, ...], name: str) -> list[Chunk]:
    return [one for one in chunks if one.segment == name]


@given(timelines | bare_timelines)
def test_chunks_cover_each_segment_without_gap_or_overlap(timeline: Timeline) -> None:
    chunks = cut(timeline)
    assert sum(one.frames for one in chunks) == timeline.frames
    assert list(dict.fromkeys(one.segment for one in chunks)) == [one.name for one in timeline.segments]
    for segment in timeline.segments:
        mine = of_segment(chunks, segment.name)
        assert mine[0].start == 0
        assert all(before.end == after.start for before, after in pairwise(mine))
        assert mine[-1].end == segment.frames


@given(timelines | bare_timelines)
def test_only_the_last_chunk_of_a_segment_is_called_last(timeline: Timeline) -> None:
    for segment in timeline.segments:
        mine = of_segment(cut(timeline), segment.name)
        assert [one.last for one in mine] == [False] * (len(mine) - 1) + [True]


@given(timelines)
def test_every_chunk_of_the_body_but_the_last_has_the_same_length(timeline: Timeline) -> None:
    mine = of_segment(cut(timeline), "body")
    assert len({one.frames for one in mine[:-1]}) <= 1
    assert all(one.frames * 1000 >= CHUNK_MS * timeline.fps for one in mine[:-1])


@given(timelines)
def test_the_last_chunk_lasts_two_seconds_unless_it_is_the_only_one(timeline: Timeline) -> None:
    mine = of_segment(cut(timeline), "body")
    assert len(mine) == 1 or mine[-1].frames >= 2 * timeline.fps
    assert mine[-1].frames <= 13 * timeline.fps


def test_cards_and_the_ident_are_one_chunk_each() -> None:
    chunks = cut(plan_timeline(15_000, Fraction(25)))
    assert [len(of_segment(chunks, name)) for name in ("ident", "title", "body", "end")] == [1, 1, 60, 1]


@pytest.mark.parametrize(
    ("body", "frames"),
    [
        (1, [1]),
        (250, [250]),
        (299, [299]),
        (300, [250, 50]),
        (500, [250, 250]),
        (525, [250, 275]),
    ],
)
def test_a_rest_that_is_too_short_goes_with_the_chunk_before(body: int, frames: list[int]) -> None:
    assert [one.frames for one in of_segment(cut(plan_timeline(body, Fraction(25))), "body")] == frames
