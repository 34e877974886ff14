"""The column on the desk: a new issue, its pages made and looked at, reviewed, published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from desk.session.state import Desk
from tests.desk.conftest import browser_of, desk_on
from tests.desk.tasks import finish
from tests.playlists.factories import write_workspace

NAME = "column:扶贫振兴之路/1"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Desk]:
    root = write_workspace(tmp_path)
    opened = desk_on(root, root)
    yield opened
    opened.work.close()


@pytest.fixture
def browser(county: Desk) -> TestClient:
    return browser_of(county)


def test_an_issue_goes_from_its_title_to_its_publication(browser: TestClient, county: Desk) -> None:
    assert "There is no issue yet." in browser.get("/columns").text
    assert browser.post("/columns/road", data={"title": "枣树修剪"}).headers["location"] == "/tasks"
    assert finish(county) == "done"
    (folder,) = (county.workspace().columns_dir / "扶贫振兴之路").iterdir()
    (folder / "article.md").write_text("冬天要剪枝。\n", encoding="utf-8")
    (folder / "issue.toml").write_text('title = "枣树修剪"\nsummary = "剪枝"\ndate = 2026-11-20\n', encoding="utf-8")
    browser.post("/columns/road/1/build")
    assert finish(county) == "done"
    page = browser.get("/columns/road/1").text
    assert "/columns/road/1/made/index.html" in page
    assert "冬天要剪枝。" in browser.get("/columns/road/1/made/wechat.html").text
    browser.post("/columns/road/publish", data={"number": "1"})
    assert finish(county) == "failed", "nobody has approved it"
    for what, by in (("submit", "王芳"), ("approve", "李主任")):
        assert browser.post(f"/wholes/{what}", data={"name": NAME, "by": by}).status_code == 303
    browser.post("/columns/road/publish")
    assert finish(county) == "done"
    assert "1 of 100 issues are published" in browser.get("/columns").text


def test_only_what_was_made_of_an_issue_is_sent_and_no_script_runs_in_it(browser: TestClient, county: Desk) -> None:
    browser.post("/columns/road", data={"title": "枣树修剪"})
    finish(county)
    (folder,) = (county.workspace().columns_dir / "扶贫振兴之路").iterdir()
    (folder / "made").mkdir()
    (folder / "made" / "index.html").write_text("<script>1</script>", encoding="utf-8")
    answer = browser.get("/columns/road/1/made/index.html")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    for odd in ("1/made/..%2Fissue.toml", "1/made/issue.toml", "1/made/.", "x/made/index.html", "9/made/index.html"):
        assert browser.get(f"/columns/road/{odd}").status_code in {404, 422}, odd
    assert browser.get("/columns/other/1").status_code == 422
