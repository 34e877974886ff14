"""Photos as cameras, telephones and scanners save them: upright, in ordinary colours, as large as is needed.

A photo of any size is taken within bounded memory or refused; what is transparent lies on white.
"""

from __future__ import annotations

import os
import re
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import MediaError, Problem, reason_of, text

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

MOST_BYTES = 300_000_000
MOST_PIXELS = 120_000_000  # opened, 360 MB; more than any telephone gives
_LARGE = 16_000_000  # pixels; of larger ones only one is open at a time
_WHITE = (255, 255, 255)
_FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "PNG", "TIFF", "WEBP")
# How a picture begins that can be opened when it is whole; a whole TIFF or BMP may be of a kind that nothing opens.
_BEGINNINGS = {
    "AVIF": re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
    "GIF": re.compile(rb"GIF8"),
    "HEIF": re.compile(rb".{4}ftyp(?:hei[cmsx]|hev[cx]|mif1|msf1)", re.DOTALL),
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
# ISO/IEC 14496-12: a box begins with its size and its kind; these stand before and around what is shown.
_BOX, _LONG_BOX = struct.Struct(">I4s"), struct.Struct(">Q")
_BOXES = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid"})
_LONGEST_REMARK = 64_000_000  # bytes of what drawing programs write into a PNG beside the picture
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
_one_large = threading.Lock()


def open_photo(path: Path, around: tuple[int, int] | None = None, where: str = "") -> Image:
    """The photo as RGB.

    Args:
        around: a size in pixels that is enough for its shorter and its longer side; a larger photo is made smaller,
            but never smaller than covers it.
        where: how messages name it; the file's own name when "".

    Raises:
        MediaError: not there, no picture, too large, damaged or cut short.
    """
    with opened(path, where or path.name) as picture:
        if picture.width * picture.height <= _LARGE:
            return _plain(picture, around)
        with _one_large:
            return _plain(picture, around)


def photo_size(path: Path, where: str = "") -> tuple[int, int]:
    """Width and height of the photo as it is shown, upright; its pixels are not looked at.

    Raises:
        MediaError: not there, no picture, or too large.
    """
    with opened(path, where or path.name) as picture:
        across = picture.getexif().get(_ORIENTATION, 1) in _ACROSS
        return (picture.height, picture.width) if across else picture.size


@contextmanager
def opened(
    path: Path,
    where: str,
    *,
    formats: tuple[str, ...] = _FORMATS,
    most_bytes: int = MOST_BYTES,
    most_pixels: int = MOST_PIXELS,
) -> Iterator[ImageFile]:
    """A picture file, not decoded yet; whatever its reader meets is told in plain words.

    Args:
        formats: as Pillow calls them.

    Raises:
        MediaError: as open_photo.
    """
    from PIL import Image as Pictures
    from PIL import UnidentifiedImageError

    try:
        if path.stat().st_size > most_bytes:
            what = text("the file is larger than {limit} MB; save the picture smaller", limit=most_bytes // 1_000_000)
            raise MediaError(Problem(where, what))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged notes that cameras leave; how large it is, we ask ourselves
            with Pictures.open(path, formats=_readers(path, formats)) as picture:
                if picture.width * picture.height > most_pixels:
                    raise too_many(where, most_pixels)
                if picture.format == "HEIF" and _is_cut(path):
                    raise _damaged(where)  # its reader fills what is missing with green
                yield picture
    except Pictures.DecompressionBombError:
        raise too_many(where, most_pixels) from None
    except UnidentifiedImageError:
        if _begins_as(formats, path):
            raise _damaged(where) from None
        what = text("this is no picture that can be read; save it as JPEG or PNG")
        raise MediaError(Problem(where, what)) from None
    except FileNotFoundError as error:
        raise MediaError(Problem(where, text("cannot be read: {reason}", reason=reason_of(error)))) from None
    except _DAMAGE:
        raise _damaged(where) from None


_ORIENTATION = 0x0112  # of EXIF
_ACROSS = frozenset({5, 6, 7, 8})


def _readers(path: Path, formats: tuple[str, ...]) -> tuple[str, ...]:
    """The formats that may be tried, made ready: PNG with more said in it than a megabyte, and what iPhones save.

    The reader of HEIC is loaded only for what may be one: that takes as long as to read a small photo.
    """
    from PIL import PngImagePlugin

    PngImagePlugin.MAX_TEXT_CHUNK = _LONGEST_REMARK
    with path.open("rb") as file:
        boxed = file.read(8)[4:] == b"ftyp"
    if boxed and "HEIF" in formats:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)  # it is asked for each time and done once
        return formats
    return tuple(name for name in formats if name != "HEIF")


def _damaged(where: str) -> MediaError:
    return MediaError(Problem(where, text("the picture is damaged or was cut short; copy it again")))


def _begins_as(formats: tuple[str, ...], path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(16)
    return any(_BEGINNINGS[name].match(head) for name in formats if name in _BEGINNINGS)


def _is_cut(path: Path) -> bool:
    """Whether a HEIC ends before its picture does; what else cameras write behind it does not count."""
    with path.open("rb") as file:
        length, at = os.fstat(file.fileno()).st_size, 0
        while len(head := file.read(_BOX.size)) == _BOX.size:
            size, kind = _BOX.unpack(head)
            if size == 1:
                size = _LONG_BOX.unpack(file.read(_LONG_BOX.size).ljust(_LONG_BOX.size, b"\0"))[0]
            if kind not in _BOXES or size < _BOX.size:
                return False
            at += size
            file.seek(at)
    return at > length


def too_many(where: str, most_pixels: int) -> MediaError:
    """What is told of a picture that would fill the memory."""
    limit = most_pixels // 1_000_000
    return MediaError(
        Problem(where, text("the picture has more than {limit} million pixels; save it smaller", limit=limit))
    )


def _plain(picture: ImageFile, around: tuple[int, int] | None) -> Image:
    from PIL import ImageOps

    profile = picture.info.get("icc_profile")
    if around and picture.format in {"JPEG", "MPO"}:
        picture.draft(None, _enough(picture.size, around))
    picture.load()
    smaller = _reduced(picture, around)
    upright = ImageOps.exif_transpose(smaller)
    return on_white(_in_ordinary_colours(_eight_bits(upright), profile))


def _enough(size: tuple[int, int], around: tuple[int, int]) -> tuple[int, int]:
    """The size at which a picture covers `around`, whichever way round; never larger than it is."""
    short, long = sorted(around)
    scale = min(1.0, max(short / min(size), long / max(size)))
    return max(1, ceil(size[0] * scale)), max(1, ceil(size[1] * scale))


def _reduced(picture: Image, around: tuple[int, int] | None) -> Image:
    """Made smaller before anything is done to each of its pixels."""
    from PIL.Image import Resampling

    wanted = _enough(picture.size, around) if around else picture.size
    if wanted == picture.size:
        return picture
    if picture.mode in {"1", "P", "PA"}:
        picture = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    smaller = picture.resize(wanted, Resampling.LANCZOS, reducing_gap=3)
    smaller.info |= {key: value for key, value in picture.info.items() if key in {"exif", "transparency"}}
    return smaller


def _eight_bits(picture: Image) -> Image:
    """Scanners give 16 bits a pixel, and floating numbers."""
    import numpy as np
    from PIL import Image as Pictures

    if picture.mode not in {"I", "F"} and not picture.mode.startswith("I;"):
        return picture
    values = np.nan_to_num(np.asarray(picture).astype("float32"))
    top = 65_535 if picture.mode.startswith("I") else max(1, values.max(initial=1))
    return Pictures.fromarray((values * (255 / top)).clip(0, 255).astype("uint8"), "L")


def _in_ordinary_colours(picture: Image, profile: bytes | None) -> Image:
    """In sRGB, whatever colours the camera or the printer's program meant; clear parts stay clear."""
    clear = "A" in picture.getbands() or "transparency" in picture.info
    if picture.mode in {"P", "PA", "LA", "La", "1", "LAB", "HSV"} or (picture.mode == "L" and clear):
        picture, profile = picture.convert("RGBA" if clear else "RGB"), None
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        from PIL import ImageCms

        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a profile of another kind says nothing
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(picture, meant, ImageCms.createProfile("sRGB"), outputMode=mode)
            if converted is not None:
                return converted
    return picture.convert("RGBA" if clear else "RGB")


def on_white(picture: Image) -> Image:
    """RGB; a drawing with a clear ground was drawn on paper."""
    from PIL import Image as Pictures

    if picture.mode != "RGBA":
        return picture.convert("RGB")
    paper = Pictures.new("RGB", picture.size, _WHITE)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
