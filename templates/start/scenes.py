"""Draws the pictures of the sample county's song and of its spot: four views of a village in the hills."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import partial
from math import cos, pi, sin
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw as Drawing

WIDTH, HEIGHT = 1920, 1080
_FINER = 2  # drawn so much larger, for smooth edges
_SKIES: Mapping[str, tuple[str, str]] = {
    "spring": ("#7fc4e8", "#fdf1d8"),
    "village": ("#4d9fd6", "#e8f4f2"),
    "terraces": ("#e8875a", "#fde6a8"),
    "harvest": ("#5aa9de", "#fff4cf"),
}


def write_scene(name: str, target: Path) -> None:
    """Write one of the SCENES as JPEG."""
    from PIL import Image, ImageDraw

    image = _sky(*_SKIES[name])
    SCENES[name](ImageDraw.Draw(image))
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    small.save(target, "JPEG", quality=88)


def _sky(top: str, bottom: str) -> Picture:
    from PIL import Image, ImageOps

    rise = Image.linear_gradient("L").resize((WIDTH * _FINER, HEIGHT * _FINER))
    return ImageOps.colorize(rise, top, bottom)


def _spring(draw: Drawing) -> None:
    """Morning over a river between blossoming trees."""
    _disc(draw, 1450, 250, 90, "#fff7dc")
    _hills(draw, 560, 110, 0.7, "#9fc3c9")
    _hills(draw, 640, 90, 2.1, "#7fb07f")
    _hills(draw, 730, 60, 4.0, "#5f9a52")
    _river(draw, "#d6eef5")
    for x, y, size in ((250, 800, 1.5), (520, 760, 1.0), (1380, 770, 1.1), (1660, 830, 1.6), (1200, 740, 0.7)):
        _tree(draw, x, y, size, ("#f2a6b8", "#f7c3cf", "#e98aa2"))


def _village(draw: Drawing) -> None:
    """White houses with dark roofs at the foot of a hill."""
    _hills(draw, 420, 130, 1.2, "#8fbfb0")
    _hills(draw, 560, 100, 3.3, "#6aa55c")
    _hills(draw, 690, 40, 5.0, "#8fbf5a")
    for x, y, size in ((300, 700, 1.3), (860, 690, 1.0), (1640, 720, 1.3)):
        _tree(draw, x, y, size, ("#4f8f3f", "#6aa84f", "#3f7a35"))
    for x, wide, high in ((390, 320, 190), (745, 240, 160), (1020, 320, 200), (1380, 250, 165)):
        _house(draw, x, 905 - high, wide, high)
    _band(draw, partial(_wave, 905, 8, 160, 0), "#c9a86a")
    _band(draw, partial(_wave, 985, 10, 210, 1), "#7fae4a")


def _terraces(draw: Drawing) -> None:
    """Terraced fields in the evening sun."""
    _disc(draw, 560, 300, 120, "#fff3c4")
    _hills(draw, 470, 110, 0.2, "#c97b5a")
    _hills(draw, 560, 80, 2.6, "#a8683f")
    colours = ("#e3b23c", "#b9892a", "#f0c95a", "#8f7a2e")
    for step in range(11):
        low = 600 + step * 44 + step * step * 2
        for at, colour in ((low, "#5e4a1f"), (low + 8, colours[step % 4])):
            _band(draw, partial(_wave, at, 26 + step * 3, 250 + step * 16, step * 0.55), colour)
    for x, y, size in ((1500, 640, 1.1), (1640, 660, 0.8), (300, 690, 0.7)):
        _tree(draw, x, y, size, ("#5c6b2a", "#758236", "#4a5722"))


def _harvest(draw: Drawing) -> None:
    """Straw in round bales on a field that was harvested."""
    _disc(draw, 400, 220, 85, "#fffbe6")
    _hills(draw, 520, 100, 2.8, "#9cc2a0")
    _hills(draw, 600, 70, 0.9, "#6f9f58")
    _band(draw, partial(_wave, 660, 14, 300, 0), "#e2bd5c")
    for row in range(12):
        low = 690 + row * row * 3 + row * 8
        _band(draw, partial(_wave, low, 12, 300, 0), "#d4aa47" if row % 2 else "#ecca72")
    for x, y, size in ((1180, 720, 55), (620, 750, 70), (1560, 830, 120), (900, 900, 150), (280, 960, 170)):
        _bale(draw, x, y, size)


SCENES: Mapping[str, Callable[[Drawing], None]] = {
    "spring": _spring,
    "village": _village,
    "terraces": _terraces,
    "harvest": _harvest,
}


def _disc(draw: Drawing, x: float, y: float, radius: float, colour: str) -> None:
    draw.ellipse([side * _FINER for side in (x - radius, y - radius, x + radius, y + radius)], colour)


def _shape(draw: Drawing, points: list[tuple[float, float]], colour: str) -> None:
    draw.polygon([(x * _FINER, y * _FINER) for x, y in points], colour)


def _band(draw: Drawing, edge: Callable[[float], float], colour: str) -> None:
    """All that lies below an edge."""
    line = [(float(x), edge(x)) for x in range(0, WIDTH + 8, 8)]
    _shape(draw, [*line, (WIDTH, HEIGHT), (0, HEIGHT)], colour)


def _wave(middle: float, swing: float, length: float, phase: float, x: float) -> float:
    return middle + swing * sin(x / length + phase)


def _hills(draw: Drawing, middle: float, swing: float, phase: float, colour: str) -> None:
    _band(draw, lambda x: middle - swing * (sin(x / 330 + phase) + 0.5 * sin(x / 140 + 2 * phase)) / 1.5, colour)


def _river(draw: Drawing, colour: str) -> None:
    """From far behind to the front, wider and wider."""
    left, right = list[tuple[float, float]](), list[tuple[float, float]]()
    for step in range(41):
        near = step / 40
        middle, half = 960 + 170 * sin(near * 1.6 * pi) * (1 - near / 3), 14 + 330 * near**2.2
        y = 705 + (HEIGHT - 705) * near**1.3
        left.append((middle - half, y))
        right.append((middle + half, y))
    _shape(draw, left + right[::-1], colour)


def _tree(draw: Drawing, x: float, y: float, size: float, leaves: tuple[str, str, str]) -> None:
    foot, top, low = 9 * size, 4 * size, y + 120 * size
    _shape(draw, [(x - foot, low), (x - top, y), (x + top, y), (x + foot, low)], "#6b4a34")
    own = random.Random(f"{x} {y}")  # noqa: S311  (where leaves hang is no secret)
    middle = y - 12 * size
    _disc(draw, x, middle, 55 * size, leaves[0])
    for number in range(22):
        turn, out = own.uniform(0, 2 * pi), 62 * size * own.random() ** 0.5
        leaf = own.uniform(16, 30) * size
        _disc(draw, x + out * cos(turn), middle + out * sin(turn), leaf, leaves[number % len(leaves)])


def _house(draw: Drawing, x: float, y: float, wide: float, high: float) -> None:
    roof, door = 0.45 * high, 0.08 * wide
    _box(draw, x, y, wide, high, "#f7f3ea")
    _shape(draw, [(x - 24, y + 6), (x + 30, y - roof), (x + wide - 30, y - roof), (x + wide + 24, y + 6)], "#48505a")
    _box(draw, x + wide / 2 - door, y + 0.42 * high, 2 * door, 0.58 * high, "#8c3b2a")
    for middle in (0.2, 0.8):
        _box(draw, x + (middle - 0.07) * wide, y + 0.32 * high, 0.14 * wide, 0.26 * high, "#5a7f95")


def _box(draw: Drawing, x: float, y: float, wide: float, high: float, colour: str) -> None:
    _shape(draw, [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], colour)


def _bale(draw: Drawing, x: float, y: float, size: float) -> None:
    _disc(draw, x + 0.5 * size, y - 0.04 * size, size, "#b98a2f")
    _disc(draw, x, y, size, "#d9ac45")
    for ring, colour in ((0.72, "#c0933a"), (0.46, "#e2bd63"), (0.2, "#c0933a")):
        _disc(draw, x, y, ring * size, colour)
