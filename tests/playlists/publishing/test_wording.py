from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import InputError
from playlists.publishing.wording import date_label, day_name, length, rough_span, week_label, weekday, weekdays
from templates.pages.week import DayName


@pytest.mark.parametrize(
    ("week", "label"),
    [
        ("2026-W48", "11月23日—11月29日（2026年第48周）"),
        ("2026-W53", "2026年12月28日—2027年1月3日（2026年第53周）"),
        ("2025-W01", "2024年12月30日—2025年1月5日（2025年第1周）"),
    ],
)
def test_a_week_is_named_with_its_days_and_with_years_where_they_differ(week: str, label: str) -> None:
    assert week_label(week) == label


def test_what_is_not_a_week_is_refused() -> None:
    with pytest.raises(InputError):
        week_label("2026-48")


def test_a_date_has_its_weekday() -> None:
    assert (date_label(date(2026, 11, 29)), weekday(date(2026, 11, 29))) == ("11月29日", "星期日")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (range(7), "每天"),
        (range(5), "星期一至星期五"),
        ([5, 6], "星期六、星期日"),
        ([0, 1, 2, 5], "星期一至星期三、星期六"),
        ([2], "星期三"),
    ],
)
def test_days_in_a_row_are_joined(numbers: list[int], said: str) -> None:
    assert weekdays(list(numbers)) == said


def test_a_day_is_named_with_its_lunar_date_and_the_solar_term_that_begins_on_it() -> None:
    assert day_name(date(2027, 2, 4)) == DayName("2027-02-04", "2月4日", "星期四", "腊月廿八", "立春")
    assert day_name(date(2027, 2, 5)).term == ""


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("18:30:00", "19:10:00", "18:30–19:10"),
        ("18:30:00", "19:09:27", "18:30–约19:10"),
        ("18:47:20", "19:02:40", "约18:45–约19:05"),
        ("18:32:00", "20:28:00", "18:32–20:28"),
        ("23:57:00", "23:58:10", "约23:55–约24:00"),
        ("18:31:00", "18:31:30", "约18:30"),
    ],
)
def test_a_block_that_begins_or_ends_in_between_is_about_five_minutes(start: str, end: str, said: str) -> None:
    day, zone = date(2026, 11, 23), ZoneInfo("Asia/Shanghai")
    first, last = (datetime.combine(day, time.fromisoformat(one), zone) for one in (start, end))
    edges = {datetime.combine(day, time(18, 32), zone), datetime.combine(day, time(20, 28), zone)}
    assert str(rough_span(first, last, day, edges)) == said


def test_lengths_show_what_there_is() -> None:
    assert (length(27), length(300), length(330), length(0)) == ("27秒", "5分钟", "5分30秒", "0秒")
