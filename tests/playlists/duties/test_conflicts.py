from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import Problem
from courseware.lessons.workspace import open_workspace
from playlists.duties.conflicts import Conflicts, conflicts_ahead, conflicts_in_week, unknown_seasons
from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.files.venues import Venue
from playlists.schedules.schedule import TRAINING
from playlists.weeks.making import PlannedCounty, county_to_plan, plan_county
from tests.playlists.factories import CALENDAR, programme, venue, write_workspace

CHINA = ZoneInfo("Asia/Shanghai")
WEEK = "2026-W49"
TODAY = date(2026, 11, 27)
LECTURE = {"title": "农家夜话", "weekday": "周三", "at": "19:30", "minutes": 30}
QUIET = {"from": "2026-12-02", "to": "2026-12-02", "hours": "19:00-20:00", "reason": "高考"}
BY = programme()


def calendar(**parts: Any) -> Calendar:
    return Calendar.model_validate(parts)


def found(some: Calendar, *venues: Venue, week: str = WEEK, by: Programme = BY, today: date = TODAY) -> Conflicts:
    return conflicts_in_week(some, [by], venues or (venue(),), week, CHINA, today)


def said(*problems: Problem) -> list[str]:
    return [one.render(str) for one in problems]


def test_a_county_without_conflicts_hears_nothing() -> None:
    assert found(calendar(lecture=[LECTURE])) == Conflicts((), ())
    assert conflicts_ahead(calendar(lecture=[LECTURE]), [BY], [venue()], TODAY, CHINA) == ()


def test_a_lecture_in_quiet_hours_is_told_once_for_all_its_venues() -> None:
    told = found(calendar(lecture=[LECTURE], closed=[QUIET]), venue(), venue(id="square-02"))
    (problem,) = said(*told.problems)
    assert problem.startswith(
        "calendar.toml: lecture.1: “农家夜话” cannot be held at square-01、square-02 on 2026-12-02:"
    )
    assert "these are quiet hours (高考)" in problem
    assert told.notes == ()


def test_what_is_past_is_not_told_any_more() -> None:
    assert found(calendar(lecture=[LECTURE], closed=[QUIET]), today=date(2026, 12, 3)).problems == ()


def test_a_weekly_lecture_falls_out_on_a_closed_day_without_a_word_but_not_one_with_a_date() -> None:
    closed = {"from": "2026-12-02", "to": "2026-12-03", "reason": "哀悼日"}
    assert found(calendar(lecture=[LECTURE], closed=[closed])).problems == ()
    dated = {"title": "晚会", "date": "2026-12-03", "at": "19:00", "minutes": 60}
    (problem,) = found(calendar(activity=[dated], closed=[closed])).problems
    assert problem.where == "calendar.toml: activity.1"
    assert "closed then (哀悼日); choose another day" in str(problem.what)


def test_a_training_in_quiet_hours_is_told_of_in_its_own_sheet() -> None:
    training = {"title": f"{TRAINING}果树", "date": "2026-12-02", "at": "19:00", "minutes": 60}
    told = found(calendar(activity=[training], closed=[QUIET]))
    assert [one.where for one in told.problems] == ["trainings.csv"]


def test_an_event_that_another_moves_out_of_the_opening_hours_is_told_twice() -> None:
    dated = {"title": "晚会", "date": "2026-12-02", "at": "19:30", "minutes": 60}
    told = found(calendar(lecture=[LECTURE], activity=[dated]))
    assert told.problems == ()
    moved, outside = said(*told.notes)
    assert moved.startswith("calendar.toml: lecture.1: “农家夜话” begins at 20:30 at square-01 on 2026-12-02")
    assert outside.startswith("calendar.toml: lecture.1: “农家夜话” lies outside the opening hours of square-01")
    assert outside.endswith(" on 2026-12-02: open 18:30–20:30 then")


def test_days_are_told_for_the_venues_they_concern() -> None:
    night = venue(id="square-02", windows="每天 22:00-23:00")
    late = venue(id="square-03", windows="周三 22:00-23:00；周四 18:00-21:00")
    told = conflicts_ahead(
        calendar(lecture=[{**LECTURE, "weekday": "周三、周四"}]), [BY], [night, late], TODAY, CHINA
    )
    assert [re.sub(" on 20.*: ", ": ", str(one.what)) for one in told] == [
        "“农家夜话” lies outside the opening hours of square-02: open 22:00–23:00 then",
        "“农家夜话” lies outside the opening hours of square-03: open 22:00–23:00 then",
    ]


@pytest.mark.parametrize(
    ("changes", "closed", "cause"),
    [
        ({"windows": "每天 08:00-09:00, 22:00-23:00"}, [], "open 08:00–09:00、22:00–23:00 then"),
        ({"windows": "周四 18:00-21:00"}, [], "the hours are “周四 18:00-21:00”"),
        ({"windows": "每天 18:00-21:00", "study_day": "周五", "kind": "站点"}, [], "the study day is 周五"),
        (
            {"windows": "每天 08:00-09:00"},
            [{"from": "2026-12-02", "to": "2026-12-02", "hours": "07:00-10:00", "reason": "中考"}],
            "closed then (中考)",
        ),
    ],
)
def test_an_event_outside_the_opening_hours_is_told_with_what_closes_them(
    changes: dict[str, Any], closed: list[dict[str, str]], cause: str
) -> None:
    told = found(calendar(lecture=[LECTURE], closed=closed), venue(**changes))
    assert [str(one.what).rpartition(": ")[2] for one in told.notes if "农家夜话" in str(one.what)] == [cause]


