"""A lesson with a script and without subtitles gets them from its recording."""

import shutil
from pathlib import Path

import pytest

from courseware.lessons.lesson import Lesson, load_lesson
from courseware.lessons.settings import Office, Settings
from courseware.subtitles import load_cues
from render.making.timing import timed
from templates.start.demo import COUNTY_DIR
from tests.conftest import run_ffmpeg

SETTINGS = Settings(office=Office(name="远教办", county="示例县"))
SCRIPT = (
    "若要创建第一个项目，请选择“语音到文本”/“自定义”语音，然后单击“新建项目”。遵照向导中的说明创建项目。"
    "创建项目后，应该会看到四个选项卡：数据、测试、培训和部署。"
)


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    folder = tmp_path / "new-project"
    folder.mkdir()
    shutil.copy(COUNTY_DIR / "media" / "new-project.mp4", folder)
    keys = 'title = "新建项目"\nseries = "扶贫实用技术"\nform = "微视频"\n'
    (folder / "lesson.toml").write_text(keys, encoding="utf-8")
    return load_lesson(folder / "lesson.toml", SETTINGS)


def test_a_script_becomes_subtitles_at_the_next_render(lesson: Lesson, tmp_path: Path) -> None:
    (lesson.folder / "script.txt").write_text(SCRIPT, encoding="utf-8")
    ready, remarks = timed(lesson, tmp_path)
    assert remarks == ()
    assert ready.subtitles_path is not None
    cues, _ = load_cues(ready.subtitles_path)
    # The sentence begins at 7.79 s of the recording.
    assert any(abs(cue.span.start_ms - 7_790) < 200 for cue in cues if cue.text.startswith("遵照"))


def test_the_track_that_the_lesson_names_is_the_one_listened_to(lesson: Lesson, tmp_path: Path) -> None:
    (lesson.folder / "script.txt").write_text(SCRIPT, encoding="utf-8")
    assert lesson.source_path is not None
    two = lesson.folder / "two.mkv"
    quiet = ["-f", "lavfi", "-t", "20", "-i", "anullsrc=r=16000:cl=mono"]
    maps = ["-map", "1:v", "-map", "0:a", "-map", "1:a", "-c:v", "copy", "-c:a", "flac", "-shortest"]
    run_ffmpeg(*quiet, "-i", str(lesson.source_path), *maps, str(two))
    lesson.source_path.unlink()
    second, _ = timed(lesson.model_copy(update={"source_path": two, "audio": 2}), tmp_path)
    assert second.subtitles_path is not None
    first, remarks = timed(lesson.model_copy(update={"source_path": two, "audio": 1}), tmp_path)
    assert first.subtitles_path is None
    assert [one.where for one in remarks] == ["new-project/script.txt"]


def test_without_a_script_nothing_changes(lesson: Lesson, tmp_path: Path) -> None:
    assert timed(lesson, tmp_path) == (lesson, ())


def test_words_alone_need_no_timing(tmp_path: Path) -> None:
    folder = tmp_path / "fire"
    folder.mkdir()
    keys = 'title = "防火"\nseries = "扶贫实用技术"\nform = "微视频"\nslogan = "森林防火"\n'
    (folder / "lesson.toml").write_text(keys, encoding="utf-8")
    (folder / "script.txt").write_text(SCRIPT, encoding="utf-8")
    slogan = load_lesson(folder / "lesson.toml", SETTINGS)
    assert timed(slogan, tmp_path) == (slogan, ())


def test_subtitles_of_a_person_are_left_alone(lesson: Lesson, tmp_path: Path) -> None:
    folder = lesson.folder
    (folder / "script.txt").write_text(SCRIPT, encoding="utf-8")
    (folder / "subtitles.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\n我写的\n", encoding="utf-8")
    mine = load_lesson(folder / "lesson.toml", SETTINGS)
    assert timed(mine, tmp_path) == (mine, ())
    assert "我写的" in (folder / "subtitles.srt").read_text(encoding="utf-8")


def test_a_wrong_script_costs_the_subtitles_and_is_told(lesson: Lesson, tmp_path: Path) -> None:
    wrong = "猕猴桃冬季修剪要在落叶以后伤流以前进行。先去掉枯枝病枝，再留足结果母枝，每株留二十到三十个。"
    (lesson.folder / "script.txt").write_text(wrong, encoding="utf-8")
    same, remarks = timed(lesson, tmp_path)
    assert same == lesson
    assert "script.txt" in remarks[0].where
    assert not (lesson.folder / "subtitles.srt").exists()
