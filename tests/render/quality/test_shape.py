"""How a picture was put together: combs, black all around, another shape than the source's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from courseware.times import Span
from render.plan.profiles import profile_named
from render.quality.checks.expected import Expected, TimelinePart
from render.quality.checks.shape import judge_shape
from render.quality.facts import UNSURE, Borders, PictureFacts, Weave
from render.quality.picture import watch
from tests.render.quality.clips import picture_only
from tests.render.quality.facts import lively

BODY = Expected(None, parts=(TimelinePart("body", Span(1000, 9000)),))
SQUARE = replace(BODY, profile=profile_named("led-96x96"))
WOVEN = "tblend=all_expr='if(mod(Y,2),A,B)'"


def bordered(*sides: tuple[int, int, int, int]) -> PictureFacts:
    """One look a second: left, top, right, bottom."""
    return replace(lively(10), borders=tuple(Borders(12 + 25 * at, *one) for at, one in enumerate(sides)))


def kinds(facts: PictureFacts, expected: Expected = BODY) -> list[str]:
    return [one.kind for one in judge_shape(facts, expected)]


@pytest.mark.parametrize(
    ("video", "found"),
    [
        ("null", []),
        (WOVEN, ["combs"]),
        ("scale=72:48,pad=96:64:-1:-1", ["frame"]),
        ("scale=72:64,pad=96:64:-1:-1", []),
        ("scale=96:48,pad=96:64:-1:-1", []),
    ],
)
def test_what_is_seen_of_a_whole_file(tmp_path: Path, video: str, found: list[str]) -> None:
    facts = watch(picture_only(tmp_path / "a.mp4", frames=300, video=video)).facts
    assert facts is not None
    assert kinds(facts, Expected(None)) == found


@pytest.mark.parametrize(
    ("sides", "found"),
    [
        ([(20, 30, 20, 30)] * 10, ["frame"]),
        ([(20, 30, 20, 0)] * 10, []),
        ([(7, 30, 7, 30)] * 10, []),
        ([(20, 30, 28, 30)] * 10, []),
        ([(20, 30, 20, 30)] * 5 + [(40, 30, 40, 30)] * 5, []),
        ([(20, 30, 20, UNSURE)] * 7 + [(20, 30, 20, 30)] * 3, ["frame"]),
        ([(UNSURE, 30, UNSURE, 30)] * 7 + [(20, 30, 20, 30)] * 3, []),
        ([(UNSURE,) * 4] * 10, []),
        ([(20, 30, 20, 30)] * 3, []),
        # The cards before and after the body fill the screen.
        ([(0, 0, 0, 0), *[(20, 30, 20, 30)] * 8, (0, 0, 0, 0)], ["frame"]),
    ],
)
def test_black_on_all_sides_all_the_time_is_a_frame(sides: list[tuple[int, int, int, int]], found: list[str]) -> None:
    assert kinds(bordered(*sides)) == found


@pytest.mark.parametrize(
    ("shape", "side", "found"),
    [
        (Fraction(1, 2), 63, []),
        (Fraction(1, 2), 0, ["stretched"]),
        (Fraction(1, 2), 80, []),
        (Fraction(1, 2), UNSURE, []),
        (Fraction(1), 0, []),
        (None, 0, []),
    ],
)
def test_a_picture_that_reaches_where_black_should_be_is_stretched(
    shape: Fraction | None, side: int, found: list[str]
) -> None:
    """On a square canvas, a picture half as wide as high leaves a quarter black on each side."""
    assert kinds(bordered(*[(side, 0, side, 0)] * 10), replace(SQUARE, shape=shape)) == found
    lying = 1 / shape if shape else None
    assert kinds(bordered(*[(0, side, 0, side)] * 10), replace(SQUARE, shape=lying)) == found


@pytest.mark.parametrize(
    ("looks", "found"),
    [
        ([Weave(100, 9, 12, 0, 0, 0), Weave(175, 9, 12, 0, 0, 0)], ["combs"]),
        ([Weave(100, 9, 0, 12, 0, 0), Weave(175, 9, 0, 11, 0, 1)], ["combs"]),
        ([Weave(100, 9, 12, 0, 0, 0), Weave(175, 9, 0, 0, 12, 0)], []),
        # Sharp captions on a picture that stands still.
        ([Weave(100, 0, 12, 0, 0, 0), Weave(175, 2, 12, 0, 0, 0)], []),
        ([Weave(100, 9, 6, 0, 6, 0), Weave(175, 9, 6, 0, 6, 0)], []),
        ([Weave(0, 9, 12, 0, 0, 0), Weave(240, 9, 12, 0, 0, 0), Weave(100, 9, 12, 0, 0, 0)], []),
    ],
)
def test_combs_are_told_when_several_places_of_the_body_have_them(looks: list[Weave], found: list[str]) -> None:
    assert kinds(replace(lively(10), weaves=tuple(looks))) == found
