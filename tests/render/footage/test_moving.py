from __future__ import annotations

from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.lessons.clipping.clip_file import Move
from render.footage.moving import View, between, plan_views

WALL = (320, 160)
SIDES = st.integers(330, 4000)
MOVES = st.sampled_from(get_args(Move))


@given(SIDES, SIDES, MOVES, st.floats(0, 0.9), st.floats(0, 0.9), st.integers(1, 60), st.sampled_from("0f"))
def test_every_view_lies_in_the_picture_and_has_the_shape_of_the_canvas(
    wide: int, high: int, move: Move, left: float, top: float, seconds: int, sign: str
) -> None:
    focus = View(left * wide, top * high, 0.1 * wide, 0.1 * high)
    first, last = plan_views((wide, high), WALL, focus, move, Fraction(seconds), sign)
    for share in (0, 0.3, 1):
        view = between(first, last, share)
        assert view.left >= -1e-6
        assert view.top >= -1e-6
        assert view.left + view.width <= wide + 1e-6
        assert view.top + view.height <= high + 1e-6
        assert view.width / view.height == pytest.approx(2)


@given(SIDES, SIDES, MOVES, st.floats(0, 0.9), st.floats(0, 0.9), st.integers(1, 60))
def test_what_matters_stays_in_view_where_the_canvas_can_show_it_whole(
    wide: int, high: int, move: Move, left: float, top: float, seconds: int
) -> None:
    focus = View(left * wide, top * high, 0.1 * wide, 0.1 * high)
    views = plan_views((wide, high), WALL, focus, move, Fraction(seconds), "0")
    largest = min(wide, high * 2)
    if focus.width > largest or focus.height > largest / 2:
        return
    for share in (0, 0.5, 1):
        view = between(*views, share)
        assert view.left <= focus.left + 1e-6
        assert view.left + view.width >= focus.left + focus.width - 1e-6
        assert view.top <= focus.top + 1e-6
        assert view.top + view.height >= focus.top + focus.height - 1e-6


def test_a_move_goes_where_it_says_at_a_calm_pace() -> None:
    focus = View(400, 180, 100, 60)
    found = {move: plan_views((900, 420), WALL, focus, move, Fraction(5), "0") for move in get_args(Move)}
    assert found["none"][0] == found["none"][1]
    assert found["in"] == found["out"][::-1]
    assert found["in"][0].width / found["in"][1].width == pytest.approx(1.1)
    assert found["right"][0].left < found["right"][1].left
    assert found["left"] == found["right"][::-1]
    assert found["down"][0].top < found["down"][1].top
    assert found["up"] == found["down"][::-1]
    first, last = found["right"]
    assert (last.left - first.left) / first.width <= 0.035 * 5 + 1e-9


def test_neighbours_move_differently_and_wide_pictures_are_walked_along() -> None:
    focus = View(100, 100, 10, 10)
    inward = plan_views((640, 320), WALL, focus, "auto", Fraction(5), "1")
    outward = plan_views((640, 320), WALL, focus, "auto", Fraction(5), "2")
    assert inward == outward[::-1]
    along = plan_views((1280, 320), WALL, focus, "auto", Fraction(5), "1")
    assert along[0].width == along[1].width == 640


def test_a_zoom_has_a_point_that_stands_still_all_the_way() -> None:
    first, last = plan_views((1600, 900), (640, 360), View(1200, 560, 200, 150), "in", Fraction(8), "0")
    across = (last.left - first.left) / (first.width - last.width)
    down = (last.top - first.top) / (first.height - last.height)
    for share in (0.25, 0.5, 0.75, 1.0):
        view = between(first, last, share)
        assert view.left + across * view.width == pytest.approx(first.left + across * first.width)
        assert view.top + down * view.height == pytest.approx(first.top + down * first.height)
