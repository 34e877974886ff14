"""Decides gain and limit: what a sound needs to reach a loudness, and what to try next when it did not. Pure.

Peak and loudness range come before loudness: where all three cannot be had, the sound stays too soft and a note says
so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from courseware.errors import Text, text
from render.sound.loudness import SILENT_LKFS
from render.sound.mends import Mends

TOLERANCE_LU = 0.5
RANGE_LU = 1.0  # how far the loudness range may move from the source's
_NEAR_LU = 0.4  # near enough to stop trying
_SLACK_DB = 0.3  # linear gain is given up for so much less loudness
_UNDER_DB = 0.15  # beyond what was too much: the coder does not answer exactly
_CODER_DB = 0.3  # how far the coded sound usually rises above what went in
_USUAL_MOST_DB = 20.0  # more would raise the hiss of an empty room to the loudness of speech
_MOST_DB = 40.0  # for a recording with quiet pauses
_CLEAR_LU = 20.0  # from the pauses to the programme: what is raised is the programme
_JINGLE_STEP_LU = 20.0  # a body softer than this is not followed further
_INAUDIBLE_LU = 20.0  # under the loudness wanted: on the same screen nobody would hear it


@dataclass(frozen=True, slots=True)
class MeasuredProgramme:
    """What was measured of a programme before anything was made louder.

    Attributes:
        lkfs: integrated loudness, SILENT_LKFS when it has none.
        peak_dbtp: true peak.
        lra: loudness range in LU, 0 when it is too short to have one.
        floor_lkfs: of its pauses.
        mends: what was mended first; all the figures are of the mended sound, without its bursts.
        voice_lkfs: of what is said, when that had to be looked for, and was found.
        damaged: the decoder had to guess.
    """

    lkfs: float
    peak_dbtp: float
    lra: float
    floor_lkfs: float
    mends: Mends = field(default_factory=Mends)
    voice_lkfs: float | None = None
    damaged: bool = False

    @property
    def silent(self) -> bool:
        """Whether there is nothing to hear."""
        return self.lkfs <= SILENT_LKFS

    @property
    def under_lu(self) -> float:
        """By how much what is said lies under the whole; 0 when that is not known."""
        return max(0.0, self.lkfs - self.voice_lkfs) if self.voice_lkfs is not None else 0.0


@dataclass(frozen=True, slots=True)
class Aim:
    """What a profile wants."""

    lkfs: float
    ceiling_dbtp: float


@dataclass(frozen=True, slots=True)
class Got:
    """What was measured of an encoded try."""

    lkfs: float
    peak_dbtp: float
    lra: float


@dataclass(frozen=True, slots=True)
class GainTry:
    """One try.

    Attributes:
        gain_db: of the programme.
        limit_dbtp: where the limiter holds its peaks; None without limiter.
        most_db: a gain never to be exceeded.
        trim_db: of the whole, jingle and all.
    """

    gain_db: float
    limit_dbtp: float | None
    most_db: float
    trim_db: float = 0.0


def first_setting(heard: MeasuredProgramme, aim: Aim) -> GainTry:
    """Linear gain where the peaks, or half a unit less of loudness, allow it; else with a limiter."""
    if heard.silent:
        return GainTry(0.0, None, 0.0)
    most = _most_db(heard)
    gain = min(aim.lkfs - heard.lkfs, most)
    over = heard.peak_dbtp + gain - (aim.ceiling_dbtp - _CODER_DB)
    if over <= 0:
        return GainTry(gain, None, most)
    if over <= _SLACK_DB:
        return GainTry(gain - over, None, most)
    return GainTry(gain, aim.ceiling_dbtp - _CODER_DB, most)


def next_setting(tried: GainTry, got: Got, heard: MeasuredProgramme, aim: Aim) -> GainTry | None:
    """What to try after a try; None when it is as good as it gets."""
    if heard.silent:
        return None
    if tried.limit_dbtp is not None and range_change(got, heard) > RANGE_LU:
        return _less_limited(tried, got, heard, aim)
    if got.peak_dbtp > aim.ceiling_dbtp:
        return _lower(tried, got, aim)
    return _nearer(tried, got, heard, aim)


def _lower(tried: GainTry, got: Got, aim: Aim) -> GainTry:
    """Peaks came out above the ceiling: hold them lower, or, while loudness allows it, everything."""
    over = got.peak_dbtp - aim.ceiling_dbtp
    if tried.limit_dbtp is not None:
        short = max(0.0, aim.lkfs - got.lkfs)
        gain = min(tried.gain_db + short, tried.most_db)
        return replace(tried, gain_db=gain, limit_dbtp=tried.limit_dbtp - over - _UNDER_DB)
    if aim.lkfs - got.lkfs + over + _UNDER_DB < TOLERANCE_LU:
        return replace(tried, gain_db=tried.gain_db - over - _UNDER_DB)
    return replace(tried, limit_dbtp=aim.ceiling_dbtp - _CODER_DB - over)


def _nearer(tried: GainTry, got: Got, heard: MeasuredProgramme, aim: Aim) -> GainTry | None:
    """Correct the gain by what is missing; None when it is near enough, or can go no further."""
    short = aim.lkfs - got.lkfs
    if abs(short) <= _NEAR_LU:
        return None
    gain = min(tried.gain_db + short, tried.most_db)
    ceiling = aim.ceiling_dbtp - _CODER_DB
    if tried.limit_dbtp is None and heard.peak_dbtp + gain > ceiling:
        return replace(tried, gain_db=gain, limit_dbtp=ceiling) if short > TOLERANCE_LU else None
    return replace(tried, gain_db=gain) if abs(gain - tried.gain_db) > _SLACK_DB / 2 else None


def last_setting(tried: GainTry, got: Got, heard: MeasuredProgramme, aim: Aim) -> GainTry | None:
    """When the tries are used up: what surely keeps peak and range, at the cost of loudness; None if they are."""
    over = got.peak_dbtp - aim.ceiling_dbtp
    if tried.limit_dbtp is not None and range_change(got, heard) > RANGE_LU:
        return GainTry(min(tried.gain_db, aim.ceiling_dbtp - 1 - heard.peak_dbtp), None, tried.most_db)
    return replace(tried, trim_db=tried.trim_db - over - _UNDER_DB) if over > 0 else None


def range_change(got: Got, heard: MeasuredProgramme) -> float:
    """By how much the loudness range moved, LU."""
    return abs(got.lra - heard.lra) if got.lra and heard.lra else 0.0


def jingle_lkfs(body_lkfs: float, aim: Aim) -> float:
    """How loud the jingle is to be: as the body, unless that is very soft, or silent."""
    if body_lkfs <= SILENT_LKFS:
        return aim.lkfs
    return max(min(body_lkfs, aim.lkfs), aim.lkfs - _JINGLE_STEP_LU)


def level_notes(
    got: Got, heard: MeasuredProgramme, tried: GainTry, aim: Aim, *, cleaned: bool, song: bool = False
) -> tuple[Text, ...]:
    """What a person should know of a sound that did not become as loud as it should."""
    short = aim.lkfs - got.lkfs
    if heard.silent or short <= TOLERANCE_LU:
        return ()
    if tried.gain_db < _most_db(heard) - _SLACK_DB:
        what = text(
            "the sound stays {short} LU under the loudness wanted: louder, soft and loud parts would become alike",
            short=f"{short:.1f}",
        )
        return (what,)
    if song:
        what = text(
            "the song was recorded so softly that it stays {short} LU under the loudness wanted: louder, one would"
            " hear the noise; take a better recording of it",
            short=f"{short:.1f}",
        )
        return (what,)
    if cleaned:
        what = text(
            "the sound was recorded so softly that it stays {short} LU under the loudness wanted: louder, one would"
            " hear the noise; record it again, nearer to the microphone",
            short=f"{short:.1f}",
        )
        return (what,)
    what = text(
        "the sound was recorded so softly that it stays {short} LU under the loudness wanted: louder, one would hear"
        " the noise; write denoise = true in lesson.toml, or record it again, nearer to the microphone",
        short=f"{short:.1f}",
    )
    return (what,)


def is_inaudible(got: Got, heard: MeasuredProgramme, aim: Aim) -> bool:
    """Whether somebody speaks whom nobody will hear."""
    return heard.voice_lkfs is not None and aim.lkfs - (got.lkfs - heard.under_lu) > _INAUDIBLE_LU


def _most_db(heard: MeasuredProgramme) -> float:
    """The quieter the pauses are against the programme, the more it may be raised."""
    return min(_MOST_DB, _USUAL_MOST_DB + max(0.0, heard.lkfs - heard.floor_lkfs - _CLEAR_LU))


def _less_limited(tried: GainTry, got: Got, heard: MeasuredProgramme, aim: Aim) -> GainTry | None:
    """As much less gain as should bring the range back; never less than needs no limiter."""
    ceiling = aim.ceiling_dbtp - _CODER_DB
    linear = ceiling - heard.peak_dbtp
    gain = linear + (tried.gain_db - linear) * 0.85 * RANGE_LU / range_change(got, heard)
    if gain - linear <= _SLACK_DB:
        return GainTry(min(linear, tried.gain_db), None, linear)
    return replace(tried, gain_db=gain, most_db=gain)
