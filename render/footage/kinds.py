"""The kinds of footage: how the pictures of each are drawn. A further one is a module with a function and a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from render.footage.animation import animation_pictures
from render.footage.card import card_pictures
from render.footage.photo import photo_pictures
from render.scene import Feed, SceneKind

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS: Mapping[SceneKind, Callable[[Feed], Iterator[Image]]] = {
    "photo": photo_pictures,
    "animation": animation_pictures,
    "sequence": animation_pictures,
    "card": card_pictures,
}


def raw_pictures(feed: Feed) -> Iterator[bytes]:
    """What ffmpeg reads: each picture as rows of red, green and blue; of what stands the first.

    Raises:
        MediaError: what is shown cannot be read.
    """
    pictures = KINDS[feed.scene.kind](feed)
    for picture in islice(pictures, 1) if feed.stands else pictures:
        yield picture.tobytes()
