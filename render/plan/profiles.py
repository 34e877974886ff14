"""What each kind of screen plays, as encoder settings. Names and canvases are courseware/lessons/profile.py's.

Sources: GY/T 282-2014 (TV loudness), GY/T 377-2023 (loudness in noisy surroundings), H.264 annex A (levels),
the published limits of television sets with a USB socket.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from courseware.lessons.profile import LARGEST_MACROBLOCKS, Canvas, canvas_of, macroblocks
from courseware.lessons.profiles import PROFILES


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything about a kind of screen that changes the bytes of a rendition.

    Attributes:
        led: text is set for pixels seen from afar, and sound for a noisy square.
        crf: x264's quality, lower is better.
        maxrate_kbps, bufsize_kbps: the most a player has to read.
        level: of H.264, ten times: 40 is 4.0.
        gop: frames from one key frame to the next.
        loudness_lkfs: programme loudness aimed at.
        true_peak_dbtp: ceiling.
        quick: made for one look: pictures are made smaller in the quickest way, sound stays as loud as it was
            recorded, and neither is measured.
    """

    name: str
    canvas: Canvas
    led: bool
    preset: str
    crf: int
    maxrate_kbps: int
    bufsize_kbps: int
    level: int
    refs: int
    loudness_lkfs: int
    true_peak_dbtp: int
    fps: Fraction = Fraction(25)
    h264_profile: str = "high"
    gop: int = 50
    audio_kbps: int = 128
    audio_rate: int = 48000
    quick: bool = False


class _Level(NamedTuple):
    """A row of table A-1: frame size and picture buffer in macroblocks, macroblocks a second, our rate limit."""

    level: int
    frame: int
    buffer: int
    per_second: int
    maxrate_kbps: int


_LEVELS = (
    _Level(30, 1620, 8100, 40_500, 4000),
    _Level(31, 3600, 18_000, 108_000, 8000),
    _Level(40, 8192, 32_768, 245_760, 12_000),
    _Level(50, 22_080, 110_400, 589_824, 20_000),
    _Level(51, LARGEST_MACROBLOCKS, 184_320, 983_040, 25_000),
)


def profile_named(name: str, where: str = "profile") -> Profile:
    """The profile of that name, e.g. "station-tv" or "led-512x320".

    Raises:
        InputError: no such profile, or a canvas no video can have.
    """
    canvas = canvas_of(name, where)
    if fixed := PROFILES.get(name):
        return _television(name, canvas, fixed.most_kbps)
    level = _level_for(canvas)
    return Profile(
        name=name,
        canvas=canvas,
        led=True,
        preset="medium",
        crf=18,
        maxrate_kbps=level.maxrate_kbps,
        bufsize_kbps=level.maxrate_kbps,
        level=level.level,
        refs=min(3, level.buffer // macroblocks(canvas)),
        # GY/T 377-2023: -15 LKFS where listeners stand in noise.
        loudness_lkfs=-15,
        true_peak_dbtp=-1,
    )


def proxy_profile() -> Profile:
    """A small picture that is made quickly, for looking at a lesson whole; it plays on no screen."""
    canvas = Canvas(480, 270)
    like = _television("proxy", canvas, most_kbps=None)
    return replace(like, preset="ultrafast", crf=28, refs=1, audio_kbps=64, quick=True)


def _level_for(canvas: Canvas) -> _Level:
    """The lowest level that can hold the canvas; no side may exceed the root of 8 frames of macroblocks."""
    longest = -(-max(canvas) // 16)
    return next(row for row in _LEVELS if macroblocks(canvas) <= row.frame and longest <= isqrt(8 * row.frame))


# "veryfast" costs half of "faster" and, at this quality, differs only under a magnifying glass; text on a small LED
# canvas does need the better search, and there it is cheap.
def _television(name: str, canvas: Canvas, most_kbps: int | None) -> Profile:
    level = _level_for(canvas)
    maxrate_kbps = min(level.maxrate_kbps, most_kbps or level.maxrate_kbps)
    return Profile(
        name=name,
        canvas=canvas,
        led=False,
        preset="veryfast",
        crf=19,
        maxrate_kbps=maxrate_kbps,
        bufsize_kbps=maxrate_kbps,
        level=level.level,
        refs=2,
        # GY/T 282-2014: -24 LKFS, at most -2 dBTP.
        loudness_lkfs=-24,
        true_peak_dbtp=-2,
    )
