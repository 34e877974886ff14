"""The published week in Chromium: from a folder and from a server, on a phone and on a desk, searched and printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long
AXE = Path(__file__).parent / "axe.min.js"
PAGES = (
    "index.html#all",
    "2026-W48/index.html",
    "2026-W48/towns/江北镇.html",
    "2026-W48/square-03.html",
    "2026-W48/station-01.html",
    "2026-W48/correction.html",
)
# A Wednesday evening of that week, during the lecture.
WEDNESDAY = "2026-11-25T19:07:00+08:00"
Open = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, site: Path) -> Iterator[Open]:
    """Opens a page from the folder; what the page asks of others, or complains of, fails the test."""
    wrong: list[str] = []
    contexts = []

    def open_page(name: str, width: int = 360, at: str = WEDNESDAY, base: str = "") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, timezone_id="Asia/Shanghai")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        home = base or site.as_uri()
        page.on("request", lambda asked: None if asked.url.startswith((home, "data:")) else wrong.append(asked.url))
        page.clock.install(time=at)
        page.goto(f"{home}/{name}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_its_screen_and_asks_nobody(opened: Open, name: str, width: int) -> None:
    page = opened(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_serious(chromium: Browser, site: Path) -> None:
    # Its own script would be stopped by the pages' policy.
    context = chromium.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True)
    found: list[tuple[str, str, Any]] = []
    for name in PAGES:
        page = context.new_page()
        page.goto(f"{site.as_uri()}/{name}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.add_script_tag(path=AXE)
        report = page.evaluate("axe.run()")
        found += [
            (name, one["id"], one["nodes"][0]["html"][:120])
            for one in report["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        page.close()
    context.close()
    assert found == []


def test_what_is_on_now_and_today_is_said_by_the_readers_clock(opened: Open) -> None:
    page = opened("2026-W48/index.html")
    assert "11月25日（星期三）" in page.inner_text(".today")
    assert "30个场所正在播放" in page.inner_text(".today .now")
    assert "30个正在播放" in page.inner_text(".towns li:first-child")
    assert "正在播放" not in page.inner_text(".towns li:nth-child(2)")
    venue = opened("2026-W48/square-03.html")
    assert "农家夜话" in venue.inner_text(".today .now")
    assert venue.get_attribute("details.day.is-today", "open") is not None


def test_the_evening_before_goes_on_after_midnight(opened: Open) -> None:
    # The station's Thursday evening, ten minutes into Friday.
    late = opened("2026-W48/station-01.html", at="2026-11-27T00:05:00+08:00")
    assert "现在播出" in late.inner_text(".today .now")
    assert "现在没有播出" in opened("2026-W48/station-01.html", at="2026-11-27T00:15:00+08:00").inner_text(".today")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("重庆", "重庆村站点"),
        ("chongqing", "重庆村站点"),
        ("cqc", "重庆村站点"),
        ("jiangbei", "江北镇"),
        ("课件1", "《课件1》"),
        ("扶贫实用技术", "《课件"),
    ],
)
def test_villages_towns_lessons_and_series_are_found_by_name_and_pinyin(opened: Open, typed: str, found: str) -> None:
    page = opened("2026-W48/index.html")
    page.fill("#find", typed)
    assert found in page.inner_text(".results")


def test_a_search_leads_to_the_village_and_a_lesson_to_where_it_is_shown(opened: Open) -> None:
    page = opened("2026-W48/index.html")
    page.fill("#find", "cqc")
    page.click(".results a")
    assert page.inner_text("header .name") == "重庆村站点"
    page.go_back()
    page.fill("#find", "课件1")
    page.click(".results summary")
    page.click(".results details a")
    assert "文化广场" in page.inner_text("header .name")
    page.go_back()
    page.fill("#find", "没有这个")
    assert "没有找到" in page.inner_text(".found")


def test_the_stable_address_leads_to_this_week_and_every_week_to_its_neighbours(opened: Open, served: str) -> None:
    for base in ("", served):
        page = opened("index.html", base=base)
        page.wait_for_url("**/2026-W48/index.html")
        page.click("text=下一周")
        page.wait_for_url("**/2026-W49/index.html")
        page.click("text=上一周")
        page.click("text=各周节目")
        assert [one.inner_text() for one in page.query_selector_all(".weeklist em:not([hidden])")] == ["下周", "本周"]


def test_without_a_script_everything_is_there(chromium: Browser, site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    page.click("text=11月23日—11月29日")
    page.click("text=双河镇")
    page.click("text=重庆村站点")
    assert "星期四 23:50–次日00:10" in page.inner_text("header")
    context.close()


@pytest.mark.parametrize("name", PAGES[1:4])
def test_a_page_is_printed_without_what_only_screens_need(opened: Open, name: str) -> None:
    import io

    from pypdf import PdfReader

    page = opened(name, 1280)
    reader = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = "".join(sheet.extract_text() for sheet in reader.pages).replace("\n", "")
    assert "第2版" in text
    assert "找村" not in text
    assert len(reader.pages) <= 3
