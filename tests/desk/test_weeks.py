"""Weeks on the desk: planned in the queue, changed by hand, undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from courseware.lessons.workspace import Workspace
from desk.county.weekly import schedule_there
from desk.rooms import weeks
from desk.session.state import Desk
from playlists.almanac import clock
from playlists.schedules.schedule import Schedule, Slot, load_schedule
from tests.desk.conftest import browser_of, desk_on
from tests.desk.test_lessons import settle
from tests.playlists.factories import write_workspace

CHINA = ZoneInfo("Asia/Shanghai")

WEEK = "2026-W48"
PAGE = f"/weeks/{WEEK}/square-01"


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk on a county whose week is planned, some days before it begins."""
    monkeypatch.setattr(clock, "now", lambda _: datetime(2026, 11, 20, 9, tzinfo=CHINA))
    desk = desk_on(write_workspace(tmp_path, (31, 31, 29, 29, 33, 26)), tmp_path)
    browser_of(desk).post(f"/weeks/{WEEK}")
    settle(desk)
    yield desk
    desk.work.close()


@pytest.fixture
def browser(county: Desk) -> TestClient:
    return browser_of(county)


def week_of(desk: Desk) -> Schedule:
    assert desk.root is not None
    return load_schedule(desk.root / "schedules" / WEEK / "square-01.json")


def showings(desk: Desk, day: int = 1) -> list[Slot]:
    return [slot for slot in week_of(desk).days[day].slots if slot.lesson]


def moment(slot: Slot) -> str:
    return slot.start.replace(tzinfo=None).isoformat()


def version(browser: TestClient) -> str:
    """Of the week, as its page says."""
    found = re.search(r'name="version" value="(\w+)"', browser.get(PAGE).text)
    assert found
    return found[1]


def change(browser: TestClient, do: str, *slots: Slot, **more: str) -> int:
    form = {
        "do": do,
        "day": "2026-11-24",
        "version": version(browser),
        "at": [moment(slot) for slot in slots],
        **more,
    }
    return browser.post(PAGE, data=form).status_code


def edits(desk: Desk) -> str:
    assert desk.root is not None
    path = desk.root / "edits.toml"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def test_a_week_is_planned_in_the_queue_and_every_venue_is_listed(browser: TestClient, county: Desk) -> None:
    assert [task.state for task in county.work.tasks()] == ["done"], county.work.tasks()[0].problems
    page = browser.get(f"/weeks/{WEEK}").text
    assert page.count("✓ planned") == 2
    assert "2 of 2 venues planned" in page
    assert "not planned" in browser.get("/weeks/2026-W49").text


def test_a_day_shows_every_showing(browser: TestClient, county: Desk) -> None:
    page = browser.get(f"{PAGE}?day=2026-11-24").text
    assert page.count('name="at"') == len(showings(county))
    assert all(f"{slot.start:%H:%M:%S}" in page for slot in showings(county))


def test_a_pin_lands_in_the_file_as_the_command_writes_it_and_is_undone(browser: TestClient, county: Desk) -> None:
    slot = showings(county)[2]
    assert change(browser, "pin", slot) == 303
    assert "[[pin]]" in edits(county)
    assert f'lesson = "{slot.lesson}"' in edits(county)
    assert showings(county)[2].why == "pin"
    assert "Undo: pin at 11-24" in browser.get(f"{PAGE}?day=2026-11-24").text
    assert change(browser, "undo") == 303
    assert edits(county) == ""
    assert showings(county)[2].why != "pin"
    assert change(browser, "undo") == 422


def test_two_showings_change_places(browser: TestClient, county: Desk) -> None:
    before = showings(county)
    first, second = (
        before[0],
        next(slot for slot in before if slot.seconds == before[0].seconds and slot.lesson != before[0].lesson),
    )
    assert change(browser, "swap", first, second) == 303
    after = {moment(slot): slot.lesson for slot in showings(county)}
    assert (after[moment(first)], after[moment(second)]) == (second.lesson, first.lesson)


