"""check opens videos and subtitles, once for as long as they stay as they are."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from courseware.lessons.workspace import load_catalogue, open_workspace
from playlists.overview.opened import RECORD_NAME, open_lessons
from tests.conftest import ClipFactory
from tests.playlists.factories import write_workspace
from tests.render.sounds import make_sound

SRT = "1\n00:00:00,500 --> 00:00:02,500\n好\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two lessons, whose videos are none yet."""
    write_workspace(tmp_path, (31, 37))
    for number in range(2):
        (tmp_path / "courseware" / f"lesson-00{number}" / "a.srt").write_text(SRT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every video that is opened, each being three seconds long."""
    names: list[str] = []

    def probe(path: Path, *, audio: int | None) -> SimpleNamespace:
        del audio
        names.append(path.parent.name)
        return SimpleNamespace(duration_ms=3000)

    monkeypatch.setattr("courseware.media.facts.probe", probe)
    return names


def found(root: Path) -> list[str]:
    workspace = open_workspace(root)
    inside = open_lessons(load_catalogue(workspace).lessons, root, workspace.cache_dir)
    return [one.render(str) for problems in inside.values() for one in problems]


def test_what_lies_inside_is_told_with_its_file_and_line(root: Path, make_clip: ClipFactory) -> None:
    for number in range(2):
        (root / "courseware" / f"lesson-00{number}" / "x.mp4").write_bytes(make_clip(seconds=1).read_bytes())
    assert found(root) == []  # subtitles that last a little longer than the video are only remarked upon by others
    first, second = (root / "courseware" / f"lesson-00{number}" for number in range(2))
    (first / "x.mp4").write_bytes((first / "x.mp4").read_bytes()[:3000])
    (second / "a.srt").write_text(SRT.replace("好", "\U0001f600").replace("00:00:0", "00:01:0"), encoding="utf-8")
    told = found(root)
    assert [one.partition(": ")[0] for one in told] == [
        "courseware/lesson-000/x.mp4",
        "courseware/lesson-001/a.srt:2",
        "courseware/lesson-001/a.srt:2",
    ]
    assert told[1].endswith("begins after the end of the video")
    assert "no font can print" in told[2]
    assert found(root) == told


def test_music_and_narration_are_opened_too(root: Path, opened: list[str]) -> None:
    folder = root / "courseware" / "lesson-000"
    (folder / "song.wav").write_bytes(b"no song")
    with (folder / "lesson.toml").open("a", encoding="utf-8") as stream:
        stream.write('music = "song.wav"\n')
    what = "this is neither a sound nor a video, or only a part of one; copy it again"
    assert found(root) == [f"courseware/lesson-000/song.wav: {what}"]
    make_sound(folder / "song.wav", seconds=1)
    assert found(root) == []
    assert opened == ["lesson-000", "lesson-001", "lesson-000"]


def test_what_is_unchanged_is_not_opened_again(root: Path, opened: list[str]) -> None:
    assert found(root) == found(root) == []
    assert opened == ["lesson-000", "lesson-001"]
    (root / "courseware" / "lesson-001" / "a.srt").write_text(SRT + "\n2\n00:00:05,000 --> 00:00:06,000\n迟\n")
    assert len(found(root)) == 1
    assert opened == ["lesson-000", "lesson-001", "lesson-001"]
    (root / "courseware" / "lesson-000" / "x.mp4").write_bytes(b"new")
    assert len(found(root)) == 1  # what is remembered of the other is told again
    assert opened[3:] == ["lesson-000"]


@pytest.mark.parametrize(
    "damage", [lambda said: said[:-40], lambda said: said.replace("stamps", "stamqs"), lambda _: ""]
)
def test_a_record_that_is_not_whole_is_not_believed(root: Path, opened: list[str], damage: object) -> None:
    found(root)
    record = root / ".yuanjiao" / RECORD_NAME
    assert callable(damage)
    record.write_text(damage(record.read_text(encoding="utf-8")), encoding="utf-8")
    assert found(root) == []
    assert len(opened) == 4


def test_an_empty_video_is_not_opened(root: Path, opened: list[str]) -> None:
    (root / "courseware" / "lesson-000" / "x.mp4").write_bytes(b"")
    found(root)
    assert opened == ["lesson-001"]


def test_cuts_behind_the_end_of_the_video_are_told_and_looked_at_anew_when_they_are_moved(
    root: Path, opened: list[str]
) -> None:
    toml = root / "courseware" / "lesson-000" / "lesson.toml"
    written = toml.read_text(encoding="utf-8")
    toml.write_text(f'cut = ["0:01-0:02", "0:07-0:09"]\n{written}', encoding="utf-8")
    assert found(root) == [
        "courseware/lesson-000/lesson.toml: cut: 0:07 lies after the end of x.mp4, which lasts 0:03",
        "courseware/lesson-000/lesson.toml: cut: 0:09 lies after the end of x.mp4, which lasts 0:03",
    ]
    toml.write_text(f'cut = ["0:01-0:02"]\n{written}', encoding="utf-8")
    assert found(root) == []
    assert opened.count("lesson-000") == 2


def test_a_spot_whose_body_is_too_long_is_told_and_looked_at_anew_when_its_length_is_changed(
    root: Path, opened: list[str]
) -> None:
    toml = root / "courseware" / "lesson-000" / "lesson.toml"
    rest = f'clip = [{{source = "x.mp4"}}, {{source = "x.mp4"}}]\n{toml.read_text(encoding="utf-8")}'
    toml.write_text(f"exactly = 7\n{rest}", encoding="utf-8")
    (told,) = found(root)
    assert told.startswith("courseware/lesson-000/lesson.toml: exactly: 7 seconds in all hold 5 s")
    assert told.endswith("cut 1.0 s")
    toml.write_text(f"exactly = 8\n{rest}", encoding="utf-8")
    assert found(root) == []
    assert opened.count("lesson-000") == 2
