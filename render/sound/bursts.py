"""Finds the bangs of a recording that are so much louder than what is said that they would decide its loudness.

Asked only where the meter gives cause to; knows neither filters nor lessons. Where somebody speaks is judged by
courseware.speech.activity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.speech.activity import activity
from courseware.speech.sound import HOP_MS, RATE, Sound, sound_of
from courseware.streaks import Streak, streaks_of
from courseware.times import Span
from render.sound.loudness import SILENT_LKFS, STEP_MS, MeterReading, integrated
from render.sound.mends import Burst

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOUDEST_SHARE = 0.1
_DOUBTFUL_LU = 3.0  # by which the loudest tenth of a recording may raise the whole
_WIDE_LU = 18.0
_CLICK_STEPS = 8  # two single samples fill so many windows of the meter
_SOFT_LKFS = -60.0  # hiss, or somebody far away: only a voice tells
_HEARD_LKFS = -100.0
_WINDOW = 4  # steps of the meter
_FAR_LU = 12.0  # over half of what is said: no syllable is so loud
_MOST_SHARE = 0.1  # of the time of speaking; more is part of the programme
_LONGEST_MS = 3000
_LEFT_LU = 9.0  # over what is said: still a bang
_PEAK_RATIO = 2
_PAD_MS = 10
_LEAST_GAIN_LU = 2.0  # by which the bangs must have raised the whole
_LEAST_VOICED = 10  # steps
_PAUSE_PERCENT = 10  # a leader without any sound is less
_CLEAR_LU = 12.0  # from the pauses to a voice
_HALF = 0.5
_BLOCK = 30 * RATE


@dataclass(frozen=True, slots=True)
class VoiceFound:
    """What is known of the voice in a recording.

    Attributes:
        voiced: whether somebody speaks, or plays, at all.
        lkfs: of that, without bursts; ungated.
        bursts: in order, apart.
    """

    voiced: bool
    lkfs: float
    bursts: tuple[Burst, ...] = ()


def is_doubtful(reading: MeterReading) -> bool:
    """Whether little of a recording decides its loudness, or it is so soft that only its voice tells anything."""
    heard = _audible(reading)
    whole = integrated(heard)
    far = whole - integrated(_without_loudest(heard)) > _DOUBTFUL_LU or reading.range() > _WIDE_LU
    return bool(heard) and (far or whole < _SOFT_LKFS)


def is_almost_nothing(reading: MeterReading) -> bool:
    """Whether all that is heard is a click or two."""
    windows = sum(level > SILENT_LKFS for level in reading.momentary)
    return windows <= _CLICK_STEPS and windows * 2 < len(reading.momentary)


def usual_lkfs(reading: MeterReading) -> float:
    """How loud a recording is without its loudest tenth; ungated and coarse."""
    import numpy as np

    return _mean(np.array(_without_loudest(_audible(reading))))


def _audible(reading: MeterReading) -> list[float]:
    return sorted(level for level in reading.momentary if level > _HEARD_LKFS)


def _without_loudest(heard: list[float]) -> list[float]:
    return heard[: max(0, len(heard) - max(_WINDOW, int(len(heard) * _LOUDEST_SHARE)))]


def find_spoken(reading: MeterReading, raw: Path) -> VoiceFound:
    """The voice and the bursts.

    Args:
        raw: the same sound as 16-bit mono samples at courseware.speech.sound.RATE, at any gain.
    """
    import numpy as np

    samples = np.fromfile(raw, "<i2")
    sound = sound_of(samples[at : at + _BLOCK] for at in range(0, len(samples), _BLOCK))
    levels = np.array(reading.momentary)
    voiced = _voiced(sound, len(levels)) & (levels > _HEARD_LKFS)
    if voiced.sum() < _LEAST_VOICED:
        return VoiceFound(voiced=False, lkfs=_HEARD_LKFS)
    middle = float(np.median(levels[voiced]))
    runs = streaks_of(levels > middle + _FAR_LU)
    quiet = voiced.copy()
    for run in runs:
        quiet[run.start : run.end] = False
    lkfs = _mean(levels[quiet])
    floor = float(np.percentile(levels, _PAUSE_PERCENT))
    bursts = tuple(_burst(sound, levels, run, quiet, middle) for run in runs)
    return VoiceFound(lkfs - floor >= _CLEAR_LU, lkfs, bursts if _decide(bursts, levels, voiced, lkfs) else ())


def _voiced(sound: Sound, steps: int) -> NDArray[np.bool_]:
    """For each window of the meter, whether a voice fills half of it."""
    import numpy as np

    each = STEP_MS // HOP_MS
    frames = np.zeros(steps * each, np.float64)
    active = activity(sound.bands) > 0
    frames[: len(active)] = active[: len(frames)]
    filled = np.convolve(frames.reshape(steps, each).mean(axis=1), np.ones(_WINDOW) / _WINDOW)[:steps]
    return np.asarray(filled >= _HALF, np.bool_)


def _burst(sound: Sound, levels: NDArray[np.float64], run: Streak, quiet: NDArray[np.bool_], middle: float) -> Burst:
    """Where in the windows of a run the bang itself lies, to 10 ms, and how much softer it is to become."""
    import numpy as np

    each = STEP_MS // HOP_MS
    first, last = max(0, run.start - _WINDOW + 1) * each, min(run.end * each, len(sound.peaks))
    around = np.repeat(quiet, each)[: len(sound.peaks)]
    usual = np.percentile(sound.peaks[: len(around)][around], 99) if around.any() else 0
    loud = np.flatnonzero(sound.peaks[first:last] > _PEAK_RATIO * usual)
    if len(loud):
        first, last = first + int(loud[0]), first + int(loud[-1]) + 1
    start_ms, end_ms = max(0, first * HOP_MS - _PAD_MS), max(first + 1, last) * HOP_MS + _PAD_MS
    gain = min(0.0, middle + _LEFT_LU - float(levels[run.start : run.end].max()))
    return Burst(Span(start_ms, end_ms), round(gain, 2))


def _decide(bursts: Sequence[Burst], levels: NDArray[np.float64], voiced: NDArray[np.bool_], lkfs: float) -> bool:
    """Whether the bangs are few and short, and yet decide how loud the whole is."""
    lengths = [burst.span.duration_ms for burst in bursts]
    few = sum(lengths) <= _MOST_SHARE * STEP_MS * float(voiced.sum())
    return bool(bursts) and few and max(lengths) <= _LONGEST_MS and integrated(levels) - lkfs > _LEAST_GAIN_LU


def _mean(levels: NDArray[np.float64]) -> float:
    """The mean power of levels in dB, in dB; quiet levels hardly count."""
    import numpy as np

    return float(10 * np.log10((10 ** (levels / 10)).mean())) if len(levels) else _HEARD_LKFS
