"""The commands loudspeaker and bulletin, from the command line to the finished file."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import pytest
from click.testing import CliRunner, Result

from courseware.errors import BatchError, InputError
from courseware.terminal.console import Console
from render.loudspeaker.coding import length_in
from render.loudspeaker.commands import bulletin, loudspeaker
from render.sound.loudness import meter_file
from render.work.ffmpeg import find_ffmpeg
from tests.render.sounds import RATE, TALK, make_sound, samples_of


def _run(command: Any, *args: object) -> Result:
    result = CliRunner().invoke(command, [str(arg) for arg in args], obj=Console("en", str))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    return make_sound(tmp_path / "通知 it's.wav", TALK, "volume=-8dB", seconds=4)


@pytest.fixture
def advice(tmp_path: Path) -> Path:
    return make_sound(tmp_path / "advice.mp3", TALK, seconds=4)


def test_a_lesson_of_the_workspace_becomes_an_mp3_of_whole_seconds(workspace: Path) -> None:
    result = _run(loudspeaker, "dose", "--workspace", workspace, "--json")
    (made,) = json.loads(result.stdout)["made"]
    path = workspace / "renditions" / "loudspeaker" / "dose.mp3"
    assert made["path"] == str(path)
    assert made["length_ms"] % 1000 == 0
    # A decoder that knows LAME's header plays exactly this; the lengths of chimes and clip are known.
    assert len(samples_of(path)) == made["length_ms"] * RATE // 1000
    reading = meter_file(find_ffmpeg(), path, workspace)
    assert reading.loudness() == pytest.approx(-15, abs=0.5)
    assert reading.peak_dbtp <= -1
    assert [cue["kind"] for cue in made["cues"]] == ["chime", "item", "chime"]
    assert [entry.name for entry in path.parent.iterdir()] == ["dose.mp3"]


def test_a_file_outside_any_workspace_can_be_repeated_in_both_formats(tmp_path: Path, notice: Path) -> None:
    out = tmp_path / "out"
    args = ("--repeat", 2, "--pause", 3, "--format", "wav", "--format", "mp3", "-o", out, "--workspace", tmp_path)
    result = _run(loudspeaker, notice, *args, "--json")
    wav, mp3 = json.loads(result.stdout)["made"]
    assert {one.name for one in out.iterdir()} == {"通知 it's.wav", "通知 it's.mp3"}
    assert wav["length_ms"] == mp3["length_ms"]
    first, second = (cue for cue in wav["cues"] if cue["kind"] == "item")
    assert second["start_ms"] - first["start_ms"] - first["length_ms"] == pytest.approx(3000, abs=1)
    heard = samples_of(out / "通知 it's.wav")[:, 0]
    once, twice = (heard[cue["start_ms"] * 48 + 480 :][: 3 * RATE] for cue in (first, second))
    assert np.abs(once - twice).max() < 0.001


def _tags(path: Path) -> dict[str, str]:
    import av

    with av.open(str(path)) as container:
        return dict(container.metadata)


def test_the_files_say_what_they_are(workspace: Path) -> None:
    _run(loudspeaker, "dose", "--workspace", workspace, "--format", "mp3", "--format", "wav")
    lesson = tomllib.loads((workspace / "courseware" / "dose" / "lesson.toml").read_text(encoding="utf-8"))
    wanted = {"title": lesson["title"], "album": lesson["series"], "artist": lesson["producer"]}
    folder = workspace / "renditions" / "loudspeaker"
    assert _tags(folder / "dose.mp3") == wanted | {"publisher": lesson["producer"]}
    assert _tags(folder / "dose.wav").items() >= wanted.items()


def test_the_chimes_follow_a_recording_that_stays_soft(tmp_path: Path) -> None:
    hissing = f"{TALK},volume=-34dB[t];anoisesrc=amplitude=0.002:seed=1:sample_rate=48000[n];[t][n]amix=normalize=0"
    notice = make_sound(tmp_path / "soft.wav", hissing, seconds=4)
    args = ("--format", "wav", "-o", tmp_path / "out", "--workspace", tmp_path, "--json")
    (made,) = json.loads(_run(loudspeaker, notice, *args).stdout)["made"]
    reading = meter_file(find_ffmpeg(), tmp_path / "out" / "soft.wav", tmp_path)
    chime, item, _ = (reading.loudness(cue["start_ms"], cue["start_ms"] + cue["length_ms"]) for cue in made["cues"])
    assert item < -18
    assert chime == pytest.approx(item, abs=1.5)


def test_a_recording_with_a_constant_voltage_and_a_bang_becomes_a_broadcast(tmp_path: Path) -> None:
    still = "volume=volume=0:enable='not(between(t,6,6.2))'"
    bang = f"anoisesrc=seed=2:amplitude=0.6:sample_rate=48000,{still}"
    talk = f"{TALK},volume=-30dB[t];{bang}[b];[t][b]amix=normalize=0,aeval=val(0)+0.3:c=same"
    notice = make_sound(tmp_path / "a.wav", talk, seconds=12)
    args = ("--format", "wav", "-o", tmp_path / "out", "--workspace", tmp_path, "--json")
    (made,) = json.loads(_run(loudspeaker, notice, *args).stdout)["made"]
    (start,) = (cue["start_ms"] for cue in made["cues"] if cue["kind"] == "item")
    heard = samples_of(tmp_path / "out" / "a.wav", channels=2)[start * RATE // 1000 :][: 12 * RATE]
    assert np.abs(heard.mean(axis=0)).max() < 0.001
    theirs = pyloudnorm.Meter(RATE).integrated_loudness(heard[: 5 * RATE].astype("f8"))
    assert theirs == pytest.approx(-15, abs=0.7)
    said = " ".join(made["notes"])
    assert "DC offset" in said
    assert "bangs" in said


def test_one_bad_lesson_does_not_stop_the_others(workspace: Path) -> None:
    with pytest.raises(BatchError, match="核桃树冬季修剪: it has no sound"):
        _run(loudspeaker, "--workspace", workspace)
    assert (workspace / "renditions" / "loudspeaker" / "dose.mp3").is_file()


def test_a_bulletin_lasts_exactly_as_long_as_asked(tmp_path: Path, notice: Path, advice: Path) -> None:
    out = tmp_path / "早间.mp3"
    args = ("--output", out, "--length", "0:42", "--workspace", tmp_path)
    result = _run(bulletin, notice, advice, *args)
    assert "早间.mp3: 0:42" in result.stdout
    assert length_in(out, "mp3") == 42 * RATE
    assert len(samples_of(out)) == 42 * RATE
    reading = meter_file(find_ffmpeg(), out, tmp_path)
    assert reading.loudness() == pytest.approx(-15, abs=0.5)
    assert reading.peak_dbtp <= -1
    with out.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["内容"] for row in rows if row["类别"] == "节目"] == ["通知 it's", "advice"]
    assert [row["类别"] for row in rows] == ["提示音", "节目", "提示音", "节目", "音乐", "提示音"]
    cues = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["cues"]
    # Where the sheet says that an item plays, everything is equally loud.
    for cue in cues:
        if cue["length_ms"] > 1500:
            part = reading.loudness(cue["start_ms"], cue["start_ms"] + cue["length_ms"])
            assert part == pytest.approx(-15, abs=1.5), cue


def test_a_bulletin_is_not_written_over_without_a_word(tmp_path: Path, notice: Path) -> None:
    out = tmp_path / "b.wav"
    out.write_bytes(b"old")
    with pytest.raises(InputError, match="--force"):
        _run(bulletin, notice, "-o", out, "--length", 20, "--workspace", tmp_path)
    assert out.read_bytes() == b"old"
    _run(bulletin, notice, "-o", out, "--length", 20, "--workspace", tmp_path, "--force")
    assert len(samples_of(out)) == 20 * RATE


def test_a_broadcast_of_a_lesson_does_not_replace_what_lies_in_a_folder_of_ones_own(
    tmp_path: Path, notice: Path
) -> None:
    out, args = tmp_path / "out", ("--format", "wav", "-o", tmp_path / "out", "--workspace", tmp_path)
    song = out / f"{notice.stem}.wav"
    out.mkdir()
    song.write_bytes(b"a song")
    with pytest.raises(InputError, match="is there already"):
        _run(loudspeaker, notice, *args)
    assert song.read_bytes() == b"a song"
    _run(loudspeaker, notice, *args, "--force")
    assert song.stat().st_size > RATE


def test_everything_wrong_with_the_items_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("请注意", encoding="utf-8")
    with pytest.raises(InputError) as error:
        _run(bulletin, "nosuch", tmp_path / "words.txt", "-o", tmp_path / "b.mp3", "--length", "1:00")
    assert [problem.where for problem in error.value.problems] == ["nosuch", "words.txt"]
    assert "--speak" in str(error.value)


def test_text_is_read_out_when_that_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("明天上午八点发放良种。", encoding="gb18030")
    args = ("--speak", "-o", tmp_path, "--workspace", tmp_path, "--json")
    (made,) = json.loads(_run(loudspeaker, tmp_path / "words.txt", *args).stdout)["made"]
    (spoken,) = (cue for cue in made["cues"] if cue["kind"] == "item")
    assert 1000 < spoken["length_ms"] < 8000


@pytest.mark.parametrize("given", ["15", "0:15", "00:00:15", "0：15"])
def test_a_length_may_be_written_as_people_do(given: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nosuch"):
        _run(bulletin, "nosuch", "-o", tmp_path / "b.mp3", "--length", given)


@pytest.mark.parametrize("given", ["", "a", "1:2:3:4", "-5", "0", "999999", "7:00:00", "1.5"])
def test_a_length_that_is_none_is_refused(given: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--length: write minutes and seconds, e\.g\. 15:00"):
        _run(bulletin, "nosuch", "-o", tmp_path / "b.mp3", "--length", given)


def test_a_picture_without_sound_and_a_text_named_mp3_are_explained(tmp_path: Path) -> None:
    (tmp_path / "fake.mp3").write_text("no sound", encoding="utf-8")
    with pytest.raises(BatchError, match="neither a sound nor a video"):
        _run(loudspeaker, tmp_path / "fake.mp3", "-o", tmp_path / "o", "--workspace", tmp_path)


def test_silence_is_no_broadcast(tmp_path: Path) -> None:
    silent = make_sound(tmp_path / "s.wav", "anullsrc", seconds=2)
    with pytest.raises(BatchError, match="nothing to hear"):
        _run(loudspeaker, silent, "-o", tmp_path / "o", "--workspace", tmp_path)
    assert list((tmp_path / "o").iterdir()) == []


def test_without_a_workspace_a_folder_must_be_named(tmp_path: Path, notice: Path) -> None:
    with pytest.raises(InputError, match="name a folder"):
        _run(loudspeaker, notice, "--workspace", tmp_path)


def test_a_recording_is_never_replaced_by_what_is_made_of_it(tmp_path: Path) -> None:
    recording, twin, here = tmp_path / "a.wav", tmp_path / "sub" / "a.mp3", ("--workspace", tmp_path)
    twin.parent.mkdir()
    recording.write_bytes(b"a recording")
    music = tmp_path / "b.wav"
    music.write_bytes(b"a song")
    twin.write_bytes(b"another")
    with pytest.raises(InputError, match="would be written over"):
        _run(loudspeaker, recording, "--format", "wav", "-o", tmp_path, *here)
    with pytest.raises(InputError, match="would be written twice"):
        _run(loudspeaker, recording, twin, "-o", tmp_path / "out", *here)
    with pytest.raises(InputError, match="would be written over"):
        _run(bulletin, recording, "-o", recording, "--length", 20, "--force", *here)
    with pytest.raises(InputError, match="would be written over"):
        _run(bulletin, recording, "-o", tmp_path / "b.wav", "--length", 20, "--force", "--music", music, *here)
    assert (recording.read_bytes(), twin.read_bytes()) == (b"a recording", b"another")
    assert not (tmp_path / "out").exists()


def test_a_bulletin_whose_cue_sheet_is_a_notice_is_refused(tmp_path: Path) -> None:
    words = tmp_path / "b.txt"
    words.write_text("请注意", encoding="utf-8")
    sheet = tmp_path / "b.csv"
    sheet.write_text("1,2", encoding="utf-8")
    args = (words, "--speak", "-o", tmp_path / "b.mp3", "--length", 20, "--workspace", tmp_path)
    with pytest.raises(InputError, match=r"b\.csv: is there already"):
        _run(bulletin, *args)
    assert sheet.read_text(encoding="utf-8") == "1,2"
