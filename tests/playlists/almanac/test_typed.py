from __future__ import annotations

from datetime import date, datetime

import pytest

from courseware.errors import InputError
from playlists.almanac.typed import date_typed, day_typed, moment_typed, month_typed, week_typed

TODAY = date(2026, 11, 28)  # a Saturday of week 48


@pytest.mark.parametrize(
    ("typed", "week"),
    [
        ("", ""),
        ("2026-w49", "2026-W49"),
        (" ２０２６-Ｗ４９ ", "2026-W49"),
        ("2026W49", "2026-W49"),
        ("2026年第49周", "2026-W49"),
        ("第49周", "2026-W49"),
        ("49周", "2026-W49"),
        ("w49", "2026-W49"),
        ("本周", "2026-W48"),
        ("这一周", "2026-W48"),
        ("下周", "2026-W49"),
        ("下个星期", "2026-W49"),
        ("下下周", "2026-W50"),
        ("上周", "2026-W47"),
        ("next week", "2026-W49"),
        ("2026-11-30", "2026-W49"),
        ("11.30", "2026-W49"),
        ("11月30日", "2026-W49"),
        ("后天", "2026-W49"),
        ("第2周", "2027-W02"),
        ("第53周", "2026-W53"),
        ("2026-W60", "2026-W60"),
        ("soon", "SOON"),
        ("49", "49"),
        ("99周", "99周"),
    ],
)
def test_a_week_is_taken_as_people_type_it_and_else_left_to_be_refused(typed: str, week: str) -> None:
    assert week_typed(typed, TODAY) == week


@pytest.mark.parametrize(
    ("typed", "day"),
    [("今天", "2026-11-28"), ("明天", "2026-11-29"), ("1.4", "2027-01-04"), ("周二", "周二"), ("", "")],
)
def test_a_day_is_taken_as_people_type_it(typed: str, day: str) -> None:
    assert day_typed(typed, TODAY) == day


def test_a_date_that_is_none_is_told_with_where_it_was_given() -> None:
    assert date_typed("", TODAY, "edit") is None
    assert date_typed("12月2日", TODAY, "edit") == date(2026, 12, 2)
    with pytest.raises(InputError, match="edit: “周二” is not a date"):
        date_typed("周二", TODAY, "edit")


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-30T19:10:00",
        "2026-11-30 19:10",
        "2026年11月30日 19点10分",
        "11.30 19:10",
        "后天　１９：１０",
        "后天19:10",
        "11月30日19:10",
    ],
)
def test_a_moment_is_taken_as_people_type_it(typed: str) -> None:
    assert moment_typed(typed, TODAY, "edit") == datetime.fromisoformat("2026-11-30 19:10")


def test_a_moment_keeps_its_seconds() -> None:
    assert moment_typed("11.30 9:10:05", TODAY, "edit").second == 5


@pytest.mark.parametrize("typed", ["", "2026-11-30", "19:10", "11.30 25:00", "2026-13-01 19:10", "11.30 19:10:61"])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="is not a moment"):
        moment_typed(typed, TODAY, "edit")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("2026-11", date(2026, 11, 1)),
        ("2026年11月", date(2026, 11, 1)),
        ("11月", date(2026, 11, 1)),
        ("1月", date(2027, 1, 1)),
        ("本月", date(2026, 11, 1)),
        ("下个月", date(2026, 12, 1)),
        ("上月", date(2026, 10, 1)),
    ],
)
def test_a_month_is_taken_as_people_type_it(typed: str, first: date) -> None:
    assert month_typed(typed, TODAY)[0] == first
    assert month_typed("下月", date(2026, 12, 31))[0] == date(2027, 1, 1)


def test_a_month_has_all_its_days_and_none_is_no_month() -> None:
    assert len(month_typed("2028-02", TODAY)) == 29
    assert month_typed("", TODAY) == ()
    for typed in ("2026-13", "11", "月", "本周"):
        with pytest.raises(InputError, match="is not a month"):
            month_typed(typed, TODAY)
