"""A list knows no clock: it begins with a window and ends before a live event, and is called by when it begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from courseware.lessons.workspace import Workspace, open_workspace
from playlists.lists.lists import venue_bundle
from playlists.lists.writing import write_lists
from playlists.schedules.schedule import Day, Schedule, Slot, Window
from tests.playlists.factories import write_workspace

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(write_workspace(tmp_path))


def at(clock: str, day: int = 0) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(clock), ZONE)


def lesson(workspace: Workspace, start: datetime, minutes: int = 10) -> Slot:
    from courseware.lessons.rendition import load_rendition

    made = load_rendition(workspace.renditions_dir / "led-512x320", "lesson-001")
    assert made
    seconds = minutes * 60
    return Slot(start=start, seconds=seconds, kind="lesson", title="课", lesson=made.lesson, sha256=made.sha256)


def lecture(start: datetime, minutes: int) -> Slot:
    return Slot(start=start, seconds=minutes * 60, kind="lecture", title="夜话")


def week(*days: Day) -> Schedule:
    given = {day.date: day for day in days}
    dates = [MONDAY + timedelta(days=number) for number in range(7)]
    return Schedule(
        venue="square-01",
        venue_name="文化广场",
        kind="square",
        town="江北镇",
        county="测试县",
        week="2026-W48",
        profile="led-512x320",
        days=tuple(given.get(day, Day(date=day, windows=(), slots=())) for day in dates),
    )


def a_day(number: int, windows: list[tuple[datetime, datetime]], slots: list[Slot]) -> Day:
    spans = tuple(Window(start=start, end=end) for start, end in windows)
    return Day(date=MONDAY + timedelta(days=number), windows=spans, slots=tuple(slots))


def evening(workspace: Workspace, *starts: str) -> Day:
    slots = [lesson(workspace, at(start)) for start in starts]
    return a_day(0, [(at("18:30:00"), at("20:30:00"))], slots)


def built(workspace: Workspace, schedule: Schedule) -> list[tuple[str, int]]:
    return [(one.name, len(one.airings)) for one in venue_bundle(workspace, schedule).rundowns["window"]]


def test_two_windows_of_a_day_are_two_lists(workspace: Workspace) -> None:
    windows = [(at("09:00:00"), at("09:20:00")), (at("19:00:00"), at("19:10:00"))]
    slots = [lesson(workspace, at(clock)) for clock in ("09:00:00", "09:10:00", "19:00:00")]
    assert built(workspace, week(a_day(0, windows, slots))) == [("2026-11-23_0900", 2), ("2026-11-23_1900", 1)]


def test_windows_that_touch_are_two_lists(workspace: Workspace) -> None:
    windows = [(at("18:30:00"), at("18:40:00")), (at("18:40:00"), at("18:50:00"))]
    slots = [lesson(workspace, at(clock)) for clock in ("18:30:00", "18:40:00")]
    assert built(workspace, week(a_day(0, windows, slots))) == [("2026-11-23_1830", 1), ("2026-11-23_1840", 1)]


def test_no_list_runs_on_over_a_live_event(workspace: Workspace) -> None:
    slots = [lesson(workspace, at("18:30:00")), lecture(at("18:40:00"), 30), lesson(workspace, at("19:10:00"))]
    day = a_day(0, [(at("18:30:00"), at("20:30:00"))], slots)
    assert built(workspace, week(day)) == [("2026-11-23_1830", 1), ("2026-11-23_1910", 1)]


def test_a_pause_parts_lists_and_some_seconds_do_not(workspace: Workspace) -> None:
    assert built(workspace, week(evening(workspace, "18:30:00", "18:40:59"))) == [("2026-11-23_1830", 2)]
    names = [name for name, _ in built(workspace, week(evening(workspace, "18:30:00", "18:41:00")))]
    assert names == ["2026-11-23_1830", "2026-11-23_1841"]


def test_what_plays_after_midnight_is_called_by_the_clock_and_belongs_to_the_evening(workspace: Workspace) -> None:
    slots = [lesson(workspace, at("23:40:00")), lecture(at("23:50:00"), 20), lesson(workspace, at("00:10:00", 1))]
    schedule = week(a_day(0, [(at("23:40:00"), at("00:20:00", 1))], slots))
    (_, late) = venue_bundle(workspace, schedule, MONDAY).rundowns["window"]
    assert (late.name, late.title) == ("2026-11-24_0010", "文化广场 2026-11-23 周一 00:10")


def test_lists_of_one_minute_do_not_overwrite_each_other(workspace: Workspace) -> None:
    short = lesson(workspace, at("18:30:00")).model_copy(update={"seconds": 10})
    event = lecture(at("18:30:10"), 1).model_copy(update={"seconds": 20})
    day = a_day(0, [(at("18:30:00"), at("20:30:00"))], [short, event, lesson(workspace, at("18:30:30"))])
    assert [name for name, _ in built(workspace, week(day))] == ["2026-11-23_1830", "2026-11-23_183030"]


def test_a_list_of_a_window_that_is_no_more_goes_and_those_of_other_days_stay(workspace: Workspace) -> None:
    tuesday = a_day(1, [(at("18:30:00", 1), at("18:40:00", 1))], [lesson(workspace, at("18:30:00", 1))])
    night = [lecture(at("23:50:00"), 20), lesson(workspace, at("00:10:00", 1))]
    monday = a_day(0, [(at("23:50:00"), at("00:20:00", 1))], night)
    folder = workspace.playlists_dir
    write_lists(venue_bundle(workspace, week(evening(workspace, "18:30:00"), tuesday)), folder, workspace.root)
    write_lists(venue_bundle(workspace, week(monday, tuesday), MONDAY), folder, workspace.root)
    later = a_day(1, [(at("19:30:00", 1), at("19:40:00", 1))], [lesson(workspace, at("19:30:00", 1))])
    write_lists(venue_bundle(workspace, week(monday, later), MONDAY + timedelta(days=1)), folder, workspace.root)
    found = sorted(path.name for path in (folder / "square-01").iterdir())
    assert found == ["2026-11-24_0010.m3u8", "2026-11-24_1930.m3u8"]
