"""Where somebody may be speaking: judged against the noise and the voice around each moment, never a fixed level."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from courseware.speech.sound import HOP_MS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.speech.sound import Floats

_AROUND = 12_000 // HOP_MS  # frames before and after that tell what is noise and what is voice here
_EVERY = 1_000 // HOP_MS
_LEAST_RANGE = 1.4  # 6 dB, natural logarithm of energy: with less there is nothing to tell apart
_MOST_RANGE = 7.5  # 33 dB: what is quieter than that below the voice is silence, however much quieter still it gets
_FAR = 3.5  # 15 dB below the loudest of the recording
_VOICE_BANDS = slice(2, 20)  # about 250 Hz to 4.5 kHz
_VOID, _HARDLY = 3.0, 0.005  # 13 dB in which not even one frame in 200 lies
_HELD = 500 // HOP_MS  # frames over which notes are held if it is music
_NO_TUNE, _TUNE = 0.3, 0.45  # steadiness: speech has less than the one in 99 % of its frames, music mostly more
_WIDTH = 0.22  # of the range between noise and voice, over which certainty grows


def noise_of(bands: Floats) -> Floats:
    """The quietest of each band where anything sounds: one value a band."""
    import numpy as np

    return cast("Floats", np.percentile(bands[_sounding(loudness(bands))], 8, axis=0).astype(np.float32))


def _sounding(level: Floats) -> NDArray[np.bool_]:
    """All frames but those of silence put in by an editor, next to which the room's noise would pass for a voice.

    Between the two lies a stretch of levels that hardly occur. A voice that fades into silence leaves none.
    """
    import numpy as np

    ordered = np.sort(level)
    few, half = max(1, int(len(level) * _HARDLY)), len(level) // 2
    void = ordered[few : half + few] - ordered[:half]
    if not half or void.max() < _VOID:
        return np.ones(len(level), np.bool_)
    return cast("NDArray[np.bool_]", level >= ordered[int(void.argmax()) + few])


def loudness(bands: Floats) -> Floats:
    """One value a frame: the mean level of the bands where voices are, smoothed over 50 ms."""
    return _smooth(bands[:, _VOICE_BANDS].mean(axis=1))


def _telling(bands: Floats) -> Floats:
    """Like loudness, but bands count the more, the more they change: what noise fills, tells nothing."""
    import numpy as np

    heard = bands[:, _VOICE_BANDS]
    low, high = np.percentile(heard, (8, 92), axis=0)
    weights = (high - low + 1e-3) ** 2
    return _smooth(heard @ (weights / weights.sum()).astype(np.float32))


def _smooth(level: Floats) -> Floats:
    """A mean over five frames, 50 ms."""
    import numpy as np

    return cast("Floats", np.convolve(np.pad(level, 2, mode="edge"), np.ones(5) / 5, "valid").astype(np.float32))


def activity(bands: Floats) -> Floats:
    """How sure it is that a frame is voice: from −1, surely a pause, to 1; 0 where nothing can be told."""
    import numpy as np

    level = loudness(bands)
    sounding = _sounding(level)
    plain, sure = _judged(level[sounding])
    telling, how_sure = _judged(_telling(bands[sounding]))
    found = np.full(len(level), -1, np.float32)
    # The mean of all bands hears the onsets of all sounds; only where noise hides them are few bands better.
    found[sounding] = plain * sure + telling * how_sure * (1 - sure)
    return found


def _judged(level: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each frame: −1 for a pause to 1 for voice, and from 0 to 1 whether the two can be told apart here."""
    import numpy as np

    low, high = _surroundings(level)
    # Far from all voice there is nothing to compare with, and silence must not pass for something unknown.
    high = np.maximum(high, np.percentile(level, 97) - _FAR)
    low = np.maximum(low, high - _MOST_RANGE)
    span = np.maximum(high - low, 1e-3)
    middle = low + 0.38 * span
    sure = np.clip((span - _LEAST_RANGE / 2) / _LEAST_RANGE, 0, 1)
    return np.clip((level - middle) / (_WIDTH * span), -1, 1), sure


def tunes(steady: Floats, active: Floats) -> Floats:
    """How sure it is that a frame is music and nobody speaks: 0 to 1.

    Both what comes before and what follows must sound so: next to speech, music counts as speech.
    """
    import numpy as np

    loud = (active > 0).astype(np.float64)
    sums = np.concatenate(([0], np.cumsum(loud * steady)))
    counts = np.concatenate(([0], np.cumsum(loud)))
    frames = np.arange(len(loud))
    means = []
    for first, last in ((frames - _HELD, frames + 1), (frames, frames + _HELD)):
        low, high = np.maximum(first, 0), np.minimum(last, len(loud))
        number = counts[high] - counts[low]
        means.append(np.where(number > 0, (sums[high] - sums[low]) / np.maximum(1, number), 1))
    sure = (np.minimum(*means) - _NO_TUNE) / (_TUNE - _NO_TUNE)
    return cast("Floats", (np.clip(sure, 0, 1) * loud).astype(np.float32))


def _surroundings(level: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Noise and voice level around each frame."""
    import numpy as np

    centres = np.arange(0, len(level) + _EVERY, _EVERY)
    pairs = [np.percentile(level[max(0, at - _AROUND) : at + _AROUND], (6, 90)) for at in centres]
    lows, highs = np.array(pairs).T
    frames = np.arange(len(level))
    return np.interp(frames, centres, lows), np.interp(frames, centres, highs)
