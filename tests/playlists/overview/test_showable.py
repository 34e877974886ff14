from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from courseware.errors import Problem
from courseware.lessons.clips import Clip
from courseware.lessons.lesson import Lesson
from courseware.lessons.settings import Office, RenderSettings, Settings
from courseware.slides.legibility import LETTERS
from playlists.files.venues import Venue
from playlists.overview.check import check_workspace
from playlists.overview.showable import distance_notes, lesson_problems, page_notes

SETTINGS = Settings(
    office=Office(name="示例县远教办", county="示例县"),
    render=RenderSettings(profiles=("led-192x96", "led-512x320", "station-tv")),
)


def lesson(folder: Path, **changes: Any) -> Lesson:
    values = {
        "id": "a",
        "title": "森林防火",
        "series": "扶贫实用技术",
        "form": "微视频",
        "folder": folder,
        "source_path": None,
        "subtitles_path": None,
    }
    return Lesson.model_validate(values | changes)


def told(problem: Problem) -> str:
    return f"{problem.where}: {problem.what}"


def complaints(root: Path, **changes: Any) -> list[str]:
    (root / "courseware" / "a").mkdir(parents=True, exist_ok=True)
    return [told(one) for one in lesson_problems(lesson(root / "courseware" / "a", **changes), SETTINGS, root)]


def venue(**changes: Any) -> Venue:
    values = {"id": "square-01", "name": "广场", "kind": "square", "screen": (512, 320), "profile": "led-512x320"}
    return Venue.model_validate({**values, "windows": "每天 18:30-20:30", **changes})


def notes(*venues: Venue, **screen: float) -> list[str]:
    render = RenderSettings.model_validate({"screens": {"led-512x320": screen}})
    return [told(one) for one in distance_notes(venues, SETTINGS.model_copy(update={"render": render}))]


def test_a_good_slogan_and_a_good_notice_are_no_problem(tmp_path: Path) -> None:
    assert complaints(tmp_path, slogan="森林防火，人人有责！") == []
    assert complaints(tmp_path, notice="周六停水。\n请储水。") == []


def test_a_slogan_too_long_for_a_screen_that_is_made_is_told_with_the_screen(tmp_path: Path) -> None:
    said = complaints(tmp_path, slogan="坚决打赢脱贫攻坚战，" * 6)
    where = "courseware/a/lesson.toml: slogan"
    what = "too long to be read on a screen of 192×96 pixels; shorten it or make a notice of it"
    assert said == [f"{where}: {what}"]


def test_a_notice_too_long_for_a_picture_is_told(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path, notice="水\n" * 500, series="扶贫实用技术") or [""]
    assert said.startswith("courseware/a/lesson.toml: notice: has too many paragraphs for a screen of 1920×1080")


def test_words_that_no_font_prints_are_told(tmp_path: Path) -> None:
    said = complaints(tmp_path, slogan="防火😀")
    assert said == ["courseware/a/lesson.toml: slogan: no font can print 😀; write it otherwise"]
    said = complaints(tmp_path, notice="停水\n😀")
    assert said == ["courseware/a/lesson.toml: notice: no font can print 😀; write it otherwise"]


def test_a_picture_is_opened_and_an_empty_file_told_once(tmp_path: Path) -> None:
    folder = tmp_path / "courseware" / "a"
    folder.mkdir(parents=True)
    Image.new("RGB", (30, 30)).save(folder / "good.png")
    (folder / "bad.png").write_bytes(b"no picture")
    (folder / "empty.mp3").write_bytes(b"")
    assert complaints(tmp_path, slogan="好", picture_path=folder / "good.png") == []
    assert complaints(tmp_path, slogan="好", picture_path=folder / "bad.png", music_path=folder / "empty.mp3") == [
        "courseware/a/empty.mp3: the file is empty; copy it again",
        "courseware/a/bad.png: this is no picture that can be read; save it as JPEG or PNG",
    ]


def test_check_tells_once_of_telemetry_beside_a_video(workspace: Path) -> None:
    folder = next(path.parent for path in sorted(workspace.glob("courseware/*/lesson.toml")))
    for there in folder.glob("*.srt"):
        there.unlink()
    path = folder / "DJI_0002.SRT"
    path.write_text("1\n00:00:00,000 --> 00:00:00,033\n[iso: 100] [shutter: 1/640]\n", encoding="utf-8")
    notes = [note for note in check_workspace(workspace).notes if note.where == f"{folder.name}/DJI_0002.SRT"]
    assert ["telemetry" in str(note.what) for note in notes] == [True]


def test_a_place_farther_than_its_captions_reach_is_noted() -> None:
    near, far = venue(distance_m=40, pitch_mm=6), venue(id="square-02", distance_m=90, pitch_mm=8)
    (note,) = notes(near, far)
    assert note == (
        'yuanjiao.toml: render.screens."led-512x320": square-02 is watched from farther than captions are made for; '
        "write distance_m = 90 and pitch_mm = 8"
    )
    assert notes(near) == []
    assert notes(near, far, distance_m=90, pitch_mm=8) == []
    assert len(notes(near, far, distance_m=40, pitch_mm=6)) == 1


def test_check_accepts_words_alone_and_tells_of_a_logo_that_is_gone(workspace: Path) -> None:
    folder = workspace / "courseware" / "fire"
    folder.mkdir()
    content = 'title = "防火标语"\nseries = "扶贫实用技术"\nform = "公益广告"\nslogan = "森林防火"\n'
    (folder / "lesson.toml").write_text(content, encoding="utf-8")
    before = check_workspace(workspace)
    assert not any("fire" in problem.where for problem in before.problems)
    assert before.lessons == 3
    with (workspace / "yuanjiao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[render.screens.all]\nlogo = "logo.png"\n')
    (found,) = set(map(told, check_workspace(workspace).problems)) - set(map(told, before.problems))
    assert found == "yuanjiao.toml: render.screens.all.logo: no such file: logo.png"


def test_pages_whose_words_are_too_small_for_a_screen_are_told(tmp_path: Path) -> None:
    said = PngInfo()
    said.add_text(LETTERS, "0.06")
    Image.new("RGB", (192, 96)).save(tmp_path / "page-01.png", pnginfo=said)
    Image.new("RGB", (192, 96)).save(tmp_path / "photo.png")
    clips = tuple(Clip(f"clip.{name}", tmp_path / name) for name in ("page-01.png", "photo.png"))
    slides = lesson(tmp_path, slides=True, clips=clips)
    found = [told(problem) for problem in page_notes([slides, lesson(tmp_path, clips=clips)], SETTINGS)]
    assert [line.partition(" are too small")[0] for line in found] == [
        "courseware/a: On led-192x96 the words of pages page-01",
        "courseware/a: On led-512x320 the words of pages page-01",
    ]
    assert "(5 of 20 pixels)" in found[0]
    assert "(15 of 20 pixels)" in found[1]
