from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playlists.files.calendar import Calendar
from playlists.planning.planner import plan_week
from playlists.schedules.diff import arrival, departure, differences, document, row, sentence
from playlists.schedules.schedule import Day, Schedule
from tests.playlists.factories import catalogue, programme, venue

CHINA = ZoneInfo("Asia/Shanghai")


def week(**parts: Any) -> Schedule:
    lessons, renditions = catalogue([310, 370, 290, 410, 330, 260, 450, 505])
    return plan_week(venue(), programme(), Calendar.model_validate(parts), renditions, lessons, "2026-W48", CHINA)


def with_monday(schedule: Schedule, **changes: Any) -> Schedule:
    monday: Day = schedule.days[0].model_copy(update=changes)
    return schedule.model_copy(update={"days": (monday, *schedule.days[1:])})


def said(before: Schedule, after: Schedule) -> list[str]:
    return [str(sentence(one)) for one in differences(before, after)]


def test_nothing_differs_from_itself() -> None:
    assert differences(week(), week()) == ()


def test_a_showing_in_place_of_another_is_said_in_words() -> None:
    before = week()
    slots = before.days[0].slots
    other = slots[0].model_copy(update={"lesson": "x", "title": "新课"})
    after = with_monday(before, slots=(other, *slots[1:]))
    assert said(before, after) == [f"文化广场, 11-23 Mon 18:30:00: “新课” instead of “{slots[0].title}”"]
    (change,) = differences(before, after)
    assert [str(cell) for cell in row(change)] == ["文化广场", "11-23 Mon", "18:30:00", slots[0].title, "新课"]
    assert document([change])[0]["at"] == "2026-11-23T18:30:00+08:00"


def test_a_showing_that_moved_is_not_called_new_and_gone() -> None:
    before = week()
    slots = list(before.days[0].slots)
    later = slots[-1].model_copy(update={"start": slots[-1].start + timedelta(seconds=5)})
    after = with_monday(before, slots=(*slots[:-1], later))
    (change,) = differences(before, after)
    assert change.kind == "moved"
    assert "instead of" in str(sentence(change))


def test_new_and_gone_showings_and_hours_are_told() -> None:
    before = week()
    shorter = with_monday(before, slots=before.days[0].slots[:-1])
    assert [one.kind for one in differences(before, shorter)] == ["removed"]
    assert [one.kind for one in differences(shorter, before)] == ["added"]
    closed = week(closed=[{"from": "2026-11-23", "to": "2026-11-23"}])
    kinds = [one.kind for one in differences(before, closed) if one.day.day == 23]
    assert kinds[0] == "hours"
    assert set(kinds[1:]) == {"removed"}
    assert said(before, closed)[0] == "文化广场, 11-23 Mon: closed instead of open 18:30-20:30"
    assert said(closed, before)[0] == "文化广场, 11-23 Mon: open 18:30-20:30 instead of —"


def test_a_closed_day_says_why() -> None:
    mourning = week(closed=[{"from": "2026-11-23", "to": "2026-11-23", "reason": "哀悼日"}])
    assert said(week(), mourning)[0] == "文化广场, 11-23 Mon: closed instead of open 18:30-20:30: 哀悼日"
    change = differences(week(), mourning)[0]
    assert str(row(change)[-1]) == "closed: 哀悼日"
    assert document([change])[0]["reason"] == "哀悼日"


def test_venues_that_come_and_go_are_told() -> None:
    assert str(sentence(arrival(week()))) == "文化广场: was not published yet"
    assert str(sentence(departure(week()))) == "文化广场: was published, but is no longer in venues.csv"


def test_another_speaker_is_a_change() -> None:
    lecture = {"title": "夜话", "weekday": "周三", "at": "15:00", "minutes": 30, "speaker": "李老师"}
    one, other = week(lecture=[lecture]), week(lecture=[{**lecture, "speaker": "王老师"}])
    (change,) = differences(one, other)
    assert (change.kind, change.at) == ("replaced", datetime(2026, 11, 25, 15, tzinfo=CHINA))
