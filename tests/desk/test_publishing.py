"""Publishing from the desk: what would change is seen first; a plan that changed meanwhile is not published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from desk.session.state import Desk
from playlists.almanac import clock
from playlists.publishing import setting
from playlists.schedules.revisions import latest
from templates.type import webfont
from tests.desk.conftest import browser_of, desk_on
from tests.desk.test_lessons import settle
from tests.playlists.factories import write_workspace

WEEK = "2026-W48"
PAGE = f"/publishing/{WEEK}"


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk on a county whose week is planned; posters are not set."""
    monkeypatch.setattr(clock, "now", lambda _: datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
    monkeypatch.setattr(setting, "typeset_all", lambda sheets: (one.template.encode() for one in sheets))
    monkeypatch.setattr(webfont, "make_fonts", lambda _: {}.items())
    desk = desk_on(write_workspace(tmp_path, (31, 31, 29, 29, 33, 26)), tmp_path)
    browser_of(desk).post(f"/weeks/{WEEK}")
    settle(desk)
    yield desk
    desk.work.close()


@pytest.fixture
def browser(county: Desk) -> TestClient:
    return browser_of(county)


def look(browser: TestClient) -> tuple[str, str]:
    """The page, and what a publication of what it shows must name."""
    page = browser.get(PAGE).text
    while 'http-equiv="refresh"' in page:
        page = browser.get(PAGE).text
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    return page, found[1] if found else ""


def edition(desk: Desk) -> int:
    assert desk.root is not None
    found = latest(desk.root / "schedules", WEEK)
    return found.number if found else 0


def test_a_week_is_published_changed_compared_and_published_again(browser: TestClient, county: Desk) -> None:
    page, seen = look(browser)
    assert "2 of 2 venues planned" in page
    assert "not published yet" in page
    assert browser.post(PAGE, data={"seen": seen}).headers["location"] == "/tasks"
    settle(county)
    task = county.work.tasks()[-1]
    assert (task.state, task.link) == ("done", PAGE)
    assert "Edition 1" in task.console.lines[-1]
    page, seen = look(browser)
    assert "edition 1" in page
    assert "Nothing has changed." in page
    assert browser.get("/published/index.html").status_code == 200
    week = browser.get(f"/weeks/{WEEK}/square-01?day=2026-11-24").text
    at = re.findall(r'name="at" value="([^"]+)"', week)[0]
    lessons = re.findall(r'<option value="([^"]+)"', week)
    (version,) = re.findall(r'name="version" value="([^"]*)"', week)
    form = {"do": "replace", "day": "2026-11-24", "at": at, "version": version}
    assert any(
        browser.post(f"/weeks/{WEEK}/square-01", data={**form, "lesson": one}).status_code == 303 for one in lessons
    )
    assert browser.post(PAGE, data={"seen": seen}).status_code == 422
    assert edition(county) == 1
    page, seen = look(browser)
    assert "What differs from edition 1" in page
    assert "11-24" in page
    browser.post(PAGE, data={"seen": seen})
    settle(county)
    assert edition(county) == 2
    assert "Compare with edition" in look(browser)[0]
    assert "What differs from edition 1" in browser.get(f"{PAGE}?edition=1").text
    assert browser.get(f"{PAGE}?edition=7").status_code == 422


def test_what_breaks_a_rule_is_named_before_it_is_published(browser: TestClient, county: Desk) -> None:
    assert county.root is not None
    path = county.root / "schedules" / WEEK / "square-01.json"
    path.write_text(path.read_text(encoding="utf-8").replace("lesson-002", "lesson-999"), encoding="utf-8")
    page, _ = look(browser)
    assert "These break a rule" in page
    assert "lesson-999" in page


def test_the_venues_of_one_town_are_published_and_a_town_that_is_none_is_refused(
    browser: TestClient, county: Desk
) -> None:
    _, seen = look(browser)
    assert browser.post(PAGE, data={"seen": seen, "town": "远方镇"}).status_code == 422
    assert county.work.tasks()[-1].number == 1


def test_a_month_shows_how_far_every_town_keeps_its_obligations(browser: TestClient) -> None:
    page = browser.get("/publishing/month/2026-11").text
    while 'http-equiv="refresh"' in page:
        page = browser.get("/publishing/month/2026-11").text
    assert "2/2" in page
    assert "日有播放" in page
    assert page.count("<summary>") >= 1
    assert browser.get("/publishing/month/2026-13").status_code == 422


def test_only_what_was_published_is_sent(browser: TestClient, county: Desk) -> None:
    assert county.root is not None
    folder = county.root / "published"
    folder.mkdir()
    (folder / "x.svg").write_text("<svg/>", encoding="utf-8")
    (county.root / "secret.txt").write_text("x", encoding="utf-8")
    (folder / "link.txt").symlink_to(county.root / "secret.txt")
    others = ("..%2Fsecret.txt", "%2Fetc%2Fpasswd", "none.html", "index.html%00", "x.svg", "link.txt")
    assert {browser.get(f"/published/{name}").status_code for name in others} <= {404, 422}