def test_quiet_hours_of_next_year_are_told_today() -> None:
    exam = {"from": "2027-06-07", "to": "2027-06-09", "hours": "19:00-22:00", "reason": "高考"}
    (problem,) = conflicts_ahead(calendar(lecture=[LECTURE], closed=[exam]), [BY], [venue()], TODAY, CHINA)
    assert "2027-06-09: these are quiet hours" in str(problem.what)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"windows": "夏季 每天 19:00-20:00"}, True),
        ({"windows": "冬季 每天 19:00-20:00"}, False),
        # Its study day lies in another week.
        ({"windows": "每天 19:00-20:00", "study_day": "每月15日", "kind": "站点"}, False),
        ({"windows": "夏季 每天 19:00-20:00", "study_day": "周四", "kind": "站点"}, True),
    ],
)
def test_a_venue_that_no_window_opens_all_week_is_named(changes: dict[str, str], *, told: bool) -> None:
    notes = said(*found(Calendar(), venue(**changes)).notes)
    shut = f"venues.csv: square-01: is not open on any day of {WEEK}; its opening hours are “{changes['windows']}”"
    assert notes == ([shut] if told else [])


def test_a_venue_closed_all_week_by_the_calendar_is_not_named() -> None:
    closed = {"from": "2026-11-30", "to": "2026-12-06"}
    assert found(calendar(closed=[closed])).notes == ()


def test_a_week_that_quiet_hours_or_holidays_shut_is_blamed_on_them_and_not_on_the_opening_hours() -> None:
    hush = {"from": "2026-11-30", "to": "2026-12-06", "hours": "18:00-22:00", "reason": "高考"}
    (note,) = found(calendar(closed=[hush]), venue(windows="每天 19:00-20:00")).notes
    assert str(note.what) == "is not open on any day of 2026-W49: 高考"
    fair = {"name": "庙会", "from": "2026-11-30", "to": "2026-12-06"}
    (note,) = found(calendar(holiday=[fair]), venue(windows="上班日 19:00-20:00")).notes
    assert str(note.what) == "is not open on any day of 2026-W49: 庙会"


def test_holidays_that_nobody_announced_are_asked_for_where_they_matter() -> None:
    asking = venue(windows="节假日 9:00-11:00；上班日 19:00-20:00")
    by = programme(variant=[{"when": "节假日", "block": [{"name": "影院"}]}])
    for one, programmes in ((asking, BY), (venue(), by)):
        (note,) = found(Calendar(), one, week="2031-W40", by=programmes).notes
        assert "not announced the holidays of 2031 yet; at square-01 only those" in str(note.what)
    assert found(Calendar(), venue(), week="2031-W40").notes == ()
    assert found(Calendar(), asking, week="2026-W49").notes == ()
    own = calendar(holiday=[{"from": "2031-10-01", "to": "2031-10-07"}])
    assert found(own, asking, week="2031-W40").notes == ()


def test_seasons_that_do_not_exist_are_named_with_the_nearest() -> None:
    by = programme(variant=[{"when": "秋季 周末", "block": [{"name": "x"}]}])
    problems = unknown_seasons(Calendar(), [by], [venue(windows="下季 每天 19:00-20:00；冬季 18:00-19:00")])
    assert [one.where for one in problems] == [
        "venues.csv: square-01, 开放时段",
        "programmes.toml: programme.1.variant.1.when",
    ]
    assert "“下季” is not known; did you mean 夏季?" in str(problems[0].what)
    own = calendar(seasons={"下季": "7月至12月", "秋季": "9-11月"})
    assert unknown_seasons(own, [by], [venue(windows="下季 每天 19:00-20:00")]) == ()


def test_blocks_at_a_time_when_the_venue_never_opens_are_named() -> None:
    by = programme(block=[{"name": "要闻", "at": ["18:30", "20:30", "21:00"], "minutes": 10}])
    told = conflicts_ahead(Calendar(), [by], [venue(), venue(id="b", windows="18:00-22:00")], TODAY, CHINA)
    assert said(*told) == [
        "programmes.toml: programme.1.block: “要闻” begins at 20:30, when square-01 never open",
        "programmes.toml: programme.1.block: “要闻” begins at 21:00, when square-01 never open",
    ]


def plan(root: Path, extra: str) -> PlannedCounty:
    write_workspace(root)
    (root / "calendar.toml").write_text(CALENDAR + extra, encoding="utf-8")
    workspace = open_workspace(root)
    county = county_to_plan(workspace)
    return plan_county(workspace, county, county.venues, "2026-W48")


def test_planning_tells_what_it_could_not_hold_and_holds_it_not(tmp_path: Path) -> None:
    planned = plan(tmp_path, '[[closed]]\nfrom = 2026-11-25\nto = 2026-11-25\nhours = "19:10-19:20"\n')
    assert [one.where for one in planned.problems] == ["calendar.toml: lecture.1"]
    assert {slot.kind for one in planned.schedules for day in one.days for slot in day.slots} == {"lesson"}
    assert [one.venue for one in planned.schedules] == ["square-01", "station-01"]


def test_planning_an_ordinary_week_tells_nothing(tmp_path: Path) -> None:
    planned = plan(tmp_path, "")
    assert planned.notes == ()
    assert not any(one.where.startswith("calendar.toml") for one in planned.problems)
