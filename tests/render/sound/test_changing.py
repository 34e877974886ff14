"""A sound that has other channels and another rate midway, as recordings of broadcasts do, is heard to its end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from courseware.media.reading import changes_midway
from courseware.speech.listening import compact_audio
from courseware.speech.sound import RATE as HEARD_RATE
from courseware.speech.sound import samples_of as heard_of
from render.pieces.soundwork import SoundJob, make_sound
from render.sound.levelled import Kitchen, Raw, levelled
from render.sound.levels import Aim
from render.sound.plan import Soundtrack
from render.sound.splicing import SoundTake, Splice, make_splice
from render.work.workshop import Workshop, open_workshop
from tests.conftest import run_ffmpeg
from tests.render.sounds import RATE, samples_of


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2 s of 440 Hz, mono at 48 kHz, then 2 s of 880 Hz, stereo at 44.1 kHz, in one transport stream."""
    folder = tmp_path_factory.mktemp("changing")
    parts = []
    for number, (hertz, rate, channels) in enumerate(((440, 48_000, 1), (880, 44_100, 2))):
        part = folder / f"{number}.ts"
        tone = ["-f", "lavfi", "-i", f"sine={hertz}:r={rate}:d=2"]
        run_ffmpeg(*tone, "-ac", str(channels), "-c:a", "mp2", "-output_ts_offset", str(2 * number), str(part))
        parts.append(part.read_bytes())
    whole = folder / "whole.ts"
    whole.write_bytes(b"".join(parts))
    return whole


def _pitches(samples: np.ndarray, rate: int, start_s: float = 0) -> list[int]:
    """The strongest pitch at four moments, two of each tone, in tens of hertz."""
    found = []
    for at in (0.5, 1.3, 2.3, 3.2):
        part = samples[int((start_s + at) * rate) :][: rate // 2]
        found.append(round(float(np.abs(np.fft.rfft(part)).argmax()) * 2 / 10))
    return found


EACH = [44, 44, 88, 88]


def test_only_a_sound_that_changes_is_said_to(changing: Path, tmp_path: Path) -> None:
    alike = tmp_path / "alike.ts"
    run_ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-c:a", "mp2", str(alike))
    assert [changes_midway(one, 0) for one in (changing, alike, tmp_path / "none.ts")] == [True, False, False]


def test_a_lesson_has_it_all(changing: Path, workshop: Workshop, tmp_path: Path) -> None:
    own = open_workshop(workshop.tool, tmp_path / "cache")
    plan = Soundtrack(
        source=str(changing),
        stream=0,
        channels=1,
        origin_us=1_400_000,
        jingle=False,
        loudness_lkfs=-15,
        true_peak_dbtp=-1,
        rate=RATE,
        kbps=128,
        before_samples=RATE,
        body_samples=4 * RATE,
        total_samples=6 * RATE,
    )
    make_sound(own, SoundJob("changing", "0" * 64, plan, None, "1" * 64))
    made = samples_of(own.store.place("0" * 64, "sound"))[:, 0]
    assert _pitches(made, RATE, start_s=1) == EACH


def test_a_clip_of_it_is_cut_where_it_was_meant(changing: Path, workshop: Workshop, tmp_path: Path) -> None:
    take = SoundTake(str(changing), "", 0, 1_400_000, 0, 4 * RATE, 4 * RATE, 0)
    made = make_splice(workshop.tool, Splice(RATE, 2, (take,)), tmp_path)
    assert _pitches(samples_of(made)[:, 0], RATE) == EACH
    assert not list(tmp_path.glob("*.nut"))


def test_the_loudspeaker_has_it_all(changing: Path, workshop: Workshop, tmp_path: Path) -> None:
    made = levelled(Kitchen(workshop.tool, tmp_path), Raw("changing", changing), "out", Aim(-15, -1))
    assert _pitches(samples_of(Path(made.sized.file))[:, 0], RATE) == EACH
    assert round(made.sized.samples / RATE, 1) == 4


def test_a_script_is_aligned_with_all_of_it(changing: Path) -> None:
    assert _pitches(np.concatenate(list(heard_of(changing))), HEARD_RATE) == EACH


def test_a_page_has_it_all(changing: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.mp3"
    page.write_bytes(compact_audio(changing))
    assert _pitches(samples_of(page)[:, 0], RATE) == EACH
