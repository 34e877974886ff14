"""Finding the noise of a recording between its words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from render.sound.noise import dbfs, find_noise

RATE = 8000


def _recording(speech: float, noise: float, seconds: int = 10) -> NDArray[np.int16]:
    """Stereo: words for 0.7 s of every second, noise all the time; a second of digital silence at the start."""
    random = np.random.default_rng(5)
    time = np.arange(seconds * RATE) / RATE
    words = speech * np.sin(2 * np.pi * 300 * time) * (time % 1 < 0.6) + noise * random.standard_normal(len(time))
    words[: RATE // 2] = 0
    return np.repeat(np.round(words * 32767)[:, None], 2, axis=1).astype("<i2")


def _found(sound: NDArray[np.int16], tmp_path: Path) -> NDArray[np.int16] | None:
    (tmp_path / "raw").write_bytes(sound.tobytes())
    return find_noise(tmp_path / "raw", RATE, RATE)


def test_the_noise_between_the_words_is_found_and_prolonged_to_a_second(tmp_path: Path) -> None:
    noise = _found(_recording(0.3, 0.01), tmp_path)
    assert noise is not None
    assert noise.shape == (RATE, 2)
    assert abs(dbfs(noise) - 20 * np.log10(0.01)) < 1


def test_clean_pauses_need_no_cleaning(tmp_path: Path) -> None:
    assert _found(_recording(0.3, 0.00002), tmp_path) is None


def test_a_sound_without_pauses_teaches_nothing(tmp_path: Path) -> None:
    assert _found(_recording(0.0, 0.05)[RATE:], tmp_path) is None


def test_a_sound_of_a_moment_teaches_nothing(tmp_path: Path) -> None:
    assert _found(_recording(0.3, 0.01)[: RATE // 2], tmp_path) is None
