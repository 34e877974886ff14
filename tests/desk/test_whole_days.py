"""Three whole days' work in Chromium, through the real server: an editor's, an office's, an operator's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from cli import main
from courseware.lessons.workspace import open_workspace
from courseware.subtitles import load_subtitles
from desk.session.state import Desk
from playlists.almanac import clock
from playlists.asrun.plans import PlanBook
from playlists.schedules.revisions import latest
from tests.conftest import ClipFactory
from tests.desk.conftest import desk_on
from tests.desk.serving import drag, serving, visiting
from tests.playlists.asrun.screens import Player
from tests.playlists.factories import write_workspace

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
WEEK = "2026-W48"
CHINA = ZoneInfo("Asia/Shanghai")
LONG = 240_000  # milliseconds that a render may take on a busy machine
SHEET = "编号,标题,系列,形式,视频,字幕\nspray,波尔多液怎样配,扶贫实用技术,微视频,spray.mp4,spray.srt\n"
CUES = "1\n00:00:00,200 --> 00:00:02,000\n石灰和硫酸同,\n\n2\n00:00:02,100 --> 00:00:03,800\n先化开再混合。\n"


@contextmanager
def at_the_desk(chromium: Browser, desk: Desk) -> Iterator[tuple[Page, str]]:
    """A person who reads Chinese, before the desk."""
    desk.language = "zh"
    with serving(desk) as address, visiting(chromium) as page:
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        yield page, address
    expect.set_options(timeout=5_000)


def finish(page: Page, name: str) -> None:
    """See the newest task end well, as its page tells by itself; then go where its result is."""
    page.wait_for_url("**/tasks")
    newest = page.locator(".tasks > li").first
    expect(newest).to_contain_text("完成", timeout=LONG)
    newest.get_by_role("link", name=name).click()


def document(root: Path, *command: str) -> Any:
    done = CliRunner().invoke(main, [*command, "--json", "--workspace", str(root)])
    return json.loads(done.stdout)


def test_an_editor_comes_from_a_spreadsheet_and_raw_video_to_an_approved_lesson_with_a_corrected_subtitle(
    chromium: Browser, tmp_path: Path, make_clip: ClipFactory
) -> None:
    (tmp_path / "目录.csv").write_text(SHEET, encoding="utf-8-sig")
    (tmp_path / "spray.srt").write_text(CUES, encoding="utf-8")
    shutil.copyfile(make_clip(seconds=4, size=(320, 180)), tmp_path / "spray.mp4")
    root = tmp_path / "汉阴远教"
    with at_the_desk(chromium, desk_on(None, root)) as (page, address):
        start_anew(page, address, root)
        import_files(page, address, [tmp_path / name for name in ("目录.csv", "spray.mp4", "spray.srt")])
        fill_in(page)
        correct_subtitle(page, root)
        render(page)
        review(page, address)
    made = document(root, "review", "status", "spray")
    assert {video["state"] for video in made["videos"]} == {"approved"}
    assert [one["by"] for one in made["videos"][0]["decisions"]] == ["赵初", "钱复", "孙终"]
    assert made["comments"][0]["settled"]["by"] == "王芳"


def start_anew(page: Page, address: str, root: Path) -> None:
    page.goto(address)
    page.locator("#county").fill("汉阴县")
    page.get_by_role("button", name="新建").or_(page.locator("button[value=new]")).first.click()
    page.wait_for_url("**/overview")
    settings = root / "yuanjiao.toml"
    said = settings.read_text(encoding="utf-8")
    assert "汉阴县" in said
    # What has no field on the desk yet stands in the file, with comments.
    settings.write_text(said + "\n[review]\nrequired = true\n", encoding="utf-8")


def import_files(page: Page, address: str, files: list[Path]) -> None:
    page.goto(f"{address}/import")
    page.locator("#files").set_input_files(files)
    expect(page.locator("[data-chosen] li")).to_have_count(3)
    page.locator("form[data-drop] button").click()
    expect(page.locator("table")).to_contain_text("spray")
    expect(page.locator("table")).to_contain_text("新")
    page.locator("button[value=take]").click()
    finish(page, "目录.csv")
    page.get_by_role("link", name="波尔多液怎样配").click()


def fill_in(page: Page) -> None:
    """A field that is wrong is told beside it; then the right one is kept."""
    page.locator("#field-title").fill("")
    page.locator("form.fields button").click()
    expect(page.locator("#field-title")).to_have_attribute("aria-invalid", "true")
    page.locator("#field-title").fill("波尔多液怎样配")
    page.locator("#field-presenter").fill("王老师")
    page.locator("form.fields button").click()
    expect(page.get_by_role("status").first).to_be_visible()


def correct_subtitle(page: Page, root: Path) -> None:
    page.get_by_role("link", name="编辑字幕").click()
    expect(page.locator(".cue-row")).to_have_count(2)
    page.locator("#cue-text").fill("石灰和硫酸铜，")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-told]")).to_contain_text("已保存")
    (path,) = (root / "courseware" / "spray").glob("*.srt")
    assert load_subtitles(path).cues[0].text == "石灰和硫酸铜，"


def render(page: Page) -> None:
    """From the editor's page; the review is where the result leads."""
    page.locator("form[action='/render'] button").click()
    finish(page, "spray")
    page.get_by_role("link", name="去审核").click()


