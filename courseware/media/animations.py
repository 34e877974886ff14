"""Animations: pictures with times of their own, from GIF, APNG, WebP, Lottie, or numbered pictures in a folder.

One is read from its beginning, picture by picture; never all of it at once.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import MediaError, Problem, text
from courseware.media.photos import MOST_PIXELS, open_photo, opened, photo_size

if TYPE_CHECKING:
    from PIL.Image import Image

SEQUENCE_MS = 40  # of each picture of a numbered sequence, where nothing says how long it takes
MOST_PICTURES = 15_000  # ten minutes
_UNSAID_MS = 100  # of a picture of a GIF that names no time, or one that no browser keeps
_SHORTEST_MS = 20
MOST_LOTTIE = 30_000_000  # bytes
_LOTTIE = {".json", ".lottie"}


@dataclass(frozen=True, slots=True)
class Animation:
    """What is known of an animation.

    Attributes:
        lasts_ms: each of its pictures, in order.
        loops: how often it plays, 0 for without end.
    """

    width: int
    height: int
    lasts_ms: tuple[int, ...]
    loops: int = 0

    @property
    def duration_ms(self) -> int:
        """Once through."""
        return sum(self.lasts_ms)


def look_at_animation(path: Path, files: Sequence[Path] = ()) -> Animation | None:
    """What an animation is; None for a picture that stands.

    Args:
        files: the pictures of a numbered sequence.

    Raises:
        MediaError: it cannot be read.
    """
    if files:
        width, height = photo_size(files[0])
        return Animation(width, height, (SEQUENCE_MS,) * len(files), 1)
    if path.suffix.lower() in _LOTTIE:
        with _lottie(path) as drawn:
            width, height = drawn.lottie_animation_get_size()
            count, seconds = drawn.lottie_animation_get_totalframe(), drawn.lottie_animation_get_duration()
        if not (0 < width * height <= MOST_PIXELS and 0 < count <= MOST_PICTURES and seconds > 0):
            raise MediaError(Problem(path.name, text("this animation shows nothing; export it again")))
        return Animation(width, height, _evenly(round(seconds * 1000), count))
    with opened(path, path.name) as picture:
        count = getattr(picture, "n_frames", 1)
        if count == 1 or picture.format not in {"GIF", "PNG", "WEBP"}:
            return None
        if count > MOST_PICTURES:
            what = text("this animation has more than {most} pictures; make a video of it", most=MOST_PICTURES)
            raise MediaError(Problem(path.name, what))
        lasts = [_lasts_ms(picture.info) for _ in _each(picture)]
        return Animation(*picture.size, tuple(lasts), _loops(picture))


def animated_pictures(path: Path, files: Sequence[Path] = (), size: tuple[int, int] | None = None) -> Iterator[Image]:
    """Its pictures in order, once through, as RGBA; those of a sequence as RGB, none smaller than covers `size`.

    Raises:
        MediaError: it cannot be read.
    """
    if files:
        yield from (open_photo(one, size) for one in files)
    elif path.suffix.lower() in _LOTTIE:
        yield from _lottie_pictures(path, size)
    else:
        with opened(path, path.name) as picture:
            yield from (one.convert("RGBA") for one in _each(picture))


def _each(picture: Any) -> Iterator[Any]:  # noqa: ANN401  (what Pillow opens has its frames where types know none)
    for number in range(picture.n_frames):
        picture.seek(number)
        picture.load()  # a WebP says how long it lasts only now
        yield picture


def _lasts_ms(info: dict[Any, Any]) -> int:
    """As browsers take it: what is faster than any screen was meant to be slow."""
    said = info.get("duration", 0)
    lasts = round(said) if isinstance(said, int | float) else 0
    return lasts if lasts >= _SHORTEST_MS else _UNSAID_MS


def _loops(picture: Any) -> int:  # noqa: ANN401  (as above)
    """A GIF that says nothing plays once."""
    said = picture.info.get("loop", 1 if picture.format == "GIF" else 0)
    loops = said if isinstance(said, int) and said >= 0 else 0
    return loops + 1 if picture.format == "GIF" and "loop" in picture.info and loops else loops


def _evenly(total_ms: int, count: int) -> tuple[int, ...]:
    ends = [total_ms * number // count for number in range(count + 1)]
    return tuple(after - before for before, after in pairwise(ends))


def _lottie(path: Path) -> Any:  # noqa: ANN401  (rlottie's types are its own)
    """Raises MediaError: it is none."""
    from rlottie_python.rlottie_wrapper import LottieAnimation

    try:
        content = _lottie_text(path)
        said = json.loads(content)
        if _pictures_elsewhere(said):
            what = text(
                "this animation shows pictures that do not lie in it; export it with its pictures, or as video"
            )
            raise MediaError(Problem(path.name, what))
        if {"layers", "w", "h", "fr"} <= said.keys():
            return LottieAnimation.from_data(content)
    except (OSError, ValueError, AttributeError, TypeError, KeyError, RecursionError, zipfile.BadZipFile, zlib.error):
        pass
    what = text("this is no Lottie animation that can be shown; export it again, or as GIF or video")
    raise MediaError(Problem(path.name, what))


def _pictures_elsewhere(said: dict[str, Any]) -> bool:
    """Whether it names files: they are not looked for, and would be missing without a word."""
    named = (str(asset["p"]) for asset in said.get("assets", ()) if "p" in asset)
    return any(not name.startswith("data:") for name in named)


def _lottie_text(path: Path) -> str:
    """The animation itself; a .lottie is an archive with one or several, of which the first is shown."""
    if path.suffix.lower() == ".json":
        with path.open("rb") as stream:
            return _short(stream.read)
    with zipfile.ZipFile(path) as archive:
        names = [
            name for name in archive.namelist() if name.startswith(("animations/", "a/")) and name.endswith(".json")
        ]
        with archive.open(names[0] if names else "") as stream:
            return _short(stream.read)


def _short(read: Callable[[int], bytes]) -> str:
    content = read(MOST_LOTTIE + 1)
    if len(content) > MOST_LOTTIE:
        raise ValueError
    return content.decode()


def _lottie_pictures(path: Path, size: tuple[int, int] | None) -> Iterator[Image]:
    from PIL import Image as Pictures

    animation = look_at_animation(path)
    assert animation is not None  # noqa: S101  (a Lottie file is one)
    wide, high = animation.width, animation.height
    scale = max(size[0] / wide, size[1] / high) if size else 1.0
    drawn_size = max(1, round(wide * scale)), max(1, round(high * scale))
    with _lottie(path) as drawn:
        for number in range(len(animation.lasts_ms)):
            said = drawn.lottie_animation_render(frame_num=number, width=drawn_size[0], height=drawn_size[1])
            # Its colours come multiplied with how clear they are not.
            yield Pictures.frombuffer("RGBA", drawn_size, said, "raw", "BGRa")
