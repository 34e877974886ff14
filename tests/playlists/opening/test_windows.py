"""Quiet days and hours, evenings that run past midnight, and what the planner and the checker each make of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.almanac.days import moment
from playlists.checking.facts import WantedDay
from playlists.checking.wanted import wanted_week, wanted_windows
from playlists.files.calendar import Calendar
from playlists.files.venues import Venue
from playlists.opening.events import held_on, span_of
from playlists.opening.windows import opening_on, quiet_on, why_shut
from playlists.schedules.schedule import Window, monday_of
from tests.playlists.factories import venue

CHINA = ZoneInfo("Asia/Shanghai")
WEEK = "2026-W49"
NIGHT = "每天 22:30-00:30"
LECTURE = {"title": "农家夜话", "weekday": "周三", "at": "19:30", "minutes": 30}


def calendar(**parts: Any) -> Calendar:
    return Calendar.model_validate(parts)


def quiet(first: str, last: str = "", hours: str = "", reason: str = "高考") -> dict[str, str]:
    return {"from": first, "to": last or first, "hours": hours, "reason": reason}


def day_of(said: str) -> date:
    return date.fromisoformat(said)


def shown(windows: tuple[Window, ...]) -> list[str]:
    return [f"{one.start:%d %H:%M}-{one.end:%d %H:%M}" for one in windows]


def both(some: Calendar, of: Venue, day: str, zone: ZoneInfo = CHINA) -> list[str]:
    """The windows of a day, of which the planner and the checker must think alike."""
    planned = opening_on(some, of, day_of(day), zone)
    assert wanted_windows(of, some, day_of(day), zone) == planned
    return shown(planned)


def wanted(some: Calendar, of: Venue, day: str, zone: ZoneInfo = CHINA) -> WantedDay:
    """What the checker asks of that day."""
    week = day_of(day).isocalendar()
    return wanted_week(of, some, f"{week.year}-W{week.week:02}", zone)[day_of(day).weekday()]


def test_a_quiet_day_ends_the_evening_before_it_at_midnight() -> None:
    some = calendar(closed=[quiet("2026-12-03", reason="哀悼日")])
    assert both(some, venue(windows=NIGHT), "2026-12-02") == ["02 22:30-03 00:00"]
    assert both(some, venue(windows=NIGHT), "2026-12-03") == []
    assert both(some, venue(windows=NIGHT), "2026-12-04") == ["04 22:30-05 00:30"]


def test_quiet_hours_of_the_next_day_cut_the_night_of_this_one() -> None:
    some = calendar(closed=[quiet("2026-12-03", "2026-12-04", "00:00-06:00")])
    found = [both(some, venue(windows=NIGHT), f"2026-12-0{day}") for day in (1, 2, 3, 4)]
    assert found == [["01 22:30-02 00:30"], ["02 22:30-03 00:00"], ["03 22:30-04 00:00"], ["04 22:30-05 00:30"]]


def test_quiet_hours_over_midnight_reach_into_the_morning() -> None:
    some = calendar(closed=[quiet("2026-12-06", hours="23:00-01:00")])
    sunday, monday = venue(windows=NIGHT), venue(windows="每天 0:00-2:00")
    assert both(some, sunday, "2026-12-06") == ["06 22:30-06 23:00"]
    assert both(some, monday, "2026-12-07") == ["07 01:00-07 02:00"]


def test_quiet_days_at_the_end_of_the_year_cut_the_last_night() -> None:
    some = calendar(closed=[quiet("2027-01-01")])
    assert both(some, venue(windows=NIGHT), "2026-12-31") == ["31 22:30-01 00:00"]


def test_a_market_night_and_the_next_morning_are_open_once() -> None:
    of = venue(windows="每天 0:00-2:00；集日 22:00-1:00", market_day="逢六")
    assert both(Calendar(), of, "2026-12-06") == ["06 00:00-06 02:00", "06 22:00-07 01:00"]
    # Sunday night runs into the next week.
    assert both(Calendar(), of, "2026-12-07") == ["07 01:00-07 02:00"]


def test_a_morning_that_belongs_to_the_evening_before_is_not_called_closed() -> None:
    of = venue(windows="每天 0:00-1:00；集日 22:00-1:00", market_day="逢六")
    assert both(Calendar(), of, "2026-12-07") == []
    assert why_shut(Calendar(), of, day_of("2026-12-07"), CHINA) == ""


def test_hours_that_quiet_takes_wholly_close_the_day_with_its_reason() -> None:
    some = calendar(closed=[quiet("2026-12-02", hours="18:00-21:00")])
    assert why_shut(some, venue(), day_of("2026-12-02"), CHINA) == "高考"
    assert why_shut(some, venue(), day_of("2026-12-03"), CHINA) == ""


@pytest.mark.parametrize(
    ("closed", "at", "held"),
    [
        (quiet("2026-12-02", hours="19:00-20:00"), "19:30", False),
        (quiet("2026-12-02", hours="19:00-19:30"), "19:30", True),
        (quiet("2026-12-02", hours="20:00-21:00"), "19:30", True),
        (quiet("2026-12-02", hours="20:00-21:00"), "19:31", False),
        (quiet("2026-12-01", hours="23:00-01:00"), "00:30", False),
        (quiet("2026-12-03", hours="00:00-06:00"), "23:45", False),
        (quiet("2026-12-03"), "23:45", False),
        (quiet("2026-12-02"), "19:30", False),
    ],
)
def test_no_lecture_is_held_in_quiet_time(closed: dict[str, str], at: str, *, held: bool) -> None:
    some = calendar(lecture=[{**LECTURE, "at": at}], closed=[closed])
    events = held_on(some, venue(), day_of("2026-12-02"), CHINA)
    assert (len(events.held), len(events.refused)) == ((1, 0) if held else (0, 1))
    asked = wanted(some, venue(), "2026-12-02")
    assert len(asked.events) == held
    # Of a day that is closed as a whole nothing is asked.
    assert len(asked.refused) == (not held and asked.closed is None)


def test_an_event_that_cannot_be_held_moves_no_other() -> None:
    evening = {"title": "晚会", "date": "2026-12-02", "at": "19:00", "minutes": 60}
    some = calendar(lecture=[LECTURE], activity=[evening], closed=[quiet("2026-12-02", hours="18:30-19:30")])
    (one,) = held_on(some, venue(), day_of("2026-12-02"), CHINA).held
    assert (one.event.title, one.starts, one.moved) == ("农家夜话", 1170, False)
    assert [(each.title, f"{each.at:%H:%M}") for each in wanted(some, venue(), "2026-12-02").events] == [
        ("农家夜话", "19:30")
    ]


def test_an_event_that_lasts_past_midnight_goes_before_those_of_the_next_day() -> None:
    late = {"title": "跨年", "date": "2026-12-31", "at": "23:30", "minutes": 120}
    early = {"title": "守岁", "date": "2027-01-01", "at": "00:30", "minutes": 30}
    some = calendar(activity=[late, early])
    (one,) = held_on(some, venue(), day_of("2027-01-01"), CHINA).held
    assert (one.starts, one.moved) == (90, True)
    assert [f"{each.at:%d %H:%M}" for each in wanted(some, venue(), "2027-01-01").events] == ["01 01:30"]


def test_quiet_hours_are_compared_by_the_real_time_of_a_night_on_which_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    # From 1:00 two hours pass until 4:00 on the clock.
    some = calendar(
        activity=[{"title": "夜", "date": "2026-03-29", "at": "1:00", "minutes": 120}],
        closed=[quiet("2026-03-29", hours="3:30-5:00")],
    )
    assert held_on(some, venue(), day_of("2026-03-29"), berlin).held == ()
    assert len(wanted(some, venue(), "2026-03-29", berlin).refused) == 1
    jumped = calendar(closed=[quiet("2026-03-29", hours="2:00-3:00")])
    assert both(jumped, venue(windows="每天 1:00-4:00"), "2026-03-29", berlin) == ["29 01:00-29 04:00"]


HOURS = st.sampled_from(
    [
        "每天 22:30-00:30",
        "每天 0:00-2:00；集日 22:00-1:00",
        "每天 18:30-20:30",
        "周六、周日 20:00-8:00；集日 7:00-9:00",
    ]
)
SPANS = st.sampled_from(["", "00:00-06:00", "23:00-01:00", "19:00-20:00", "12:00-次日11:00"])
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe")])
DAYS = st.one_of(
    st.dates(date(2025, 12, 20), date(2026, 1, 10)),
    st.sampled_from([date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25), date(2026, 4, 5)]),
)


@settings(max_examples=60, deadline=None)
@given(
    windows=HOURS,
    zone=ZONES,
    day=DAYS,
    spans=st.lists(st.tuples(st.integers(-2, 1), st.integers(0, 2), SPANS), max_size=2),
    at=st.lists(st.sampled_from(["0:30", "1:30", "19:10", "23:30"]), min_size=1, max_size=3),
)
def test_planner_and_checker_agree_and_nothing_is_open_twice_or_when_it_is_quiet(
    windows: str, zone: ZoneInfo, day: date, spans: list[tuple[int, int, str]], at: list[str]
) -> None:
    closed = [
        quiet(str(day + timedelta(days=first)), str(day + timedelta(days=first + length)), hours)
        for first, length, hours in spans
    ]
    activity = [
        {"title": f"活动{n}", "date": str(day + timedelta(days=n % 2)), "at": one, "minutes": 90}
        for n, one in enumerate(at)
    ]
    some, of = calendar(closed=closed, activity=activity), venue(windows=windows, market_day="逢五、十")
    found = [opening_on(some, of, day + timedelta(days=n), zone) for n in range(-1, 2)]
    assert found == [wanted_windows(of, some, day + timedelta(days=n), zone) for n in range(-1, 2)]
    open_time = [(one.start, one.end) for each in found for one in each]
    assert all(before[1] <= after[0] for before, after in pairwise(open_time))
    hushed = [one for n in range(-1, 2) for one in quiet_on(some, of, day + timedelta(days=n), zone)]
    assert not any(one.start < end and start < one.end for one in hushed for start, end in open_time)
    events = held_on(some, of, day, zone).held
    taken = sorted(span_of(one.event, one.starts, day, zone) for one in events)
    assert not any(one.start < end and start < one.end for one in hushed for start, end in taken)
    asked = wanted(some, of, str(day), zone)
    if asked.closed is None:
        assert [(one.at, one.title) for one in asked.events] == [
            (moment(day, one.starts, zone), one.event.printed) for one in events
        ]


def test_the_week_of_the_checker_names_quiet_time_once_where_it_lies() -> None:
    some = calendar(closed=[quiet("2026-12-02", "2026-12-03")])
    monday = monday_of(WEEK)
    assert wanted_week(venue(), some, WEEK, CHINA)[0].quiet == ()
    (tuesday, wednesday) = wanted_week(venue(), some, WEEK, CHINA)[1:3]
    assert [one.start for one in tuesday.quiet] == [moment(monday + timedelta(days=2), 0, CHINA)]
    assert wednesday.quiet[0].start < datetime(2026, 12, 2, 12, tzinfo=UTC) < wednesday.quiet[-1].end


def test_an_event_after_midnight_is_of_the_evening_that_is_open_then_and_only_of_that() -> None:
    some = calendar(activity=[{"title": "跨年", "date": "2027-01-01", "at": "00:10", "minutes": 10}])
    late, eve, day = venue(windows="每天 22:30-00:30"), day_of("2026-12-31"), day_of("2027-01-01")
    (one,) = held_on(some, late, eve, CHINA).held
    assert (one.starts, one.moved) == (24 * 60 + 10, False)
    assert held_on(some, late, day, CHINA).held == ()
    # Where no evening lasts so long, it is one of its own day.
    assert [one.starts for one in held_on(some, venue(), day, CHINA).held] == [10]
    assert held_on(some, venue(), eve, CHINA).held == ()
    ends_before = venue(windows="每天 22:30-00:10")
    assert [one.starts for one in held_on(some, ends_before, day, CHINA).held] == [10]


def test_the_night_of_an_evening_that_is_closed_holds_nothing_of_the_next_day() -> None:
    new_year = {"title": "跨年", "date": "2027-01-01", "at": "00:10", "minutes": 10}
    some = calendar(activity=[new_year], closed=[quiet("2026-12-31", "2026-12-31")])
    late = venue(windows="每天 22:30-00:30")
    assert held_on(some, late, day_of("2026-12-31"), CHINA).held == ()
    assert [one.starts for one in held_on(some, late, day_of("2027-01-01"), CHINA).held] == [10]


def test_a_rarer_event_after_midnight_moves_what_runs_into_it() -> None:
    new_year = {"title": "跨年", "date": "2027-01-01", "at": "00:10", "minutes": 10}
    weekly = {"title": "农家夜话", "weekday": "周四", "at": "23:50", "minutes": 30}
    some, late = calendar(activity=[new_year], lecture=[weekly]), venue(windows="每天 22:30-00:50")
    held = held_on(some, late, day_of("2026-12-31"), CHINA).held
    assert [(one.event.title, one.starts - 24 * 60) for one in held] == [("跨年", 10), ("农家夜话", 20)]
