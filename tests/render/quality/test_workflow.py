"""What a lesson's own kind asks of its rendition."""

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from courseware.errors import text
from courseware.lessons.rendition import Rendition, RenditionPart, describe
from courseware.lessons.workspace import open_workspace
from courseware.terminal.console import Console
from courseware.times import Span
from render.quality.checking import CheckedFile
from render.quality.checks.expected import Expected, TimelinePart
from render.quality.container import FileFacts
from render.quality.findings import RENDER_AGAIN, QualityFinding
from render.quality.telling import tell_findings
from render.quality.workflow import check_all, plan_workspace, with_shape, with_stills
from tests.conftest import ClipFactory
from tests.render.quality.clips import PROFILE, SECONDS, finished
from tests.render.quality.test_commands import place


@pytest.mark.parametrize("line", ['slogan = "森林防火"', 'notice = "停水。"', "ident = true"])
def test_what_is_made_without_a_video_may_stand_still_and_be_silent(workspace: Path, line: str) -> None:
    folder = workspace / "courseware" / "alone"
    folder.mkdir(parents=True)
    keys = f'title = "题"\nseries = "扶贫实用技术"\nform = "公益广告"\n{line}\n'
    (folder / "lesson.toml").write_text(keys, encoding="utf-8")
    video = workspace / "a.mp4"
    video.write_bytes(b"video")
    place(workspace, "alone", video)
    (task,), _ = plan_workspace(open_workspace(workspace), ["alone"], [PROFILE])
    assert (task.expected.slides, task.expected.silent, task.expected.parts) == (True, True, ())
    assert task.expected.seconds == SECONDS


def test_what_is_where_is_known_from_the_description(workspace: Path) -> None:
    video = workspace / "a.mp4"
    video.write_bytes(b"video")
    place(workspace, "dose", video)
    folder = workspace / "renditions" / PROFILE
    about = Rendition.model_validate_json((folder / "dose.json").read_text(encoding="utf-8"))
    title, body = (
        RenditionPart(name="title", start_ms=0, end_ms=40),
        RenditionPart(name="body", start_ms=40, end_ms=80),
    )
    describe(about.model_copy(update={"parts": (title, body)}), folder)
    (task,), _ = plan_workspace(open_workspace(workspace), ["dose"], [PROFILE])
    assert task.expected.parts == (TimelinePart("title", Span(0, 40)), TimelinePart("body", Span(40, 80)))
    assert not task.expected.song


def test_a_song_is_known_from_its_lesson(workspace: Path) -> None:
    video = workspace / "a.mp4"
    video.write_bytes(b"video")
    place(workspace, "dose", video)
    lesson = workspace / "courseware" / "dose" / "lesson.toml"
    lesson.write_text(lesson.read_text("utf-8") + "song = true\n", "utf-8")
    (task,), _ = plan_workspace(open_workspace(workspace), ["dose"], [PROFILE])
    assert task.expected.song


def test_what_a_lesson_shows_and_the_shape_of_its_source_are_known(workspace: Path, make_clip: ClipFactory) -> None:
    video = workspace / "a.mp4"
    video.write_bytes(b"video")
    folder = workspace / "courseware" / "dose"
    shutil.copy(make_clip(), folder / "raw.mp4")
    place(workspace, "dose", video)
    for path in folder.glob("*.srt"):
        path.unlink()
    county = open_workspace(workspace)
    (task,), _ = plan_workspace(county, ["dose"], [PROFILE])
    assert task.expected.shown == ()
    assert with_shape(task).expected.shape == Fraction(16, 9)
    (folder / "subtitles.srt").write_text("1\n00:00:00,100 --> 00:00:01,500\n配药\n", encoding="utf-8")
    (folder / "lesson.toml").write_text((folder / "lesson.toml").read_text("utf-8") + 'fit = "crop"\n', "utf-8")
    (task,), _ = plan_workspace(county, ["dose"], [PROFILE])
    assert task.expected.shown == (Span(100, 1500),)
    assert with_shape(task).expected.shape is None


def test_findings_of_one_sort_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def freeze(start_ms: int) -> QualityFinding:
        what = text("the picture stands still for {seconds} s", seconds=5)
        return QualityFinding("freeze", "warning", start_ms, start_ms + 5000, what, RENDER_AGAIN)

    files = [
        CheckedFile(
            f"dose · {name}", Path("a.mp4"), "dose", "", name, Expected(None), FileFacts(1), None, None, given
        )
        for name, given in (("led", (freeze(0), freeze(10_000))), ("tv", (freeze(0), freeze(20_000), freeze(30_000))))
    ]
    tell_findings(Console("en", str), files)
    (line,) = capsys.readouterr().out.splitlines()
    assert "dose · led、dose · tv" in line
    assert "0:00.0–0:05.0、0:10.0–0:15.0、0:20.0–0:25.0 and 1 more" in line


def test_a_silent_lesson_of_pictures_may_stand_still_for_as_long_as_it_is_asked_to(workspace: Path) -> None:
    video = finished(workspace / "a.mp4", seconds=20, video="trim=end_frame=1,loop=499:1:0", audio="volume=0")
    pictured(workspace, '[[clip]]\nsource = "a.png"\nseconds = 20\n')
    kinds = {}
    for name in ("pictures", "dose"):
        place(workspace, name, video)
        whole = RenditionPart(name="body", start_ms=0, end_ms=20_000)
        folder = workspace / "renditions" / PROFILE
        about = Rendition.model_validate_json((folder / f"{name}.json").read_text(encoding="utf-8"))
        describe(about.model_copy(update={"parts": (whole,), "seconds": 20}), folder)
        tasks, _ = plan_workspace(open_workspace(workspace), [name], [PROFILE])
        (checked,) = check_all(tasks, Console("en", str), threads=1)
        kinds[name] = {one.kind for one in checked.findings}
    assert kinds["pictures"] == set()
    assert {"freeze", "no-sound"} <= kinds["dose"], "in a video the same is a fault"


def test_between_videos_pictures_may_stand_still_and_be_silent_and_videos_may_not(workspace: Path) -> None:
    clips = '[[clip]]\nsource = "a.png"\nseconds = 20\n[[clip]]\nsource = "raw.mp4"\n'
    folder = pictured(workspace, clips)
    shutil.copy(workspace / "courseware" / "dose" / "raw.mp4", folder)
    (workspace / "a.mp4").write_bytes(b"video")
    place(workspace, "pictures", workspace / "a.mp4")
    (task,), _ = plan_workspace(open_workspace(workspace), ["pictures"], [PROFILE])
    body = TimelinePart("body", Span(7000, 30_000))
    expected = with_stills(replace(task, expected=replace(task.expected, parts=(body,)))).expected
    assert (expected.slides, expected.stills, expected.quiet) == (False, *2 * ((Span(7000, 27_000),),))


def pictured(workspace: Path, clips: str) -> Path:
    folder = workspace / "courseware" / "pictures"
    folder.mkdir(parents=True)
    keys = 'title = "剪枝"\nseries = "扶贫实用技术"\nform = "微视频"\n'
    (folder / "lesson.toml").write_text(keys + clips, encoding="utf-8")
    Image.new("RGB", (64, 48), (90, 160, 90)).save(folder / "a.png")
    return folder
