"""Dates, times and weeks as Chinese pages print them. Knows no schedule beyond the form of a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from playlists.schedules.schedule import monday_of

_WEEKDAYS = "一二三四五六日"


def week_label(week: str) -> str:
    """The week 2026-W48 as "2026年第48周（11月23日—11月29日）", with years where a year ends in it.

    Raises:
        InputError: not a week.
    """
    monday = monday_of(week)
    sunday = monday + timedelta(days=6)
    year, number = monday.isocalendar()[:2]
    first, last = date_label(monday), date_label(sunday)
    if monday.year != sunday.year:
        first, last = f"{monday.year}年{first}", f"{sunday.year}年{last}"
    return f"{year}年第{number}周（{first}—{last}）"


def date_label(day: date) -> str:
    """Like "11月23日"."""
    return f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    """Like "星期一"."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def weekdays(numbers: Sequence[int]) -> str:
    """Days of a week, Monday is 0, as "周一至周五、周日" or "每天"; three or more in a row are joined."""
    if len(numbers) == len(_WEEKDAYS):
        return "每天"
    names = []
    for _, found in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        row = [f"周{_WEEKDAYS[number]}" for _, number in found]
        names += [f"{row[0]}至{row[-1]}"] if row[2:] else row
    return "、".join(names)


def span(start: datetime, end: datetime, day: date) -> str:
    """Like "18:30–19:10", as a clock on the wall shows it: seconds are left off, not rounded.

    Args:
        day: the day it is printed under; what lies after it is called 次日.
    """
    first = starts_at(start, day)
    if f"{start:%Y%m%d%H%M}" == f"{end:%Y%m%d%H%M}":
        return first
    return f"{first}–{_end_clock(start, end, day)}"


def to_the_second(moment: datetime, day: date) -> str:
    """Like "18:30:00"."""
    return f"{_next_day(moment, day)}{moment:%H:%M:%S}"


def starts_at(moment: datetime, day: date) -> str:
    """Like "18:30"; seconds are left off."""
    return f"{_next_day(moment, day)}{moment:%H:%M}"


def length(seconds: int) -> str:
    """How long a lesson is, like "27秒", "5分" or "5分30秒"."""
    minutes, rest = divmod(seconds, 60)
    return (f"{minutes}分" if minutes else "") + (f"{rest}秒" if rest or not minutes else "")


def hours(seconds: int) -> str:
    """Like "14小时" or "13小时30分"; seconds are left off."""
    whole, minutes = divmod(seconds // 60, 60)
    return f"{whole}小时{minutes}分" if minutes else f"{whole}小时"


def _end_clock(start: datetime, end: datetime, day: date) -> str:
    if end.date() == start.date():
        return f"{end:%H:%M}"
    if end.date() == start.date() + timedelta(days=1) and f"{end:%H%M%S}" == "000000":
        return "24:00"
    return f"{_next_day(end, day)}{end:%H:%M}"


def _next_day(moment: datetime, day: date) -> str:
    return "次日" if moment.date() > day else ""
