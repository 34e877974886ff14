"""A lesson with its narration: clips' lengths, subtitles that are ours, and what a dry run does not do."""

from pathlib import Path

import pytest
from PIL import Image

from courseware.errors import InputError, Problem, ToolError, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from render.making.index import Index
from render.narration import narrate
from render.narration.narrate import foreseen, narrated
from tests.render.narration.voices import Hummer, Reader
from tests.render.sounds import make_sound

TEXTS = ["冬天剪枝要选晴天。", "先剪去病枝和枯枝，再剪去交叉的枝条。", "剪口要平，涂上保护剂。"]
LESSON = """
title = "冬剪"
series = "扶贫实用技术"
form = "微视频"
voice = "zf_xiaoxiao"
[[clip]]
source = "a.png"
says = "冬天剪枝要选晴天。先剪去病枝和枯枝，再剪去交叉的枝条。"
[[clip]]
source = "b.png"
[[clip]]
source = "a.png"
says = "剪口要平，涂上保护剂。"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "yuanjiao.toml").write_text('[office]\nname = "远教办"\ncounty = "汉滨区"\n', "utf-8")
    folder = tmp_path / "courseware" / "prune"
    folder.mkdir(parents=True)
    (folder / "lesson.toml").write_text(LESSON, "utf-8")
    for name in ("a.png", "b.png"):
        Image.new("RGB", (64, 48)).save(folder / name)
    return open_workspace(tmp_path)


def lesson_in(workspace: Workspace) -> Lesson:
    (lesson,) = load_catalogue(workspace).lessons
    return lesson


def test_pictures_stay_as_long_as_the_voice_speaks_and_its_words_are_the_subtitles(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrate, "speaker_of", lambda _: Reader(TEXTS))
    subtitles = workspace.root / "courseware" / "prune" / "subtitles.srt"
    as_it_was = lesson_in(workspace)
    assert narrated(as_it_was, workspace, write=False, speak=False) == (as_it_was, ()), "a dry run speaks nothing"
    lesson, told = narrated(as_it_was, workspace)
    assert told == ()
    (heard,) = lesson.utterances
    lengths = [clip.to_ms or 0 for clip in lesson.clips]
    assert lengths[0] == pytest.approx(lengths[1], abs=1), "the silent picture shares what the first one says"
    assert sum(lengths) == heard.length_ms
    written = subtitles.read_text("utf-8")
    assert "冬天剪枝要选晴天" in written
    assert lesson.subtitles_path == subtitles
    subtitles.write_text(written.replace("晴天", "好天气"), "utf-8")
    monkeypatch.setattr(narrate, "speaker_of", lambda _: Reader([], short=-1))  # all of it was said before
    again, _ = narrated(lesson_in(workspace), workspace)
    assert "好天气" in subtitles.read_text("utf-8"), "what a person changed stays"
    assert again.utterances == lesson.utterances


def test_a_recording_in_a_folder_below_is_part_of_what_a_lesson_is_made_of(workspace: Workspace) -> None:
    folder = workspace.root / "courseware" / "prune"
    (folder / "录音").mkdir()
    (folder / "录音" / "讲解.wav").write_bytes(b"one")
    (folder / "lesson.toml").write_text(
        LESSON.replace('voice = "zf_xiaoxiao"', 'narration = ["录音/讲解.wav"]'), "utf-8"
    )
    lesson = lesson_in(workspace)
    before = Index(Path(), "").signature(lesson)
    (folder / "录音" / "讲解.wav").write_bytes(b"other")
    assert Index(Path(), "").signature(lesson) != before


def test_a_voice_and_recordings_are_not_for_one_lesson(workspace: Workspace) -> None:
    folder = workspace.root / "courseware" / "prune"
    (folder / "lesson.toml").write_text('narration = ["讲解.wav"]\n' + LESSON, "utf-8")
    said = [f"{problem.where}: {problem.what}" for problem in load_catalogue(workspace).problems]
    assert any("lesson.toml: voice: speaks where no narration is recorded" in one for one in said)
    assert any("narration.1: no such file: 讲解.wav" in one for one in said)


def test_where_no_clip_says_anything_the_voice_speaks_the_script_over_all_of_them(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workspace.root / "courseware" / "prune"
    silent = "\n".join(line for line in LESSON.splitlines() if not line.startswith("says"))
    (folder / "lesson.toml").write_text("speech_speed = 0.5\n" + silent, "utf-8")
    assert not lesson_in(workspace).is_voiced
    told = narrated(lesson_in(workspace), workspace)[1]
    assert [one.where for one in told] == ["prune: voice"], "a voice that has nothing to say is told"
    (folder / "script.txt").write_text(
        "甲：冬天剪枝要选晴天，先剪去病枝和枯枝。\n乙：剪口要平，涂上保护剂，过冬以后再看一遍。\n", "utf-8"
    )
    assert lesson_in(workspace).is_voiced
    hummer = Hummer()
    monkeypatch.setattr(narrate, "speaker_of", lambda _: hummer)
    lesson, _ = narrated(lesson_in(workspace), workspace)
    assert [voice for _, voice in hummer.asked] == ["zf_xiaoxiao", "zm_yunxi"]
    (heard,) = lesson.utterances
    lengths = [clip.to_ms or 0 for clip in lesson.clips]
    assert heard.at_ms == 0
    assert sum(lengths) == heard.length_ms
    assert max(lengths) - min(lengths) <= 1, "pictures share all of it"


def test_a_script_longer_than_its_video_is_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workspace.root / "courseware" / "prune"
    head = LESSON.partition("[[clip]]")[0]
    (folder / "lesson.toml").write_text(head + '[[clip]]\nsource = "a.png"\nseconds = 1\n', "utf-8")
    (folder / "script.txt").write_text("冬天剪枝要选晴天。剪口要平，涂上保护剂。", "utf-8")
    monkeypatch.setattr(narrate, "speaker_of", lambda _: Hummer())
    with pytest.raises(InputError, match=r"prune: clip.1: what is said lasts .* s, but is shown for 1.0 s"):
        narrated(lesson_in(workspace), workspace)


def test_what_a_voice_has_not_said_is_estimated_to_look_at_it_and_nothing_is_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workspace.root / "courseware" / "prune"
    monkeypatch.setattr(narrate, "speaker_of", _no_voice)
    seen = foreseen(lesson_in(workspace), workspace)
    assert [cue.text for cue in seen.cues] == [
        "冬天剪枝要选晴天",
        "先剪去病枝和枯枝，再剪去交叉的枝条",
        "剪口要平，涂上保护剂",
    ]
    first, second, third = (cue.span for cue in seen.cues)
    assert (first.start_ms, first.end_ms) == (0, 100 + 8 * 235)
    assert second.start_ms == first.end_ms + 350, "a pause after a sentence"
    assert third.start_ms == sum(clip.to_ms or 0 for clip in seen.lesson.clips[:2])
    (note,) = seen.notes
    assert "is estimated" in str(note.what)
    assert not (folder / "subtitles.srt").exists()
    monkeypatch.setattr(narrate, "speaker_of", lambda _: Hummer())
    narrated(lesson_in(workspace), workspace)
    known = foreseen(lesson_in(workspace), workspace)
    assert known.notes == (), "what was said is known"
    (folder / "subtitles.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n我的字幕\n", "utf-8")
    assert foreseen(lesson_in(workspace), workspace).cues == (), "a person's count"


def test_the_pictures_of_a_song_change_on_its_beat(workspace: Workspace) -> None:
    folder = workspace.root / "courseware" / "prune"
    make_sound(folder / "歌.wav", "aevalsrc='0.6*sin(2*PI*300*t)*exp(-20*mod(t+0.35,0.6))':s=16000", seconds=6)
    song = 'title = "山歌"\nseries = "扶贫实用技术"\nform = "MV"\nnarration = ["歌.wav"]\nbeat = true\n'
    (folder / "lesson.toml").write_text(song + '[[clip]]\nsource = "a.png"\n[[clip]]\nsource = "b.png"\n', "utf-8")
    lesson, told = narrated(lesson_in(workspace), workspace)
    assert told == ()
    first, second = (clip.to_ms or 0 for clip in lesson.clips)
    assert first == pytest.approx(250 + 5 * 600, abs=20), "the beat nearest to the middle"
    assert first + second == 6_000


def _no_voice(_: Workspace) -> Hummer:
    raise ToolError(Problem("voice", text("is not installed")))
