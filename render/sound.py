"""Loudness: what a source has, and the one gain that brings it to what a profile wants. Static: nothing pumps."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.errors import Problem, ToolError, text
from render.ffmpeg import Ffmpeg, run
from render.profiles import Profile

SILENT_LKFS = -70.0  # BS.1770 gates at this; quieter, or shorter than 0.4 s, has no loudness
_MOST_DB = 20.0  # more would raise the hiss of an empty room to the loudness of speech
_AAC_DB = 0.5  # how far the coded sound may rise above the measured peak


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a sound is.

    Attributes:
        lkfs: integrated loudness (BS.1770), SILENT_LKFS when it has none.
        peak_dbtp: true peak.
    """

    lkfs: float
    peak_dbtp: float


@dataclass(frozen=True, slots=True)
class Levels:
    """Of the two sounds of a rendition; None where there is no sound."""

    body: Level | None
    jingle: Level | None


def gain_db(level: Level | None, profile: Profile) -> float:
    """Decibels to the profile's loudness, or as many as its peak ceiling allows; 0 for silence."""
    if level is None or level.lkfs <= SILENT_LKFS:
        return 0.0
    wanted = profile.loudness_lkfs - level.lkfs
    allowed = profile.true_peak_dbtp - _AAC_DB - level.peak_dbtp
    return round(min(wanted, allowed, _MOST_DB), 2)


def to_stereo(stream: Any, rate: int) -> Any:  # noqa: ANN401  (ffmpeg-python has no types)
    """Any sound as gapless stereo from 0 on: one ear becomes two, five become two."""
    steady = stream.filter("aresample", sample_rate=rate, **{"async": 1, "first_pts": 0})
    return steady.filter("aformat", sample_fmts="fltp", sample_rates=rate, channel_layouts="stereo")


def measure(
    tool: Ffmpeg, source: str, index: int, rate: int, cwd: Path, stop: threading.Event | None = None
) -> Level:
    """Loudness and true peak of one stream, as it will sound in stereo.

    Args:
        source: the file as an ffmpeg input.
        index: of the stream.

    Raises:
        ToolError: the sound cannot be decoded.
    """
    import ffmpeg

    heard = to_stereo(ffmpeg.input(source, vn=None)[str(index)], rate)
    meter = heard.filter("ebur128", peak="true", framelog="quiet")
    args = meter.output("-", format="null").global_args("-loglevel", "info").get_args()
    return parse_level(run(tool, args, cwd, stop=stop))


def parse_level(said: str) -> Level:
    """The last summary that the ebur128 filter printed.

    Raises:
        ToolError: there is none, so the sound could not be decoded.
    """
    loudness = re.findall(r"^\s+I:\s+(-?[\d.]+|-?inf|nan) LUFS", said, re.MULTILINE)
    peak = re.findall(r"^\s+Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", said, re.MULTILINE)
    if not loudness or not peak:
        raise ToolError(Problem("ffmpeg", text("the sound could not be measured; save the video again as MP4")))
    return Level(_number(loudness[-1]), _number(peak[-1]))


def _number(word: str) -> float:
    return SILENT_LKFS if word in {"-inf", "nan", "inf"} else max(float(word), SILENT_LKFS)
