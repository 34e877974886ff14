"""What matters in a picture: faces, writing, what is sharp and colourful; found by figures, the same every time.

No model and no weights: skin's colours, edges of fine detail, colours that stand out, and that people put what they
mean into the middle. A face detector would know faces better; this keeps them in view as well, with trees and tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.footage.moving import View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_SIDE = 128  # pixels of the longer side that are looked at
_KEPT = 0.85  # of what matters lies inside the focus
_EMPTY = 1e-6
_PAGE_SIDE, _TILES = 256, 8  # pixels, and parts of a side, in which writing is looked for
_PAPER, _GREY, _INK, _WRITTEN, _FULL = 140, 5, 25, 0.03, 0.6  # light, colour, edges, their share, parts with writing


def is_page(picture: Image) -> bool:
    """Whether it is writing or a drawing on paper, from edge to edge: of it nothing may be cut off."""
    import numpy as np
    from PIL.Image import Resampling

    small = picture.convert("YCbCr").resize((_PAGE_SIDE, _PAGE_SIDE), Resampling.BOX, reducing_gap=2)
    values = np.asarray(small, np.float64)
    light, colour = values[..., 0], np.hypot(values[..., 1] - 128, values[..., 2] - 128)
    inked = np.abs(np.diff(light, axis=1, append=light[:, -1:])) > _INK
    # Writing is all over a page; a grey sky is empty.
    tiles = inked.reshape(_TILES, _PAGE_SIDE // _TILES, _TILES, -1).mean(axis=(1, 3)) > _WRITTEN
    return bool(np.median(light) > _PAPER and np.median(colour) < _GREY and tiles.mean() > _FULL)


def focus_of(picture: Image) -> View:
    """The stretch of the picture that is to stay in view, in its pixels."""
    weights = _weights(picture)
    high, wide = weights.shape
    left, right = _middle(weights.sum(axis=0))
    top, bottom = _middle(weights.sum(axis=1))
    x, y = picture.width / wide, picture.height / high
    return View(left * x, top * y, (right - left) * x, (bottom - top) * y)


def _weights(picture: Image) -> NDArray[np.float64]:
    """How much each spot matters; not negative."""
    import numpy as np
    from PIL.Image import Resampling

    scale = _SIDE / max(picture.size)
    size = (max(8, round(picture.width * scale)), max(8, round(picture.height * scale)))
    small = np.asarray(picture.resize(size, Resampling.BOX, reducing_gap=2).convert("YCbCr"), np.float64)
    light, blue, red = small[..., 0], small[..., 1] - 128, small[..., 2] - 128
    detail = np.abs(np.diff(light, axis=0, append=light[-1:])) + np.abs(np.diff(light, axis=1, append=light[:, -1:]))
    # Leaves and gravel are fine everywhere: only what is finer than most stands out.
    fine = np.clip(detail - np.percentile(detail, 60), 0, 60) / 60
    vivid = np.hypot(blue - np.median(blue), red - np.median(red)) / 90
    skin = (red > 7) & (red < 45) & (blue < 2) & (blue > -45) & (light > 50) & (light < 235)  # noqa: PLR2004  (what skin is in YCbCr, found by trial)
    found = 0.6 * fine + 0.5 * np.clip(vivid, 0, 1) + 0.9 * skin * (0.3 + fine)
    rows, columns = (np.linspace(-1, 1, count) for count in found.shape)
    middle = np.exp(-1.2 * (columns[None, :] ** 2 + 0.8 * (rows[:, None] + 0.1) ** 2))
    weighed: NDArray[np.float64] = (found + _EMPTY) * middle
    return weighed


def _middle(along: NDArray[np.float64]) -> tuple[int, int]:
    """From where to where most of it lies."""
    import numpy as np

    reached = np.cumsum(along) / along.sum()
    rest = (1 - _KEPT) / 2
    start, end = int(np.searchsorted(reached, rest)), int(np.searchsorted(reached, 1 - rest)) + 1
    return start, min(len(along), end)
