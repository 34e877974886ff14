"""The trainings of trainings.csv stand in the centres' schedules, and the checker looks for them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from courseware.lessons.workspace import Workspace, open_workspace
from playlists.checking.checker import check_schedules
from playlists.schedules.schedule import Slot, load_schedule
from playlists.weeks.making import county_to_plan, plan_county, unplannable
from tests.playlists.factories import VENUES, write_workspace

WEEK = "2026-W48"
CENTRE = "centre-01,培训中心,培训中心,测试县,江北镇,512x320,周三 09:00-09:20；周五 14:00-15:00；周六 10:00-10:30,\n"
FILES = {
    "venues.csv": VENUES + CENTRE,
    "rooms.csv": "中心,教室,座位数\ncentre-01,一教室,60\ncentre-01,二教室,60\n",
    "courses.csv": "编号,名称,人数,起,止\nC1,果树修剪,80,2026-11-23,2026-11-29\n",
    "trainings.csv": (
        "课程,批次,中心,教室,日期,时间,分钟,人数\n"
        "C1,1,centre-01,一教室,2026-11-25,09:05,10,40\n"
        "C1,2,centre-01,二教室,2026-11-25,09:05,10,40\n"
        "C1,1,centre-01,一教室,2026-11-27,14:00,60,40\n"
    ),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write_workspace(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return open_workspace(tmp_path)


def plan(workspace: Workspace) -> list[Slot]:
    county = county_to_plan(workspace)
    assert [one.render(str) for one in unplannable(county, workspace.settings)] == []
    plan_county(workspace, county, county.venues, WEEK)
    found = load_schedule(workspace.schedules_dir / WEEK / "centre-01.json")
    return [slot for day in found.days for slot in day.slots]


def breaches(workspace: Workspace) -> list[tuple[str, str, str]]:
    found = check_schedules(workspace, [WEEK], ["centre-01"], today=date(2026, 11, 20)).breaches
    return [(one.rule, f"{one.at:%m-%d %H:%M}", str(one.what)) for one in found]


def test_trainings_take_their_time_and_lessons_fill_the_window_around_them(workspace: Workspace) -> None:
    slots = plan(workspace)
    held = [(f"{one.start:%m-%d %H:%M}", one.seconds, one.title) for one in slots if not one.lesson]
    assert held == [
        ("11-25 09:05", 600, "培训：果树修剪：一教室、二教室"),
        ("11-27 14:00", 3600, "培训：果树修剪：一教室"),
    ]
    wednesday = [one for one in slots if one.start.date() == date(2026, 11, 25)]
    assert sum(one.seconds for one in wednesday) == 1200
    assert breaches(workspace) == []


def test_a_training_that_was_cut_from_the_schedule_is_missed_at_its_minute(workspace: Workspace) -> None:
    plan(workspace)
    path = workspace.schedules_dir / WEEK / "centre-01.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    friday = content["days"][4]
    friday["slots"] = [one for one in friday["slots"] if one["kind"] == "lesson"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert breaches(workspace) == [
        ("event-missing", "11-27 14:00", "the activity “培训：果树修剪：一教室” is missing"),
        ("unfilled", "11-27 14:00", "nothing plays for 3600 seconds"),
    ]


def test_a_training_booked_after_planning_is_missed_until_the_week_is_planned_again(workspace: Workspace) -> None:
    plan(workspace)
    more = FILES["trainings.csv"] + "C1,2,centre-01,二教室,2026-11-28,10:00,30,40\n"
    (workspace.root / "trainings.csv").write_text(more, encoding="utf-8")
    assert [one[:2] for one in breaches(workspace)] == [("event-missing", "11-28 10:00")]
    plan(workspace)
    assert breaches(workspace) == []


def test_a_wrong_row_of_trainings_is_a_problem_and_the_rest_is_planned(workspace: Workspace) -> None:
    broken = FILES["trainings.csv"].replace("14:00,60", "25:00,60")
    (workspace.root / "trainings.csv").write_text(broken, encoding="utf-8")
    county = county_to_plan(workspace)
    assert [one.where for one in unplannable(county, workspace.settings)] == ["trainings.csv:4, 时间"]
    assert [one.title for one in county.calendar.activity] == ["培训：果树修剪"]
