"""Dates, times and weeks as Chinese pages print them. Knows no schedule beyond the form of a week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from playlists.almanac.lunar import lunar_names
from playlists.schedules.schedule import monday_of
from templates.pages.week import DayName

_WEEKDAYS = "一二三四五六日"
_ROUND_MIN = 5


class TimeSpan(NamedTuple):
    """From when until when, as printed; `last` is "" for a moment."""

    first: str
    last: str

    def __str__(self) -> str:
        return f"{self.first}–{self.last}" if self.last else self.first


class _Rough(NamedTuple):
    moment: datetime
    about: str


def week_label(week: str) -> str:
    """The week 2026-W48 as "11月23日—11月29日（2026年第48周）", with years where a year ends in it.

    Raises:
        InputError: not a week.
    """
    monday = monday_of(week)
    sunday = monday + timedelta(days=6)
    year, number = monday.isocalendar()[:2]
    first, last = date_label(monday), date_label(sunday)
    if monday.year != sunday.year:
        first, last = f"{monday.year}年{first}", f"{sunday.year}年{last}"
    return f"{first}—{last}（{year}年第{number}周）"


def date_label(day: date) -> str:
    """Like "11月23日"."""
    return f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    """Like "星期一"."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def day_name(day: date) -> DayName:
    """The day with its lunar date and the solar term that begins on it."""
    return DayName(day.isoformat(), date_label(day), weekday(day), *lunar_names(day))


def dated(day: date) -> str:
    """Like "11月23日（星期一）"."""
    return f"{date_label(day)}（{weekday(day)}）"


def moment_label(moment: datetime) -> str:
    """Like "2026年11月23日 15:30"."""
    return f"{moment.year}年{date_label(moment)} {moment:%H:%M}"


def weekdays(numbers: Sequence[int]) -> str:
    """Days of a week, Monday is 0, as "星期一至星期五、星期日" or "每天"; three or more in a row are joined."""
    if len(numbers) == len(_WEEKDAYS):
        return "每天"
    names = []
    for _, found in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        row = [f"星期{_WEEKDAYS[number]}" for _, number in found]
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


def rough_span(start: datetime, end: datetime, day: date, edges: Collection[datetime]) -> TimeSpan:
    """The span of a block: an end that is no clock's time and no edge of a window is rounded to 约 five minutes."""
    first, last = _rough(start, edges), _rough(end, edges)
    if first.moment == last.moment:
        return TimeSpan(f"约{starts_at(first.moment, day)}", "")
    return TimeSpan(
        f"{first.about}{starts_at(first.moment, day)}", f"{last.about}{_end_clock(first.moment, last.moment, day)}"
    )


def _rough(moment: datetime, edges: Collection[datetime]) -> _Rough:
    beyond = timedelta(minutes=moment.minute % _ROUND_MIN, seconds=moment.second)
    if moment in edges or not beyond:
        return _Rough(moment, "")
    step = timedelta(minutes=_ROUND_MIN)
    return _Rough(moment - beyond + (step if beyond * 2 >= step else timedelta()), "约")


def to_the_second(moment: datetime, day: date) -> str:
    """Like "18:30:00"."""
    return f"{_next_day(moment, day)}{moment:%H:%M:%S}"


def starts_at(moment: datetime, day: date) -> str:
    """Like "18:30"; seconds are left off."""
    return f"{_next_day(moment, day)}{moment:%H:%M}"


def length(seconds: int) -> str:
    """How long a lesson is, like "27秒", "5分钟" or "5分30秒"."""
    minutes, rest = divmod(seconds, 60)
    if minutes and not rest:
        return f"{minutes}分钟"
    return (f"{minutes}分" if minutes else "") + f"{rest}秒"


def _end_clock(start: datetime, end: datetime, day: date) -> str:
    if end.date() == start.date():
        return f"{end:%H:%M}"
    if end.date() == start.date() + timedelta(days=1) and f"{end:%H%M%S}" == "000000":
        return "24:00"
    return f"{_next_day(end, day)}{end:%H:%M}"


def _next_day(moment: datetime, day: date) -> str:
    return "次日" if moment.date() > day else ""
