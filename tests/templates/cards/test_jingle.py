from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from courseware.lessons.series import MOTIFS
from templates.cards.jingle import _melody, write_melody


def samples_of(path: Path) -> Any:
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 48_000)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)


def test_every_motif_has_a_jingle_of_its_own(tmp_path: Path) -> None:
    written = []
    for motif in MOTIFS:
        write_melody(motif, 3000, tmp_path / f"{motif}.wav")
        written.append((tmp_path / f"{motif}.wav").read_bytes())
    assert len(set(written)) == len(MOTIFS)
    assert len(list(tmp_path.iterdir())) == len(MOTIFS)


@pytest.mark.parametrize("duration_ms", [3000, 2000, 1234])
def test_a_jingle_lasts_exactly_as_long_as_asked(duration_ms: int, tmp_path: Path) -> None:
    write_melody("road", duration_ms, tmp_path / "a.wav")
    assert len(samples_of(tmp_path / "a.wav")) == duration_ms * 48


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_jingle_is_gentle_and_dies_away(motif: str, tmp_path: Path) -> None:
    write_melody(motif, 3000, tmp_path / "a.wav")
    samples = samples_of(tmp_path / "a.wav") / 32768
    loudness = 20 * np.log10(np.sqrt(np.mean(samples**2)))
    assert -26 < loudness < -22
    assert abs(samples).max() < 0.7
    # Neither end may click.
    assert abs(samples[:5]).max() < 0.01
    assert abs(samples[-48:]).max() < 0.01


def test_the_same_jingle_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        _melody.cache_clear()
        write_melody("wave", 1000, tmp_path / name)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
