from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from courseware.errors import InputError
from playlists.files.calendar import Calendar, check_calendar, load_calendar
from playlists.opening.events import asked_on, events_of
from playlists.opening.windows import closed_because
from tests.playlists.factories import days, venue

WEDNESDAY = date(2026, 11, 25)


def calendar(**parts: Any) -> Calendar:
    return Calendar.model_validate(parts)


def event(**changes: Any) -> dict[str, Any]:
    return {"title": "农家夜话", "at": "19:30", "minutes": 30, **changes}


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ({"weekday": "周三"}, [4, 11, 18, 25]),
        ({"monthly": "第二个周六"}, [14]),
        ({"monthly": "15日"}, [15]),
        ({"monthly": "最后一个周五"}, [27]),
        ({"date": date(2026, 11, 28)}, [28]),
        ({"date": "2026-11-28"}, [28]),
    ],
)
def test_events_fall_on_their_days_of_november(rule: dict[str, Any], held: list[int]) -> None:
    some = calendar(lecture=[event(**rule)])
    assert [day.day for day in days("2026-11-01", "2026-11-30") if events_of(asked_on(some, venue(), day))] == held


@pytest.mark.parametrize(
    ("venues", "meant"),
    [("*", True), ("广场", True), (["station", "square-01"], True), ("square-02", False), (["站点"], False)],
)
def test_an_event_is_for_all_for_kinds_or_for_single_venues(venues: object, *, meant: bool) -> None:
    some = calendar(lecture=[event(weekday="周三", venues=venues)])
    assert bool(events_of(asked_on(some, venue(), WEDNESDAY))) is meant


def test_of_two_events_that_collide_the_rarer_keeps_its_time() -> None:
    some = calendar(
        lecture=[event(weekday="周三", title="宣讲")],
        activity=[event(monthly="25日", title="活动", at="19:20", minutes=45), event(date=WEDNESDAY, title="晚会")],
    )
    held = [(one.event.title, one.starts, one.moved) for one in events_of(asked_on(some, venue(), WEDNESDAY))]
    assert held == [("晚会", 1170, False), ("活动", 1200, True), ("宣讲", 1245, True)]


def test_a_quiet_period_closes_from_its_first_day_to_its_last() -> None:
    some = calendar(closed=[{"from": date(2027, 6, 7), "to": date(2027, 6, 9), "reason": "高考", "venues": "广场"}])
    june = days("2027-06-05", "2027-06-11")
    assert [day.day for day in june if closed_because(some, venue(), day) == "高考"] == [7, 8, 9]
    assert closed_because(some, venue(kind="站点"), date(2027, 6, 8)) is None


def test_every_mistake_is_named_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text(
        '[[lecture]]\ntitle = "一"\nat = "7点半"\nminutes = 0\nweekday = "周八"\n'
        '[[lecture]]\nat = "19:30"\nminutes = 30\nweekday = "周三"\n'
        '[[activity]]\ntitle = "二"\nat = "24:00"\nminutes = 30\nmonthly = "周三"\n'
        '[[activity]]\ntitle = "三"\nat = "19:00"\nminutes = 30\nmonthly = "15日"\ndate = 2026-11-28\n'
        "[[closed]]\nfrom = 2027-06-09\nto = 2027-06-07\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_calendar(path)
    places = {one.where.removeprefix("calendar.toml: ") for one in caught.value.problems}
    assert places == {
        "lecture.1.at",
        "lecture.1.minutes",
        "lecture.1.weekday",
        "lecture.2",
        "activity.1.at",
        "activity.1.monthly",
        "activity.2",
        "closed.1",
    }


def test_dates_may_be_written_as_spreadsheets_do_and_ends_before_beginnings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text('[[closed]]\nfrom = "2026/12/2"\nto = "2026年12月3日"\n', encoding="utf-8")
    assert load_calendar(path).closed[0].last == date(2026, 12, 3)
    path.write_text(
        '[[closed]]\nfrom = 2026-12-02\nto = 2026-12-02\nhours = "19:00-19:00"\n'
        "[[holiday]]\nfrom = 2026-12-03\nto = 2026-12-02\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_calendar(path)
    assert [one.where for one in caught.value.problems] == [
        "calendar.toml: closed.1.hours",
        "calendar.toml: holiday.1",
    ]


def test_an_empty_file_is_a_calendar_without_events(tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text("", encoding="utf-8")
    assert load_calendar(tmp_path / "calendar.toml") == Calendar()


def test_venues_that_do_not_exist_are_found() -> None:
    some = calendar(lecture=[event(weekday="周三", venues=["广场", "squar-01"])])
    (problem,) = check_calendar(some, (venue(),))
    assert problem.where == "calendar.toml: lecture.1.venues"
    assert "square-01" in str(problem.what)
