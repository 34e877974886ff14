"""Where a picture is black, stands still or moves in jerks. Pure: knows what was seen of pictures and no lesson."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from courseware.streaks import streaks_of
from courseware.times import Span
from render.quality.facts import FINENESS, PictureFacts

_BLACK_LIGHT, _BLACK_SHARE = 6, 204  # levels above black; of 255: beside a black picture's captions 80 % are dark
_STILL = 3 * FINENESS  # changes of a second together; a key frame's breathing is 1 or 2, a slow zoom more than 10
_JUMP, _CALM = 4 * FINENESS, FINENESS // 2
JERKY_MS = 5000  # a shorter stretch may be meant so
JERKY_FROM = Fraction(1, 6)  # seconds that each picture stands at least
_MOST = Fraction(3, 4)


def black_stretches(picture: PictureFacts, fps: Fraction) -> Iterator[Span]:
    """Where nothing is seen but perhaps a caption, however short."""
    is_black = [
        light <= _BLACK_LIGHT and dark >= _BLACK_SHARE
        for light, dark in zip(picture.light, picture.dark, strict=True)
    ]
    return _spans(is_black, fps)


def frozen_stretches(picture: PictureFacts, fps: Fraction) -> Iterator[Span]:
    """Where the picture stands still for at least a second, whatever captions come and go on it."""
    window = max(1, round(fps))
    change = _beside_captions(picture, window)
    still = bytearray(picture.pictures)
    moved = sum(change[1 : 1 + window])
    for start in range(1, picture.pictures - window + 1):
        if moved <= _STILL:
            # From the picture that stays on to the last that resembles it.
            still[start - 1 : start + window] = b"\1" * (window + 1)
        moved -= change[start]
        moved += change[start + window] if start + window < picture.pictures else 0
    return _spans(still, fps)


def _beside_captions(picture: PictureFacts, second: int) -> bytes:
    """The changes; where one end alone jumps and then rests, as with a new caption, those of the other end."""
    change, rest, settling = bytearray(picture.change), second * 3 // 4, max(1, second // 5)
    jumps = [at for at, one in enumerate(change) if one > _JUMP]
    # Coding refines a new caption for some pictures; they belong to its jump.
    starts = [at for before, at in pairwise((-settling, *jumps)) if at - before >= settling]
    for at, following in pairwise((*starts, len(change) + rest)):
        calm = picture.calm[at : at + settling]
        if following - at >= rest and max(calm) <= _CALM:
            change[at : at + settling] = calm
    return bytes(change)


def jerky_stretches(picture: PictureFacts, fps: Fraction) -> Iterator[Span]:
    """Where nearly all movement is in every fifth picture, or in fewer: the others only repeat them."""
    second, length = max(1, round(fps)), round(fps * JERKY_MS / 1000)
    jerky = bytearray(picture.pictures)
    for start in range(0, picture.pictures - length + 1, second):
        window = picture.change[start : start + length]
        if any(_beats(window, period) for period in range(math.ceil(fps * JERKY_FROM), second // 2 + 1)):
            jerky[start : start + length] = b"\1" * length
    return _spans(jerky, fps)


def _beats(change: bytes, period: int) -> bool:
    """Whether a stretch moves at every `period`th picture and hardly in between."""
    beat = max((change[phase::period] for phase in range(period)), key=sum)
    moving = sum(one >= FINENESS for one in beat)
    return moving >= len(beat) * _MOST and sum(beat) >= sum(change) * _MOST


def _spans(flags: Sequence[int], fps: Fraction) -> Iterator[Span]:
    """Where the pictures are that are set."""
    return (Span(ms_of(start, fps), ms_of(end, fps)) for start, end in streaks_of(flags))


def ms_of(pictures: int, fps: Fraction) -> int:
    """When a picture is shown."""
    return round(pictures * 1000 / fps)
