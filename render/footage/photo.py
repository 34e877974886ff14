"""Photos: looked at slowly, by a proper resampler for each picture, so that nothing trembles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from courseware.media.photos import open_photo
from render.footage.moving import between, plan_views
from render.footage.plates import CLOSER, plate_of
from render.scene import Feed

if TYPE_CHECKING:
    from PIL.Image import Image


def photo_pictures(feed: Feed) -> Iterator[Image]:
    """The pictures of the feed, each of the canvas's size.

    Raises:
        MediaError: the photo cannot be read.
    """
    from PIL.Image import Resampling

    canvas = feed.width, feed.height
    # Upright or not, it is large enough to be looked at closely.
    longest = ceil(max(canvas) * CLOSER)
    plate, focus = plate_of(open_photo(feed.path, (longest, longest)), feed)
    seconds = Fraction(feed.lasts) / feed.fps
    first, last = plan_views(plate.size, canvas, focus, feed.scene.move, seconds, feed.sign)
    held = plate.resize(canvas, Resampling.LANCZOS, box=first.box(plate.size)) if first == last else None
    for number in range(feed.first, feed.first + feed.count):
        view = between(first, last, number / max(1, feed.lasts - 1))
        yield held or plate.resize(canvas, Resampling.LANCZOS, box=view.box(plate.size))
