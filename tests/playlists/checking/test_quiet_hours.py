"""What the checker says of events in quiet hours, outside the opening hours, and of nights between two days."""

from __future__ import annotations

from typing import Any

from playlists.files.calendar import Calendar
from playlists.files.venues import Venue
from tests.playlists.clean_weeks import CALENDAR, faults, make_facts, raw_week, told
from tests.playlists.factories import venue

QUIET = {"from": "2026-11-25", "to": "2026-11-25", "hours": "19:00-19:10", "reason": "高考"}
LECTURE_AT = "square-01 2026-11-25 19:05:00"


def with_quiet(**changes: Any) -> Calendar:
    return CALENDAR.model_copy(update={"closed": Calendar.model_validate({"closed": [{**QUIET, **changes}]}).closed})


def checked(before: Calendar, after: Calendar, of: Venue | None = None) -> list[tuple[str, str, bool]]:
    """A week that is clean by one calendar, looked at by another: rule, place, hard."""
    week = raw_week(make_facts(before), of)
    found = faults(week, make_facts(after), of)
    return [(rule, where, one.hard) for (rule, where), one in zip(told(found), found, strict=True)]


def test_a_lecture_that_is_planned_in_quiet_hours_is_a_hard_fault() -> None:
    assert ("closed", LECTURE_AT, True) in checked(CALENDAR, with_quiet())


def test_a_lecture_that_cannot_be_held_is_remembered_but_breaks_nothing() -> None:
    assert checked(with_quiet(), with_quiet()) == [("closed", LECTURE_AT, False)]


def test_an_event_that_runs_into_a_quiet_day_is_a_hard_fault() -> None:
    late = {"title": "夜场", "date": "2026-11-26", "at": "23:30", "minutes": 60}
    before = CALENDAR.model_copy(update={"activity": Calendar.model_validate({"activity": [late]}).activity})
    day = Calendar.model_validate({"closed": [{"from": "2026-11-27", "to": "2026-11-27"}]})
    after = before.model_copy(update={"closed": day.closed})
    hard = [place for rule, place, hard in checked(before, after) if hard and rule == "closed" and "-26 " in place]
    assert hard == ["square-01 2026-11-26 23:30:00"]


def test_lessons_after_midnight_of_the_night_before_a_quiet_day_are_found() -> None:
    night = venue(windows="每天 23:50-00:20")
    day = Calendar.model_validate({"closed": [{"from": "2026-11-25", "to": "2026-11-25", "venues": "广场"}]})
    found = checked(Calendar(), day, night)
    assert ("windows", "square-01 2026-11-24 23:50:00", True) in found
    assert [place for rule, place, hard in found if rule == "closed" and hard and "11-25 00:" in place]


def test_an_event_outside_the_opening_hours_of_an_open_day_is_remarked() -> None:
    late = Calendar.model_validate({"lecture": [{"title": "夜话", "weekday": "周三", "at": "21:00", "minutes": 30}]})
    assert checked(late, late) == [("closed", "square-01 2026-11-25 21:00:00", False)]


def test_an_event_on_a_day_without_a_programme_is_no_remark() -> None:
    study = venue(kind="站点", windows="周四 18:30-20:30", id="station-01", profile="led-512x320")
    calendar = Calendar.model_validate(
        {"lecture": [{"title": "夜话", "weekday": "周三", "at": "19:00", "minutes": 30}]}
    )
    assert checked(calendar, calendar, study) == []


def test_an_event_that_lasts_past_midnight_fills_the_first_minutes_of_the_next_day() -> None:
    late = {"title": "跨年", "date": "2026-11-24", "at": "23:30", "minutes": 60}
    calendar = Calendar.model_validate({"activity": [late]})
    week = raw_week(make_facts(calendar), venue(windows="每天 0:00-1:00"))
    wednesday = week["days"][2]
    wednesday["slots"] = [one for one in wednesday["slots"] if one["start"] >= "2026-11-25T00:30"]
    found = faults(week, make_facts(calendar), venue(windows="每天 0:00-1:00"))
    assert "unfilled" not in {rule for rule, _ in told(found)}
    week["days"][3]["slots"] = wednesday["slots"][:0]
    found = faults(week, make_facts(calendar), venue(windows="每天 0:00-1:00"))
    assert "unfilled" in {rule for rule, _ in told(found)}


def test_an_event_after_midnight_belongs_to_the_evening_it_lies_in() -> None:
    night, new_year = venue(windows="每天 22:30-00:30"), {"title": "跨年", "date": "2026-11-26", "at": "00:10"}
    calendar = Calendar.model_validate({"activity": [{**new_year, "minutes": 10}]})
    assert checked(calendar, calendar, night) == []
    week = raw_week(make_facts(calendar), night)
    held = [
        (day["date"], slot["start"]) for day in week["days"] for slot in day["slots"] if slot["kind"] == "activity"
    ]
    assert held == [("2026-11-25", "2026-11-26T00:10:00+08:00")]
