"""A photograph behind the words of a card: covers the canvas, and is darkened and softened where the words stand.

How much is measured, not guessed: the lightest pixel near a line keeps the line's contrast (WCAG 2.2 §1.4.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from templates.cards.drawing import Part, TextLine, draw_pages
from templates.cards.looks import Look
from templates.cards.palette import BLACK, TEXT_CONTRAST, Rgb, luminance, mix, palette_of, parse_colour

if TYPE_CHECKING:
    from PIL.Image import Image

_EVERYWHERE = 26  # percent of veil over the whole picture, so that it stays a ground
_STEP = 4
_CENTRE = (0.5, 0.42)  # of what is cut off: heads are above the middle
_ABOVE, _BELOW = 0.92, 0.24  # of an em around the baseline
_LINEAR = 0.04045  # below it sRGB is linear (IEC 61966-2-1)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a line stands, and how light its letters are."""

    box: tuple[int, int, int, int]
    light: float


def set_on_picture(width: int, height: int, look: Look, picture: Image, parts: Sequence[Part]) -> Image:
    """The parts on the picture, RGB, exactly width × height pixels.

    Args:
        picture: of any size and shape; clear parts show the look's colour.
    """
    from PIL import Image as Pictures

    words = draw_pages(width, height, look, [parts])[0]
    lines = [part for part in parts if isinstance(part, TextLine)]
    ground = darkened(_covering(picture, width, height, look), look, lines).convert("RGBA")
    return Pictures.alpha_composite(ground, words).convert("RGB")


def darkened(ground: Image, look: Look, lines: Sequence[TextLine]) -> Image:
    """The ground with a veil that is just dense enough behind the lines, and thin elsewhere."""
    from PIL import Image as Pictures
    from PIL import ImageFilter

    palette = palette_of(look)
    tone = mix(parse_colour(palette.deep), BLACK, 30)
    spots = [_Spot(_box(line, ground.size), luminance(parse_colour(getattr(palette, line.tone)))) for line in lines]
    near = _nearness([spot.box for spot in spots], ground.size)
    softened = ground.filter(ImageFilter.GaussianBlur(max(1.0, min(ground.size) * 0.010)))
    ground = Pictures.composite(softened, ground, near)
    veil = next(veil for percent in _shares() if _is_legible(ground, veil := _veil(near, percent), tone, spots))
    return Pictures.composite(Pictures.new("RGB", ground.size, tone), ground, veil)


def _shares() -> Iterator[int]:
    yield from range(_EVERYWHERE, 100, _STEP)
    yield 100


def _covering(picture: Image, width: int, height: int, look: Look) -> Image:
    from PIL import Image as Pictures
    from PIL import ImageOps

    if picture.mode == "RGBA":
        below = Pictures.new("RGBA", picture.size, parse_colour(palette_of(look).mid))
        picture = Pictures.alpha_composite(below, picture).convert("RGB")
    return ImageOps.fit(picture, (width, height), method=Pictures.Resampling.LANCZOS, centering=_CENTRE)


def _box(line: TextLine, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top = max(0, line.x - line.em // 8), max(0, line.baseline - round(_ABOVE * line.em))
    right, bottom = line.x + line.width + line.em // 8, line.baseline + round(_BELOW * line.em)
    return left, top, min(size[0], right), min(size[1], bottom)


def _nearness(boxes: Sequence[tuple[int, int, int, int]], size: tuple[int, int]) -> Image:
    """255 around the lines, falling off to 0."""
    from PIL import Image as Pictures
    from PIL import ImageDraw, ImageFilter

    reach = min(size) * 0.07
    near = Pictures.new("L", size, 0)
    pen = ImageDraw.Draw(near)
    for left, top, right, bottom in boxes:
        pen.rectangle((left - 2 * reach, top - 2 * reach, right + 2 * reach, bottom + 2 * reach), fill=255)
    near = near.filter(ImageFilter.GaussianBlur(reach))
    for box in boxes:
        near.paste(255, box)
    return near


def _veil(near: Image, percent: int) -> Image:
    return near.point([max(_EVERYWHERE * 255, percent * level) // 100 for level in range(256)])


def _is_legible(ground: Image, veil: Image, tone: Rgb, spots: Sequence[_Spot]) -> bool:
    return all(
        (spot.light + 0.05) / (_lightest(ground.crop(spot.box), veil.crop(spot.box), tone) + 0.05) >= TEXT_CONTRAST
        for spot in spots
    )


def _lightest(ground: Image, veil: Image, tone: Rgb) -> float:
    """Relative luminance of the lightest pixel when the veil lies on the ground."""
    import numpy as np
    from PIL import Image as Pictures

    shown: Any = np.asarray(Pictures.composite(Pictures.new("RGB", ground.size, tone), ground, veil))
    if not shown.size:
        return 0.0
    share = shown / 255
    linear = np.where(share <= _LINEAR, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float((linear @ (0.2126, 0.7152, 0.0722)).max())
