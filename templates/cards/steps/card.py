"""A card of a lesson's words on a canvas: how large its letters are, where they and its picture stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from templates.cards.layout import SMALL_FLOOR, Box, Measures, clear_of, measures
from templates.cards.looks import Look
from templates.cards.pictures import Picture

# Pixels of the letters by those of the canvas's shorter side: a wall of LEDs is looked at from farther away.
_WALL, _WALL_SHARE, _TELEVISION_FROM, _TELEVISION_SHARE = 10, 0.09, 480, 0.025
_BESIDE, _ABOVE = 0.42, 0.40  # of the canvas's width, or of its height when it is upright, is the picture's


@dataclass(frozen=True, slots=True)
class StepCard:
    """A page of what a clip says in words.

    Attributes:
        width, height: canvas in pixels.
        lines: below the heading; "1. …" has a number, of several without one each has a mark.
        picture: beside the words where there is room, else behind them.
        least_px: the smallest em that can be read from where people stand.
        clear_top_px, clear_bottom_px: covered by a clock or a ticker of the player's.
        page: which of its pages, from 0.
    """

    width: int
    height: int
    look: Look
    heading: str
    lines: tuple[str, ...]
    picture: Picture | None = None
    least_px: int = 0
    clear_top_px: int = 0
    clear_bottom_px: int = 0
    page: int = 0


def step_texts(card: StepCard) -> tuple[str, ...]:
    """Every text the card may draw."""
    return (card.heading, *card.lines)


def body_em(card: StepCard) -> int:
    """The em of the lines."""
    short = min(card.width, card.height)
    wall = _WALL + _WALL_SHARE * min(short, _TELEVISION_FROM)
    usual = round(wall + _TELEVISION_SHARE * max(0, short - _TELEVISION_FROM))
    return max(SMALL_FLOOR, card.least_px, usual)


def picture_box(card: StepCard) -> Box | None:
    """Where the picture stands beside the words, to the edge of the canvas; None where there is no room for both."""
    sizes = measures(card.width, card.height)
    if not card.picture or not sizes.roomy:
        return None
    if sizes.portrait:
        top = card.clear_top_px
        return Box(0, top, card.width, round(card.height * _ABOVE))
    wide = round(card.width * _BESIDE)
    return Box(card.width - wide, card.clear_top_px, wide, card.height - card.clear_top_px - card.clear_bottom_px)


def text_box(card: StepCard) -> Box:
    """Where the words stand, clear of the picture."""
    safe, picture = _sizes(card).safe, picture_box(card)
    if picture is None:
        return safe
    if picture.width == card.width:
        top = max(safe.y, picture.y + picture.height + safe.y // 2)
        return Box(safe.x, top, safe.width, safe.y + safe.height - top)
    return Box(safe.x, safe.y, picture.x - safe.x - safe.x // 2, safe.height)


def _sizes(card: StepCard) -> Measures:
    return clear_of(measures(card.width, card.height), card.height, card.clear_top_px, card.clear_bottom_px)
