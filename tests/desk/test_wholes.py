"""Weeks and issues of columns, reviewed as a whole on the desk as `yuanjiao review` reviews them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from courseware.lessons.workspace import open_workspace
from desk.session.state import Desk
from playlists.almanac import clock
from playlists.reviews.subjects import find_items
from playlists.weeks.making import county_to_plan, plan_county
from tests.desk.conftest import browser_of, desk_on
from tests.playlists.factories import SETTINGS, write_workspace

WEEK, NAME = "2026-W48", "week:2026-W48"
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
STEPS = '\n[review]\nrequired = false\nweeks = true\nsteps = [{ name = "初审" }, { name = "终审" }]\n'


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(clock, "now", lambda _: NOW)
    root = write_workspace(tmp_path)
    (root / "yuanjiao.toml").write_text(SETTINGS + STEPS, encoding="utf-8")
    plan(root)
    issue = root / "columns" / "扶贫振兴之路" / "001"
    issue.mkdir(parents=True)
    (issue / "issue.toml").write_text('title = "枣树修剪"\nsummary = "冬天剪枝"\n', encoding="utf-8")
    (issue / "article.md").write_text("冬天要剪枝。\n", encoding="utf-8")
    opened = desk_on(root, root)
    yield opened
    opened.work.close()


@pytest.fixture
def browser(county: Desk) -> TestClient:
    return browser_of(county)


def plan(root: Path, seed: int = 0) -> None:
    workspace = open_workspace(root)
    files = county_to_plan(workspace)
    plan_county(workspace, files, files.venues, WEEK, seed, anew=True)


def state(desk: Desk, name: str = NAME) -> str:
    return find_items(desk.workspace(), (name,))[0].state


def decide(browser: TestClient, what: str, by: str, **fields: str) -> int:
    return browser.post(f"/wholes/{what}", data={"name": NAME, "by": by, **fields}).status_code


def test_weeks_and_issues_stand_on_the_page_of_reviews(browser: TestClient) -> None:
    page = browser.get("/reviews").text
    while "being looked at" in page:
        page = browser.get("/reviews").text
    assert "/wholes/week%3A2026-W48" in page
    assert "枣树修剪" in page


def test_a_week_takes_its_steps_by_different_people_and_a_change_voids_them(
    browser: TestClient, county: Desk
) -> None:
    assert decide(browser, "approve", "李主任") == 422, "it was not handed in"
    assert decide(browser, "submit", "王芳") == 303
    assert "Pass the step 初审" in browser.get(f"/wholes/{NAME}").text
    assert decide(browser, "approve", "李主任", step="初审", note="可播") == 303
    assert decide(browser, "approve", "李主任", step="终审") == 422, "nobody takes two steps"
    assert decide(browser, "approve", "赵主任", step="终审") == 303
    assert state(county) == "approved"
    assert county.root is not None
    plan(county.root, seed=5)
    page = browser.get(f"/wholes/{NAME}").text
    assert state(county) == "changed"
    assert "changed: square-01" in page
    assert "Hand in for review" in page


def test_an_issue_is_rejected_with_a_reason_and_never_without(browser: TestClient, county: Desk) -> None:
    issue = {"name": "column:扶贫振兴之路/1"}
    assert browser.get("/wholes/column:扶贫振兴之路/1").status_code == 200
    assert decide(browser, "submit", "王芳", **issue) == 303
    assert decide(browser, "reject", "李主任", **issue) == 422
    assert decide(browser, "reject", "李主任", note="图不清楚", **issue) in {200, 303}
    assert state(county, issue["name"]) == "rejected"
    assert "图不清楚" in browser.get("/wholes/column:扶贫振兴之路/1").text


def test_what_is_neither_is_refused(browser: TestClient) -> None:
    for name in ("week:2026-W09", "column:9", "lesson-000", "week:x", "x:y"):
        assert browser.get(f"/wholes/{name}").status_code == 422, name
