from __future__ import annotations

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from templates.cards.looks import Look
from templates.cards.palette import (
    LARGE_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    contrast,
    dump_colour,
    mix,
    palette_of,
    parse_colour,
)

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@given(COLOURS, COLOURS)
def test_white_is_legible_on_every_tone_of_any_look(
    colour: tuple[int, int, int], accent: tuple[int, int, int]
) -> None:
    tones = asdict(palette_of(Look(dump_colour(colour), dump_colour(accent), "wave")))
    for name in ("top", "low", "far", "mid", "near", "deep"):
        assert contrast(parse_colour(tones[name]), WHITE) >= TEXT_CONTRAST
    for name in ("glow", "gleam"):
        assert contrast(parse_colour(tones[name]), WHITE) >= LARGE_CONTRAST


@given(COLOURS, COLOURS)
def test_coloured_text_is_legible_on_the_scenery_of_any_look(
    colour: tuple[int, int, int], accent: tuple[int, int, int]
) -> None:
    tones = asdict(palette_of(Look(dump_colour(colour), dump_colour(accent), "wave")))
    for text in ("accent", "soft"):
        for ground in ("top", "low", "far", "mid", "near", "deep"):
            assert contrast(parse_colour(tones[text]), parse_colour(tones[ground])) >= TEXT_CONTRAST


@given(COLOURS)
def test_a_colour_survives_being_written_and_read(colour: tuple[int, int, int]) -> None:
    assert parse_colour(dump_colour(colour)) == colour


def test_contrast_is_21_between_black_and_white_and_1_within_a_colour() -> None:
    assert round(contrast((0, 0, 0), WHITE), 6) == 21
    assert contrast((9, 99, 199), (9, 99, 199)) == 1


def test_half_of_white_in_black_is_grey() -> None:
    assert mix((0, 0, 0), WHITE, 50) == (128, 128, 128)
