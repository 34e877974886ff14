"""Recordings are read the same however they are cut into blocks, and what cannot be read is said."""

from pathlib import Path

import numpy as np
import pytest

from courseware.errors import MediaError
from courseware.speech.activity import activity, tunes
from courseware.speech.sound import BANDS, HOP, RATE, load_sound, silenced, sound_of
from courseware.times import Span
from tests.conftest import ClipFactory, run_ffmpeg
from tests.courseware.align.narration import noisy, pause, samples, tune


def test_blocks_make_no_difference() -> None:
    whole = np.tile(samples("new-project"), 4)
    one = sound_of([whole])
    many = sound_of([whole[at : at + 12_345] for at in range(0, len(whole), 12_345)])
    assert one.duration_ms == many.duration_ms
    assert np.array_equal(one.peaks, many.peaks)
    # Only the first sample of a block has no neighbour to be compared with.
    assert np.quantile(np.abs(one.bands - many.bands), 0.999) < 0.01


def test_there_is_a_frame_every_ten_milliseconds() -> None:
    sound = sound_of([np.zeros(RATE + 1, np.int16)])
    assert sound.bands.shape == (101, BANDS)
    assert len(sound.peaks) == 101
    assert RATE // HOP == 100


def test_voice_is_told_from_pauses_in_noise_of_any_level() -> None:
    for level in (3, 60):
        noise = np.random.default_rng(1).standard_normal(3 * RATE) * level
        speech = samples("project-data")[RATE // 2 : 5 * RATE].astype(np.float64)
        hiss = np.random.default_rng(2).standard_normal(len(speech)) * level
        active = activity(sound_of([np.concatenate((noise, speech + hiss, noise)).astype(np.int16)]).bands)
        assert (active[20:280] > 0).mean() < 0.1
        assert (active[300:700] > 0).mean() > 0.7


def test_held_notes_are_told_from_speech() -> None:
    music, speech = tune(4), samples("project-data")[: 6 * RATE]
    found = []
    for one in (music, speech, noisy(speech, 12)):
        sound = sound_of([one])
        active = activity(sound.bands)
        found.append(tunes(sound.steady, active)[active > 0].mean())
    assert found[0] > 0.9
    assert max(found[1:]) < 0.05


def test_voice_is_found_where_noise_fills_most_bands() -> None:
    # High noise alone: the bands below it are as they were, so that much is still to be heard.
    speech = samples("project-data")[RATE // 2 : 5 * RATE].astype(np.float64)
    hiss = np.diff(np.random.default_rng(2).standard_normal(len(speech) + 2), 2) * 3_000
    quiet = np.concatenate((hiss, speech + hiss))
    active = activity(sound_of([np.clip(quiet, -32768, 32767).astype(np.int16)]).bands)
    half = len(active) // 2
    assert (active[half:] > 0).mean() > 3 * (active[:half] > 0).mean()


def test_silence_tells_nothing() -> None:
    assert not activity(sound_of([np.zeros(RATE, np.int16)]).bands).any()
    assert abs(activity(sound_of([pause(2)]).bands)).mean() < 0.3


@pytest.mark.parametrize("content", [b"", b"not media at all"])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "讲解.mp3"
    path.write_bytes(content)
    with pytest.raises(MediaError):
        load_sound(path)


def test_a_missing_recording_a_folder_and_a_silent_film_are_refused(tmp_path: Path, make_clip: ClipFactory) -> None:
    for path in (tmp_path / "no.mp4", tmp_path, make_clip(seconds=1, sound=False)):
        with pytest.raises(MediaError):
            load_sound(path)


def test_sound_that_begins_late_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    run_ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=10:duration=3",
        "-itsoffset", "1.5", "-f", "lavfi", "-i", "sine=frequency=440:duration=1", str(path),
    )  # fmt: skip
    heard: list[int] = []
    sound = load_sound(path, heard=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == sound.duration_ms
    peaks = sound.peaks
    assert peaks[:145].max() < 500
    assert peaks[160:240].min() > 500


def test_what_was_cut_out_is_not_heard() -> None:
    noise = np.random.default_rng(1).integers(-3000, 3000, RATE * 3, np.int16)
    sound = sound_of([noise])
    quiet = silenced(sound, [Span(1000, 2000)])
    assert quiet.peaks[100:200].max() == 0
    assert quiet.bands[100:200].max() == 0
    assert (quiet.bands[:100] == sound.bands[:100]).all()
    assert silenced(sound, []) is sound