def test_a_lesson_is_never_shown_here_again(browser: TestClient, county: Desk) -> None:
    slot = showings(county)[0]
    assert change(browser, "never", slot) == 303
    assert all(other.lesson != slot.lesson for day in range(7) for other in showings(county, day))


def test_another_lesson_is_shown_instead(browser: TestClient, county: Desk) -> None:
    slot = showings(county)[1]
    other = next(one.lesson for one in showings(county) if one.lesson != slot.lesson)
    assert change(browser, "replace", slot, lesson=other) == 303
    assert {moment(one): one.lesson for one in showings(county)}[moment(slot)] == other


def test_of_two_who_change_a_week_the_second_is_told_and_nothing_is_lost(browser: TestClient, county: Desk) -> None:
    seen, first, second = version(browser), showings(county)[2], showings(county)[3]
    assert change(browser, "pin", first) == 303
    pinned = edits(county)
    for form in ({"do": "pin", "at": moment(second)}, {"do": "undo"}, {"do": "never", "at": moment(second)}):
        answer = browser.post(PAGE, data={"day": "", "version": seen, **form})
        assert answer.status_code == 422
        assert "somebody else has changed this week" in answer.text
    assert edits(county) == pinned


def test_a_week_that_is_planned_again_while_it_is_looked_at_is_not_changed_unseen(
    browser: TestClient, county: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot, path = showings(county)[2], county.workspace().schedules_dir / WEEK / "square-01.json"

    def seen_late(workspace: Workspace, venue: str, week: str) -> Schedule | None:
        found = schedule_there(workspace, venue, week)
        path.write_bytes(path.read_bytes() + b"\n")
        return found

    monkeypatch.setattr(weeks, "schedule_there", seen_late)
    seen = version(browser)
    monkeypatch.setattr(weeks, "schedule_there", schedule_there)
    answer = browser.post(PAGE, data={"day": "", "version": seen, "do": "pin", "at": moment(slot)})
    assert (answer.status_code, edits(county)) == (422, "")


def test_a_change_made_elsewhere_meanwhile_is_not_undone(browser: TestClient, county: Desk) -> None:
    change(browser, "pin", showings(county)[2])
    assert county.root is not None
    path = county.root / "edits.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# 王芳\n", encoding="utf-8")
    answer = browser.post(PAGE, data={"do": "undo", "day": "", "version": version(browser)})
    assert answer.status_code == 422
    assert "was changed since" in answer.text
    assert "# 王芳" in edits(county)


@pytest.mark.parametrize(
    "form",
    [
        {"do": "pin"},
        {"do": "pin", "at": "nonsense"},
        {"do": "pin", "at": "2026-11-24T03:00:00"},
        {"do": "pin", "at": "2026-11-24T19:00:00+08:00"},
        {"do": "swap", "at": "2026-11-24T19:00:00"},
        {"do": "replace", "at": "2026-11-24T19:00:00", "lesson": "none"},
        {"do": "replace", "at": "2026-11-24T19:00:00"},
        {"do": "explode", "at": "2026-11-24T19:00:00"},
        {},
    ],
)
def test_what_cannot_be_changed_leaves_everything_as_it_was(
    browser: TestClient, county: Desk, form: dict[str, str]
) -> None:
    before = week_of(county)
    assert browser.post(PAGE, data={"day": "", "version": version(browser), **form}).status_code == 422
    assert edits(county) == ""
    assert week_of(county) == before


@pytest.mark.parametrize(
    "address", ["/weeks/2026-W60", "/weeks/..%2Fx", "/weeks/2026-W48/none", "/weeks/x/square-01"]
)
def test_weeks_and_venues_that_are_none_are_refused(browser: TestClient, address: str) -> None:
    assert browser.get(address).status_code in {404, 422}
