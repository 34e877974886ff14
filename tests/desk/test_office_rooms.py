"""Notices, takeovers and reports on the desk: as the commands do them, and what is wrong told in the page's words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from courseware.errors import text
from courseware.lessons.rendition import Rendition
from courseware.storage.keys_folder import keys_folder
from desk.rooms.office import notices
from desk.session.state import Desk
from desk.work import TaskConsole
from playlists.almanac import clock
from playlists.files.edits import load_edits
from playlists.kits.keys import make_key
from playlists.notices.ledger import load_ledger
from playlists.reports.kinds import REPORTS
from tests.desk.conftest import browser_of, desk_on
from tests.desk.tasks import finish
from tests.playlists.factories import write_workspace

NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
NOTICE = {"words": "今晚停水，请储水。", "all": "on", "until": "2026-11-20T22:00", "by": "王芳", "minutes": "5"}
TAKEOVER = {"lesson": "lesson-000", "from": "2026-11-24T19:00", "until": "2026-11-24T20:00", "by": "王芳"}


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(clock, "now", lambda _: NOW)
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "keys"))
    (tmp_path / "county").mkdir()
    root = write_workspace(tmp_path / "county")
    make_key(keys_folder(), "测试县远教办")
    opened = desk_on(root, root)
    yield opened
    opened.work.close()


@pytest.fixture
def browser(county: Desk) -> TestClient:
    return browser_of(county)


@pytest.fixture
def videos(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(_alert: Any, _workspace: Any, profiles: Any, folder: Path, _console: Any) -> tuple[Rendition, ...]:
        return tuple(_video(folder, profile) for profile in profiles)

    monkeypatch.setattr(notices, "make_videos", make)


def _video(folder: Path, profile: str) -> Rendition:
    (folder / f"{profile}.mp4").write_bytes(b"video")
    size, sha256 = 5, hashlib.sha256(b"video").hexdigest()
    facts = {"lesson": "notice", "title": "通知", "series": "", "form": "", "profile": profile, "key": "k"}
    return Rendition(**facts, file=f"{profile}.mp4", seconds=20, size=size, sha256=sha256, width=512, height=320)


@pytest.mark.usefixtures("videos")
def test_a_notice_is_seen_on_each_canvas_then_sent_and_withdrawn(browser: TestClient, county: Desk) -> None:
    page = browser.post("/notices/look", data={**NOTICE, "town": ""}).text
    assert page.count("data:image/png;base64,") == 1, "one for each canvas"
    assert ", every 5 minutes" in page
    assert county.work.tasks() == ()
    assert browser.post("/notices", data=NOTICE).headers["location"] == "/tasks"
    assert finish(county) == "done", county.work.tasks()[-1].problems
    sent = load_ledger(county.workspace().notices_dir)
    assert [(one.act, one.by, one.every_s, len(one.venues)) for one in sent] == [("sent", "王芳", 300, 2)]
    listed = browser.get("/notices").text
    assert "今晚停水，请储水。" in listed
    assert "今晚停水" in browser.get("/notices/1/通知.txt").text
    assert browser.get("/notices/1/ledger.jsonl").status_code == 422
    browser.post("/notices/1/withdraw", data={"by": "王芳", "reason": "已恢复供水"})
    assert finish(county) == "done", county.work.tasks()[-1].problems
    assert "已恢复供水" in browser.get("/notices").text


def test_all_that_is_wrong_with_a_notice_is_told_by_the_names_of_its_fields(browser: TestClient) -> None:
    wrong = {**NOTICE, "until": "2026-11-19T22:00", "words": " "}
    told = browser.post("/notices/look", data=wrong)
    assert told.status_code == 422
    assert "Words:" in told.text
    assert "Until:" in told.text
    assert "--" not in told.text.partition("<main")[2]
    for odd in ({"town": "没有的镇", "all": ""}, {"all": ""}, {"town": "城关镇"}):
        assert browser.post("/notices/look", data={**NOTICE, **odd}).status_code == 422, odd


@pytest.mark.usefixtures("videos")
def test_a_notice_waits_for_no_render(browser: TestClient, county: Desk) -> None:
    def render(_console: TaskConsole, stop: threading.Event) -> None:
        stop.wait(60)

    busy = county.work.add(text("Render all lessons"), render, county.consoles["en"])
    browser.post("/notices", data=NOTICE)
    assert finish(county) == "done", county.work.tasks()[-1].problems
    assert busy.state == "running"


def test_a_takeover_is_written_told_and_called_off(browser: TestClient, county: Desk) -> None:
    page = browser.post("/takeovers", data={**TAKEOVER, "group": "广场"})
    assert page.status_code == 200
    assert "Takeover 1 is in edits.toml: 1 venues" in page.text
    path = county.workspace().root / "edits.toml"
    assert [one.lesson for one in load_edits(path).takeover] == ["lesson-000"]
    assert browser.post("/takeovers/1/cancel").status_code == 303
    assert load_edits(path).takeover[0].cancelled
    assert browser.post("/takeovers/1/cancel").status_code == 422
    told = browser.post("/takeovers", data={**TAKEOVER, "until": "x", "town": "没有的镇"})
    assert told.status_code == 422
    assert "Until: " in told.text
    assert "Town: " in told.text


def test_a_report_is_made_in_the_queue_and_its_files_are_sent(
    browser: TestClient, county: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playlists.reports.telling.make_report_pdf", lambda _: b"%PDF-")
    browser.post("/reports", data={"report": "month", "span": "month", "month": "2026-11"})
    assert finish(county) == "done", county.work.tasks()[-1].problems
    page = browser.get("/reports").text
    assert all(f'value="{key}">{kind.name.pattern}<' in unescape(page) for key, kind in REPORTS.items())
    (folder,) = (county.workspace().root / "reports").iterdir()
    assert folder.name == "month-2026-11"
    files = sorted(folder.iterdir())
    assert {path.suffix for path in files} == {".html", ".pdf", ".xlsx"}
    assert files[0].name in page
    for path in files:
        assert browser.get(f"/reports/{folder.name}/{path.name}").status_code == 200
    for odd in ("../yuanjiao.toml", "month-2026-11/..%2F..%2Fyuanjiao.toml", "%2e%2e/venues.csv"):
        assert browser.get(f"/reports/{odd}").status_code in {404, 422}, odd
    assert browser.post("/reports", data={"report": "x"}).status_code == 422
    assert browser.post("/reports", data={"report": "month", "town": "没有的镇"}).status_code == 422


def test_the_standards_are_seen_at_once(browser: TestClient) -> None:
    assert "Not known" in browser.get("/reports/standards").text
