"""A spreadsheet and videos dropped onto the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from desk.session.state import Desk
from tests.conftest import ClipFactory
from tests.desk.test_lessons import settle

SHEET = "编号,标题,系列,形式,视频\nspray,波尔多液怎样配,扶贫实用技术,微视频,spray.mp4\n"


def sent(name: str, content: bytes | str) -> tuple[str, tuple[str, bytes]]:
    return "files", (name, content.encode() if isinstance(content, str) else content)


def drop(browser: TestClient, *files: tuple[str, tuple[str, bytes]]) -> str:
    """The address on which the changes are shown."""
    answer = browser.post("/import", files=files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_what_would_change_is_shown_and_nothing_is_taken_before(
    browser: TestClient, desk: Desk, workspace: Path, make_clip: ClipFactory
) -> None:
    address = drop(browser, sent("目录.csv", SHEET), sent("spray.mp4", make_clip().read_bytes()))
    page = browser.get(address).text
    assert "＋ new" in page
    assert "spray.mp4" in page
    assert not (workspace / "courseware" / "spray").exists()
    browser.post(address, data={"do": "take"})
    settle(desk)
    assert desk.work.tasks()[-1].state == "done"
    assert "波尔多液怎样配" in browser.get("/lessons").text
    assert browser.get(address).status_code == 422  # it was taken
    assert list((workspace / ".yuanjiao" / "desk" / "inbox").iterdir()) == []


def test_what_is_not_wanted_is_forgotten(browser: TestClient, workspace: Path) -> None:
    address = drop(browser, sent("目录.csv", SHEET))
    assert browser.post(address, data={"do": "forget"}).headers["location"] == "/import"
    assert browser.get(address).status_code == 422
    assert not (workspace / "courseware" / "spray").exists()


def test_rows_that_are_wrong_are_told_and_the_others_taken(
    browser: TestClient, desk: Desk, workspace: Path, make_clip: ClipFactory
) -> None:
    rows = SHEET + "bad,没有视频,扶贫实用技术,微视频,none.mp4\n"
    address = drop(browser, sent("目录.csv", rows), sent("spray.mp4", make_clip().read_bytes()))
    assert "none.mp4" in browser.get(address).text
    browser.post(address, data={"do": "take"})
    settle(desk)
    assert desk.work.tasks()[-1].state == "failed"
    assert (workspace / "courseware" / "spray" / "spray.mp4").is_file()
    assert not (workspace / "courseware" / "bad").exists()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([sent("a.mp4", b"x")], "no list of lessons"),
        ([sent("a.csv", SHEET), sent("b.xlsx", b"x")], "several spreadsheets"),
        ([sent("a.csv", SHEET), sent("A.CSV", SHEET)], "two files of this name"),
        ([sent("a.csv", SHEET), sent("..", b"x")], "cannot be the name of a file"),
        ([sent("a.csv", SHEET), sent("C:", b"x")], "cannot be the name of a file"),
        ([], "no list of lessons"),
    ],
)
def test_what_cannot_be_a_list_is_refused_and_not_kept(
    browser: TestClient, workspace: Path, files: list[tuple[str, tuple[str, bytes]]], said: str
) -> None:
    answer = browser.post("/import", files=files) if files else browser.post("/import", data={"x": "y"})
    assert answer.status_code == 422
    assert said in answer.text
    assert not list((workspace / ".yuanjiao").glob("desk/inbox/*"))


@pytest.mark.parametrize("name", ["../../spray.mp4", "C:\\素材\\spray.mp4", "D:spray.mp4", "/etc/spray.mp4"])
def test_folders_before_a_name_lead_nowhere(
    browser: TestClient, workspace: Path, make_clip: ClipFactory, name: str
) -> None:
    address = drop(browser, sent("目录.csv", SHEET), sent(name, make_clip().read_bytes()))
    kept = workspace / ".yuanjiao" / "desk" / "inbox" / address.rpartition("/")[2]
    assert sorted(path.name for path in kept.iterdir()) == ["spray.mp4", "目录.csv"]


@pytest.mark.parametrize("token", ["..", "%2e%2e", "0" * 32, "x", "..%2F..%2F.yuanjiao"])
def test_no_token_leads_out_of_what_was_received(browser: TestClient, token: str) -> None:
    assert browser.get(f"/import/{token}").status_code in {303, 404, 422}
    assert browser.post(f"/import/{token}", data={"do": "forget"}).status_code in {404, 405, 422}


def test_more_than_the_disk_holds_is_refused_before_it_is_read(browser: TestClient) -> None:
    answer = browser.post("/import", headers={"Content-Length": str(10**15)}, content=b"")
    assert answer.status_code == 413
    assert "do not fit on the disk" in answer.text


def test_a_form_without_files_is_small(browser: TestClient) -> None:
    assert browser.post("/lessons/dose", data={"title": "x" * 4_100_000}).status_code == 413
    unknown = browser.post("/lessons/dose", content=iter([b"title=x"]))
    assert unknown.status_code == 413
    assert "did not say how much" in unknown.text
