"""The meter's readings against the standard's own signals and an independent meter."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import ToolError
from render.sound.loudness import SILENT_LKFS, MeterReading, integrated, load_reading, loudness_range, meter_file
from render.work.ffmpeg import find_ffmpeg
from tests.render.sounds import TALK, make_sound, samples_of


def _read(path: Path, tmp_path: Path) -> MeterReading:
    return meter_file(find_ffmpeg(), path, tmp_path)


def _steps(*levels_and_seconds: tuple[float, float]) -> str:
    """A 1 kHz sine in both ears whose level in dBFS changes from step to step."""
    end, volume = 0.0, "0"
    for level, seconds in levels_and_seconds:
        volume += f"+{10 ** (level / 20):.6f}*between(t,{end},{end + seconds - 0.00001})"
        end += seconds
    return f"aevalsrc='({volume})*sin(2*PI*1000*t)|({volume})*sin(2*PI*1000*t)':s=48000:d={end}"


def test_a_sine_of_minus_23_dbfs_in_both_ears_reads_minus_23(tmp_path: Path) -> None:
    # EBU Tech 3341, signal 1.
    reading = _read(make_sound(tmp_path / "a.wav", _steps((-23, 5)), channels=2), tmp_path)
    assert reading.loudness() == pytest.approx(-23, abs=0.1)
    assert reading.peak_dbtp == pytest.approx(-23, abs=0.1)


def test_what_is_ten_units_softer_does_not_count(tmp_path: Path) -> None:
    # EBU Tech 3341, signal 3, shortened.
    source = _steps((-36, 3), (-23, 30), (-36, 3))
    reading = _read(make_sound(tmp_path / "a.wav", source, seconds=36, channels=2), tmp_path)
    assert reading.loudness() == pytest.approx(-23, abs=0.1)


def test_the_range_of_two_levels_is_their_distance(tmp_path: Path) -> None:
    # EBU Tech 3342, signal 2.
    reading = _read(make_sound(tmp_path / "a.wav", _steps((-20, 20), (-15, 20)), seconds=40, channels=2), tmp_path)
    assert reading.range() == pytest.approx(5, abs=0.5)


def test_a_part_is_measured_by_the_windows_inside_it(tmp_path: Path) -> None:
    reading = _read(make_sound(tmp_path / "a.wav", _steps((-30, 4), (-20, 4)), seconds=8, channels=2), tmp_path)
    assert reading.loudness(0, 4000) == pytest.approx(-30, abs=0.1)
    assert reading.loudness(4000, 8000) == pytest.approx(-20, abs=0.1)


def test_an_independent_meter_says_the_same(tmp_path: Path) -> None:
    from pyloudnorm import Meter

    path = make_sound(tmp_path / "a.wav", TALK, "volume=-9dB", seconds=8, channels=2)
    theirs = Meter(48_000).integrated_loudness(samples_of(path, channels=2).astype("f8"))
    assert _read(path, tmp_path).loudness() == pytest.approx(theirs, abs=0.1)


def test_peaks_between_the_samples_are_seen(tmp_path: Path) -> None:
    # EBU Tech 3341, signal 16: every sample at -9 dBFS, the wave between them at -6.
    source = "aevalsrc='0.5*sin(2*PI*12000*t+PI/4)':s=48000"
    path = make_sound(tmp_path / "a.wav", source, "afade=duration=0.5", seconds=2)
    assert _read(path, tmp_path).peak_dbtp == pytest.approx(-6, abs=0.3)


def test_silence_has_no_loudness_and_no_range(tmp_path: Path) -> None:
    reading = _read(make_sound(tmp_path / "a.wav", "anullsrc", seconds=5), tmp_path)
    assert (reading.loudness(), reading.range(), reading.peak_dbtp) == (SILENT_LKFS, 0, SILENT_LKFS)


def test_a_sound_shorter_than_a_window_has_no_loudness() -> None:
    assert integrated([]) == SILENT_LKFS
    assert loudness_range([-20.0] * 5 + [-30.0] * 5) == 0


def test_a_meter_that_wrote_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "m.txt").touch()
    with pytest.raises(ToolError, match="could not be measured"):
        load_reading(tmp_path / "m.txt", 0)


def test_what_is_no_number_is_silence(tmp_path: Path) -> None:
    said = "lavfi.r128.S=-inf\nlavfi.r128.true_peak=0.000\n"
    content = (
        f"frame:0 pts:0 pts_time:0\nlavfi.r128.M=nan\n{said}frame:1 pts:1 pts_time:0.1\nlavfi.r128.M=-inf\n{said}"
    )
    (tmp_path / "m.txt").write_text(content, encoding="ascii")
    assert load_reading(tmp_path / "m.txt", 200_000).loudness() == SILENT_LKFS
