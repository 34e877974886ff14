from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import InputError
from courseware.validate import Complaint
from playlists.almanac.days import (
    DayRule,
    moment,
    parse_clock,
    parse_day,
    parse_day_rule,
    parse_span,
    parse_weekdays,
    week_in,
    week_of,
)
from playlists.files.rows import parse_whole
from tests.playlists.factories import days

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("每天", (1, 2, 3, 4, 5, 6, 7)),
        ("周一至周五", (1, 2, 3, 4, 5)),
        ("周一至五", (1, 2, 3, 4, 5)),
        ("星期六、日", (6, 7)),
        ("礼拜天", (7,)),
        ("每周四", (4,)),
        ("周六至周一", (1, 6, 7)),
        ("工作日，周日", (1, 2, 3, 4, 5, 7)),
        ("Mon-Fri", (1, 2, 3, 4, 5)),
        ("Saturdays and Sunday", (6, 7)),
        ("daily", (1, 2, 3, 4, 5, 6, 7)),
        ("周３", (3,)),
    ],
)
def test_weekdays_are_read_as_people_write_them(said: str, meant: tuple[int, ...]) -> None:
    assert parse_weekdays(said) == meant


@pytest.mark.parametrize("said", ["", "周八", "周", "Fried", "初一", "周一至", "8"])
def test_what_is_no_weekday_is_refused(said: str) -> None:
    with pytest.raises(Complaint):
        parse_weekdays(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("周二、周五", DayRule(weekdays=(2, 5))),
        ("每月5日", DayRule(month_days=(5,))),
        ("每月１５号、5日", DayRule(month_days=(5, 15))),
        ("15日", DayRule(month_days=(15,))),
        ("逢六", DayRule(digits=(6,))),
        ("逢三逢八", DayRule(digits=(3, 8))),
        ("逢五、十", DayRule(digits=(0, 5))),
        ("逢10", DayRule(digits=(0,))),
        ("第二个周六", DayRule(nth=((2, 6),))),
        ("每月第1个星期日", DayRule(nth=((1, 7),))),
        ("最后一个周五", DayRule(nth=((-1, 5),))),
        ("second Saturday", DayRule(nth=((2, 6),))),
        ("last Fri", DayRule(nth=((-1, 5),))),
        ("最后一个Friday", DayRule(nth=((-1, 5),))),
        ("每月最后一天", DayRule(month_days=(31,))),
        ("最后一日", DayRule(month_days=(31,))),
        ("每月5日、月底", DayRule(month_days=(5, 31))),
        ("每月第一天", DayRule(month_days=(1,))),
        ("每月第3日", DayRule(month_days=(3,))),
        ("每个月第十五天", DayRule(month_days=(15,))),
        ("每月二十号", DayRule(month_days=(20,))),
        ("每月三十一日", DayRule(month_days=(31,))),
        ("周一—周三", DayRule(weekdays=(1, 2, 3))),
    ],
)
def test_day_rules_are_read_as_people_write_them(said: str, meant: DayRule) -> None:
    assert parse_day_rule(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "逢",
        "逢十一",
        "每月32日",
        "0日",
        "每月",
        "第五个周六",
        "第二个",
        "fifth Sat",
        "天天向上",
        "最后",
        "第六个周六",
        "每月十十日",
    ],
)
def test_what_is_no_day_rule_is_refused(said: str) -> None:
    with pytest.raises(Complaint):
        parse_day_rule(said)


@pytest.mark.parametrize(
    ("said", "picked"),
    [
        ("逢六", [6, 16, 26]),
        ("逢十", [10, 20, 30]),
        ("第二个周六", [14]),
        ("最后一个周一", [30]),
        ("每月31日", [30]),
        ("每月最后一天", [30]),
        ("每月第3日", [3]),
        ("周日", [1, 8, 15, 22, 29]),
    ],
)
def test_a_rule_picks_its_days_of_november_2026(said: str, picked: list[int]) -> None:
    rule = parse_day_rule(said)
    assert [day.day for day in days("2026-11-01", "2026-11-30") if rule.picks(day)] == picked


