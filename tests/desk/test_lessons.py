"""The lessons on the desk: seen, changed, previewed, rendered."""

from __future__ import annotations

import io
import re
import time
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from courseware.lessons.lesson import LessonFile
from courseware.lessons.rendition import load_renditions
from desk.lessons.fields import FIELDS
from desk.session.state import Desk
from tests.conftest import LESSON, run_ffmpeg

TITLE = re.compile(r'name="version" value="([0-9a-f]{24})"')


def version(browser: TestClient, lesson: str = "dose") -> str:
    found = TITLE.search(browser.get(f"/lessons/{lesson}").text)
    assert found
    return found[1]


def settle(desk: Desk) -> None:
    """Wait for the tasks that were asked for; each ends by itself."""
    while not all(task.is_over for task in desk.work.tasks()):
        time.sleep(0.02)


def test_the_table_names_every_lesson_and_what_is_made_of_it(browser: TestClient) -> None:
    page = browser.get("/lessons").text
    assert "农药怎样配" in page
    assert "核桃树冬季修剪" in page
    assert page.count("not made") == 2


def test_a_broken_lesson_is_told_and_can_be_opened_and_mended(browser: TestClient, workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "lesson.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("扶贫实用技术", "扶贫技术"), encoding="utf-8")
    assert "did you mean 扶贫实用技术?" in browser.get("/lessons").text
    assert "did you mean 扶贫实用技术?" in browser.get("/lessons/dose").text
    browser.post("/lessons/dose", data={"version": version(browser), "series": "扶贫实用技术"})
    assert "did you mean" not in browser.get("/lessons").text


def test_what_is_saved_stands_in_the_file_beside_what_a_person_wrote(browser: TestClient, workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "lesson.toml"
    path.write_text("# 王老师看过\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    form = {
        "version": version(browser),
        "title": "配药三步",
        "tags": "果树，农药、春季",
        "denoise": "on",
        "valid_from": "2026-12-01",
    }
    assert browser.post("/lessons/dose", data=form).headers["location"] == "/lessons/dose?saved=1"
    content = path.read_text(encoding="utf-8")
    assert content.startswith("# 王老师看过\n")
    assert 'title = "配药三步"' in content
    assert 'tags = ["果树", "农药", "春季"]' in content
    assert "denoise = true" in content
    assert "valid_from = 2026-12-01" in content
    browser.post("/lessons/dose", data={"version": version(browser), "tags": "", "valid_from": ""})
    content = path.read_text(encoding="utf-8")
    assert "tags" not in content
    assert "valid_from" not in content
    assert "denoise" not in content


def test_the_form_has_every_key_but_those_of_clips() -> None:
    assert {field.key for field in FIELDS} == LessonFile.model_fields.keys() - {"id", "clip"}


def test_a_song_is_made_of_a_lesson_of_pictures_on_its_form(browser: TestClient, workspace: Path) -> None:
    folder = workspace / "courseware" / "song"
    folder.mkdir()
    for name in ("a.jpg", "歌、一.mp3", "b.mp3"):
        (folder / name).write_bytes(b"-")
    path = folder / "lesson.toml"
    path.write_text(
        'title = "双河谣"\nseries = "乡村振兴之路"\nform = "MV"\ndenoise = false\n'
        'narration = ["歌、一.mp3"]\n\n[[clip]]\nsource = "a.jpg"\n',
        encoding="utf-8",
    )
    before = path.read_bytes()
    shown = dict(
        re.findall(r'name="([a-z_]+)"(?: inputmode="decimal")? value="([^"]*)"', browser.get("/lessons/song").text)
    )
    as_sent = {key: value for key, value in shown.items() if key not in {"denoise", "slides", "beat"}}
    as_sent |= {"narration": "歌、一.mp3\r\n", "song": "", "rotate": "", "fit": "", "voice": ""}
    assert {"pause", "speech_speed", "music_gain", "exactly"} <= as_sent.keys()
    assert browser.post("/lessons/song", data=as_sent).status_code == 303
    assert path.read_bytes() == before, "nothing was changed"
    changed = {
        "narration": "歌、一.mp3\r\nb.mp3",
        "beat": "on",
        "song": "on",
        "rotate": "90",
        "pause": "0.5",
        "exactly": "20",
    }
    assert browser.post("/lessons/song", data=as_sent | changed).status_code == 303
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert written["narration"] == ["歌、一.mp3", "b.mp3"]
    told = {key: written[key] for key in ("beat", "song", "rotate", "pause", "exactly", "denoise")}
    assert told == {"beat": True, "song": True, "rotate": 90, "pause": 0.5, "exactly": 20, "denoise": False}
    assert written["clip"] == [{"source": "a.jpg"}]
    browser.post("/lessons/song", data={"version": version(browser, "song"), "song": "off", "beat": ""})
    assert tomllib.loads(path.read_text(encoding="utf-8"))["song"] is False


def test_a_change_that_another_key_does_not_go_with_is_told_and_not_written(
    browser: TestClient, workspace: Path
) -> None:
    path = workspace / "courseware" / "dose" / "lesson.toml"
    (path.parent / "曲.mp3").write_bytes(b"-")
    path.write_text(f'{path.read_text(encoding="utf-8")}music = "曲.mp3"\nmusic_gain = -4\n', encoding="utf-8")
    before = path.read_bytes()
    answer = browser.post("/lessons/dose", data={"version": version(browser), "music": ""})
    assert answer.status_code == 422
    assert 'id="wrong-music_gain"' in answer.text
    assert path.read_bytes() == before
    answer = browser.post(
        "/lessons/dose", data={"version": version(browser), "music_gain": "轻", "narration": "无.mp3"}
    )
    assert 'id="wrong-music_gain"' in answer.text
    assert 'id="wrong-narration"' in answer.text
    assert browser.post("/lessons/dose", data={"version": version(browser), "music_gain": "−2.5"}).status_code == 303
    assert "music_gain = -2.5" in path.read_text(encoding="utf-8")


def test_a_notice_has_its_words_on_the_form_and_nothing_of_videos(browser: TestClient, workspace: Path) -> None:
    folder = workspace / "courseware" / "water"
    folder.mkdir()
    (folder / "lesson.toml").write_text(
        'title = "停水"\nseries = "乡村振兴之路"\nform = "公益广告"\nnotice = "今天停水"\n', encoding="utf-8"
    )
    page = browser.get("/lessons/water").text
    assert 'name="notice"' in page
    assert 'name="beat"' not in page
    assert 'name="notice"' not in browser.get("/lessons/dose").text
    browser.post("/lessons/water", data={"version": version(browser, "water"), "notice": "明天停水\r\n请储水"})
    assert tomllib.loads((folder / "lesson.toml").read_text(encoding="utf-8"))["notice"].split() == [
        "明天停水",
        "请储水",
    ]


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_written(browser: TestClient, workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "lesson.toml"
    before = path.read_bytes()
    answer = browser.post("/lessons/dose", data={"version": version(browser), "title": "长" * 61, "link": "ftp://x"})
    assert answer.status_code == 422
    assert 'id="wrong-title"' in answer.text
    assert 'id="wrong-link"' in answer.text
    assert "长" * 61 in answer.text
    assert path.read_bytes() == before


def test_the_second_of_two_who_change_a_lesson_is_told(browser: TestClient, workspace: Path) -> None:
    old = version(browser)
    assert browser.post("/lessons/dose", data={"version": old, "title": "第一个人"}).status_code == 303
    answer = browser.post("/lessons/dose", data={"version": old, "title": "第二个人"})
    assert answer.status_code == 422
    assert "somebody else has changed this lesson" in answer.text
    assert "第一个人" in (workspace / "courseware" / "dose" / "lesson.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("lesson", ["none", "%2e%2e", "..%2F..%2Fetc", "C:", "dose%00", "_示例", "dose%2F..%2Fdose"])
def test_no_name_leads_out_of_the_lessons(browser: TestClient, lesson: str) -> None:
    for address in (f"/lessons/{lesson}", f"/lessons/{lesson}/frame.png", f"/lessons/{lesson}/thumbnail.jpg"):
        assert browser.get(address).status_code in {404, 422}, address
    assert browser.post("/render", data={"lesson": lesson}).status_code == 422


def test_a_title_is_never_markup(browser: TestClient) -> None:
    hostile = '<img src=x onerror=alert(1)>"><script>alert(2)</script>'
    browser.post(
        "/lessons/dose", data={"version": version(browser), "title": hostile, "presenter": '" autofocus x="'}
    )
    for address in ("/lessons", "/lessons/dose"):
        page = browser.get(address).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert '" autofocus' not in page


def test_any_moment_is_shown_before_anything_is_rendered(browser: TestClient, workspace: Path) -> None:
    picture = browser.get("/lessons/dose/frame.png?at=0:08&profile=led-96x64")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    refused = browser.get("/lessons/dose/frame.png?at=9:00&profile=led-96x64")
    assert refused.status_code == 422
    assert "the finished video ends at 0:13" in refused.text
    assert not (workspace / "renditions").exists()


def test_a_small_picture_of_the_video_is_kept_until_it_changes(browser: TestClient, workspace: Path) -> None:
    picture = browser.get("/lessons/dose/thumbnail.jpg")
    assert picture.headers["content-type"] == "image/jpeg"
    assert len(list((workspace / ".yuanjiao" / "thumbnails").iterdir())) == 1
    assert browser.get("/lessons/dose/thumbnail.jpg").content == picture.content
    (workspace / "courseware" / "dose" / "raw.mp4").write_bytes(b"no video")
    assert browser.get("/lessons/dose/thumbnail.jpg").status_code == 404


def test_the_small_picture_shows_no_moment_that_was_cut_out_and_is_turned_as_the_lesson(
    browser: TestClient, workspace: Path
) -> None:
    folder = workspace / "courseware" / "dose"
    halves = ("-f", "lavfi", "-i", "color=red:s=64x32:d=2", "-f", "lavfi", "-i", "color=blue:s=64x32:d=2")
    run_ffmpeg(*halves, "-filter_complex", "[0][1]concat", str(folder / "raw.mp4"))
    (folder / "subtitles.srt").unlink(missing_ok=True)
    toml = folder / "lesson.toml"

    def seen(words: str) -> tuple[tuple[int, int], str]:
        toml.write_text(LESSON.format(title="配药") + words, encoding="utf-8")
        with Image.open(io.BytesIO(browser.get("/lessons/dose/thumbnail.jpg").content)) as picture:
            red, _, blue = picture.convert("RGB").getpixel((5, 5))
            return picture.size, "red" if red > blue else "blue"

    assert seen("") == ((64, 32), "red")
    assert seen('cut = ["0:00-0:02"]\n') == ((64, 32), "blue")
    assert seen("rotate = 90\n") == ((32, 64), "red")


def test_a_render_goes_through_the_queue_and_changes_the_table(
    browser: TestClient, desk: Desk, workspace: Path
) -> None:
    assert browser.post("/render", data={"lesson": "dose"}).headers["location"] == "/tasks"
    settle(desk)
    (task,) = desk.work.tasks()
    assert (task.state, task.problems) == ("done", ())
    assert "made: 1, already there: 0" in browser.get("/tasks").text
    assert load_renditions(workspace / "renditions", "led-96x64").keys() == {"dose"}
    page = browser.get("/lessons").text
    assert (page.count("✓ made"), page.count("not made")) == (1, 1)
    browser.post("/lessons/dose", data={"version": version(browser), "title": "新片名"})
    assert "out of date" in browser.get("/lessons").text


def test_a_lesson_that_fails_is_told_with_the_reason(browser: TestClient, desk: Desk, workspace: Path) -> None:
    (workspace / "courseware" / "dose" / "raw.mp4").write_bytes(b"")
    browser.post("/render", data={"lesson": "dose"})
    settle(desk)
    assert desk.work.tasks()[0].state == "failed"
    assert "the file is empty" in browser.get("/tasks").text
    assert "✕ failed" in browser.get("/lessons").text


def test_a_lesson_of_pictures_alone_has_its_pages_and_its_subtitles_edited(
    browser: TestClient, workspace: Path
) -> None:
    folder = workspace / "courseware" / "photos"
    folder.mkdir()
    Image.new("RGB", (400, 300), (200, 30, 40)).save(folder / "a.jpg")
    (folder / "lesson.toml").write_text(
        'title = "果园一年"\nseries = "扶贫实用技术"\nform = "微视频"\n'
        '[[clip]]\nsource = "a.jpg"\nseconds = 4\n[[clip]]\ncard = "剪枝"\nlines = ["先剪病枝"]\n',
        encoding="utf-8",
    )
    (folder / "a.srt").write_text("1\n00:00:01,000 --> 00:00:30,000\n春天\n", encoding="utf-8")
    assert "果园一年" in browser.get("/lessons").text
    assert browser.get("/lessons/photos").status_code == 200
    with Image.open(BytesIO(browser.get("/lessons/photos/thumbnail.jpg").content)) as small:
        assert small.size == (120, 90)
    assert "没有视频" not in browser.get("/lessons/photos/subtitles").text
    assert browser.get("/lessons/photos/subtitles/video").status_code == 404  # until the copy is made
    assert browser.get("/lessons/photos/subtitles/sound.json").status_code in {400, 404, 422}
    asked = {"cues": '[{"start": 1000, "end": 30000, "text": "春天"}]', "chosen": "0", "named": ""}
    assert "ends 21000 ms after the video" in str(browser.post("/lessons/photos/subtitles/judge", data=asked).json())
