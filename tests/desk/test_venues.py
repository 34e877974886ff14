"""A venue on the desk: now and next, its week, its stick, its play logs, what was shown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import psutil
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from cli import main
from courseware.lessons.workspace import open_workspace
from desk.county.drives import removable_drives
from desk.session.state import Desk
from desk.work import DeskTask
from playlists.almanac import clock
from playlists.asrun.plans import PlanBook
from tests.desk.conftest import browser_of, desk_on
from tests.desk.test_lessons import settle
from tests.playlists.asrun.screens import Player
from tests.playlists.factories import write_workspace

WEEK = "2026-W48"
EVENING = datetime(2026, 11, 25, 19, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county whose week is planned."""
    root = write_workspace(tmp_path_factory.mktemp("planned"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda _workspace: EVENING)
        run("schedule", "plan", "--week", WEEK, "--workspace", str(root))
    return root


@pytest.fixture
def place(planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk of that county on a Wednesday evening."""
    root = tmp_path / "county"
    shutil.copytree(planned, root)
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "profile"))
    monkeypatch.setattr(clock, "now", lambda _workspace: EVENING)
    monkeypatch.setattr(clock, "here", lambda: EVENING)
    opened = desk_on(root, tmp_path / "new")
    yield opened
    opened.work.close()


@pytest.fixture
def operator(place: Desk) -> TestClient:
    return browser_of(place)


def run(*arguments: str) -> None:
    assert CliRunner().invoke(main, ["--lang", "en", *arguments]).exit_code == 0


def make_stick(browser: TestClient, desk: Desk, stick: Path) -> list[str]:
    """What the task said, once a stick was asked for."""
    stick.mkdir(exist_ok=True)
    browser.post("/venues/square-01/key")
    answer = browser.post("/venues/square-01/stick", data={"folder": str(stick), "week": WEEK})
    assert answer.headers["location"] == "/tasks", answer.text
    settle(desk)
    task = desk.work.tasks()[-1]
    assert task.state == "done", task.problems
    return task.console.lines


def test_a_venue_shows_what_is_on_and_its_week_day_by_day(operator: TestClient) -> None:
    page = operator.get("/venues/square-01").text
    assert "On now, at 19:00" in page
    assert "▶ on now" in page
    assert page.count('class="card day"') == 7
    assert page.count('class="card day" open') == 1
    assert "not published" in page


def test_a_browser_that_calls_a_venue_its_own_opens_with_it(operator: TestClient) -> None:
    assert operator.get("/venues").status_code == 200
    operator.post("/venues/square-01/mine")
    assert operator.get("/venues").headers["location"] == "/venues/square-01"
    assert "✓ my venue" in operator.get("/venues?all=1").text
    operator.cookies.clear()
    operator.cookies.set("yuanjiao-venue", "..%2f..")
    assert operator.get("/venues").status_code == 200


@pytest.mark.parametrize("address", ["/venues/nowhere", "/venues/..%2f..%2fetc", "/venues/nowhere/stick"])
def test_a_venue_that_is_not_in_the_list_is_told_and_nothing_opened(operator: TestClient, address: str) -> None:
    assert operator.get(address).status_code in {404, 422}


def test_only_a_published_poster_of_a_week_is_handed_out(operator: TestClient, place: Desk) -> None:
    assert place.root
    published = place.root / "published" / WEEK
    published.mkdir(parents=True)
    (published / "square-01.pdf").write_bytes(b"%PDF-1.7")
    (published / "square-01.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    assert f"/venues/square-01/poster/{WEEK}.pdf" in operator.get("/venues/square-01").text
    poster = operator.get(f"/venues/square-01/poster/{WEEK}.pdf")
    assert poster.content == b"%PDF-1.7"
    assert poster.headers["content-disposition"].startswith("attachment")
    for name in (f"{WEEK}.html", f"{WEEK}.png", "..%2f.pdf"):
        assert operator.get(f"/venues/square-01/poster/{name}").status_code == 404


def test_a_stick_is_told_made_and_verified_and_what_lies_there_is_not_copied_again(
    operator: TestClient, place: Desk, tmp_path: Path
) -> None:
    stick = tmp_path / "E"
    stick.mkdir()
    asked = {"folder": str(stick), "week": WEEK}
    before = operator.get("/venues/square-01/stick", params=asked).text
    assert "There is no key yet" in before
    said = make_stick(operator, place, stick)
    assert any(line.startswith("Good: square-01_2026-W48") for line in said), said
    assert (stick / "远教" / "SHA256SUMS").is_file()
    after = operator.get("/venues/square-01/stick", params=asked).text
    assert "6 of 6 videos are to be copied" in before
    assert "0 of 6 videos are to be copied" in after
    assert "There is no key yet" not in after


def test_play_logs_that_are_dropped_tell_what_was_shown(operator: TestClient, place: Desk) -> None:
    assert place.root
    assert "Nothing was ever reported" in operator.get("/venues/square-01").text
    week = PlanBook(open_workspace(place.root)).of_days("square-01", [date(2026, 11, 23)]).slots
    log = Player(start=week[0][1].start, kit=f"square-01_{WEEK}_r1").evening(week[:3])
    answer = operator.post("/venues/square-01/logs", files=[("files", ("log.jsonl", log.content))])
    assert answer.headers["location"] == "/tasks"
    settle(place)
    task = place.work.tasks()[-1]
    assert (task.state, task.problems) == ("done", ())
    assert "1 files read" in task.console.lines[-1]
    page = operator.get("/venues/square-01").text
    assert "Last reported of: 2026-11-23" in page
    assert re.search(r"2026-11-23</th><td>(\d+)</td><td>3</td>", page), page
    assert list((place.root / ".yuanjiao" / "desk" / "inbox").iterdir()) == []


@pytest.mark.parametrize("name", ["../x.jsonl", "C:evil.jsonl", "CON.jsonl"])
def test_a_log_under_a_name_that_leads_elsewhere_is_kept_in_its_folder_or_refused(
    operator: TestClient, place: Desk, name: str
) -> None:
    assert place.root
    before = set(place.root.parent.rglob("*.jsonl"))
    operator.post("/venues/square-01/logs", files=[("files", (name, b"{}"))])
    settle(place)
    inbox, ledger = place.root / ".yuanjiao" / "desk" / "inbox", place.root / ".yuanjiao" / "people" / "acts.jsonl"
    found = {path for path in place.root.parent.rglob("*.jsonl") if not path.is_relative_to(inbox)}
    assert found - {ledger} == before


def test_no_log_at_all_is_told(operator: TestClient) -> None:
    answer = operator.post("/venues/square-01/logs", files=[("files", ("", b""))])
    assert answer.status_code == 422
    assert "choose the play logs" in answer.text


def test_only_what_is_plugged_in_is_offered_and_a_reader_without_a_card_is_no_drive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {"/": "rw", "/media/me/STICK": "rw,noexec", "E:\\": "rw,removable", "/mnt/x": "ro"}
    parts = [SimpleNamespace(mountpoint=where, opts=options) for where, options in known.items()]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: parts)

    def usage(path: str) -> SimpleNamespace:
        if path == "E:\\":
            raise PermissionError(path)
        return SimpleNamespace(total=8, free=3)

    monkeypatch.setattr(psutil, "disk_usage", usage)
    assert [(str(drive.path), drive.can_write) for drive in removable_drives()] == [
        ("/media/me/STICK", True),
        ("/mnt/x", False),
    ]


def test_a_stick_without_a_key_or_a_folder_is_refused_before_anything_waits(
    operator: TestClient, place: Desk, tmp_path: Path
) -> None:
    for folder in ("", "E", str(tmp_path / "missing")):
        assert operator.post("/venues/square-01/stick", data={"folder": folder}).status_code == 422
    answer = operator.post("/venues/square-01/stick", data={"folder": str(tmp_path), "week": WEEK})
    assert "yuanjiao key init" in answer.text
    for weeks in ("0", "9", "²"):
        assert operator.get("/venues/square-01/stick", params={"weeks": weeks, "week": WEEK}).status_code == 422
    assert place.work.tasks() == ()


def test_a_cancelled_stick_never_verifies_as_good(operator: TestClient, place: Desk, tmp_path: Path) -> None:
    (tmp_path / "E").mkdir()
    operator.post("/venues/square-01/key")
    held = place.work.add
    with pytest.MonkeyPatch.context() as patch:
        # The sign to stop stands before the first video is in place.
        patch.setattr(place.work, "add", lambda *given, **more: stopped(held(*given, **more)))
        operator.post("/venues/square-01/stick", data={"folder": str(tmp_path / "E"), "week": WEEK})
    settle(place)
    assert place.work.tasks()[-1].state == "cancelled"
    assert not (tmp_path / "E" / "远教" / "SHA256SUMS").exists()


def stopped(task: DeskTask) -> DeskTask:
    task.stop.set()
    return task
