"""The review room: what waits, a lesson's video with comments, steps that one person does not take twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.reviews.comments import load_comments
from courseware.reviews.items import find_items
from courseware.reviews.verdicts import Unfit, keep_verdicts
from desk.rooms import reviews as room
from desk.session.state import Desk
from render.reviewing.page import FOLDER_NAME, PageWish, WrittenPage
from render.reviewing.proxy import small_video_at
from tests.courseware.reviews.workspaces import SETTINGS, make_workspace, render
from tests.desk.conftest import browser_of, desk_on
from tests.desk.tasks import finish
from tests.desk.test_lessons import settle

PAGE = "/reviews/pruning"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "county"
    root.mkdir()
    (root / "venues.csv").write_text("编号,名称,类型,乡镇,屏幕,周一至周日\n", encoding="utf-8")
    return make_workspace(root, SETTINGS + '[review]\nrequired = true\nsteps = ["初审", "终审"]\n')


@pytest.fixture
def desk(workspace: Workspace) -> Iterator[Desk]:
    opened = desk_on(workspace.root, workspace.root)
    yield opened
    opened.work.close()


@pytest.fixture
def browser(desk: Desk) -> TestClient:
    return browser_of(desk)


def act(browser: TestClient, do: str, by: str = "王芳", **more: str) -> tuple[int, str]:
    answer = browser.post(f"{PAGE}/{do}", data={"by": by, **more})
    return answer.status_code, answer.text


def states(workspace: Workspace) -> set[str]:
    return {one.state for one in find_items(workspace, ("pruning",))}


def test_a_lesson_takes_its_steps_by_two_people_and_nobody_takes_both(
    browser: TestClient, workspace: Workspace
) -> None:
    assert act(browser, "submit")[0] == 303
    assert act(browser, "approve", "赵初", note="画面清楚")[0] == 303
    page = browser.get(f"{PAGE}?profile=station-tv").text
    assert "画面清楚" in page
    assert find_items(workspace, ("pruning",))[1].rendition.sha256 in page
    assert act(browser, "approve", "赵初")[0] == 422
    assert "终审 is for somebody else" in page
    assert states(workspace) == {"waiting"}
    act(browser, "approve", "李主任")
    assert states(workspace) == {"approved"}


def test_a_rejection_wants_a_reason_and_says_what_holds_the_lesson(browser: TestClient, workspace: Workspace) -> None:
    act(browser, "submit")
    assert act(browser, "reject")[0] == 422
    assert states(workspace) == {"waiting"}
    assert act(browser, "reject", note="政策已调整")[0] == 303
    assert states(workspace) == {"rejected"}
    assert "政策已调整" in browser.get(PAGE).text


def test_a_comment_comes_back_to_the_editor_and_is_settled_there(browser: TestClient, workspace: Workspace) -> None:
    assert act(browser, "comment", at="0:42", words="<b>错字</b>", profile="station-tv")[0] == 303
    assert act(browser, "comment", at="9:00", words="x")[0] == 422
    assert "1 comments to see to" in browser.get("/lessons").text
    for page in (PAGE, "/lessons/pruning", "/lessons/pruning/subtitles"):
        assert "&lt;b&gt;错字&lt;/b&gt;" in browser.get(page).text
    (found,) = load_comments(workspace)
    assert act(browser, "settle", number="nonsense")[0] == 422
    assert act(browser, "settle", number=str(found.number), back="lesson")[0] == 303
    assert load_comments(workspace)[0].settled is not None
    assert "错字" not in browser.get("/lessons/pruning/subtitles").text
    assert "comments to see to" not in browser.get("/lessons").text


def test_the_name_is_asked_for_once_and_remembered_by_the_browser(browser: TestClient, workspace: Workspace) -> None:
    assert act(browser, "submit", "")[0] == 422
    act(browser, "submit", "王芳")
    assert 'value="王芳"' in browser.get(PAGE).text
    assert act(browser, "reject", "", note="过时")[0] == 303
    assert find_items(workspace, ("pruning",))[0].decisions[-1].by == "王芳"


def test_what_waits_stands_first_and_many_are_handed_in_at_once(browser: TestClient, workspace: Workspace) -> None:
    act(browser, "submit")
    page = browser.get("/reviews").text
    assert page.index("枣树修剪") < page.index("产业补贴")
    assert browser.post("/reviews", data={"by": "王芳", "lesson": "subsidy"}).status_code == 303
    assert {one.state for one in find_items(workspace)} == {"waiting"}


def test_the_page_says_what_changed_since_it_was_approved(browser: TestClient, workspace: Workspace) -> None:
    act(browser, "submit")
    act(browser, "approve", "赵初")
    act(browser, "approve", "李主任")
    render(workspace.root, "pruning", "station-tv", b"anew", "枣树怎样修剪")
    page = browser.get(f"{PAGE}?profile=station-tv").text
    assert "Since the approval" in page
    assert "枣树修剪 → 枣树怎样修剪" in page


def test_a_finished_video_is_sent_in_parts_and_nothing_else_is(browser: TestClient) -> None:
    part = browser.get(f"{PAGE}/video/station-tv", headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"pruning")
    for other in ("none", "station-tv%2F..", "..%2Fvenues.csv"):
        assert browser.get(f"{PAGE}/video/{other}").status_code in {404, 422}
    assert browser.get("/reviews/none").status_code == 422
    assert browser.get(f"{PAGE}?profile=none").status_code == 422


def test_the_page_says_that_the_quality_check_wants_it_made_again(browser: TestClient, workspace: Workspace) -> None:
    made = find_items(workspace, ("pruning",))[1].rendition
    keep_verdicts(workspace, {made.sha256: Unfit(lesson="pruning", profile="station-tv", fault="没有声音")})
    assert "没有声音" in browser.get(f"{PAGE}?profile=station-tv").text
    assert "没有声音" not in browser.get(f"{PAGE}?profile=led-512x320").text


def test_a_page_for_a_reviewer_elsewhere_is_made_in_the_queue_and_sent_as_a_file(
    browser: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(root: Path, wish: PageWish, _console: object) -> WrittenPage:
        target = root / FOLDER_NAME / f"{wish.lesson}.html"
        target.parent.mkdir()
        target.write_text(f"<p>{wish.lesson} {wish.profile}", encoding="utf-8")
        return WrittenPage(target, None, 1, 1, ())

    monkeypatch.setattr("desk.rooms.reviews.write_review_page", write)
    assert browser.get(f"{PAGE}/page.html").status_code == 422
    assert "Download the page" not in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/page", data={"profile": "station-tv"}).headers["location"] == "/tasks"
    settle(desk)
    assert (desk.work.tasks()[0].state, desk.work.tasks()[0].problems) == ("done", ())
    assert "Download the page" in browser.get(PAGE).text
    sent = browser.get(f"{PAGE}/page.html")
    assert sent.text == "<p>pruning station-tv"
    assert sent.headers["content-disposition"].startswith("attachment")


def test_a_finished_video_that_browsers_do_not_play_is_seen_as_a_copy(
    browser: TestClient, desk: Desk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copied(_workspace: Workspace, made: Rendition, _console: object, *, anyway: bool) -> Path:
        assert anyway
        target = small_video_at(workspace, made)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"a copy")
        return target

    monkeypatch.setattr(room, "small_video", copied)
    assert "Browsers do not play this file." in browser.get(f"{PAGE}?profile=station-tv").text
    assert browser.post(f"{PAGE}/copy", data={"profile": "station-tv"}).headers["location"] == "/tasks"
    assert finish(desk) == "done"
    assert browser.get(f"{PAGE}/video/station-tv").content == b"a copy"
    assert "Browsers do not play" not in browser.get(f"{PAGE}?profile=station-tv").text
    assert browser.post(f"{PAGE}/copy", data={"profile": "../x"}).status_code == 422
