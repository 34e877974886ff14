"""A lesson's subtitles on the desk: sent, judged, written back; the video and its sound beside them."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from courseware.align.confidence import Doubt
from courseware.align.cues import Alignment, TimedCue
from courseware.align.making import Made, State
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace
from courseware.script.script import load_script
from courseware.subtitles import load_subtitles, write_cues
from courseware.subtitles.cue import Cue
from courseware.syncing.fit import LineFit
from courseware.syncing.parts import SyncedPart
from courseware.syncing.syncing import Synced, moved_by_parts
from courseware.times import Span
from desk.session.state import Desk
from render.subtitles.sync.syncing import sync_cues
from tests.conftest import ClipFactory
from tests.desk.test_lessons import settle

HOME = "/lessons/dose/subtitles"
ASS = """\
[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: 红字,SimHei,60,&H000000FF,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.20,0:00:01.00,红字,,0,0,0,,{\\fad(200,0)}每亩用水50公斤
"""


@pytest.fixture
def folder(workspace: Path) -> Path:
    return workspace / "courseware" / "dose"


def sent(browser: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get(f"{HOME}/cues.json").json()
    return answer


def cue(start: int, end: int, said: str, **more: object) -> dict[str, object]:
    return {"start": start, "end": end, "text": said, **more}


def save(browser: TestClient, cues: object, version: str | None = None) -> Any:
    version = sent(browser)["version"] if version is None else version
    return browser.post(f"{HOME}/save", data={"version": version, "cues": json.dumps(cues)})


def judged(browser: TestClient, cues: object, **more: str) -> Any:
    return browser.post(f"{HOME}/judge", data={"cues": json.dumps(cues), **more}).json()


def test_the_page_and_its_cues_are_sent(browser: TestClient) -> None:
    page = browser.get(HOME).text
    assert f'src="{HOME}/video"' in page
    assert "data-list" in page
    cues = sent(browser)["cues"]
    assert [(one["start"], one["end"], one["text"]) for one in cues] == [
        (200, 1000, "每亩用水50公斤，"),
        (1000, 1900, "早晚喷一次。"),
    ]
    assert HOME in browser.get("/lessons/dose").text


def test_what_is_saved_replaces_the_file_and_the_file_as_it_was_is_kept_once(
    browser: TestClient, folder: Path
) -> None:
    before = (folder / "subtitles.srt").read_bytes()
    first = save(browser, [cue(900, 1900, " 早晚喷一次 \n\n"), cue(100, 900, "每亩用水50公斤")])
    assert first.json()["told"] == "Saved in subtitles.srt; as it was it is kept as subtitles.srt.bak."
    assert (folder / "subtitles.srt.bak").read_bytes() == before
    cues = load_subtitles(folder / "subtitles.srt").cues
    assert [(one.span.start_ms, one.text) for one in cues] == [(100, "每亩用水50公斤"), (900, "早晚喷一次")]
    again = save(browser, [cue(100, 900, "每亩用水60公斤")], first.json()["version"])
    assert again.json()["told"] == "Saved in subtitles.srt."
    assert not (folder / "subtitles.srt.bak1").exists()
    # What another program writes meanwhile is a state of its own, and is kept too.
    (folder / "subtitles.srt").write_bytes(before)
    assert "subtitles.srt.bak1" in save(browser, [cue(100, 900, "一")]).json()["told"]


def test_the_encoding_of_the_file_stays(browser: TestClient, folder: Path) -> None:
    path = folder / "subtitles.srt"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    save(browser, [cue(100, 900, "每亩用水50公斤，早晚各喷一次")])
    assert "早晚各喷一次".encode("gb18030") in path.read_bytes()


def test_the_second_of_two_who_edit_is_told_and_nothing_is_lost(browser: TestClient, folder: Path) -> None:
    version = sent(browser)["version"]
    assert save(browser, [cue(100, 900, "第一个人")], version).status_code == 200
    refused = save(browser, [cue(100, 900, "第二个人")], version)
    assert refused.status_code == 422
    assert "somebody else has changed these subtitles" in refused.text
    assert "第一个人" in (folder / "subtitles.srt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cues", "said"),
    [
        ([], "no subtitle left"),
        ([cue(0, 900, "  \n ")], "subtitle 1 has no text"),
        ([cue(0, 900, "一"), cue(900, 900, "二")], "subtitle 2 ends before it starts"),
        ([cue(0, 900, "一"), cue(900, 1900, "有\ufffd药")], "subtitle 2 has a damaged character"),
        ([cue(0, 900, "\x00\x07")], "subtitle 1 has no text"),
        ([cue(0, 900, "\ud800")], "did not arrive whole"),
        ([cue(-1, 900, "一")], "did not arrive whole"),
        ([cue(0, 900, "一", file="../x")], "did not arrive whole"),
        ("x", "did not arrive whole"),
    ],
)
def test_what_cannot_be_written_is_told_and_the_file_stays(
    browser: TestClient, folder: Path, cues: object, said: str
) -> None:
    before = (folder / "subtitles.srt").read_bytes()
    answer = save(browser, cues)
    assert answer.status_code == 422
    assert said in answer.text
    assert (folder / "subtitles.srt").read_bytes() == before
    assert not (folder / "subtitles.srt.bak").exists()


def test_a_file_that_holds_more_stays_and_one_beside_it_is_used(browser: TestClient, folder: Path) -> None:
    (folder / "subtitles.srt").unlink()
    (folder / "字幕.ass").write_text(ASS, encoding="utf-8")
    told = save(browser, [cue(200, 1000, "每亩用水60公斤")]).json()["told"]
    assert "字幕.ass holds more" in told
    assert (folder / "字幕.ass").read_text(encoding="utf-8") == ASS
    assert "每亩用水60公斤" in (folder / "字幕.srt").read_text(encoding="utf-8")
    assert 'subtitles = "字幕.srt"' in (folder / "lesson.toml").read_text(encoding="utf-8")
    assert sent(browser)["cues"][0]["text"] == "每亩用水60公斤"


@pytest.mark.parametrize("suffix", ["vtt", "ttml", "bcc", "ass"])
def test_a_format_that_holds_all_is_kept(browser: TestClient, folder: Path, suffix: str) -> None:
    cues = load_subtitles(folder / "subtitles.srt").cues
    (folder / "subtitles.srt").unlink()
    write_cues(cues, folder / f"字幕.{suffix}")
    assert save(browser, [cue(500, 1500, "每亩用水60公斤")]).status_code == 200
    assert load_subtitles(folder / f"字幕.{suffix}").cues[0].text == "每亩用水60公斤"
    assert not (folder / "字幕.srt").exists()


def test_a_lesson_without_subtitles_gets_some(browser: TestClient, folder: Path) -> None:
    (folder / "subtitles.srt").unlink()
    assert sent(browser)["cues"] == []
    assert save(browser, [cue(100, 900, "新写的")]).json()["told"] == "Saved in subtitles.srt."
    assert sent(browser)["cues"][0]["text"] == "新写的"


def test_what_is_wrong_is_told_for_each_cue(browser: TestClient) -> None:
    cues = [cue(0, 1000, "每亩用水五十公斤早晚各喷一次不要太多"), cue(900, 1900, "好😀")]
    told = [(one["at"], one["level"], one["what"][:17]) for one in judged(browser, cues)["findings"]]
    assert (0, "error", "too fast: 18.0 ch") in told
    assert (0, "error", "overlaps the next") in told
    assert (1, "error", "the fonts have no") in told


def test_a_cue_breaks_as_a_render_breaks_it(browser: TestClient, workspace: Path) -> None:
    settings = workspace / "yuanjiao.toml"
    said = settings.read_text(encoding="utf-8").replace('["led-96x64"]', '["led-96x64", "station-tv-720"]')
    settings.write_text(said, encoding="utf-8")
    broken = judged(
        browser, [cue(0, 1900, "每亩用水五十公斤"), cue(1900, 3000, "对", speaker="老王")], chosen="0", named="on"
    )["broken"]
    assert broken["station-tv-720"] == [["每亩用水五十公斤"]]
    assert "".join(line for picture in broken["led-96x64"] for line in picture) == "每亩用水五十公斤"
    assert len(broken["led-96x64"]) > 1
    named = judged(browser, [cue(0, 1900, "好"), cue(1900, 3000, "对", speaker="老王")], chosen="1", named="on")
    assert named["broken"]["station-tv-720"] == [["老王：对"]]


@pytest.mark.parametrize("chosen", ["", "-1", "x", "²", "9" * 5000])
def test_what_is_no_place_of_a_cue_chooses_none(browser: TestClient, chosen: str) -> None:
    assert judged(browser, [cue(0, 1900, "好")], chosen=chosen)["broken"] == {}


def test_a_cue_that_is_being_written_is_passed_over(browser: TestClient) -> None:
    assert judged(browser, [cue(0, 0, "一"), cue(0, 900, "")], chosen="1") == {"findings": [], "broken": {}}


def test_the_sounds_outline_is_computed_once(browser: TestClient, workspace: Path) -> None:
    outline = browser.get(f"{HOME}/sound.json").json()
    peaks = base64.b64decode(outline["peaks"])
    assert abs(len(peaks) * outline["step_ms"] - 2000) <= 60
    assert max(peaks) > 10
    (record,) = (workspace / ".yuanjiao" / "desk" / "sound").iterdir()
    record.write_text('{"kept": true}', encoding="ascii")
    assert browser.get(f"{HOME}/sound.json").json() == {"kept": True}
    assert browser.get("/lessons/prune/subtitles/sound.json").status_code == 422


@pytest.mark.parametrize(
    ("suffix", "options", "plays"),
    [
        (".mp4", (), True),
        (".mov", (), True),
        (".webm", ("-c:v", "libvpx", "-c:a", "libopus"), True),
        (".mp4", ("-pix_fmt", "yuv422p10le"), False),
        (".mp4", ("-c:v", "mpeg4"), False),
        (".mp4", ("-c:a", "ac3"), False),
        (".mp4", ("-map", "0:v", "-map", "1:a", "-map", "1:a"), False),  # which of two would be heard?
        (".mkv", (), False),
    ],
)
def test_a_video_is_shown_as_it_is_only_where_every_browser_plays_it(
    browser: TestClient, folder: Path, make_clip: ClipFactory, suffix: str, options: tuple[str, ...], *, plays: bool
) -> None:
    (folder / "raw.mp4").unlink()
    wanted = options if "-pix_fmt" in options else (*options, "-pix_fmt", "yuv420p")
    shutil.copyfile(make_clip(suffix, seconds=0.4, options=wanted), folder / f"raw{suffix}")
    assert ("<video" in browser.get(HOME).text) is plays


def test_any_part_of_the_video_can_be_asked_for(browser: TestClient, folder: Path) -> None:
    content = (folder / "raw.mp4").read_bytes()
    whole = browser.get(f"{HOME}/video")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["content-disposition"].startswith("inline")
    part = browser.get(f"{HOME}/video", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(content)}"


def test_a_video_that_browsers_cannot_play_is_copied_once_for_them(
    browser: TestClient, desk: Desk, folder: Path, workspace: Path, make_clip: ClipFactory
) -> None:
    (folder / "raw.mp4").unlink()
    shutil.copyfile(make_clip(".avi", options=("-c:v", "mpeg4", "-c:a", "mp3")), folder / "raw.avi")
    assert "Make a copy to look at" in browser.get(HOME).text
    assert browser.get(f"{HOME}/video").status_code == 404
    browser.post(f"{HOME}/copy")
    settle(desk)
    assert desk.work.tasks()[0].problems == ()
    video = browser.get(f"{HOME}/video")
    assert video.headers["content-type"] == "video/mp4"
    assert video.content[4:8] == b"ftyp"
    assert f'src="{HOME}/video"' in browser.get(HOME).text
    assert len(list((workspace / ".yuanjiao" / "desk" / "copies").iterdir())) == 1


def test_no_lesson_leads_to_a_file_outside_of_its_folder(browser: TestClient, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "private.mp4").write_bytes((folder / "raw.mp4").read_bytes())
    (folder / "raw.mp4").unlink()
    (folder / "raw.mp4").symlink_to(tmp_path / "private.mp4")
    assert browser.get(f"{HOME}/video").status_code == 422
    for lesson in ("%2e%2e", "..%2F..%2Fetc", "dose%2F..%2Fprune", "C:", "none"):
        for part in ("", "/cues.json", "/sound.json", "/video"):
            assert browser.get(f"/lessons/{lesson}/subtitles{part}").status_code in {404, 422}


def test_a_subtitle_is_never_markup(browser: TestClient) -> None:
    hostile = "<img src=x onerror=alert(1)></script><b>"
    save(browser, [cue(0, 900, hostile)])
    assert sent(browser)["cues"][0]["text"] == hostile
    assert browser.get(f"{HOME}/cues.json").headers["content-type"] == "application/json"
    refused = browser.post(f"{HOME}/save", data={"version": hostile, "cues": json.dumps([cue(0, 900, hostile)])})
    assert "<img src=x" not in refused.text


def test_a_doubt_stays_until_its_cue_was_looked_at(browser: TestClient) -> None:
    save(browser, [cue(0, 900, "一", doubts=["border"]), cue(900, 1900, "二", doubts=["fit"])])
    assert [one["doubts"] for one in sent(browser)["cues"]] == [["border"], ["fit"]]
    save(browser, [cue(0, 900, "一", doubts=["border"]), cue(900, 1900, "二")])
    assert [one["doubts"] for one in sent(browser)["cues"]] == [["border"], []]
    assert sent(browser)["doubts"]["border"] == "no pause before it"


def test_a_script_is_timed_through_the_queue(browser: TestClient, desk: Desk, folder: Path) -> None:
    assert browser.post(f"{HOME}/align").status_code == 422
    (folder / "subtitles.srt").unlink()
    (folder / "script.txt").write_text("每亩用水五十公斤。\n早晚各喷一次。\n", encoding="utf-8")
    assert f'action="{HOME}/align"' in browser.get(HOME).text
    browser.post(f"{HOME}/align")
    settle(desk)
    (task,) = desk.work.tasks()
    # A tone speaks no script: that is told, and nothing is written.
    assert task.state == "failed"
    assert "script" in task.problems[0].render(str)
    assert not (folder / "subtitles.srt").exists()


def timed(said: str, *, doubts: tuple[Doubt, ...] = ()) -> Callable[..., Made]:
    """What stands in for an alignment: one cue, heard from 0.3 to 1 s, written where a real one writes."""

    def align(
        folder: Path,
        _source: Path,
        script: Path,
        *,
        audio: int | None,
        unheard: tuple[Span, ...],
        also: Callable[[], None],
    ) -> Made:
        assert (audio, unheard) == (None, ())
        also()
        target = folder / "subtitles.srt"
        written = folder / "subtitles.new.srt" if target.exists() else target
        write_cues([Cue(Span(300, 1000), said)], written)
        (folder / f".{written.name}.json").write_text(
            json.dumps({"version": 1, "recording": "", "script": "", "written": "", "cues": []}), encoding="utf-8"
        )
        cue = TimedCue(said, 0, opens=True, span=Span(300, 1000), confidence=20 if doubts else 99, doubts=doubts)
        state: State = "made" if written == target else "beside"
        return Made(target, written, state, Alignment((cue,), 90, 2000, ()), load_script(script))

    return align


def test_a_timed_script_comes_with_what_is_in_doubt(
    browser: TestClient, desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.rooms.subtitles.align_lesson", timed("早晚各喷一次", doubts=("pace",)))
    (folder / "subtitles.srt").unlink()
    (folder / "script.txt").write_text("早晚各喷一次", encoding="utf-8")
    browser.post(f"{HOME}/align")
    settle(desk)
    assert desk.work.tasks()[0].problems == ()
    assert [(one["text"], one["doubts"]) for one in sent(browser)["cues"]] == [("早晚各喷一次", ["pace"])]


def test_the_timing_of_a_script_is_cancelled_and_writes_nothing(
    browser: TestClient, desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def align(*given: Path, also: Callable[[], None], **more: object) -> Made:
        desk.work.cancel(1)  # as a person does while it runs
        return timed("早晚各喷一次")(*given, also=also, **more)

    monkeypatch.setattr("desk.rooms.subtitles.align_lesson", align)
    (folder / "subtitles.srt").unlink()
    (folder / "script.txt").write_text("早晚各喷一次", encoding="utf-8")
    browser.post(f"{HOME}/align")
    settle(desk)
    assert desk.work.tasks()[0].state == "cancelled"
    assert not (folder / "subtitles.srt").exists()


def moved_by(ms: int) -> Callable[..., Synced]:
    """What stands in for the search: all moved by so much, what would be over before the start left out."""

    def sync(
        cues: Sequence[Cue], where: str, _workspace: Workspace, lesson: Lesson, share_heard: Callable[[float], None]
    ) -> Synced:
        assert where == lesson.id == "dose"
        share_heard(0.5)
        part = SyncedPart(cues[0].span.start_ms, LineFit(Fraction(1), ms, 0.5, 9))
        return Synced(moved_by_parts(cues, [part]), (part,))

    return sync


def test_cues_are_moved_by_the_sound_through_the_queue_and_nothing_is_written(
    browser: TestClient, desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.cues.by_sound.sync_cues", moved_by(-1000))
    before = (folder / "subtitles.srt").read_bytes()
    given = [cue(3000, 3900, "三"), cue(200, 1000, "一"), cue(1000, 2900, "二", doubts=["fit"], speaker="老王")]
    assert browser.get(f"{HOME}/moved.json").status_code == 422
    assert browser.post(f"{HOME}/move", data={"cues": json.dumps(given)}).status_code == 200
    settle(desk)
    found = browser.get(f"{HOME}/moved.json").json()
    assert (found["number"], found["state"]) == (1, "done")
    assert [one["text"] for one in found["before"]] == ["一", "二", "三"]
    assert [(one["start"], one["end"], one["text"], one["speaker"], one["doubts"]) for one in found["cues"]] == [
        (0, 1900, "二", "老王", ["fit"]),
        (2000, 2900, "三", "", []),
    ]
    assert found["told"] == [
        "moved by -1.00 s at the first subtitle, rate 1.00000, surety 9",
        "1 subtitles would be over before the video begins; left out",
    ]
    assert (folder / "subtitles.srt").read_bytes() == before
    assert desk.work.tasks()[0].is_urgent
    assert "/subtitles?moved=1" in browser.get("/tasks").text


def test_cues_that_the_sound_does_not_place_are_refused_with_the_reason_once_all_was_heard(
    browser: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    percents = list[int | None]()

    def sync(
        cues: Sequence[Cue], where: str, workspace: Workspace, lesson: Lesson, share_heard: Callable[[float], None]
    ) -> Synced:
        def tell(share: float) -> None:
            share_heard(share)
            percents.append(desk.work.tasks()[-1].percent)

        return sync_cues(cues, where, workspace, lesson, tell)

    monkeypatch.setattr("desk.cues.by_sound.sync_cues", sync)
    browser.post(f"{HOME}/move", data={"cues": json.dumps([cue(200, 900, "一"), cue(900, 900, "")])})
    browser.post(f"{HOME}/move", data={"cues": json.dumps(sent(browser)["cues"])})
    settle(desk)
    assert [one.what.render(str) for one in desk.work.tasks()[0].problems] == [
        "subtitle 2 has no text; write one or delete it"
    ]
    found = browser.get(f"{HOME}/moved.json").json()
    assert (found["number"], found["state"], len(found["told"])) == (2, "failed", 1)
    assert "fewer than 5 subtitles" in found["told"][0]
    assert (percents[0], percents[-1]) == (0, 100)


def test_new_times_beside_hand_made_subtitles_are_taken_only_when_asked(
    browser: TestClient, desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.rooms.subtitles.align_lesson", timed("早晚各喷一次"))
    (folder / "script.txt").write_text("早晚各喷一次", encoding="utf-8")
    assert "Take the new ones" not in browser.get(HOME).text
    assert browser.post(f"{HOME}/take", data={"version": sent(browser)["version"]}).status_code == 422
    browser.post(f"{HOME}/align")
    settle(desk)
    before = (folder / "subtitles.srt").read_bytes()
    assert "Take the new ones" in browser.get(HOME).text
    assert len(sent(browser)["cues"]) == 2
    assert browser.post(f"{HOME}/take", data={"version": "another"}).status_code == 422
    assert browser.post(f"{HOME}/take", data={"version": sent(browser)["version"]}).status_code == 303
    assert [one["text"] for one in sent(browser)["cues"]] == ["早晚各喷一次"]
    assert (folder / "subtitles.srt.bak").read_bytes() == before
    assert "Take the new ones" not in browser.get(HOME).text
