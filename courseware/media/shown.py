"""Any picture that a lesson shows, at a moment of its own: a photo, an animation, numbered pictures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.media.animations import animated_pictures, look_at_animation
from courseware.media.photos import on_white, open_photo

if TYPE_CHECKING:
    from PIL.Image import Image

_GLANCE = (64, 64)


def picture_at(path: Path, at_ms: int, files: Sequence[Path] = (), around: tuple[int, int] | None = None) -> Image:
    """What is seen then, RGB; of an animation the last picture when it has ended.

    Args:
        files: the pictures of a numbered sequence.
        around: a size that is enough.

    Raises:
        MediaError: it cannot be read.
    """
    animation = look_at_animation(path, files)
    if animation is None:
        return open_photo(path, around)
    ends = tuple(accumulate(animation.lasts_ms))
    number = next((index for index, end in enumerate(ends) if at_ms < end), len(ends) - 1)
    picture = next(islice(animated_pictures(path, files, around), number, None))
    return on_white(picture)


def glance(path: Path, files: Sequence[Path] = ()) -> int:
    """How long an animation lasts, 0 for a photo; every byte of a photo, and an animation's first picture, was read.

    Raises:
        MediaError: it cannot be read, or is damaged.
    """
    for one in files:
        open_photo(one, _GLANCE)
    animation = look_at_animation(path, files)
    if animation is None:
        open_photo(path, _GLANCE)
    return animation.duration_ms * max(1, animation.loops) if animation else 0
