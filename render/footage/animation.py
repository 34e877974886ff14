"""Animations and sequences: each picture at its own time, repeated as their file asks, the last one held."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.media.animations import Animation, animated_pictures, look_at_animation
from courseware.media.photos import on_white
from render.footage.plates import plate_of
from render.scene import Feed

if TYPE_CHECKING:
    from PIL.Image import Image


def animation_pictures(feed: Feed) -> Iterator[Image]:
    """The pictures of the feed, each of the canvas's size.

    Raises:
        MediaError: the animation cannot be read.
    """
    with _files_of(feed) as files:
        animation = look_at_animation(feed.path, files)
        assert animation is not None  # noqa: S101  (a picture that stands is a photo)
        shown = _shown(feed, animation)
        yield from _drawn(feed, files, [next(shown) for _ in range(feed.first + feed.count)][feed.first :])


def _shown(feed: Feed, animation: Animation) -> Iterator[int]:
    """Which of its pictures each picture of the feed shows."""
    times = len(animation.lasts_ms)
    if feed.scene.kind == "sequence":  # its pictures share the time there is
        yield from (number * times // feed.lasts for number in range(feed.lasts))
        return
    ends, at = [], 0
    for lasts in animation.lasts_ms:
        at += lasts
        ends.append(at)
    for number in count():
        ms = int(number * 1000 / feed.fps)
        turn, own = divmod(ms, at)
        if animation.loops and turn >= animation.loops:
            yield times - 1
            continue
        yield next(index for index, end in enumerate(ends) if own < end)


def _drawn(feed: Feed, files: Sequence[Path], wanted: Sequence[int]) -> Iterator[Image]:
    """The wanted pictures in order; read once for each time through."""
    canvas = feed.width, feed.height
    reading = enumerate(animated_pictures(feed.path, files, canvas))
    at, held = -1, None
    for number in wanted:
        if number < at:
            reading, at = enumerate(animated_pictures(feed.path, files, canvas)), -1
        while at < number:
            at, picture = next(reading)
            held = None
        if held is None:
            held = _on_canvas(picture, feed)
        yield held


def _on_canvas(picture: Image, feed: Feed) -> Image:
    from PIL.Image import Resampling

    canvas = feed.width, feed.height
    plate, _ = plate_of(on_white(picture), feed)
    if plate.size == canvas:
        return plate
    scale = max(canvas[0] / plate.width, canvas[1] / plate.height)
    wide, high = canvas[0] / scale, canvas[1] / scale
    left, top = (plate.width - wide) / 2, (plate.height - high) / 2
    return plate.resize(canvas, Resampling.LANCZOS, box=(left, top, left + wide, top + high))


@contextmanager
def _files_of(feed: Feed) -> Iterator[tuple[Path, ...]]:
    """The pictures of a sequence, out of its archive; none for an animation that is one file."""
    if feed.scene.kind != "sequence":
        yield ()
        return
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(feed.path) as archive:
        paths = []
        for number, name in enumerate(archive.namelist()):
            target = Path(folder) / f"{number:06}{Path(name).suffix}"
            with archive.open(name) as packed, target.open("wb") as stream:
                shutil.copyfileobj(packed, stream)
            paths.append(target)
        yield tuple(paths)
