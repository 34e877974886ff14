from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.validate import Complaint
from playlists.almanac.days import parse_day_rule
from playlists.almanac.farming import TIMES, is_time, suits, term_of
from playlists.almanac.lunar import lunar_day
from playlists.almanac.occasions import Occasion, in_span, is_statutory, parse_dates, parse_when, public_holiday
from playlists.files.calendar import Calendar
from playlists.opening.usual import occasion_at
from playlists.opening.windows import occasion_on, opening_on
from tests.playlists.factories import days, venue

CHINA = ZoneInfo("Asia/Shanghai")
SHEET = "冬季 每天 18:00-20:00；夏季 19:30-21:30；集日 8:00-10:00；节假日 9:00-11:00"


def hours(windows: str, day: str, calendar: Calendar | None = None, **changes: str) -> list[str]:
    at = venue(windows=windows, **changes)
    found = opening_on(calendar or Calendar(), at, date.fromisoformat(day), CHINA)
    return [f"{one.start:%H:%M}-{one.end:%H:%M}" for one in found]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-23", ["18:00-20:00"]),
        ("2026-07-15", ["19:30-21:30"]),
        ("2026-11-26", ["08:00-10:00", "18:00-20:00"]),
        ("2026-10-01", ["09:00-11:00", "18:00-20:00"]),
        ("2026-05-09", ["19:30-21:30"]),  # a Saturday on which people work
    ],
)
def test_windows_follow_season_holiday_and_market_day(day: str, expected: list[str]) -> None:
    assert hours(SHEET, day, market_day="逢六") == expected


def test_hours_for_a_holiday_replace_those_of_any_day() -> None:
    assert hours("每天 18:30-20:30；节假日 14:00-16:00", "2026-10-01") == ["14:00-16:00"]
    assert hours("每天 18:30-20:30；节假日 14:00-16:00", "2026-11-23") == ["18:30-20:30"]


def test_market_hours_that_touch_others_become_one_window() -> None:
    assert hours("每天 9:00-11:00；集日 8:00-10:00", "2026-11-26", market_day="逢六") == ["08:00-11:00"]


def test_a_window_past_midnight_may_belong_to_a_season() -> None:
    assert hours("夏季 周六 20:00-次日0:30；每天 19:00-20:00", "2026-07-18") == ["20:00-00:30"]


def test_the_countys_own_seasons_holidays_and_market_days_go_first() -> None:
    calendar = Calendar.model_validate(
        {
            "seasons": {"夏季": "4月至11月", "冬季": "12月至3月"},
            "holiday": [{"date": "2026-11-24", "name": "丰收节"}],
            "workday": [{"from": "2026-11-28", "to": "2026-11-29"}],
            "market": [{"venues": "广场", "days": "农历逢五"}],
        }
    )
    assert hours(SHEET, "2026-11-25", calendar) == ["19:30-21:30"]
    assert hours(SHEET, "2026-11-24", calendar) == ["09:00-11:00", "19:30-21:30"]
    assert hours(SHEET, "2026-11-28", calendar) == ["19:30-21:30"]
    market = [day for day in days("2026-11-01", "2026-11-30") if occasion_on(calendar, venue(), day).market]
    assert {lunar_day(day) % 10 for day in market} == {5}


def test_quiet_hours_are_cut_out_and_quiet_days_close() -> None:
    calendar = Calendar.model_validate(
        {
            "closed": [
                {"from": "2026-06-07", "to": "2026-06-09", "hours": "19:00-19:30", "reason": "高考"},
                {"from": "2026-06-10", "to": "2026-06-10", "reason": "哀悼日"},
            ]
        }
    )
    assert hours("每天 18:30-20:30", "2026-06-08", calendar) == ["18:30-19:00", "19:30-20:30"]
    assert hours("每天 19:00-19:30", "2026-06-08", calendar) == []
    assert hours("每天 18:30-20:30", "2026-06-10", calendar) == []


def test_a_year_without_announced_holidays_counts_weekends() -> None:
    assert public_holiday(date(2039, 10, 8)) is None
    assert Occasion(date(2039, 10, 8)).off  # a Saturday
    assert not Occasion(date(2039, 10, 10)).off


