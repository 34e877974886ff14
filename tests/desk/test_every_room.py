"""Every room of the desk in Chromium: on a small PC and a phone, for screen readers, with the keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from cli import main
from desk.rooms import ROOMS
from playlists.almanac import clock
from playlists.publishing import setting
from templates.type import webfont
from tests.conftest import ClipFactory
from tests.desk.conftest import desk_on
from tests.desk.serving import serving, visiting
from tests.playlists.factories import write_workspace

pytestmark = pytest.mark.timeout(1800)
AXE = Path(__file__).parents[1] / "playlists" / "publishing" / "browser" / "axe.min.js"
WEEK = "2026-W48"
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
# Each page of the desk, by its route.
PAGES = {
    "/overview": "/overview",
    "/lessons": "/lessons",
    "/lessons/{lesson}": "/lessons/lesson-000",
    "/lessons/{lesson}/subtitles": "/lessons/lesson-000/subtitles",
    "/import": "/import",
    "/make": "/make",
    "/reviews": "/reviews",
    "/reviews/{lesson}": "/reviews/lesson-000",
    "/wholes/{name:path}": f"/wholes/week:{WEEK}",
    "/weeks/{week}": f"/weeks/{WEEK}",
    "/weeks/{week}/{venue}": f"/weeks/{WEEK}/square-01?day=2026-11-24",
    "/publishing/{week}": f"/publishing/{WEEK}",
    "/publishing/month/{month}": "/publishing/month/2026-11",
    "/takeovers": "/takeovers",
    "/notices": "/notices",
    "/reports": "/reports",
    "/reports/standards": "/reports/standards",
    "/columns": "/columns",
    "/columns/{column}/{issue}": "/columns/road/1",
    "/tables/{table}": "/tables/requests",
    "/venues": "/venues?all=1",
    "/venues/{venue}": "/venues/square-01",
    "/venues/{venue}/stick": "/venues/square-01/stick",
    "/tasks": "/tasks",
    "/people": "/people",
    "/people/log": "/people/log",
    "/guides": "/guides",
    "/guides/{guide}": "/guides/county",
    "/start": "/start",
}
# What leads to another page, is a part of one, or is seen only by who logs in over the network.
OTHERS = {
    "/",
    "/weeks",
    "/publishing",
    "/tables",
    "/import/{token}",
    "/tables/{table}/taken/{token}",
    "/make/{token}",
    "/tasks/events",
    "/lessons/{lesson}/frame.png",
    "/lessons/{lesson}/thumbnail.jpg",
    "/lessons/{lesson}/subtitles/cues.json",
    "/lessons/{lesson}/subtitles/sound.json",
    "/lessons/{lesson}/subtitles/moved.json",
    "/lessons/{lesson}/subtitles/video",
    "/reviews/{lesson}/video/{profile}",
    "/venues/{venue}/poster/{week}.{suffix}",
    "/published/{name:path}",
    "/tables/{table}/sheet.xlsx",
    "/columns/{column}/{issue}/made/{file}",
    "/notices/{number}/{file}",
    "/reports/{report}/{file}",
    "/guides/{guide}/quick.pdf",
    "/login",
    "/tokens.css",
    "/reviews/{lesson}/page.html",
    "/account",
}
CAN_BE_USED = (
    "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select:not(:disabled),"
    " textarea:not(:disabled), summary, [tabindex='0'], video[controls]"
)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, make_clip: ClipFactory) -> Path:
    """A county in which every room has something to show: a comment, a bad request, a published week."""
    root = tmp_path_factory.mktemp("desk") / "测试县"
    root.mkdir()
    write_workspace(root)
    shutil.copyfile(make_clip(), root / "courseware" / "lesson-000" / "x.mp4")
    cues = "1\n00:00:00,200 --> 00:00:01,800\n配药要算好，\n"
    (root / "courseware" / "lesson-000" / "subtitles.srt").write_text(cues, encoding="utf-8")
    (root / "requests.csv").write_text("场所,课件,日期\nsquare-01,没有的课件,2026-11-20\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda _: NOW)
        patch.setattr(setting, "typeset_all", lambda sheets: (one.template.encode() for one in sheets))
        patch.setattr(webfont, "make_fonts", lambda _: {}.items())
        for command in (
            "schedule plan square-01 --week 2026-W48",
            "publish --week 2026-W48",
            "review submit --by 王芳",
            "column new --title 枣树修剪",
            "review comment lesson-000 字幕有错字 --at 0:05 --by 李主任",
        ):
            CliRunner().invoke(main, [*command.split(), "--workspace", str(root)])
    return root


@pytest.fixture
def address(county: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(clock, "now", lambda _: NOW)
    monkeypatch.setattr(clock, "here", lambda: NOW)
    with serving(desk_on(county, county)) as found:
        yield found


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[str]:
    with serving(desk_on(None, tmp_path)) as found:
        yield found


def open_page(page: Page, base: str, address: str) -> None:
    page.goto(base + address)
    while page.locator("meta[http-equiv=refresh]").count():
        page.wait_for_timeout(300)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def where(address: str, base: str, first_start: str) -> str:
    return first_start if address == "/start" else base


def test_every_page_of_the_desk_is_looked_at_here() -> None:
    routes = {route.path for room in ROOMS for route in room.routes if route.method == "GET"}
    assert routes == PAGES.keys() | OTHERS


@pytest.mark.long
@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_wider_than_the_screen_and_axe_finds_nothing_serious(
    chromium: Browser, address: str, first_start: str, width: int
) -> None:
    found: list[tuple[Any, ...]] = []
    with visiting(chromium, width=width, bypass_csp=True) as page:
        for name in PAGES.values():
            open_page(page, where(name, address, first_start), name)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((name, "wider than the screen"))
            page.add_script_tag(path=AXE)
            found += [
                (name, one["id"], one["nodes"][0]["html"][:160])
                for one in page.evaluate("axe.run()")["violations"]
                if one["impact"] in ("serious", "critical")
            ]
    assert found == []


@pytest.mark.long
def test_the_menu_is_one_line_of_a_small_pc_in_both_languages(chromium: Browser, address: str) -> None:
    with visiting(chromium) as page:
        page.goto(f"{address}/columns")
        for language, other in (("en", "zh"), ("zh", "en")):
            if page.locator(f"button[value={language}]").count():
                page.click(f"button[value={language}]")
            expect(page.locator(f"button[value={other}]")).to_be_visible()  # behind the menu of the new page
            tops = page.evaluate("[...document.querySelectorAll('nav li')].map((one) => one.offsetTop)")
            assert (page.evaluate("document.documentElement.lang")[:2], len(set(tops))) == (language, 1)
            assert page.evaluate("document.querySelector('header').offsetHeight") < 70


@pytest.mark.long
def test_everything_can_be_reached_with_the_tab_key_and_is_seen_to_be(
    chromium: Browser, address: str, first_start: str
) -> None:
    missed: list[tuple[str, str]] = []
    with visiting(chromium) as page:
        for name in PAGES.values():
            open_page(page, where(name, address, first_start), name)
            page.evaluate(NUMBER_THEM, CAN_BE_USED)
            wanted = set(page.evaluate("[...document.querySelectorAll('[data-n]')].map((one) => one.dataset.n)"))
            for _ in range(2 * len(wanted) + 20):
                page.keyboard.press("Tab")
                number, is_seen = page.evaluate(FOCUSED)
                wanted.discard(number)
                if not is_seen:
                    missed.append((name, f"focus is not seen on {page.evaluate(OUTER, number)}"))
                if not wanted:
                    break
            missed += [(name, page.evaluate(OUTER, number)) for number in wanted]
    assert missed == []


# One of several radio buttons is reached by Tab. A video and a field for a date show the focus on parts of their own.
NUMBER_THEM = """(kinds) => [...document.querySelectorAll(kinds)]
  .filter((one) => one.checkVisibility() && one.type !== "radio" && one.tabIndex >= 0)
  .forEach((one, index) => { one.dataset.n = index; })"""
FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const isSeen = style.outlineStyle !== "none" || one.matches("video, input[type=date], input[type=datetime-local]");
  return [one.dataset.n || "", !one.dataset.n || isSeen];
}"""
OUTER = "(number) => document.querySelector(`[data-n='${number}']`).outerHTML.slice(0, 160)"


@pytest.mark.long
def test_enter_that_ends_the_composing_of_characters_sends_no_form(
    chromium: Browser, address: str, first_start: str
) -> None:
    tried = 0
    with visiting(chromium) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
        typing = page.context.new_cdp_session(page)
        for name in PAGES.values():
            open_page(page, where(name, address, first_start), name)
            boxes = page.locator("form input:not([type]):visible, form input[type=search]:visible")
            for index in range(min(3, boxes.count())):
                boxes.nth(index).focus()
                typing.send("Input.imeSetComposition", {"text": "bian", "selectionStart": 4, "selectionEnd": 4})
                for kind, code in (("rawKeyDown", 229), ("keyDown", 13)):
                    enter = {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code}
                    typing.send("Input.dispatchKeyEvent", {**enter, **({"text": "\r"} if code == 13 else {})})
                    typing.send("Input.dispatchKeyEvent", {**enter, "type": "keyUp"})
                tried += 1
            page.wait_for_timeout(100)
            assert page.url.endswith(name.split("?")[0]) or "?" in name, (name, page.url)
            assert [url for url in asked if not url.endswith("/judge")] == [], name
    assert tried >= 20
