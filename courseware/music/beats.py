"""Finds the beats of a song, as people tap along; a sound that nobody could tap along to has none. Pure.

Onsets, their tempo and the path through both after Ellis, "Beat Tracking by Dynamic Programming", 2007.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from courseware.speech.sound import HOP_MS, Sound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FASTEST, _SLOWEST = 250 // HOP_MS, 1500 // HOP_MS  # frames from beat to beat
_USUAL, _OCTAVES = 500 // HOP_MS, 0.9  # most people tap 120 times a minute
_SHORTEST_MS = 4_000  # in less no tempo shows
_LOUDNESS = 0.3  # energies to this power are about as loud as they seem
_RISE = 3  # frames: what gets louder within so many is an onset
_BLUR = 2.0  # frames, standard deviation
_AROUND = 1000 // HOP_MS  # frames: an onset stands out of what is around it
_TIGHT = 100  # how much a beat that is not in time costs, against its strength
# A drone, wind and applause have onsets everywhere alike; a voice has strong ones that do not come again in time.
_LEAST_UNEVEN, _LEAST_STEADY = 0.6, 0.3


def find_beats(sound: Sound) -> tuple[int, ...]:
    """When each beat is heard, in milliseconds, in order; nothing when there is no steady beat."""
    import numpy as np

    onsets = _onsets(sound)
    if sound.duration_ms < _SHORTEST_MS or not onsets.any():
        return ()
    strength = onsets - _blurred(onsets, np.ones(_AROUND))
    if strength.std() < _LEAST_UNEVEN * onsets.mean():
        return ()
    period, steady = _tempo(strength)
    if steady < _LEAST_STEADY:
        return ()
    return tuple(frame * HOP_MS for frame in _path(strength / strength.std(), period))


def _onsets(sound: Sound) -> Floats:
    """How much louder each frame is than the ones before, in all bands together."""
    import numpy as np

    loud = np.exp(_LOUDNESS * (sound.bands - sound.bands.max())).astype(np.float64)
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
