"""Facts of pictures and sounds that were never seen or heard, for tests that judge."""

from __future__ import annotations

from courseware.times import Span
from render.quality.facts import PictureFacts
from render.quality.sound import SoundFacts

RATE = 48_000


def lively(seconds: int, fps: int = 25) -> PictureFacts:
    """A bright picture that moves all the time."""
    count, tiles = seconds * fps, bytes(2 * 4)
    moving = bytes([0] + [40] * (count - 1))
    return PictureFacts(bytes(count), bytes([120] * count), moving, moving, 2, tiles, tiles)


def spoken(seconds: int, lkfs: float = -15.0, *silences: tuple[int, int]) -> SoundFacts:
    """Speech of that loudness with these silences, in milliseconds."""
    spans = tuple(Span(*one) for one in silences)
    return SoundFacts(RATE, seconds * RATE, lkfs, lkfs + 10, 5.0, spans)
