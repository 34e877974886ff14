"""What a full disk left of a measurement is never taken for the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import StorageError
from render.sound.loudness import measure, metered
from render.sound.meters import NOTHING_DB, Metered, load_moments
from render.work.ffmpeg import find_ffmpeg
from tests.conftest import run_ffmpeg

STEP_US = 100_000


def written(path: Path, steps: int) -> Path:
    lines = [
        f"frame:{n}    pts:{n}    pts_time:{n / 10:g}\nlavfi.r128.M=-2{n}.5\nlavfi.r128.S=-3{n}.5\n"
        for n in range(steps)
    ]
    path.write_text("".join(lines), encoding="ascii")
    return path


def test_a_whole_measurement_is_read(tmp_path: Path) -> None:
    moments = load_moments(written(tmp_path / "m.txt", 3), 100, 3 * STEP_US + 50_000)
    assert [moments[2].decibels(f"lavfi.r128.{name}") for name in "MS"] == [-22.5, -32.5]
    assert load_moments(written(tmp_path / "m.txt", 0), 100, 0) == ()


@pytest.mark.parametrize("said", ["nan", "-nan", "inf", "-inf"])
def test_what_is_no_number_is_nothing(said: str) -> None:
    moment = Metered({"level": said, "offset": said})
    assert moment.share("offset") == 0
    assert said == "inf" or moment.decibels("level") == NOTHING_DB


def test_wherever_it_breaks_off_it_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "m.txt", 5)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(StorageError, match="breaks off"):
            load_moments(path, 100, 5 * STEP_US + 50_000)


def test_a_moment_missing_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "m.txt", 5)
    lines = path.read_text(encoding="ascii").splitlines(keepends=True)
    for gone in (slice(3, 6), slice(4, 5)):
        path.write_text("".join(line for line in lines if line not in lines[gone]), encoding="ascii")
        with pytest.raises(StorageError, match="breaks off"):
            load_moments(path, 100, 5 * STEP_US)


def test_ffmpeg_says_how_much_it_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ffmpeg

    run_ffmpeg("-f", "lavfi", "-i", "sine=d=3.07", str(tmp_path / "a.wav"))

    def output() -> object:
        return metered(ffmpeg.input(str(tmp_path / "a.wav")).audio, "m.txt").output("-", format="null")

    assert len(measure(find_ffmpeg(), output(), tmp_path, "m.txt").momentary) == 30
    real = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda path, **how: real(path, **how)[:4096].rpartition("frame:")[0])
    with pytest.raises(StorageError, match="is the disk full"):
        measure(find_ffmpeg(), output(), tmp_path, "m.txt")


def test_what_is_no_number_or_was_not_said_is_silence() -> None:
    metered = Metered({"nan": "nan", "silent": "-inf", "faint": "-130.5", "loud": "-3.5"})
    assert [metered.decibels(name) for name in ("nan", "silent", "faint", "unsaid", "loud")] == [-120.0] * 4 + [-3.5]
    assert (metered.share("loud"), metered.share("unsaid")) == (-3.5, 0)
