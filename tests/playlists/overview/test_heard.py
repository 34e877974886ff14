"""check holds narrations against what clips say, and listens to each once."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from courseware.align.pages import HeardPages, SaidPage
from courseware.lessons.workspace import load_catalogue, open_workspace
from playlists.overview import heard
from playlists.overview.heard import HeardNarrations, hear_narrations
from tests.render.sounds import make_sound

LESSON = """
title = "冬剪"
series = "扶贫实用技术"
form = "微视频"
narration = ["讲解.wav"]
[[clip]]
source = "a.png"
says = "先剪病枝。"
[[clip]]
source = "a.png"
says = "再剪弱枝。"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "yuanjiao.toml").write_text('[office]\nname = "远教办"\ncounty = "汉滨区"\n', "utf-8")
    folder = tmp_path / "courseware" / "prune"
    folder.mkdir(parents=True)
    (folder / "lesson.toml").write_text(LESSON, "utf-8")
    (folder / "讲解.wav").write_bytes(b"RIFF")
    Image.new("RGB", (64, 48)).save(folder / "a.png")
    return folder


def test_a_page_that_a_narration_has_not_is_noted_and_another_text_is_a_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [HeardPages(90, (80, 9)), HeardPages(20, (80, 9))]

    def listen(_: Sequence[Path], pages: Sequence[SaidPage]) -> HeardPages:
        assert [page.says for page in pages] == ["先剪病枝。", "再剪弱枝。"]
        return answers.pop(0)

    monkeypatch.setattr(heard, "listen", listen)
    first, again = found(folder), found(folder)
    assert first == again, "it is listened to once"
    assert first.problems == ()
    assert [note.where for note in first.notes] == ["courseware/prune/lesson.toml: clip.2 (a.png)"]
    (folder / "讲解.wav").write_bytes(b"RIFF another")
    other = found(folder)
    assert other.notes == ()
    names = ["narration", "clip.2 (a.png)"]
    assert [one.where for one in other.problems] == [f"courseware/prune/lesson.toml: {name}" for name in names]


def test_a_song_without_a_beat_is_told_before_its_lesson_is_made(folder: Path) -> None:
    make_sound(folder / "讲解.wav", "aevalsrc='0.3*sin(2*PI*110*t)':s=16000", seconds=5)
    clips = '[[clip]]\nsource = "a.png"\n' * 2
    (folder / "lesson.toml").write_text(LESSON.split("[[clip]]", 1)[0] + "beat = true\n" + clips, "utf-8")
    (problem,) = found(folder).problems
    assert problem.where == "courseware/prune/lesson.toml: narration (讲解.wav)"
    assert "remove “beat”" in str(problem.what)


def found(folder: Path) -> HeardNarrations:
    workspace = open_workspace(folder.parents[1])
    return hear_narrations(load_catalogue(workspace).lessons, workspace.root, workspace.cache_dir)
