from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import InputError
from courseware.lessons.workspace import open_workspace
from playlists.county.weeks import planned_week, schedule_of, week_meant
from playlists.schedules.causes import cause
from playlists.schedules.schedule import (
    Day,
    Gap,
    Relaxed,
    Schedule,
    Slot,
    dump_alike,
    dump_schedule,
    is_week,
    load_schedule,
    monday_of,
)
from tests.playlists.factories import SETTINGS, VENUES, save_schedule

MONDAY = date(2026, 11, 23)


def schedule(**changes: Any) -> Schedule:
    days = tuple(Day(date=MONDAY + timedelta(days=number), windows=(), slots=()) for number in range(7))
    values = {"venue": "square-01", "venue_name": "文化广场", "kind": "square", "town": "", "county": ""}
    return Schedule.model_validate({**values, "week": "2026-W48", "profile": "led-512x320", "days": days} | changes)


def lesson_slot(lesson: str) -> Slot:
    start = datetime(2026, 11, 23, 19, tzinfo=ZoneInfo("Asia/Shanghai"))
    return Slot(start=start, seconds=60, kind="lesson", title="", lesson=lesson)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "venues.csv").write_text(VENUES, encoding="utf-8")
    return tmp_path


def test_weeks_that_have_their_days_in_common_are_written_as_each_by_itself() -> None:
    first = schedule(venue="square-01", venue_name="文化广场")
    second = first.model_copy(update={"venue": "square-02", "venue_name": "“东”\n广场", "town": "双河镇"})
    reason = Relaxed(rule="", start=datetime(2026, 11, 23, 19, tzinfo=UTC), reason=cause("same_order"))
    others = [
        first.model_copy(update={"days": (first.days[0].model_copy(update={"closed": "考试"}), *first.days[1:])}),
        first.model_copy(update={"relaxed": (reason,)}),
        first.model_copy(update={"gaps": (Gap(start=reason.start, seconds=3, reason=reason.reason),)}),
    ]
    weeks = [first, second, *others]
    assert [*dump_alike(weeks)] == [*map(dump_schedule, weeks)]


@pytest.mark.parametrize("week", ["2026-W54", "2026W48", "", "2026-w48", "２０２６-W48"])
def test_what_is_no_week_is_refused(week: str) -> None:
    assert not is_week(week)
    with pytest.raises(InputError, match="is not a week"):
        monday_of(week)


def test_a_schedule_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    assert load_schedule(save_schedule(schedule(), tmp_path)) == schedule()


@pytest.mark.parametrize(
    "changes",
    [
        {"venue": "../../evil"},
        {"week": "2026-W49"},
        {"days": schedule().days[::-1]},
        {"days": schedule().days[:6]},
        {"profile": "../../evil"},
        {"days": (schedule().days[0].model_copy(update={"slots": (lesson_slot("../evil"),)}), *schedule().days[1:])},
    ],
)
def test_a_file_that_is_not_of_its_place_is_no_schedule(changes: dict[str, Any], tmp_path: Path) -> None:
    path = save_schedule(schedule(), tmp_path)
    path.write_text(schedule().model_copy(update=changes).model_dump_json(), encoding="utf-8")
    with pytest.raises(InputError, match="this is no longer a schedule"):
        load_schedule(path)


def test_a_venue_is_a_name_and_never_a_path(place: Path) -> None:
    workspace = open_workspace(place)
    save_schedule(schedule(), workspace.schedules_dir)
    assert schedule_of(workspace, "square-01", "2026-W48").venue == "square-01"
    with pytest.raises(InputError, match="is not known"):
        schedule_of(workspace, "../2026-W48/square-01", "2026-W48")


def test_a_week_of_another_century_is_called_far_away_and_not_no_week() -> None:
    for week in ("1950-W10", "2200-W01", "0001-W01", "9999-W52"):
        with pytest.raises(InputError, match="too far away"):
            monday_of(week)


@pytest.mark.parametrize(
    ("planned", "meant"),
    [
        (("2026-W47", "2026-W48", "2026-W49"), "2026-W49"),
        (("2026-W47", "2026-W48"), "2026-W48"),
        (("2026-W47", "2026-W50"), "2026-W50"),
        (("2026-W47",), "2026-W47"),
    ],
)
def test_without_a_week_the_one_is_meant_that_was_planned_last_for_the_coming_days(
    place: Path, monkeypatch: pytest.MonkeyPatch, planned: tuple[str, ...], meant: str
) -> None:
    workspace = open_workspace(place)
    for week in planned:
        (workspace.schedules_dir / week).mkdir(parents=True)
        (workspace.schedules_dir / week / "square-01.json").write_text("{}")
    friday = datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr("playlists.almanac.clock.now", lambda _workspace: friday)
    assert week_meant(workspace, "") == meant
    assert (
        week_meant(workspace, "下周")
        == week_meant(workspace, "第49周")
        == week_meant(workspace, "11月30日")
        == "2026-W49"
    )


def test_a_folder_beside_the_weeks_is_no_planned_week(place: Path) -> None:
    workspace = open_workspace(place)
    save_schedule(schedule(), workspace.schedules_dir)
    copy = workspace.schedules_dir / "旧的 2026-W48"
    copy.mkdir()
    (copy / "square-01.json").write_text("{}")
    assert planned_week(workspace) == "2026-W48"