def review(page: Page, address: str) -> None:
    """Handed in, a comment made and seen to, three steps by three people; nobody takes two."""
    page.locator("#by").fill("王芳")
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_role("status")).to_contain_text("已送审")
    page.locator("video").evaluate("(video) => { video.currentTime = 1.5; }")
    page.locator("[data-now]").click()
    expect(page.locator("#at")).to_have_value("0:01.5")
    page.locator("#words").fill("片名字太小")
    page.get_by_role("button", name="记下批注").click()
    expect(page.locator(".comments")).to_contain_text("片名字太小")
    page.goto(f"{address}/lessons/spray/subtitles")
    page.locator("form[hx-post] button").click()
    expect(page.locator(".comments")).to_contain_text("✓ 已处理")
    expect(page.locator("form[hx-post]")).to_have_count(0)
    page.goto(f"{address}/reviews/spray")
    for step, person in (("初审", "赵初"), ("复审", "钱复"), ("终审", "孙终")):
        page.locator("#by").fill(person)
        page.locator("#note").fill(f"{step}可以")
        page.get_by_role("button", name=f"通过{step}").click()
        expect(page.locator(".steps")).to_contain_text(f"{step}可以")
        if step == "初审":
            page.get_by_role("button", name="通过复审").click()
            expect(page.get_by_role("alert")).to_contain_text("赵初")
            page.goto(f"{address}/reviews/spray")


def test_an_office_plans_an_empty_week_publishes_it_changes_it_and_publishes_it_again(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda _: datetime(2026, 11, 20, 9, tzinfo=CHINA))
    root = write_workspace(tmp_path, (31, 31, 29, 29, 33, 26))
    with at_the_desk(chromium, desk_on(root, tmp_path)) as (page, address):
        page.goto(f"{address}/publishing")
        expect(page.locator("main")).to_contain_text("还没有编排")
        page.get_by_role("button", name="编排全部场所").click()
        finish(page, "编排")
        request_a_lesson(page, address)
        publish(page, address, "全部是新的")
        page.get_by_role("link", name="看已公布的这一周").click()
        expect(page.locator("body")).to_contain_text("文化广场")
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{address}/weeks/{WEEK}/square-01?day=2026-11-24")
        page.set_viewport_size({"width": 1280, "height": 720})
        before = titles(page)
        swap_by_dragging(page)
        after = titles(page)
        assert sorted(before) == sorted(after)
        assert before != after
        publish(page, address, "与第1版的差别")
        expect(page.locator("main")).to_contain_text("第2版")
        expect(page.locator("main")).to_contain_text("没有变动")
        page.get_by_role("link", name="本月一览").click()
        expect(page.locator("main")).to_contain_text("日有播放")
    revision = latest(root / "schedules", WEEK)
    assert revision is not None
    assert revision.number == 2
    assert document(root, "schedule", "diff", "--week", WEEK)["changes"] == []


