"""Finds the beats of a song, as people tap along; a sound that nobody could tap along to has none. Pure.

Onsets, their tempo and the path through both after Ellis, "Beat Tracking by Dynamic Programming", 2007.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from courseware.speech.sound import HOP_MS, Sound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bands = NDArray[np.float32]

_FASTEST, _SLOWEST = 250 // HOP_MS, 1500 // HOP_MS  # frames from beat to beat
_USUAL, _OCTAVES = 500 // HOP_MS, 0.9  # most people tap 120 times a minute
_SHORTEST_MS = 4_000  # in less no tempo shows
_LOUDNESS = 0.3  # energies to this power are about as loud as they seem
_RISE = 3  # frames: what gets louder within so many is an onset
_BLUR = 2.0  # frames, standard deviation
_AROUND = 1000 // HOP_MS  # frames: an onset stands out of what is around it
_TIGHT = 100  # how much a beat that is not in time costs, against its strength
_CRASH = 99  # percentile of onsets: a louder one counts no more than that
# Chosen by tests/bench/bench_beats.py. A drone, wind and applause have onsets everywhere alike; a voice has strong
# ones that do not come again in time; drones that beat against each other do, but swell as slowly as they fade.
_LEAST_UNEVEN, _LEAST_STEADY, _LEAST_SUDDEN, _LONGEST_MS = 0.5, 0.32, 1.1, 300


@dataclass(frozen=True, slots=True)
class Pulse:
    """What of a sound comes again in time.

    Attributes:
        period: frames from beat to beat.
        steady: how well its onsets come again after a period and after two, at most 1.
        uneven: how much they stand out of what is around them.
        sudden: the same against the sound played backwards: above 1 what sets in quicker than it dies away.
        lasting_ms: how long an onset lasts.
    """

    period: int
    steady: float
    uneven: float
    sudden: float
    lasting_ms: float

    @property
    def is_beat(self) -> bool:
        """Whether people would tap along to it."""
        is_struck = self.sudden >= _LEAST_SUDDEN or self.lasting_ms <= _LONGEST_MS
        return self.uneven >= _LEAST_UNEVEN and self.steady >= _LEAST_STEADY and is_struck


def find_beats(sound: Sound) -> tuple[int, ...]:
    """When each beat is heard, in milliseconds, in order; nothing when there is no steady beat."""
    pulse = pulse_of(sound)
    if pulse is None or not pulse.is_beat:
        return ()
    strength, _ = _strength(sound.bands)
    return tuple(frame * HOP_MS for frame in _path(strength / strength.std(), pulse.period))


def pulse_of(sound: Sound) -> Pulse | None:
    """What comes again in a sound, a beat or not; None for silence and for what is too short to tell."""
    if sound.duration_ms < _SHORTEST_MS:
        return None
    strength, uneven = _strength(sound.bands)
    _, backwards = _strength(sound.bands[::-1])
    if not uneven or not backwards:
        return None
    period, steady = _tempo(strength)
    # Of a train of pulses the skewness is about the root of period over length.
    skew = float(((strength / strength.std()) ** 3).mean())
    lasting_ms = period * HOP_MS / max(skew, 0.1) ** 2
    return Pulse(period, steady, uneven, uneven / backwards, lasting_ms)


def _strength(bands: Bands) -> tuple[Floats, float]:
    """How much each onset stands out of what is around it, and how uneven they are: 0 without any."""
    import numpy as np

    onsets = _onsets(bands)
    onsets = np.minimum(onsets, np.percentile(onsets, _CRASH))
    if not onsets.any():
        return onsets, 0
    strength = onsets - _blurred(onsets, np.ones(_AROUND))
    return strength, float(strength.std() / onsets.mean())


def _onsets(bands: Bands) -> Floats:
    """How much louder each frame is than the ones before, in all bands together."""
    import numpy as np

    loud = np.exp(_LOUDNESS * (bands - bands.max())).astype(np.float64)
    sums = np.cumsum(np.pad(loud, ((_RISE, 0), (0, 0)), "edge"), axis=0)
    even = (sums[_RISE:] - sums[:-_RISE]) / _RISE
    rises = np.maximum(0, even[_RISE:] - even[:-_RISE]).sum(axis=1)
    reach = np.arange(-4 * _BLUR, 4 * _BLUR + 1)
    return _blurred(np.pad(rises, (_RISE, 0)), np.exp(-((reach / _BLUR) ** 2) / 2))


def _blurred(values: Floats, weights: Floats) -> Floats:
    import numpy as np

    return np.convolve(values, weights / weights.sum(), "same")


def _tempo(strength: Floats) -> tuple[int, float]:
    """The frames from beat to beat, and how well onsets come again after one and after two of them, at most 1."""
    import numpy as np

    count = len(strength)
    spectrum = np.fft.rfft(strength, 2 * count)
    alike = np.fft.irfft(np.abs(spectrum) ** 2)[: 2 * _SLOWEST + 1]
    lags = np.arange(len(alike))
    alike *= count / (alike[0] * np.maximum(1, count - lags))
    periods = np.arange(_FASTEST, _SLOWEST + 1)
    liked = np.exp(-((np.log2(periods / _USUAL) / _OCTAVES) ** 2) / 2)
    period = int(periods[np.argmax(alike[periods] * liked)])
    return period, float(alike[period] + alike[2 * period]) / 2


def _path(strength: Floats, period: int) -> list[int]:
    """The frames of the beats: strong onsets, each about a period after the one before."""
    import numpy as np

    steps = np.arange(period // 2, 2 * period + 1)
    costs = _TIGHT * np.log(steps / period) ** 2
    best, before = strength.copy(), np.full(len(strength), -1)
    for frame in range(steps[0], len(strength)):
        reached = steps[: frame - steps[0] + 1]
        worth = best[frame - reached] - costs[: len(reached)]
        at = int(worth.argmax())
        if worth[at] > 0:
            best[frame] += worth[at]
            before[frame] = frame - reached[at]
    last = max(0, len(best) - 2 * period)
    frame, found = last + int(best[last:].argmax()), list[int]()
    while frame >= 0:
        found.append(frame)
        frame = int(before[frame])
    return found[::-1]
