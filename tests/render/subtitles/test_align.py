"""The command: one recording, or the lessons of a workspace."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import make_console
from courseware.errors import InputError, MediaError
from courseware.subtitles import load_cues
from render.subtitles.commands import align
from tests.courseware.align.narration import MEDIA, truth

NAME = "check-quality"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "文稿.txt"
    path.write_text("\n".join(cue.text for cue in truth(NAME)), encoding="utf-8")
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "county"
    (root / "courseware" / "质检").mkdir(parents=True)
    shutil.copy(MEDIA.parent / "yuanjiao.toml", root)
    home = root / "courseware" / "质检"
    shutil.copy(MEDIA / f"{NAME}.mp4", home / "源.mp4")
    (home / "lesson.toml").write_text('title = "质检"\nseries = "扶贫实用技术"\nform = "微视频"\n', encoding="utf-8")
    (home / "script.txt").write_text("\n".join(cue.text for cue in truth(NAME)), encoding="utf-8")
    return root


def run(*args: object) -> Result:
    return CliRunner().invoke(align, [str(one) for one in args], obj=make_console("en"))


def test_a_recording_and_its_script_become_subtitles_a_report_and_a_page(tmp_path: Path, script: Path) -> None:
    target, report, page = tmp_path / "x.srt", tmp_path / "x.json", tmp_path / "x.html"
    result = run(
        "--audio", MEDIA / f"{NAME}.mp4", "--script", script, "--output", target, "--json", report, "--report", page
    )
    assert result.exit_code == 0, result.output
    document = json.loads(report.read_text(encoding="utf-8"))
    assert document["confidence"] >= 80
    assert [cue["start_ms"] for cue in document["cues"]] == [cue.span.start_ms for cue in load_cues(target)[0]]
    assert "data:audio/mpeg;base64," in page.read_text(encoding="utf-8")


def test_json_alone_goes_to_the_terminal(tmp_path: Path, script: Path) -> None:
    result = run("--audio", MEDIA / f"{NAME}.mp4", "--script", script, "--output", tmp_path / "x.srt", "--json", "-")
    assert json.loads(result.stdout)["state"] == "made"


def test_the_wrong_script_fails_and_force_writes_a_draft(tmp_path: Path, script: Path) -> None:
    arguments = ("--audio", MEDIA / "read-results.mp4", "--script", script, "--output", tmp_path / "x.srt")
    result = run(*arguments)
    assert isinstance(result.exception, MediaError)
    assert result.exception.exit_code == 1
    assert not (tmp_path / "x.srt").exists()
    assert run(*arguments, "--force").exit_code == 0
    assert load_cues(tmp_path / "x.srt")[0]


def test_lessons_with_a_script_get_subtitles(workspace: Path) -> None:
    assert run("质检", "--workspace", workspace).exit_code == 0
    assert load_cues(workspace / "courseware" / "质检" / "subtitles.srt")[0]
    assert "nothing has changed" in run("--workspace", workspace).output


def test_a_lesson_without_a_script_is_named(workspace: Path) -> None:
    (workspace / "courseware" / "质检" / "script.txt").unlink()
    for arguments in (("质检",), ()):
        assert isinstance(run(*arguments, "--workspace", workspace).exception, InputError)


@pytest.mark.parametrize("arguments", [("--audio", "x.mp4"), ("--audio", "x.mp4", "甲"), ("--script", "x.txt")])
def test_options_that_do_not_go_together_are_refused(arguments: tuple[str, ...]) -> None:
    assert isinstance(run(*arguments).exception, InputError)


def test_a_slogan_has_nothing_to_align_and_does_not_stop_the_others(workspace: Path) -> None:
    slogan = workspace / "courseware" / "fire"
    slogan.mkdir()
    keys = 'title = "防火"\nseries = "扶贫实用技术"\nform = "微视频"\nslogan = "森林防火"\n'
    (slogan / "lesson.toml").write_text(keys, encoding="utf-8")
    refused = run("--workspace", workspace, "fire")
    assert isinstance(refused.exception, InputError)
    assert "a lesson without a video has no recording to align to" in str(refused.exception)
    assert run("--workspace", workspace).exit_code == 0
    assert (workspace / "courseware" / "质检" / "subtitles.srt").is_file()


@pytest.mark.parametrize("arguments", [("--script", "a.txt", "--audio", "a.wav"), ("质检",), ()])
def test_a_speech_model_goes_with_a_recording_that_has_no_script(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--model", tmp_path)
    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith("--model: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--output", "--json", "--report"])
def test_neither_script_nor_recording_is_written_over(tmp_path: Path, script: Path, option: str) -> None:
    recording = tmp_path / "讲解.mp4"
    recording.write_bytes(b"a recording")
    before = script.read_bytes()
    for path in (script, recording):
        with pytest.raises(InputError, match="would be written over"):
            raise run("--audio", recording, "--script", script, option, path).exception or AssertionError
    assert (recording.read_bytes(), script.read_bytes()) == (b"a recording", before)
