"""Weeks, days, months and moments as people type them in commands: 下周, 第49周, 周二, 11.30, 今天 19:30.

The one place that reads them. What lacks its year, or is told from the present, is taken as near to today as can be.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from courseware.dates import narrow, parse_date
from courseware.errors import InputError, Problem, text
from courseware.validate import Complaint
from playlists.almanac.days import parse_clock, plain, week_of

_DAYS = {"前天": -2, "昨天": -1, "今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2}
_WEEKS = {"上": -1, "last": -1, "本": 0, "这": 0, "这一": 0, "this": 0, "下": 1, "next": 1, "下下": 2}
_NAMED_WEEK = re.compile(rf"({'|'.join(sorted(_WEEKS, key=len, reverse=True))})个?(?:周|星期|礼拜|week)")
_NUMBERED_WEEK = re.compile(r"(?:([0-9]{4})(?:-?w|年?第?)|w|第)?([0-9]{1,2})周?")
_MONTHS = {"上": -1, "本": 0, "这": 0, "下": 1}
_NAMED_MONTH = re.compile(r"(上|本|这|下)个?月")
_MONTH = re.compile(r"(?:([0-9]{4})[-/.年])?([0-9]{1,2})月?")
_MOMENT = re.compile(r"(.+?)(?:T|\s+|(?<=[天日号]))([^T\s]+)")
_SECONDS = re.compile(r"([0-9]{1,2}:[0-9]{2}):([0-5][0-9])")
_WEEK_DAYS, _MONTHS_A_YEAR, _MOST_WEEKS = 7, 12, 53


def week_typed(given: str, today: date) -> str:
    """The ISO week, like 2026-W48: 2026-w48, 2026年第48周, 第48周, W48, 本周, 下周, or a day in it; "" for "".

    What is none of these is given back, for whoever reads weeks to refuse it.
    """
    said = plain(given)
    if found := _NAMED_WEEK.fullmatch(said):
        return week_of(today + timedelta(days=_WEEK_DAYS * _WEEKS[found[1]]))
    if found := _NUMBERED_WEEK.fullmatch(said) if "w" in said or "周" in said else None:
        return f"{found[1]}-W{int(found[2]):02}" if found[1] else _nearest_week(int(found[2]), today, said)
    day = _day(given, today)
    return week_of(day) if day else said.upper()


def day_typed(given: str, today: date) -> str:
    """今天, 11.30, 11月30日 and all other dates as 2026-11-30; a weekday stays as it is; "" for ""."""
    day = _day(given, today)
    return day.isoformat() if day else given.strip()


def date_typed(given: str, today: date, where: str) -> date | None:
    """A date in any of the ways of `day_typed`; None for "".

    Args:
        where: which command or option it was given to, for the message.

    Raises:
        InputError: not a date.
    """
    day = _day(given, today)
    if given.strip() and day is None:
        raise InputError(Problem(where, text("“{given}” is not a date; write 2026-11-24", given=given)))
    return day


def moment_typed(given: str, today: date, where: str) -> datetime:
    """A day and a time of day, 2026-11-24T19:10:00, 11月24日 19:10, 今天 19点10分; without a time zone.

    Raises:
        InputError: not a moment.
    """
    found = _MOMENT.fullmatch(narrow(given).strip())
    day = _day(found[1], today) if found else None
    clock = _SECONDS.fullmatch(found[2]) if found else None
    try:
        minutes = parse_clock(clock[1] if clock else found[2]) if found else 0
    except Complaint:
        day = None
    if day is None:
        what = text(
            "“{given}” is not a moment; write the date and the time of day, like 2026-11-24T19:10:00", given=given
        )
        raise InputError(Problem(where, what))
    return datetime.combine(day, time()) + timedelta(minutes=minutes, seconds=int(clock[2]) if clock else 0)


def month_typed(given: str, today: date) -> tuple[date, ...]:
    """All days of a month: 2026-11, 2026年11月, 11月, 本月, 上月; none for "".

    Raises:
        InputError: not a month.
    """
    said = plain(given)
    if not said:
        return ()
    named, numbered = _NAMED_MONTH.fullmatch(said), _MONTH.fullmatch(said)
    if named:
        count = today.year * _MONTHS_A_YEAR + today.month - 1 + _MONTHS[named[1]]
        year, month = count // _MONTHS_A_YEAR, count % _MONTHS_A_YEAR + 1
    elif numbered and 1 <= int(numbered[2]) <= _MONTHS_A_YEAR and (numbered[1] or "月" in said):
        month = int(numbered[2])
        year = int(numbered[1]) if numbered[1] else parse_date(f"{month}.15", today).year
    else:
        raise InputError(Problem("--month", text("“{month}” is not a month; write 2026-11", month=given)))
    return tuple(date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1))


def _day(given: str, today: date) -> date | None:
    if plain(given) in _DAYS:
        return today + timedelta(days=_DAYS[plain(given)])
    try:
        return parse_date(given, today)
    except Complaint:
        return None


def _nearest_week(number: int, today: date, said: str) -> str:
    years = range(today.year - 1, today.year + 2)
    if not 1 <= number <= _MOST_WEEKS:
        return said.upper()
    mondays = [date.fromisocalendar(year, 1, 1) + timedelta(weeks=number - 1) for year in years]
    return week_of(min(mondays, key=lambda monday: abs(monday - today)))
