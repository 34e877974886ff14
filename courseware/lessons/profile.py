"""The canvas that the name of a profile stands for. How a profile is encoded is render/plan/profiles.py."""

from __future__ import annotations

import re
import unicodedata
from math import ceil
from typing import NamedTuple

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.profiles import PROFILES
from courseware.validate import not_one_of

LED_FLOOR_PX = 20  # below, Chinese is blurred
_HEIGHTS_TO_THE_FARTHEST = 345  # GB/T 29458-2012: a character is read from 345 times its height
SMALLEST, LARGEST = 64, 4096  # pixels a side; below, no 20-pixel character fits twice
LARGEST_MACROBLOCKS = 36_864  # squares of 16 pixels in a picture of H.264 level 5.1, the highest that players have
_LED = re.compile(r"led[-_]?0*(\d{1,5})[x*]0*(\d{1,5})", re.ASCII)


class Canvas(NamedTuple):
    """Width and height in pixels; both even, since 4:2:0 video has no odd size."""

    width: int
    height: int


def canvas_of(profile: str, where: str = "profile") -> Canvas:
    """The canvas a profile's name stands for.

    Raises:
        InputError: no such profile, one spelt in a way that would name another folder, or a canvas no video can have.
    """
    if fixed := PROFILES.get(profile):
        return Canvas(fixed.width, fixed.height)
    led = _LED.fullmatch("".join(unicodedata.normalize("NFKC", profile).casefold().replace("×", "x").split()))
    if led is None:
        raise InputError(Problem(where, not_one_of(profile, (*PROFILES, "led-512x320"))))
    canvas = Canvas(int(led[1]), int(led[2]))
    wrong = _impossible(profile, canvas)
    right = f"led-{canvas.width}x{canvas.height}"
    if wrong is None and profile != right:
        wrong = not_one_of(profile, (right,))
    if wrong:
        raise InputError(Problem(where, wrong))
    return canvas


def _impossible(name: str, canvas: Canvas) -> Text | None:
    """Why no video can have the canvas."""
    if not all(SMALLEST <= side <= LARGEST for side in canvas):
        return text("“{name}” is outside {low} to {high} pixels a side", name=name, low=SMALLEST, high=LARGEST)
    if any(side % 2 for side in canvas):
        even = f"led-{canvas.width + canvas.width % 2}x{canvas.height + canvas.height % 2}"
        return text("“{name}” has an odd side; video needs even ones: write {even}", name=name, even=even)
    if macroblocks(canvas) > LARGEST_MACROBLOCKS:
        what = text("“{name}” has more pixels than a player can decode; divide the screen into two players")
        return Text(what.pattern, {"name": name})
    return None


def macroblocks(canvas: Canvas) -> int:
    """Squares of 16 pixels that cover the canvas, by which H.264 counts."""
    return -(-canvas.width // 16) * -(-canvas.height // 16)


def legible_px(distance_m: float, pitch_mm: float) -> int:
    """The smallest em in pixels that is read on an LED screen.

    Args:
        distance_m: from which the farthest viewer looks, in metres.
        pitch_mm: from one pixel to the next, in millimetres.
    """
    return max(LED_FLOOR_PX, ceil(round(1_000 * distance_m / (_HEIGHTS_TO_THE_FARTHEST * pitch_mm), 6)))