def titles(page: Page) -> list[str]:
    return page.locator("tr[data-at] th").all_text_contents()


def swap_by_dragging(page: Page) -> None:
    """The first showing onto the first other one of the same length; the same can be done by boxes and a button."""
    rows = page.locator("tr[data-at]")
    shown = rows.locator("th").all_text_contents()
    other = next(index for index, title in enumerate(shown) if title != shown[0])
    rows.nth(other + 1).scroll_into_view_if_needed()  # the page must not move while the mouse is down
    drag(page, rows.first, rows.nth(other))
    expect(page.get_by_role("button", name="撤销")).to_be_visible()


def request_a_lesson(page: Page, address: str) -> None:
    """A request with a slip is told beside its row, and mended there."""
    page.goto(f"{address}/tables/requests")
    for column, said in enumerate(("square-01", "没有的课件", "2026-11-19", "张三")):
        page.locator(f"[name=new1-{column}]").fill(said)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".why")).to_contain_text("没有的课件")
    page.locator("[name='1-1']").fill("lesson-003")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".why")).to_have_count(0)


def publish(page: Page, address: str, difference: str) -> None:
    page.goto(f"{address}/publishing/{WEEK}")
    expect(page.locator("main")).to_contain_text(difference)
    page.locator("form[action^='/publishing'] button").click()
    finish(page, "公布")


def test_an_operator_comes_from_the_stick_to_the_imported_log(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2026, 11, 25, 19, 0, tzinfo=CHINA)
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "profile"))
    monkeypatch.setattr(clock, "now", lambda _: evening)
    monkeypatch.setattr(clock, "here", lambda: evening)
    (tmp_path / "county").mkdir()
    root, stick = write_workspace(tmp_path / "county"), tmp_path / "E"
    stick.mkdir()
    CliRunner().invoke(main, ["schedule", "plan", "--week", WEEK, "--workspace", str(root)])
    with at_the_desk(chromium, desk_on(root, tmp_path)) as (page, address):
        page.goto(f"{address}/venues")
        page.get_by_role("link", name="文化广场").first.click()
        page.get_by_role("button", name="设为我的场所").click()
        expect(page.locator("main")).to_contain_text("正在播放")
        make_stick(page, address, stick)
        log = played_on(root)
        page.goto(f"{address}/venues")
        page.locator("#files").set_input_files({"name": "log.jsonl", "mimeType": "text/plain", "buffer": log})
        page.locator("form[data-drop] button").click()
        finish(page, "播放记录")
        expect(page.locator("main")).to_contain_text("2026-11-23")
    assert (stick / "远教" / "播放.html").is_file()
    assert document(root, "report", "played", "--week", WEEK)["venues"]


def make_stick(page: Page, address: str, stick: Path) -> None:
    page.goto(f"{address}/venues/square-01/stick")
    page.locator("form[action$='/key'] button").click()
    page.locator("#folder").fill(str(stick))
    page.locator("#week").fill(WEEK)
    page.locator("form[method=get] button").click()
    expect(page.locator("main")).to_contain_text("MB")
    page.locator("form[action$='/stick'][method=post] button").click()
    finish(page, "文化广场")


def played_on(root: Path) -> bytes:
    """The log that the player at the square writes on Monday."""
    week = PlanBook(open_workspace(root)).of_days("square-01", [date(2026, 11, 23)]).slots
    return Player(start=week[0][1].start, kit=f"square-01_{WEEK}_r1").evening(week[:3]).content
