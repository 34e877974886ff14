"""What the first picture of a source says of itself: colours and orientation, in ffmpeg's names."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_PRIMARIES: Mapping[int, str] = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
_TRANSFERS: Mapping[int, str] = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    9: "log100",
    10: "log316",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
_MATRICES: Mapping[int, str] = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    11: "smpte2085",
    12: "chroma-derived-nc",
    13: "chroma-derived-c",
    14: "ictcp",
}
_RANGES: Mapping[int, str] = {1: "tv", 2: "pc"}
_MATRIX = struct.Struct("=9i")  # AV_PKT_DATA_DISPLAYMATRIX, in the machine's own byte order
_SIDE_DATA = "DISPLAYMATRIX"


@dataclass(frozen=True, slots=True)
class Colour:
    """How numbers stand for colours; "" where the file does not say."""

    primaries: str
    transfer: str
    matrix: str
    color_range: str


@dataclass(frozen=True, slots=True)
class Turn:
    """How a player turns the stored picture.

    Attributes:
        rotation: degrees counter-clockwise, 0, 90, 180 or 270.
        mirrored: left and right are swapped before it is turned.
    """

    rotation: int
    mirrored: bool


def colour_of(picture: VideoFrame) -> Colour:
    """The tags of a decoded picture."""
    color_range = _RANGES.get(int(picture.color_range), "")
    # The old names of full range formats say it by themselves.
    full = picture.format.name.startswith("yuvj")
    return Colour(
        _PRIMARIES.get(int(picture.color_primaries), ""),
        _TRANSFERS.get(int(picture.color_trc), ""),
        _MATRICES.get(int(picture.colorspace), ""),
        "pc" if full else color_range,
    )


def turn_of(picture: VideoFrame) -> Turn:
    """The picture's display matrix, to the quarter turn: nothing else can be shown upright."""
    # The types call an entry a string; it is the entry itself.
    entries: Iterable[Any] = picture.side_data
    for entry in entries:
        if entry.type.name == _SIDE_DATA:
            a, b, _, c, d, *_ = _MATRIX.unpack(bytes(entry)[: _MATRIX.size])
            return _turn(a, b, c, d)
    return Turn(0, mirrored=False)


def _turn(a: int, b: int, c: int, d: int) -> Turn:
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    if not (a or b):
        return Turn(0, mirrored=False)
    return Turn(-round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360, mirrored)


def bits_of(picture: VideoFrame) -> int:
    """Bits of a sample, 8 for what has a palette."""
    return max((part.bits for part in picture.format.components), default=8)


def has_alpha(picture: VideoFrame) -> bool:
    """Whether parts of the picture itself may be transparent."""
    return picture.format.has_palette or any(part.is_alpha for part in picture.format.components)
