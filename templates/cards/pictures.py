"""Pictures that people bring: logos and backgrounds. Opens what can be shown and refuses the rest in plain words.

PNG, JPEG and WebP, upright as the camera was held, as RGB or RGBA with 8 bits a channel; behind the words of a
lesson's cards whatever its clips may show, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import InputError, MediaError, Problem
from courseware.media.photos import open_photo, opened, too_many

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

FORMATS = ("PNG", "JPEG", "WEBP")
_OWN = (*FORMATS, "MPO")  # a JPEG of several pictures, as telephones save them
MOST_BYTES = 40_000_000
MOST_PIXELS = 60_000_000  # more than a telephone's camera gives; opened, 180 MB
_WIDEST = 20_000
_LATER = ("said", "turns")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file.

    Attributes:
        sha256: of its bytes; what a key holds in the place of `path`.
    """

    path: Path
    sha256: str


def open_picture(path: Path, where: str = "", around: tuple[int, int] | None = None) -> Image:
    """The whole picture, decoded.

    Args:
        where: how messages name it; the file's own name when "".
        around: a size in pixels that is enough; a large JPEG is then opened smaller, but not smaller than that.

    Raises:
        InputError: not there, of another format, too large, damaged or cut short.
    """
    where = where or path.name
    try:
        with opened(path, where, formats=FORMATS, most_bytes=MOST_BYTES, most_pixels=MOST_PIXELS) as picture:
            if max(picture.size) > _WIDEST:
                raise too_many(where, MOST_PIXELS)
            return _upright(picture, around)
    except MediaError as error:
        raise InputError(*error.problems) from None  # a person named it


def open_ground(path: Path, where: str = "", around: tuple[int, int] | None = None) -> Image:
    """A picture of a lesson, of any kind that a clip may be; arguments and errors as of open_picture."""
    where = where or path.name
    try:
        with opened(path, where) as picture:
            known = picture.format in _OWN
        return open_picture(path, where, around) if known else open_photo(path, around, where)
    except MediaError as error:
        raise InputError(*error.problems) from None


def drawn_facts(drawn: DataclassInstance) -> dict[str, Any]:
    """All that decides the pixels of what is drawn, for keys: asdict, without where its pictures lie.

    What of it came later counts only where there is something in it, so that keys stay.
    """
    return asdict(drawn, dict_factory=_placeless)


def picture_problems(
    path: Path, where: str = "", opener: Callable[[Path, str, tuple[int, int]], Image] = open_picture
) -> tuple[Problem, ...]:
    """What is wrong with a picture; empty when it can be shown."""
    try:
        opener(path, where, (64, 64))
    except InputError as error:
        return error.problems
    return ()


def _placeless(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    facts = {key: value for key, value in pairs if value or key not in _LATER}
    if "sha256" in facts:
        facts.pop("path", None)
    return facts


def _upright(picture: ImageFile, around: tuple[int, int] | None) -> Image:
    from PIL import ImageOps

    if around and picture.format == "JPEG":
        # Either way round, since the camera may have been held upright.
        longest = max(around)
        picture.draft(None, (longest, longest))
    picture.load()
    return _plain(ImageOps.exif_transpose(picture))


def _plain(picture: Image) -> Image:
    """8 bits a channel; clear parts stay clear."""
    import numpy as np
    from PIL import Image as Pictures

    if picture.mode.startswith("I"):
        return Pictures.fromarray((np.asarray(picture).astype("int64") >> 8).clip(0, 255).astype("uint8")).convert(
            "RGB"
        )
    clear = "A" in picture.getbands() or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")
