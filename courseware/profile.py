"""The names of profiles and the canvas each stands for. How a profile is encoded is render/profiles.py."""

from __future__ import annotations

import re
from typing import NamedTuple

from courseware.errors import InputError, Problem, text
from courseware.validate import not_one_of

FIXED_CANVASES = {"station-tv": (1920, 1080), "station-tv-720": (1280, 720), "wechat": (1280, 720)}
_LED = re.compile(r"led-(\d{1,5})[x×](\d{1,5})")
SMALLEST, LARGEST = 64, 4096  # pixels; below, no 20-pixel character fits twice; above, H.264 level 5.1 ends


class Canvas(NamedTuple):
    """Width and height in pixels; both even, since 4:2:0 video has no odd size."""

    width: int
    height: int


def canvas_of(profile: str, where: str = "profile") -> Canvas:
    """The canvas a profile's name stands for.

    Raises:
        InputError: no such profile, or a canvas no video can have.
    """
    if profile in FIXED_CANVASES:
        return Canvas(*FIXED_CANVASES[profile])
    led = _LED.fullmatch(profile)
    if led is None:
        raise InputError(Problem(where, not_one_of(profile, (*FIXED_CANVASES, "led-512x320"))))
    canvas = Canvas(int(led[1]), int(led[2]))
    if any(side % 2 for side in canvas):
        even = f"led-{canvas.width + canvas.width % 2}x{canvas.height + canvas.height % 2}"
        what = text("“{name}” has an odd side; video needs even ones: write {even}", name=profile, even=even)
        raise InputError(Problem(where, what))
    if not all(SMALLEST <= side <= LARGEST for side in canvas):
        what = text("“{name}” is outside {low} to {high} pixels a side", name=profile, low=SMALLEST, high=LARGEST)
        raise InputError(Problem(where, what))
    return canvas
