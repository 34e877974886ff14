"""播放.html in a real Chromium: it plays what the clock says, whatever is missing, and keeps a record of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Error, expect

from playlists.asrun.chain import join_chain
from playlists.asrun.formats.kinds import Setting
from playlists.asrun.formats.player import read
from playlists.asrun.statement import statements_of
from playlists.kits.browser.page import FILE_NAME
from tests.playlists.kits.browser.rig import Screen
from tests.playlists.kits.player.rig import BUILT, CHINA, EVENING, Stick, row, slot

TALK = slot(EVENING + timedelta(minutes=10), 600, None)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _planned(stick: Stick) -> None:
    """Four clips from half past six, a talk at twenty to seven; clips 0 and 3 stand in for others."""
    stick.write([*row(stick, 4), TALK], substitutes={"扶贫实用技术": [stick.sha16(0), stick.sha16(3)]})


def test_it_joins_in_progress_at_the_right_position(screen: Screen, stick: Stick) -> None:
    screen.play(EVENING + 7 * SECOND)
    screen.wait_for_file(stick.sha16(0))
    screen.wait_until_right(stick.plan["slots"][0])
    [start] = [line for line in screen.lines() if line["event"] == "start"]
    assert start["slot"] == stick.plan["slots"][0]["id"]
    assert abs(start["pos"] - (datetime.fromisoformat(start["wall"]) - EVENING).total_seconds() * 1000) < 500
    assert start["late"] == 0


def test_the_next_slot_begins_from_its_beginning_by_the_clock(screen: Screen, stick: Stick) -> None:
    screen.play(EVENING + 19 * SECOND)
    screen.wait_for_file(stick.sha16(1))
    start = next(line for line in screen.lines() if line["slot"] == stick.plan["slots"][1]["id"])
    assert (start["event"], start["pos"]) == ("start", 0)
    screen.wait_until_right(stick.plan["slots"][1])


def test_a_picture_that_is_off_is_brought_back(screen: Screen, stick: Stick) -> None:
    page = screen.play(EVENING + 10 * SECOND)
    screen.wait_for_file(stick.sha16(0))
    page.evaluate("document.querySelector('video.on').currentTime = 2")
    screen.wait_until_right(stick.plan["slots"][0])


def test_what_has_less_than_two_seconds_left_is_not_begun(screen: Screen, stick: Stick) -> None:
    screen.play(EVENING - timedelta(minutes=5))
    screen.put_clock(EVENING + 19 * SECOND)
    screen.wait_for_file(stick.sha16(1))
    assert screen.events() == ["boot", "idle", "skip", "idle", "start"]


@pytest.mark.parametrize(
    ("content", "event", "reason", "said"),
    [(None, "missing", "not-found", "找不到视频"), (b"no video" * 99, "damaged", "unreadable", "无法解码")],
)
def test_another_of_the_series_stands_in_for_a_file_that_does_not_play(
    screen: Screen, stick: Stick, content: bytes | None, event: str, reason: str, said: str
) -> None:
    stick.media(stick.sha16(1)).unlink()
    if content:
        stick.media(stick.sha16(1)).write_bytes(content)
    screen.play(EVENING + 22 * SECOND)
    screen.page.wait_for_selector("video.on")
    found = [(line["event"], line["sha16"], line["reason"]) for line in screen.lines()][1:]
    assert found[0] == (event, stick.sha16(1), reason)
    assert said in screen.words("#strip")
    assert found[1][0] == "substitute"
    assert found[1][1] in {stick.sha16(0), stick.sha16(3)}


def test_a_cut_file_is_told_by_its_length(screen: Screen, stick: Stick, clips: list[Path]) -> None:
    stick.media(stick.sha16(1)).write_bytes((clips[0].with_name("ident.mp4")).read_bytes())
    screen.play(EVENING + 22 * SECOND)
    screen.page.wait_for_selector("video.on")
    assert [(line["event"], line["reason"]) for line in screen.lines()][1] == ("damaged", "length")


def test_without_any_video_the_ident_is_repeated_and_without_it_the_card_stands(screen: Screen, stick: Stick) -> None:
    for number in range(5):
        stick.media(stick.sha16(number)).unlink()
    screen.play(EVENING + 5 * SECOND)
    screen.wait_for_file("ident")
    assert "找不到视频" in screen.words("#strip")
    assert screen.events() == ["boot", "missing", "missing", "fallback"]
    (stick.kit / "fallback" / "ident.mp4").unlink()
    screen.put_clock(EVENING + 25 * SECOND)
    expect(screen.page.locator("#card")).to_be_visible()
    assert screen.words("#card") == "文化广场"
    assert screen.events()[-1] == "fallback"


def test_an_event_is_a_silent_card_that_says_what_who_and_until_when(screen: Screen) -> None:
    screen.play(EVENING + timedelta(minutes=12))
    assert screen.words("#card").split() == ["宣讲", "农家夜话", "主讲：李老师", "到", "18:50", "结束"]
    assert screen.page.locator("video.on").count() == 0
    assert [(line["event"], line["slot"], line["pos"] // 1000) for line in screen.lines()][1:] == [
        ("event", TALK["id"], 120)
    ]


def test_between_programmes_the_card_has_clock_venue_and_what_comes(screen: Screen) -> None:
    screen.play(EVENING - timedelta(minutes=15))
    said = screen.words("#card")
    assert said.split("\n")[0] == "18:15"
    assert "文化广场" in said
    assert said.split("\n\n")[-2:] == ["下一个节目　18:30", "《玉米秋收》"]


@pytest.mark.parametrize(
    ("at", "reason", "words"),
    [
        (BUILT - timedelta(hours=1), "before-built", "早于节目包制作的时间"),
        (EVENING + timedelta(days=8), "outside", "节目包不含今天的节目"),
    ],
)
def test_a_wrong_clock_is_told_and_claims_no_slot(
    screen: Screen, stick: Stick, at: datetime, reason: str, words: str
) -> None:
    screen.play(at)
    screen.wait_for_file("ident")
    assert words in screen.words("#strip")
    assert [(line["event"], line["slot"], line["reason"]) for line in screen.lines()][1:] == [
        ("clock", None, reason),
        ("fallback", None, reason),
    ]
    screen.put_clock(EVENING + 5 * SECOND)
    screen.wait_for_file(stick.sha16(0))
    assert screen.words("#strip") == ""
    assert "right-again" in [line["reason"] for line in screen.lines()]


def test_a_clock_that_goes_back_is_told_until_somebody_says_that_it_is_right(screen: Screen, stick: Stick) -> None:
    page = screen.play(EVENING + timedelta(minutes=12))
    expect(page.locator("#card")).to_be_visible()
    screen.put_clock(EVENING + 5 * SECOND)
    screen.wait_for_file("ident")
    assert "往回跳了" in screen.words("#strip")
    page.keyboard.press("c")
    screen.wait_for_file(stick.sha16(0))


def test_the_latest_moment_is_remembered_from_one_evening_to_the_next(screen: Screen) -> None:
    screen.play(EVENING + timedelta(minutes=12))
    screen.wait_until("() => localStorage.getItem('yuanjiao.mark') !== null")
    screen.page.close()
    screen.play(EVENING - timedelta(days=1) + timedelta(minutes=12))
    expect(screen.page.locator("#strip")).to_contain_text("往回跳了")


def test_the_saved_record_is_taken_by_our_own_import_with_the_same_totals(
    screen: Screen, stick: Stick, tmp_path: Path
) -> None:
    page = screen.play(EVENING + 12 * SECOND)
    screen.wait_until("() => document.querySelector('video.on')?.currentTime > 14")
    screen.put_clock(EVENING + 19.5 * SECOND)
    screen.wait_for_file(stick.sha16(1))
    screen.wait_until("() => document.querySelector('video.on').currentTime > 0.5")
    screen.put_clock(EVENING + timedelta(minutes=12))
    expect(page.locator("#card")).to_be_visible()
    page.keyboard.press("t")
    page.keyboard.type("36")
    page.keyboard.press("Enter")
    screen.put_clock(EVENING + timedelta(minutes=30))
    expect(page.locator("#card .next")).to_be_visible()
    log = read(screen.save(tmp_path), Setting((), ZoneInfo("Asia/Shanghai"), ""))
    told = screen.lines()
    chain = join_chain(log.written)
    assert log.problems == ()
    assert (chain.doubtful, chain.gaps, len(chain.lines)) == (frozenset(), (), len(told))
    said = statements_of(chain, "square-01", 2**60)
    ends = {line["slot"]: line for line in told if line["event"] == "end"}
    starts = {line["slot"]: line for line in told if line["event"] == "start"}
    shown = {one.slot: one.ms for one in said if one.said == "shown"}
    assert shown.keys() == {one["id"] for one in stick.plan["slots"][:2]}
    for name, ms in shown.items():
        passed = ends[name]["mono"] - starts[name]["mono"]
        assert ms == min(passed, ends[name]["pos"] - starts[name]["pos"])
        assert ms > 0
    assert [one.people for one in said if one.said == "people"] == [36]
    assert [one.slot for one in said if one.said == "event"] == [TALK["id"]]


def test_a_record_that_is_saved_while_something_plays_tells_how_far_it_has_come(
    screen: Screen, tmp_path: Path
) -> None:
    screen.play(EVENING + 3 * SECOND)
    screen.wait_until("() => document.querySelector('video.on')?.currentTime > 5")
    chain = join_chain(read(screen.save(tmp_path), Setting((), ZoneInfo("Asia/Shanghai"))).written)
    [shown] = [one for one in statements_of(chain, "square-01", 2**60) if one.said == "shown"]
    assert shown.pos_ms + shown.ms > 4500


def test_a_record_outlives_the_page_and_is_saved_before_anything_plays(
    screen: Screen, stick: Stick, tmp_path: Path
) -> None:
    screen.play(EVENING + 5 * SECOND)
    screen.wait_for_file(stick.sha16(0))
    screen.page.close()
    screen.open(EVENING + timedelta(hours=3))
    saved = screen.save(tmp_path)
    assert saved.name.startswith("square-01_web-")
    assert b'"event":"start"' in saved.read_bytes()
    assert saved.name in screen.words("#hint")


def test_one_page_plays_however_many_are_open(screen: Screen, stick: Stick) -> None:
    screen.play(EVENING + 5 * SECOND)
    screen.wait_for_file(stick.sha16(0))
    other = Screen(screen.context, stick)
    other.open(EVENING + 5 * SECOND).click("#start")
    expect(other.page.locator("#hint")).to_contain_text("另一个窗口正在播放")
    assert other.page.locator("#stage").is_hidden()


def test_keys_mute_turn_and_list(screen: Screen, stick: Stick) -> None:
    page = screen.play(EVENING + 2 * SECOND)
    screen.wait_for_file(stick.sha16(0))
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("(v => [v.muted, v.volume.toFixed(1)])(document.querySelector('video.on'))") == [True, "0.9"]
    page.keyboard.press("l")
    assert "18:40\n农家夜话" in screen.words("#panel")
    page.keyboard.press("h")
    assert "登记现场人数" in screen.words("#panel")
    assert "节目单第 3 版" in screen.words("#panel")
    page.keyboard.press("h")
    assert screen.words("#panel") == ""


def test_a_block_has_its_own_volume(screen: Screen, stick: Stick) -> None:
    slots = [one | {"volume": 40} for one in stick.plan["slots"]]
    page = screen.play(EVENING + 2 * SECOND, slots=slots)
    screen.wait_for_file(stick.sha16(0))
    assert page.evaluate("document.querySelector('video.on').volume") == 0.4


HOSTILE = "</script><img src=x onerror=alert(1)>\u202e单目节 {{ 1 }} <!-- & \u2028'\""


def test_titles_are_text_and_nothing_is_asked_of_any_network(screen: Screen, stick: Stick) -> None:
    slots = [one | {"title": HOSTILE, "who": HOSTILE} for one in stick.plan["slots"]]
    page = screen.open(EVENING + timedelta(minutes=12), slots=slots, venue=stick.plan["venue"] | {"name": HOSTILE})
    assert page.text_content("#now .title") == HOSTILE
    assert page.text_content("#venue") == HOSTILE
    page.click("#start")
    assert page.text_content("#card .title") == HOSTILE
    page.keyboard.press("l")
    assert page.locator("#panel .row span").first.text_content() == HOSTILE
    assert page.locator("img").count() == 1
    assert {urlsplit(url).scheme for url in screen.asked} <= {"file", "data"}
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("fetch('http://127.0.0.1:9/')")
    assert screen.errors == []


def test_on_a_phone_it_is_a_list_of_what_is_on_and_what_comes(screen: Screen) -> None:
    page = screen.open(EVENING + 2 * SECOND)
    page.set_viewport_size({"width": 360, "height": 740})
    assert screen.words("#now").startswith("玉米秋收")
    assert "18:40\n农家夜话" in screen.words("#today")
    assert screen.words("#next").count("玉米秋收") == 3
    assert page.locator("#start").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_of_a_long_evening_a_dozen_rows_are_seen_before_one_asks_for_more(screen: Screen, stick: Stick) -> None:
    page = screen.open(EVENING + 2 * SECOND, slots=row(stick, 30))
    assert page.locator("#today .row").count() == 12
    assert screen.words("#more") == "后面还有 18 个"
    page.click("summary")
    assert page.locator("#later .row").last.is_visible()


def test_an_evening_goes_on_after_midnight(screen: Screen, stick: Stick) -> None:
    night = datetime(2026, 12, 1, 0, 0, tzinfo=CHINA)
    window = {
        "start": EVENING.isoformat(),
        "start_s": int(EVENING.timestamp()),
        "end": (night + timedelta(minutes=30)).isoformat(),
        "end_s": int(night.timestamp()) + 1800,
    }
    late = row(stick, 3, night + timedelta(minutes=10))
    screen.open(night + timedelta(minutes=10, seconds=3), slots=[*row(stick, 2), *late], windows=[window])
    assert screen.words("#today").count("玉米秋收") == 3


def test_the_page_is_the_one_the_kit_names(screen: Screen, stick: Stick) -> None:
    screen.open(EVENING)
    assert (stick.kit / FILE_NAME).is_file()
    assert screen.page.title() == "文化广场　远教播放"
