"""Parts joined to one WAV file, and the chimes in it."""

from __future__ import annotations

import gc
import sys
import wave
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from courseware.errors import InputError
from render.loudspeaker.chimes import draw_chime
from render.loudspeaker.layout import BroadcastPart
from render.loudspeaker.tape import write_tape
from render.sound.levelled import RATE
from render.sound.loudness import meter_file
from render.work.ffmpeg import find_ffmpeg
from render.work.wav import length_of


def test_a_disk_that_is_full_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            draw_chime("opening", tmp_path / "chime.wav")
        gc.collect()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told == []
    assert list(tmp_path.iterdir()) == []


def _samples(path: Path) -> NDArray[np.int16]:
    with wave.open(str(path)) as stream:
        return np.frombuffer(stream.readframes(stream.getnframes()), "<i2").reshape(-1, 2)


def _wav(path: Path, samples: NDArray[np.int16], rate: int = RATE) -> str:
    with wave.open(str(path), "wb") as out:
        out.setparams((2, 2, rate, 0, "NONE", ""))
        out.writeframes(np.repeat(samples[:, None], 2, axis=1).astype("<i2").tobytes())
    return str(path)


def test_parts_lie_where_they_should_to_the_sample(tmp_path: Path) -> None:
    file = _wav(tmp_path / "a.wav", np.full(12_345, 9000, np.int16))
    parts = [
        BroadcastPart("pause", "", 0, 777),
        BroadcastPart("item", "a", 777, 12_345, file),
        BroadcastPart("pause", "", 13_122, 100),
    ]
    write_tape(parts, tmp_path / "tape.wav")
    heard = _samples(tmp_path / "tape.wav")[:, 0]
    assert len(heard) == 13_222
    assert not heard[:777].any()
    assert not heard[13_122:].any()
    # But for the soft edges, what is in between is untouched.
    assert (heard[777 + 400 : 13_122 - 400] == 9000).all()
    assert abs(heard[778]) < 500


def test_music_goes_round_and_round_across_blocks(tmp_path: Path) -> None:
    file = _wav(tmp_path / "a.wav", np.arange(30_000, dtype=np.int16))
    write_tape([BroadcastPart("filler", "m", 0, 63 * RATE, file)], tmp_path / "tape.wav")
    heard = _samples(tmp_path / "tape.wav")[:, 0]
    assert len(heard) == 63 * RATE
    places = np.array([20 * RATE, 60 * RATE - 1, 60 * RATE, 60 * RATE + 1])
    assert (heard[places] == places % 30_000).all()


def test_what_is_no_piece_is_refused(tmp_path: Path) -> None:
    file = _wav(tmp_path / "a.wav", np.zeros(100, np.int16), rate=44_100)
    with pytest.raises(ValueError, match="tape is made of"):
        write_tape([BroadcastPart("item", "a", 0, 100, file)], tmp_path / "tape.wav")


def test_more_than_a_wav_file_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="six hours"):
        write_tape([BroadcastPart("pause", "", 0, 7 * 3600 * RATE)], tmp_path / "tape.wav")


@pytest.mark.parametrize("name", ["opening", "between", "closing", "tune"])
def test_chimes_are_whole_and_neither_clip_nor_click(name: str, tmp_path: Path) -> None:
    draw_chime(name, tmp_path / "c.wav")  # type: ignore[arg-type]
    heard = _samples(tmp_path / "c.wav").astype(np.float64) / 32768
    assert 1 <= length_of(tmp_path / "c.wav") / RATE <= 20
    assert 0.1 < np.abs(heard).max() < 0.95
    assert np.abs(heard[-20:]).max() < 0.005
    assert np.abs(np.diff(heard[:, 0])).max() < 0.25
    assert meter_file(find_ffmpeg(), tmp_path / "c.wav", tmp_path).loudness() == pytest.approx(-15, abs=0.2)


def test_opening_and_closing_cannot_be_mistaken_for_each_other(tmp_path: Path) -> None:
    found = {}
    for name in ("opening", "between", "closing"):
        draw_chime(name, tmp_path / "c.wav")
        part = _samples(tmp_path / "c.wav")[: RATE // 3, 0]
        found[name] = int(np.abs(np.fft.rfft(part * np.hanning(len(part)))).argmax())
    assert all(abs(found[a] - found[b]) > 5 for a, b in combinations(found, 2))
