"""When a bang decides the loudness of a recording, and where in it the bang lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from courseware.speech.sound import RATE
from render.sound.bursts import VoiceFound, find_spoken, is_almost_nothing, is_doubtful, usual_lkfs
from render.sound.loudness import MeterReading

STEPS = 300
SPOKEN_LKFS, PAUSE_LKFS = -40.0, -70.0
PERIOD = 20  # steps of speech and pause, half of each


def _levels(steps: int = STEPS) -> NDArray[np.float64]:
    """Speech for a second, a pause for a second, and so on."""
    return np.where(np.arange(steps) % PERIOD < PERIOD // 2, SPOKEN_LKFS, PAUSE_LKFS)


def _samples(steps: int = STEPS) -> NDArray[np.float64]:
    noise = np.random.default_rng(1).normal(0, 1, steps * RATE // 10)
    gains = np.repeat(10 ** ((_levels(steps) + 17) / 20), RATE // 10)
    syllables = 0.3 + np.abs(np.sin(np.arange(len(noise)) * 2 * np.pi * 2 / RATE))
    return noise * gains * syllables


def _found(tmp_path: Path, levels: NDArray[np.float64], samples: NDArray[np.float64]) -> VoiceFound:
    (tmp_path / "raw").write_bytes(np.clip(np.round(samples * 32768), -32768, 32767).astype("<i2").tobytes())
    return find_spoken(MeterReading(tuple(levels), (), 0), tmp_path / "raw")


def _with_bang(start: int, length_ms: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    levels, samples = _levels(), _samples()
    _add_bang(levels, samples, start, length_ms)
    return levels, samples


def _add_bang(levels: NDArray[np.float64], samples: NDArray[np.float64], start: int, length_ms: int) -> None:
    levels[start : start + 3 + length_ms // 100] = -6
    at, count = start * RATE // 10, length_ms * RATE // 1000
    samples[at : at + count] = 0.9 * (-1) ** np.arange(count)


def _reading(levels: NDArray[np.float64], short: tuple[float, ...] = ()) -> MeterReading:
    return MeterReading(tuple(levels), short, 0)


def test_even_speech_raises_no_doubt() -> None:
    assert not is_doubtful(_reading(_levels()))
    assert usual_lkfs(_reading(_levels())) == pytest.approx(-43.5, abs=0.1)


def test_a_bang_far_wider_passages_and_a_soft_recording_do() -> None:
    assert is_doubtful(_reading(_with_bang(100, 100)[0]))
    assert is_doubtful(_reading(_levels(), (-20.0,) * 60 + (-39.0,) * 60))
    assert is_doubtful(_reading(_levels() - 25))


def test_a_bang_is_found_where_it_lies_and_the_voice_without_it(tmp_path: Path) -> None:
    spoken = _found(tmp_path, *_with_bang(103, 100))
    assert spoken.voiced
    assert spoken.lkfs == pytest.approx(SPOKEN_LKFS, abs=1)
    (burst,) = spoken.bursts
    assert (burst.span.start_ms, burst.span.end_ms) == pytest.approx((10_300, 10_400), abs=25)
    assert burst.gain_db == pytest.approx(SPOKEN_LKFS + 9 + 6, abs=0.5)


@pytest.mark.parametrize(("length_ms", "count"), [(2900, 1), (3200, 0)])
def test_what_lasts_is_no_bang_but_part_of_the_programme(tmp_path: Path, length_ms: int, count: int) -> None:
    levels, samples = _levels(1200), _samples(1200)
    _add_bang(levels, samples, 603, length_ms)
    assert len(_found(tmp_path, levels, samples).bursts) == count


@pytest.mark.parametrize(("every", "many"), [(120, True), (25, False)])
def test_bangs_without_end_are_the_programme(tmp_path: Path, every: int, *, many: bool) -> None:
    levels, samples = _levels(1200), _samples(1200)
    for start in range(23, 1190, every):
        _add_bang(levels, samples, start, 200)
    assert bool(_found(tmp_path, levels, samples).bursts) == many


def test_speech_without_bangs_has_none(tmp_path: Path) -> None:
    assert _found(tmp_path, _levels(), _samples()).bursts == ()


def test_noise_that_never_changes_is_no_voice(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, STEPS * RATE // 10)
    assert not _found(tmp_path, np.full(STEPS, -20.0), noise).voiced


def test_two_clicks_are_almost_nothing_but_a_short_sound_is_something() -> None:
    clicks = np.full(STEPS, -120.0)
    clicks[10:14] = clicks[50:54] = -30
    assert is_almost_nothing(_reading(clicks))
    clicks[60:70] = -30
    assert not is_almost_nothing(_reading(clicks))
    assert not is_almost_nothing(_reading(np.full(8, -30.0)))
