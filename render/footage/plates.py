"""Plates: a picture made ready for a canvas: large enough to be looked at closely, or whole on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.footage.focus import focus_of, is_page
from render.footage.moving import View
from render.scene import Feed

if TYPE_CHECKING:
    from PIL.Image import Image

CLOSER = 1.2  # a zoom looks so much closer than the canvas; of so many more pixels a plate is made
LEAST_KEPT = 0.67  # of a picture; where filling the canvas would cost more, it stands whole on it
_ROOM = 0.94  # of the canvas for a picture that stands whole: a zoom takes the rest away and nothing of the picture
_DARK = 0.55  # the surround is no rival to the picture
_BLUR = 0.04  # of the plate's shorter side


def plate_of(picture: Image, feed: Feed) -> tuple[Image, View]:
    """The plate, and what is to stay in view of it."""
    upright = _turned(picture, feed.turn)
    shape = (upright.width * feed.height) / (upright.height * feed.width)
    kept = min(shape, 1 / shape)
    if feed.fit == "crop" or (feed.scene.fills and kept >= LEAST_KEPT and not is_page(upright)):
        plate = _covering(upright, feed)
        return plate, focus_of(plate)
    return _standing(upright, feed)


def _turned(picture: Image, degrees: int) -> Image:
    return picture.rotate(-degrees, expand=True) if degrees else picture


def _covering(picture: Image, feed: Feed) -> Image:
    """No larger than a close look needs."""
    from PIL.Image import Resampling

    scale = max(feed.width / picture.width, feed.height / picture.height) * CLOSER
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Resampling.LANCZOS) if scale < 1 else picture


def _standing(picture: Image, feed: Feed) -> tuple[Image, View]:
    """The whole picture on a surround of its own colours, or on black."""
    from PIL import Image as Pictures
    from PIL.Image import Resampling

    still = feed.scene.move == "none" or feed.scene.kind != "photo"
    size = tuple(round(side * (1 if still else CLOSER)) for side in (feed.width, feed.height))
    room = 1 if still else _ROOM
    scale = min(size[0] * room / picture.width, size[1] * room / picture.height)
    wide, high = (max(1, round(side * scale)) for side in picture.size)
    plate = _surround(picture, (size[0], size[1])) if feed.fit == "blur" else Pictures.new("RGB", (size[0], size[1]))
    left, top = (size[0] - wide) // 2, (size[1] - high) // 2
    plate.paste(picture.resize((wide, high), Resampling.LANCZOS), (left, top))
    return plate, View(left, top, wide, high)


def _surround(picture: Image, size: tuple[int, int]) -> Image:
    from PIL import ImageFilter, ImageOps
    from PIL.Image import Resampling

    # Blurred small, since nothing sharp remains.
    small = ImageOps.fit(picture, (max(2, size[0] // 4), max(2, size[1] // 4)), Resampling.BILINEAR)
    soft = small.filter(ImageFilter.GaussianBlur(min(small.size) * _BLUR * 2))
    dark = soft.point(lambda value: round(value * _DARK))
    return dark.resize(size, Resampling.BICUBIC)
