"""Moments of a lesson and of its finished video, through cards, cuts and speeds."""

from __future__ import annotations

from courseware.lessons.moments import lesson_moment, shown_spans
from courseware.lessons.rendition import Rendition, RenditionPart, ShownStretch
from courseware.times import Span
from tests.playlists.factories import lesson, rendition


def made(*stretches: tuple[int, int, int, int]) -> Rendition:
    """A video whose body lasts from 5 to 11 s; each stretch from, to in it, and from, to in the lesson."""
    names = ("start_ms", "end_ms", "from_ms", "to_ms")
    shown = tuple(ShownStretch(**dict(zip(names, one, strict=True))) for one in stretches)
    body = RenditionPart(name="body", start_ms=5000, end_ms=11_000)
    return rendition(lesson(0), 15).model_copy(update={"parts": (body,), "stretches": shown})


def test_where_nothing_was_cut_only_the_cards_lie_before() -> None:
    whole = made()
    assert [lesson_moment(whole, at) for at in (4999, 5000, 10_999, 11_000)] == [None, 0, 5999, None]
    assert shown_spans(whole, Span(1000, 2000)) == (Span(6000, 7000),)
    assert shown_spans(whole, Span(5500, 9000)) == (Span(10_500, 11_000),)
    assert shown_spans(whole, Span(6000, 7000)) == ()


def test_what_was_cut_out_is_nowhere_and_what_comes_later_is_earlier() -> None:
    short = made((5000, 7000, 0, 2000), (7000, 11_000, 10_000, 14_000))
    assert [lesson_moment(short, at) for at in (6999, 7000, 10_999)] == [1999, 10_000, 13_999]
    assert shown_spans(short, Span(3000, 9000)) == ()
    assert shown_spans(short, Span(1500, 11_000)) == (Span(6500, 7000), Span(7000, 8000))


def test_at_double_speed_a_second_is_half_as_long() -> None:
    fast = made((5000, 7000, 0, 4000))
    assert lesson_moment(fast, 6000) == 2000
    assert shown_spans(fast, Span(1000, 3000)) == (Span(5500, 6500),)


def test_what_is_shown_twice_is_found_twice() -> None:
    twice = made((5000, 6000, 2000, 3000), (6000, 7000, 2000, 3000))
    assert shown_spans(twice, Span(2100, 2200)) == (Span(5100, 5200), Span(6100, 6200))


def test_of_a_video_whose_parts_nobody_wrote_down_nothing_is_said() -> None:
    unknown = made().model_copy(update={"parts": ()})
    assert lesson_moment(unknown, 6000) is None
    assert shown_spans(unknown, Span(0, 1000)) == ()
