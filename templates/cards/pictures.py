"""Pictures that people bring: logos and backgrounds. Opens what can be shown and refuses the rest in plain words.

PNG, JPEG and WebP only, upright as the camera was held, as RGB or RGBA with 8 bits a channel.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import InputError, Problem, reason_of, text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 40_000_000
MOST_PIXELS = 60_000_000  # more than a telephone's camera gives; opened, 180 MB
_WIDEST = 20_000
# All that Pillow lets through of what a damaged or hostile file sets off in its readers.
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


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
    from PIL import Image as Pictures
    from PIL import UnidentifiedImageError

    where = where or path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            what = text("the file is larger than {limit} MB; save the picture smaller", limit=MOST_BYTES // 1_000_000)
            raise InputError(Problem(where, what))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged notes that cameras leave; what matters is raised
            warnings.simplefilter("error", Pictures.DecompressionBombWarning)
            with Pictures.open(path, formats=FORMATS) as picture:
                _refuse_huge(picture.size, where)
                return _upright(picture, around)
    except (Pictures.DecompressionBombError, Pictures.DecompressionBombWarning):
        raise _too_many(where) from None
    except UnidentifiedImageError:
        what = text("this is no picture that can be shown; save it as PNG or JPEG")
        raise InputError(Problem(where, what)) from None
    except FileNotFoundError as error:
        raise InputError(Problem(where, text("cannot be read: {reason}", reason=reason_of(error)))) from None
    except _DAMAGE:
        what = text("the picture is damaged or was cut short; copy it again")
        raise InputError(Problem(where, what)) from None


def drawn_facts(drawn: DataclassInstance) -> dict[str, Any]:
    """All that decides the pixels of what is drawn, for keys: asdict, without where its pictures lie."""
    return asdict(drawn, dict_factory=_placeless)


def picture_problems(path: Path, where: str = "") -> tuple[Problem, ...]:
    """What is wrong with a picture; empty when it can be shown."""
    try:
        open_picture(path, where, (64, 64))
    except InputError as error:
        return error.problems
    return ()


def _placeless(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    facts = dict(pairs)
    if "sha256" in facts:
        facts.pop("path", None)
    return facts


def _refuse_huge(size: tuple[int, int], where: str) -> None:
    if size[0] * size[1] > MOST_PIXELS or max(size) > _WIDEST:
        raise _too_many(where)


def _too_many(where: str) -> InputError:
    what = text(
        "the picture has too many pixels; save it with at most {limit} million", limit=MOST_PIXELS // 1_000_000
    )
    return InputError(Problem(where, what))


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