def test_the_30th_of_february_is_its_last_day_but_no_market_day() -> None:
    february = days("2027-02-01", "2027-02-28")
    assert [day.day for day in february if parse_day_rule("每月30日").picks(day)] == [28]
    assert [day.day for day in february if parse_day_rule("逢十").picks(day)] == [10, 20]


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("19:30:00", 1170),
        ("７：０５：００", 425),
        ("19:30", 1170),
        ("１９：３０", 1170),
        ("9点", 540),
        ("9时5分", 545),
        ("24:00", 1440),
        ("0:00", 0),
    ],
)
def test_clock_times_are_read(said: str, minutes: int) -> None:
    assert parse_clock(said) == minutes


@pytest.mark.parametrize("said", ["24:01", "25:00", "19:60", "19:", "19", "七点", "-1:00", "19:30:15"])
def test_what_is_no_clock_time_is_refused(said: str) -> None:
    with pytest.raises(Complaint):
        parse_clock(said)


def test_a_time_that_clocks_jump_over_means_the_jump() -> None:
    jump = moment(date(2026, 3, 29), 2 * 60 + 30, BERLIN)
    assert (jump.hour, jump.minute, jump.utcoffset()) == (3, 0, timedelta(hours=2))


def test_a_time_that_happens_twice_means_the_first() -> None:
    assert moment(date(2026, 10, 25), 150, BERLIN).utcoffset() == timedelta(hours=2)


def test_time_after_midnight_runs_on_into_the_next_day() -> None:
    assert moment(date(2026, 12, 31), 25 * 60, ZoneInfo("Asia/Shanghai")).isoformat() == "2027-01-01T01:00:00+08:00"


def test_later_clock_times_never_come_earlier_even_when_clocks_change() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        moments = [moment(day, minutes, BERLIN).astimezone(UTC) for minutes in range(0, 25 * 60, 5)]
        assert moments == sorted(moments)


def test_a_day_of_the_week_is_a_date_or_a_weekday() -> None:
    monday = date(2026, 11, 23)
    said = ("周二", "2026-11-24", "Tue", "2026/11/24", "2026年11月24日", "２０２６．１１．２４", "2026-11-24 0:00:00")
    assert {parse_day(one, monday) for one in said} == {date(2026, 11, 24)}


@pytest.mark.parametrize("said", ["2026-11-30", "2026-11-31", "明天", ""])
def test_a_day_of_another_week_or_none_is_refused(said: str) -> None:
    with pytest.raises(InputError):
        parse_day(said, date(2026, 11, 23))


def test_the_first_days_of_2027_belong_to_week_53_of_2026() -> None:
    assert week_of(date(2027, 1, 3)) == week_in("2027-01-01") == "2026-W53"
    assert week_in("2027/1/1") == week_in("2027年1月3日") == "2026-W53"
    assert week_in("周二") == ""


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("60", 60),
        ("６０", 60),
        ("1,000", 1000),
        ("1，000", 1000),
        ("60.0", 60),
        ("60人", 60),
        (" 3 场", 3),
        ("-2", -2),
    ],
)
def test_numbers_are_read_as_spreadsheets_write_them(said: str, number: int) -> None:
    assert parse_whole(said) == number


@pytest.mark.parametrize("said", ["", "三", "6.5", "1,00", "60-80", "约60", "60只"])
def test_what_is_no_whole_number_is_refused(said: str) -> None:
    with pytest.raises(Complaint, match="must be a whole number"):
        parse_whole(said)


def test_a_stretch_of_time_that_ends_when_it_begins_is_refused() -> None:
    assert parse_span("00:00-24:00") == (0, 1440)
    assert parse_span("23:00—1:00") == (1380, 1500)
    with pytest.raises(Complaint, match="ends when it begins"):
        parse_span("19:00-19:00")


@pytest.mark.parametrize(("said", "ends"), [("22:30-00:30", 24.5), ("18:00-6:00", 30), ("20:00-次日19:00", 43)])
def test_a_night_goes_on_past_midnight(said: str, ends: float) -> None:
    assert parse_span(said)[1] == ends * 60


@pytest.mark.parametrize("said", ["20:00-19:00", "9:00-8:00", "17:59-6:00"])
def test_an_end_before_the_start_is_named(said: str) -> None:
    with pytest.raises(Complaint, match=f"{said}” ends before it begins; .* or .*-次日"):
        parse_span(said)


@pytest.mark.parametrize("said", ["第五个周六", "每月第5个星期天", "fifth Saturday"])
def test_a_fifth_weekday_is_refused_with_the_cure(said: str) -> None:
    with pytest.raises(Complaint, match="write 最后一个周六"):
        parse_day_rule(said)
