"""The column on the desk: a new issue, its pages made and looked at, reviewed, published."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from courseware.validate import read_text
from desk.county import articles
from desk.people.acts import read_acts
from desk.session.state import Desk
from tests.desk.conftest import browser_of, desk_on
from tests.desk.tasks import finish
from tests.playlists.columns.test_article import Tags
from tests.playlists.factories import write_workspace

NAME, HOME = "column:扶贫振兴之路/1", "/columns/road/1"


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


VERSION = re.compile(r'name="version" value="(\w+)"')


@pytest.fixture
def issue(browser: TestClient, county: Desk) -> Path:
    browser.post("/columns/road", data={"title": "枣树修剪"})
    finish(county)
    (folder,) = (county.workspace().columns_dir / "扶贫振兴之路").iterdir()
    return folder


def version(browser: TestClient) -> str:
    found = VERSION.search(browser.get(HOME).text)
    assert found
    return found[1]


def test_an_article_is_written_at_the_desk_and_the_second_of_two_loses_nothing(
    browser: TestClient, county: Desk, issue: Path
) -> None:
    opened = version(browser)
    first = {"version": opened, "content": "冬天要**剪枝**。\r\n\r\n## 一\x00\r\n"}
    assert browser.post(f"{HOME}/article", data=first).headers["location"] == f"{HOME}?saved=1#text"
    assert (issue / "article.md").read_bytes() == "冬天要**剪枝**。\n\n## 一\n".encode()
    second = browser.post(f"{HOME}/article", data={"version": opened, "content": "夏天</textarea><script>"})
    assert second.status_code == 422
    assert "夏天&lt;/textarea&gt;&lt;script&gt;" in second.text
    assert "冬天要**剪枝**。" in second.text
    assert "Somebody else has saved this article" in second.text
    assert "冬天" in (issue / "article.md").read_text(encoding="utf-8")
    # Whoever has seen both may save.
    seen = VERSION.search(second.text)
    assert seen
    browser.post(f"{HOME}/article", data={"version": seen[1], "content": "冬天和夏天"})
    assert (issue / "article.md").read_text(encoding="utf-8") == "冬天和夏天\n"
    acts, _ = read_acts(county.workspace().cache_dir)
    assert [one.where for one in acts if one.where.endswith("/article")] == [f"{HOME}/article"] * 2


def test_a_text_is_looked_at_as_it_would_be_made_and_stays_unsaved(browser: TestClient, issue: Path) -> None:
    before = (issue / "article.md").read_bytes()
    Image.new("RGB", (64, 36), "red").save(issue / "枝.png")
    looked = browser.post(f"{HOME}/look", data={"content": "冬天要**剪枝**。\n\n![枝](枝.png)"})
    assert "<strong>剪枝</strong>" in looked.text
    assert 'src="data:image/' in looked.text
    assert "frame-ancestors 'self'" in looked.headers["content-security-policy"]
    assert "script-src" not in looked.headers["content-security-policy"]
    assert (issue / "article.md").read_bytes() == before
    assert not (issue / "made").exists()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "好<b onclick=x>的</b>",
        "[己](javascript:alert)",
        "![甲](https://example.org/a.jpg)",
        "![乙](../secret.jpg)",
        "![戊](data:image/png;base64,AA)",
        '<a hx-get="/people">a</a>',
    ],
)
def test_what_an_article_must_not_show_is_told_as_words_where_it_would_be_seen(
    browser: TestClient, issue: Path, hostile: str
) -> None:
    looked = browser.post(f"{HOME}/look", data={"content": f"第一段。\n\n{hostile}"})
    assert f"columns/扶贫振兴之路/{issue.name}/article.md:3:" in looked.text
    assert "style-src 'self'" in looked.headers["content-security-policy"]
    assert {tag for tag, _ in Tags(looked.text).seen} <= {
        "html",
        "head",
        "meta",
        "link",
        "title",
        "body",
        "main",
        "div",
        "p",
        "strong",
        "ul",
        "li",
    }
    # It may be saved, as what is still being written; the page names it.
    browser.post(f"{HOME}/article", data={"version": version(browser), "content": hostile})
    page = browser.get(HOME).text
    assert hostile.replace("[", "") not in page or "<" not in hostile
    assert "article.md:1" in page


def test_an_article_in_another_encoding_is_not_shown_as_an_empty_one(browser: TestClient, issue: Path) -> None:
    (issue / "article.md").write_bytes("冬天".encode("gb18030"))
    page = browser.get(HOME).text
    assert "the file is not UTF-8" in page
    assert "<textarea" not in page
    refused = browser.post(f"{HOME}/article", data={"version": "none", "content": "夏天"})
    assert refused.status_code == 422
    assert (issue / "article.md").read_bytes() == "冬天".encode("gb18030")


def test_what_is_written_while_an_article_is_read_is_not_written_over_unseen(
    browser: TestClient, issue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = issue / "article.md"

    def read_late(path: Path, name: str) -> str:
        found = read_text(path, name)
        path.write_text("别人刚写的。\n", encoding="utf-8")
        return found

    monkeypatch.setattr(articles, "read_text", read_late)
    seen = version(browser)
    monkeypatch.undo()
    browser.post(f"{HOME}/article", data={"content": "我写的。", "version": seen})
    assert path.read_text(encoding="utf-8") == "别人刚写的。\n"


@pytest.mark.usefixtures("issue")
def test_what_was_written_is_given_back_where_it_cannot_be_saved(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "article.md")

    opened = version(browser)
    monkeypatch.setattr("desk.county.articles.write_text", full)
    refused = browser.post(f"{HOME}/article", data={"version": opened, "content": "冬天</textarea>\n要剪枝"})
    assert refused.status_code == 507
    assert "the disk is full" in refused.text
    assert "冬天&lt;/textarea&gt;\n要剪枝</textarea>" in refused.text
    assert opened not in refused.text
    monkeypatch.undo()
    again = browser.post(f"{HOME}/article", data={"version": opened, "content": "冬天\n要剪枝"})
    assert again.status_code == 303
