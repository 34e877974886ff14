"""Finds a moment in which a recording has nothing but its own noise, and makes a second of noise of it.

Reads raw samples that ffmpeg decoded; knows neither lessons nor filters.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from render.work.wav import writing_wav

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LISTEN_S = 600  # of the beginning; hum and hiss do not change while a lesson is recorded
_FRAME_MS = 20
_PAUSE_FRAMES = 15  # 0.3 s: between two sentences everybody takes a breath
_SHARE = 0.02  # the very quietest may be a leader without any sound
_CLEAN_SHARE = 0.1
_INAUDIBLE_DBFS = -78.0
_CLEAR_DB = 6.0  # by which a pause must lie under the rest
_FADE_SAMPLES = 480


def find_noise(raw: Path, rate: int, samples: int) -> NDArray[np.int16] | None:
    """So many samples of stereo noise; None when there is no pause, or when the pauses are clean.

    Args:
        raw: 16-bit interleaved stereo.
    """
    import numpy as np

    if raw.stat().st_size < 4 * rate:
        return None
    sound = np.memmap(raw, dtype="<i2", mode="r").reshape(-1, 2)
    levels = _levels(sound, rate * _FRAME_MS // 1000)
    if len(levels) <= _PAUSE_FRAMES:
        return None
    # The loudest frame of a window decides: half a pause is none.
    windows = np.lib.stride_tricks.sliding_window_view(levels, _PAUSE_FRAMES).max(axis=1)
    heard = np.flatnonzero(windows > _INAUDIBLE_DBFS)
    # A leader may be without any sound; where many pauses are, there is nothing to take out.
    if len(heard) < (1 - _CLEAN_SHARE) * len(windows):
        return None
    ranked = heard[np.argsort(windows[heard], kind="stable")]
    chosen = int(ranked[int(len(ranked) * _SHARE)])
    if windows[chosen] > np.median(windows) - _CLEAR_DB:
        return None
    start = chosen * rate * _FRAME_MS // 1000
    return _prolonged(np.array(sound[start : start + _PAUSE_FRAMES * rate * _FRAME_MS // 1000]), samples)


def dbfs(noise: NDArray[np.int16]) -> float:
    """How strong it is, against full scale."""
    import numpy as np

    return float(10 * np.log10(np.mean((noise / 32768) ** 2) + 1e-12))


def write_noise(noise: NDArray[np.int16], rate: int, target: Path) -> None:
    """As a WAV file."""
    with writing_wav(target, 2, rate) as out:
        out.writeframes(noise.astype("<i2").tobytes())


def _levels(sound: NDArray[np.int16], frame: int) -> NDArray[np.float64]:
    """DBFS of the louder side of each frame; read in pieces, so that memory stays small."""
    import numpy as np

    found = []
    step = frame * 3000
    for start in range(0, len(sound) - frame + 1, step):
        piece = np.asarray(sound[start : start + step], dtype=np.float32) / 32768
        whole = piece[: len(piece) // frame * frame].reshape(-1, frame, 2)
        found.append(10 * np.log10((whole**2).mean(axis=1).max(axis=1) + 1e-12))
    return np.concatenate(found).astype(np.float64)


def _prolonged(pause: NDArray[np.int16], samples: int) -> NDArray[np.int16]:
    """The pause again and again, each time softly blended into the next."""
    import numpy as np

    fade = np.sqrt(np.linspace(0, 1, _FADE_SAMPLES))[:, None]
    whole = pause.astype(np.float64)
    while len(whole) < samples:
        blend = whole[-_FADE_SAMPLES:] * fade[::-1] + pause[:_FADE_SAMPLES] * fade
        whole = np.concatenate([whole[:-_FADE_SAMPLES], blend, pause[_FADE_SAMPLES:]])
    return np.clip(np.round(whole[:samples]), -32768, 32767).astype(np.int16)
