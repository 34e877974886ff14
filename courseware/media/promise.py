"""How long a source's own header says that it is, by which a file that was cut off while being copied is noticed."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# ASF specification 3.2, the File Properties object: after its id and size come the file's id, size, date, number of
# packets, then the time it plays (units of 100 ns) with the time it waits before (ms).
_ASF_PROPERTIES = bytes.fromhex("A1DCAB8C47A9CF118EE400C00C205365")
_ASF_FIELDS = struct.Struct("<40xQ8xQQ8xQ")
_ASF_HEADER = 65_536
_MOST_S = 7 * 86_400  # nobody films longer; a header that says so is damaged itself


def promised(container: InputContainer, video: VideoStream, path: Path, origin: Fraction) -> Fraction:
    """Seconds from `origin` that the header gives the picture, or else all streams; 0 when it says nothing.

    Args:
        origin: the moment that players call 0, in seconds of the file's own clock.
    """
    said = _said(container, video, path)
    if "matroska" in container.format.name:
        # Its length is counted from the clock's 0, wherever the first picture is.
        said -= max(origin, Fraction(0))
    return said if 0 < said < _MOST_S else Fraction(0)


def _said(container: InputContainer, video: VideoStream, path: Path) -> Fraction:
    length = Fraction(container.duration or 0, 1_000_000)
    if container.format.name == "asf":
        return _asf(path) or length
    if container.format.name == "avi" and video.frames and video.average_rate:
        # Without its index at the end, libav guesses the length from what is left of the file.
        return video.frames / Fraction(video.average_rate)
    if video.duration is not None:
        return video.duration * Fraction(video.time_base or 0)
    return length


def _asf(path: Path) -> Fraction:
    """The length in a Windows Media file's header, when the file is shorter than the header says; else 0."""
    with path.open("rb") as file:
        head = file.read(_ASF_HEADER)
    at = head.find(_ASF_PROPERTIES)
    if at < 0 or len(head) < at + _ASF_FIELDS.size:
        return Fraction(0)
    size, _, played, waited_ms = _ASF_FIELDS.unpack_from(head, at)
    if size <= path.stat().st_size:
        return Fraction(0)
    return Fraction(played, 10_000_000) - Fraction(waited_ms, 1000)
