from __future__ import annotations

from datetime import date

import pytest

from courseware.errors import InputError
from playlists.publishing.wording import date_label, hours, length, week_label, weekday, weekdays


@pytest.mark.parametrize(
    ("week", "label"),
    [
        ("2026-W48", "2026年第48周（11月23日—11月29日）"),
        ("2026-W53", "2026年第53周（2026年12月28日—2027年1月3日）"),
        ("2025-W01", "2025年第1周（2024年12月30日—2025年1月5日）"),
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
        (range(5), "周一至周五"),
        ([5, 6], "周六、周日"),
        ([0, 1, 2, 5], "周一至周三、周六"),
        ([2], "周三"),
    ],
)
def test_days_in_a_row_are_joined(numbers: list[int], said: str) -> None:
    assert weekdays(list(numbers)) == said


def test_hours_show_minutes_only_when_there_are_any() -> None:
    assert (hours(7200), hours(5400), hours(0)) == ("2小时", "1小时30分", "0小时")


def test_lengths_show_what_there_is() -> None:
    assert (length(27), length(300), length(330), length(0)) == ("27秒", "5分", "5分30秒", "0秒")