def test_holidays_that_the_law_names_need_no_announcement() -> None:
    every = (date(2039, 1, 1).replace(month=month, day=day) for month in range(1, 13) for day in range(1, 29))
    found = [f"{day:%m-%d}" for day in every if public_holiday(day)]
    # 端午 is on 27 May, not a month later in the leap fifth month; 中秋 on 2 October.
    spring, others = ["01-23", "01-24", "01-25", "01-26"], ["04-05", "05-01", "05-02"]
    assert found == ["01-01", *spring, *others, "05-27", "10-01", "10-02", "10-03"]


@pytest.mark.parametrize(("eve", "first"), [("2028-01-25", "2028-01-26"), ("2030-02-02", "2030-02-03")])
def test_new_years_eve_is_the_last_day_of_the_lunar_year_whatever_its_number(eve: str, first: str) -> None:
    assert is_statutory(date.fromisoformat(eve))
    assert is_statutory(date.fromisoformat(first))
    assert not is_statutory(date.fromisoformat(eve) - timedelta(days=1))


@pytest.mark.parametrize(
    "said",
    ["周末", "节假日", "上班日", "集日", "冬季 周六、周日", "11月至3月", "5月1日-9月30日", "逢六", "农历初五、十五"],
)
def test_kinds_of_days_are_understood(said: str) -> None:
    held = [
        day
        for day in days("2026-01-01", "2026-12-31")
        if parse_when(said).holds(occasion_at(venue(market_day="逢一"), day))
    ]
    assert 0 < len(held) < 365


@pytest.mark.parametrize("said", ["有空的时候", "13月", "2月30日-3月1日", "逢十一", "农历三十一"])
def test_what_is_no_kind_of_day_is_refused(said: str) -> None:
    with pytest.raises(Complaint):
        parse_when(said)


@given(first=st.integers(1, 12), last=st.integers(1, 12), day=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_span_over_the_new_year_is_the_rest_of_the_year_turned_round(first: int, last: int, day: date) -> None:
    months = {(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)}
    assert in_span(parse_dates(f"{first}月至{last}月"), day) == (day.month in months)


def test_lunar_market_days_go_on_through_a_leap_month() -> None:
    rule = parse_day_rule("农历逢三六九")
    # 2025 has a leap sixth month, from 25 July to 22 August.
    held = [day for day in days("2025-07-25", "2025-08-22") if rule.picks(day)]
    assert [lunar_day(day) for day in held] == [3, 6, 9, 13, 16, 19, 23, 26, 29]


@pytest.mark.parametrize(
    ("season", "day", "fits"),
    [
        ("3月", "2026-03-15", True),
        ("3-5月", "2026-06-01", False),
        ("3-5月", "2026-04-01", True),
        ("３～５月", "2026-05-31", True),
        ("11-2月", "2027-01-15", True),
        ("11月至次年2月", "2027-03-01", False),
        ("10月1日至次年4月30日", "2027-04-30", True),
        ("立春—谷雨", "2026-03-01", True),
        ("立春——谷雨", "2026-05-20", False),
        ("清明节前后", "2026-04-10", True),
        ("清明前后", "2026-04-10", True),
        ("立春至谷雨", "2026-03-01", True),
        ("冬季", "2026-01-10", True),
        ("冬至至大寒", "2026-01-02", True),
        ("水稻", "2026-06-01", False),
    ],
)
def test_a_lesson_suits_the_days_of_its_season(season: str, day: str, fits: bool) -> None:
    assert suits([season], date.fromisoformat(day)) is fits


def test_words_that_are_no_time_of_the_year_are_known_for_it() -> None:
    assert all(is_time(one) for one in ("3月", "3-5月", "清明前后", "立春至谷雨", "春季", "5月1日-9月30日"))
    assert not any(is_time(one) for one in ("水稻", "育秧", "青明", "13月", "雨季"))
    assert all(is_time(one) for one in TIMES)


def test_every_day_ends_the_condition_before_it() -> None:
    windows = "节假日 9:00-11:00，每天 19:00-20:30"
    assert hours(windows, "2026-11-25") == ["19:00-20:30"]
    assert hours(windows, "2026-10-01") == ["09:00-11:00"]
    assert hours("冬季 每天 18:00-19:00，20:00-21:00；夏季 每天 9:00-10:00", "2026-11-25") == [
        "18:00-19:00",
        "20:00-21:00",
    ]


def test_solar_terms_are_named_by_the_day_they_begin_on() -> None:
    assert (term_of(date(2026, 11, 6)), term_of(date(2026, 11, 7))) == ("霜降", "立冬")
