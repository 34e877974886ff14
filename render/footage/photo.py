"""Photos: looked at slowly, by a proper resampler for each picture, so that nothing trembles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from courseware.media.photos import open_photo, photo_size
from render.footage.moving import between, plan_views
from render.footage.plates import CLOSER, plate_of
from render.scene import Feed

if TYPE_CHECKING:
    from PIL.Image import Image

_HALF_TURN = 180
_QUICK_SHARES = (1 / 8, 1 / 4, 1 / 2)  # of its sides, that a JPEG can be decoded at


def photo_pictures(feed: Feed) -> Iterator[Image]:
    """The pictures of the feed, each of the canvas's size.

    Raises:
        MediaError: the photo cannot be read.
    """
    from PIL.Image import Resampling

    canvas = feed.width, feed.height
    plate, focus = plate_of(open_photo(feed.path, _enough(feed)), feed)
    seconds = Fraction(feed.lasts) / feed.fps
    first, last = plan_views(plate.size, canvas, focus, feed.scene.move, seconds, feed.sign)
    held = plate.resize(canvas, Resampling.LANCZOS, box=first.box(plate.size)) if first == last else None
    for number in range(feed.first, feed.first + feed.count):
        view = between(first, last, number / max(1, feed.lasts - 1))
        yield held or plate.resize(canvas, Resampling.LANCZOS, box=view.box(plate.size))


def _enough(feed: Feed) -> tuple[int, int]:
    """How many pixels its shorter and its longer side need for a close look.

    A photo that is shown for a while is opened so large that it would do on its side, too. One picture of it, which
    somebody waits for, is opened no larger than it is shown: nobody sees the difference. What a reader of JPEG gives
    smaller by itself, at a fraction of the work, and still covers the canvas, is enough.
    """
    longest = ceil(max(feed.width, feed.height) * CLOSER)
    if feed.count > 1:
        return longest, longest
    wide, high = photo_size(feed.path)
    across, down = (feed.height, feed.width) if feed.turn % _HALF_TURN else (feed.width, feed.height)
    covers = max(across / wide, down / high)
    shares = _QUICK_SHARES if feed.path.suffix.lower() in {".jpg", ".jpeg"} else ()
    scale = min(covers * CLOSER, next((share for share in shares if share >= covers), 1.0))
    return ceil(min(wide, high) * scale), ceil(max(wide, high) * scale)
