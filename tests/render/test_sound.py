from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import ToolError
from render.ffmpeg import find_ffmpeg
from render.profiles import profile_named
from render.sound import SILENT_LKFS, Level, gain_db, measure, parse_level
from tests.conftest import ClipFactory, run_ffmpeg

TV, LED = profile_named("station-tv"), profile_named("led-512x320")


def test_a_sound_is_brought_to_the_loudness_of_the_profile() -> None:
    quiet = Level(-30.0, -20.0)
    assert gain_db(quiet, TV) == 6.0
    assert gain_db(quiet, LED) == 15.0
    assert gain_db(Level(-12.0, -1.0), TV) == -12.0


def test_peaks_stay_under_the_ceiling() -> None:
    assert gain_db(Level(-30.0, -5.0), TV) == 2.5  # half a decibel below -2
    assert gain_db(Level(-14.0, 0.0), LED) == -1.5


def test_an_empty_room_is_not_made_as_loud_as_speech() -> None:
    assert gain_db(Level(-60.0, -50.0), LED) == 20.0


def test_silence_has_no_gain() -> None:
    assert gain_db(None, TV) == 0.0
    assert gain_db(Level(SILENT_LKFS, SILENT_LKFS), TV) == 0.0


def test_the_last_summary_counts_and_silence_is_understood() -> None:
    said = "    I:         -70.0 LUFS\n    Peak:       -inf dBFS\n"
    assert parse_level(said) == Level(-70.0, -70.0)
    later = "    I:         -23.1 LUFS\n    LRA:         3.0 LU\n    Peak:       -5.4 dBFS\n"
    assert parse_level(said + later) == Level(-23.1, -5.4)


def test_words_without_a_measurement_are_an_error() -> None:
    with pytest.raises(ToolError, match="could not be measured"):
        parse_level("Invalid data found when processing input")


def test_one_ear_is_measured_as_the_two_that_will_be_heard(make_clip: ClipFactory, tmp_path: Path) -> None:
    both = measure(find_ffmpeg(), f"file:{make_clip()}", 1, 48_000, tmp_path)
    one = measure(find_ffmpeg(), f"file:{make_clip(channels=1)}", 1, 48_000, tmp_path)
    assert abs(both.lkfs - one.lkfs) < 0.3
    assert -25 < both.lkfs < -15


def test_five_channels_become_two(make_clip: ClipFactory, tmp_path: Path) -> None:
    surround = tmp_path / "surround.mka"
    run_ffmpeg("-i", str(make_clip()), "-vn", "-af", "pan=5.1|FC=c0", "-c:a", "ac3", str(surround))
    assert measure(find_ffmpeg(), f"file:{surround}", 0, 48_000, tmp_path).lkfs > -35


def test_a_sound_too_short_to_measure_is_silence(make_clip: ClipFactory, tmp_path: Path) -> None:
    short = make_clip(seconds=0.2)
    assert measure(find_ffmpeg(), f"file:{short}", 1, 48_000, tmp_path).lkfs == SILENT_LKFS
