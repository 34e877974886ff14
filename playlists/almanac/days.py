"""Days and times as people and spreadsheets write them: rules that pick days (周四, 逢六), dates, clock times.

Not what happens then.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from courseware.dates import narrow, parse_date
from courseware.errors import InputError, Problem, Text, text
from courseware.validate import Complaint
from playlists.almanac.lunar import LUNAR_DAYS, lunar_day

WEEKDAYS = "一二三四五六日"
DAY_MINUTES = 24 * 60
NEXT_DAY = "次日"
_LONGEST_NIGHT = 12 * 60

_ENGLISH = {
    name: number
    for number, long in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
    for name in (long, long[:3])
}
_LONGEST_MONTH = 31
_LONGEST_MOON = 30  # days of a lunar month
_NUMERALS = {ch: n for n, ch in enumerate("一二三四五六七八九十", 1)} | {"日": 7, "天": 7}
_MONTH_DAYS = {**LUNAR_DAYS, "三十一": 31}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_MOST_OFTEN = 4  # a weekday comes so often in every month
_GROUPS = {
    "每天": range(1, 8),
    "每日": range(1, 8),
    "天天": range(1, 8),
    "daily": range(1, 8),
    "everyday": range(1, 8),
    "工作日": range(1, 6),
    "weekdays": range(1, 6),
    "周末": range(6, 8),
    "双休日": range(6, 8),
    "weekends": range(6, 8),
}
_RANGE = re.compile(r"(.+?)(?:[-~至到]+|to)(.+)")
_NAMED_DAY = r"(?:周|星期|礼拜|mon|tue|wed|thu|fri|sat|sun).*"
_NTH = re.compile(
    rf"第(?P<zh>[一二三四五1-5])个?(?P<day>{_NAMED_DAY})"
    rf"|最后一?个?(?P<last>{_NAMED_DAY})"
    rf"|(?P<en>[a-z]+?)(?P<named>(?:mon|tue|wed|thu|fri|sat|sun).*)"
)
_MONTH_DAY = re.compile(r"第?(\d{1,2}|[一二三十]{1,3}|[一二三十]{0,2}[四五六七八九])[日号天]?")
_LAST_DAY = re.compile(r"(?:最后[一1]?[日天]|月末|月底|末日)")
_CLOCK = re.compile(r"(\d{1,2})(?::([0-5]\d)(?::00)?|[点时](?:([0-5]?\d)分?)?)")


@dataclass(frozen=True, slots=True)
class DayRule:
    """Days picked by any of four ways; a day fits when one of them picks it.

    Attributes:
        weekdays: ISO numbers, 1 is Monday.
        month_days: 每月N日; where the month is shorter, its last day.
        digits: 逢N: last digit of the day of the month (逢六 is the 6th, 16th, 26th); 0 stands for 逢十.
        nth: (n, weekday), the n-th such weekday of the month; n is 1 to 4, or -1 for the last.
        lunar_days, lunar_digits: by the lunar calendar: 农历初五, 农历逢三六九; leap months too.
    """

    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    digits: tuple[int, ...] = ()
    nth: tuple[tuple[int, int], ...] = ()
    lunar_days: tuple[int, ...] = ()
    lunar_digits: tuple[int, ...] = ()

    def picks(self, day: date) -> bool:
        """Whether the rule holds on that day."""
        last = monthrange(day.year, day.month)[1]
        if self.lunar_days or self.lunar_digits:
            lunar = lunar_day(day)
            if lunar in self.lunar_days or lunar % 10 in self.lunar_digits:
                return True
        return (
            day.isoweekday() in self.weekdays
            or any(day.day == min(wanted, last) for wanted in self.month_days)
            or day.day % 10 in self.digits
            or any(day.isoweekday() == weekday and _is_nth(day.day, n, last) for n, weekday in self.nth)
        )


def plain(content: str) -> str:
    """Full-width digits, colons, commas and tildes made ordinary; blanks and case gone."""
    return re.sub(r"\s+", "", narrow(content)).lower()


def parse_weekdays(content: str) -> tuple[int, ...]:
    """Weekdays as written: 周一至周五, 周六、日, 工作日, Mon-Fri, daily. ISO numbers in order.

    Raises:
        Complaint: any part is no weekday.
    """
    found: set[int] = set()
    for part in _parts(plain(content)):
        found |= _weekday_group(part)
    if not found:
        raise Complaint(text("no weekday given; write 周一至周五, 周六、周日 or 每天"))
    return tuple(sorted(found))


def parse_day_rule(content: str) -> DayRule:
    """Days as written: 周四 · 周二、周五 · 每月5日、20日 · 每月最后一天 · 逢六 · 第二个周六 · second Saturday.

    Raises:
        Complaint: none of these.
    """
    said = plain(content)
    if said.startswith(("农历", "阴历")):
        said = said[2:].removeprefix("每月")
        if said.startswith("逢"):
            return DayRule(lunar_digits=_digits(said, content))
        return DayRule(lunar_days=_lunar_days(said, content))
    if said.startswith("逢"):
        return DayRule(digits=_digits(said, content))
    of_month = re.sub(r"^(?:每个?月|monthly|the)", "", said)
    if nth := _NTH.fullmatch(of_month):
        return DayRule(nth=(_nth(nth, content),))
    if of_month != said or said[:1].isdigit() or said.startswith(("第", "最后", "月")):
        return DayRule(month_days=_month_days(of_month, content))
    return DayRule(weekdays=parse_weekdays(content))


def parse_clock(content: str) -> int:
    """Minutes after midnight of a clock time, 0:00 to 24:00; a spreadsheet's 19:30:00 too.

    Raises:
        Complaint: not a clock time.
    """
    match = _CLOCK.fullmatch(plain(content))
    minutes = int(match[1]) * 60 + int(match[2] or match[3] or 0) if match else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise Complaint(text("“{given}” is not a time of day; write 19:30", given=content))
    return minutes


def parse_span(content: str) -> tuple[int, int]:
    """Two clock times, 19:30-20:30, as minutes after midnight; the second lies beyond 24:00 when it is past midnight.

    Raises:
        Complaint: not two clock times, twice the same, or the end before the start.
    """
    match re.split(r"[-~至到]+", plain(content)):
        case [opens, closes]:
            first, last = parse_clock(opens), parse_clock(closes.removeprefix(NEXT_DAY))
            return first, close_after(first, last, content, next_day=closes.startswith(NEXT_DAY))
    raise Complaint(text("“{given}” is not a stretch of time; write 19:30-20:30", given=content))


def close_after(opens: int, closes: int, content: str, *, next_day: bool = False) -> int:
    """When a stretch of time ends, in minutes after the midnight before it begins.

    An end before the start lies in the next day, if that makes a night of at most twelve hours (22:30-00:30,
    18:00-06:00) or 次日 says so; else (20:00-19:00) the two were confused.

    Raises:
        Complaint: it ends when it begins, or before.
    """
    if opens == closes and not next_day:
        raise Complaint(text("“{given}” ends when it begins; a whole day is 00:00-24:00", given=content))
    if closes > opens and not next_day:
        return closes
    if not next_day and closes + DAY_MINUTES - opens > _LONGEST_NIGHT:
        right = f"{_clock_face(opens)}-{NEXT_DAY}{_clock_face(closes)}"
        what = text(
            "“{given}” ends before it begins; write the earlier time first, or {right} if it goes on past midnight",
            given=content,
            right=right,
        )
        raise Complaint(what)
    return closes + DAY_MINUTES


def _clock_face(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_day(content: str, monday: date) -> date:
    """A day of the week that begins on `monday`: 2026-11-24, 周二 or Tue.

    Raises:
        InputError: not a day, or a day of another week.
    """
    try:
        day = parse_date(content)
    except Complaint:
        return monday + timedelta(days=_one_weekday_or_error(content) - 1)
    if not monday <= day < monday + timedelta(days=7):
        week = f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"
        raise InputError(Problem("--day", text("{day} is not in the week {week}", day=content, week=week)))
    return day


def week_in(content: str) -> str:
    """The ISO week of a date like 2026-11-24; "" for a weekday or anything else."""
    try:
        return week_of(parse_date(content))
    except Complaint:
        return ""


def week_of(day: date) -> str:
    """The ISO week of a day, like 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


@lru_cache(maxsize=65536)
def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The instant at which clocks show `minutes` after the midnight that begins `day`; 24:00 and more run on.

    A time that happens twice means the first; one that clocks jump over means the instant of the jump. The result
    has a fixed offset: Python compares two times of one zone by the clock face, and so wrongly where clocks change.
    """
    midnight = datetime.combine(day, datetime.min.time())
    # Offsets change on whole minutes, and nowhere by more than a day.
    for later in range(DAY_MINUTES + 1):
        naive = midnight + timedelta(minutes=minutes + later)
        aware = naive.replace(tzinfo=zone)
        if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive:
            return clock_at(int(aware.timestamp()), zone)
    raise ValueError(f"{day} is not a day in {zone.key}")


def clock_at(seconds: int, zone: ZoneInfo) -> datetime:
    """What clocks show that many seconds after 1970 began, with the offset then valid as a fixed one."""
    # Clocks change on quarters of an hour only.
    return datetime.fromtimestamp(seconds, _offset(seconds // 900, zone))


@lru_cache(maxsize=65536)
def _offset(quarter: int, zone: ZoneInfo) -> timezone:
    return timezone(datetime.fromtimestamp(quarter * 900, zone).utcoffset() or timedelta())


def _parts(said: str) -> list[str]:
    return [part for part in re.split(r"[,、;/和及]|and", said) if part]


def _weekday_group(part: str) -> set[int]:
    part = part.removeprefix("每") if part.startswith(("每周", "每星期", "每逢周")) else part
    if part in _GROUPS:
        return set(_GROUPS[part])
    if single := _weekday(part):
        return {single}
    ends = _RANGE.fullmatch(part)
    first, last = (_weekday(end) for end in ends.groups()) if ends else (0, 0)
    if not first or not last:
        raise Complaint(text("“{given}” is not a weekday; write 周一至周五, 周六、周日 or 每天", given=part))
    # 周六至周一 runs over the end of the week.
    return {(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)}


def _weekday(said: str) -> int:
    """ISO number, or 0."""
    said = re.sub(r"^(?:每?周|每?星期|每?礼拜)", "", said)
    if len(said) == 1 and (said in WEEKDAYS or said == "天" or said in "1234567"):
        return int(said) if said.isdigit() else _NUMERALS[said]
    return _ENGLISH.get(said) or _ENGLISH.get(said.removesuffix("s"), 0)


def _one_weekday_or_error(content: str) -> int:
    if number := _weekday(plain(content)):
        return number
    what = text("“{given}” is not a day; write 2026-11-24 or 周二", given=content)
    raise InputError(Problem("--day", what))


def _digits(said: str, content: str) -> tuple[int, ...]:
    found = []
    parts = _parts(said.replace("逢", "、").replace("日", "")) or [""]
    # 逢三六九 as market days are called, without anything between the numbers.
    parts = [
        one
        for part in parts
        for one in (part if len(part) > 1 and set(part) <= set("一二三四五六七八九") else [part])
    ]
    for part in parts:
        number = int(part) if part.isdigit() else _NUMERALS.get(part, 0)
        if number not in range(1, 11):
            raise Complaint(text("“{given}” is not understood; write 逢六 or 逢三、逢八", given=content))
        found.append(number % 10)
    return tuple(sorted(set(found)))


def _lunar_days(said: str, content: str) -> tuple[int, ...]:
    found = []
    for part in _parts(said) or [""]:
        name = part.removesuffix("日").replace("卅", "三十").replace("廿", "二十")
        number = LUNAR_DAYS.get(name, int(name) if name.isdecimal() else 0)
        if not 1 <= number <= _LONGEST_MOON:
            raise Complaint(text("“{given}” is not a day of the lunar month; write 农历初五、十五", given=content))
        found.append(number)
    return tuple(sorted(set(found)))


def _month_days(said: str, content: str) -> tuple[int, ...]:
    found = []
    for part in _parts(said) or [""]:
        match = _MONTH_DAY.fullmatch(part)
        number = (int(match[1]) if match[1].isdigit() else _MONTH_DAYS.get(match[1], 0)) if match else 0
        if _LAST_DAY.fullmatch(part):
            number = _LONGEST_MONTH
        if not 1 <= number <= _LONGEST_MONTH:
            raise Complaint(_no_month_day(part, content))
        found.append(number)
    return tuple(sorted(set(found)))


def _no_month_day(part: str, content: str) -> Text:
    if re.search("周|星期|礼拜", part):
        return text("“{given}” is not understood; write 第二个周六, 最后一个周五 or 15日", given=content)
    return text("“{given}” is not a day of the month; write 每月5日", given=content)


def _nth(match: re.Match[str], content: str) -> tuple[int, int]:
    weekday = _weekday(match["day"] or match["last"] or match["named"])
    if match["zh"]:
        n = int(match["zh"]) if match["zh"].isdigit() else _NUMERALS[match["zh"]]
    else:
        n = -1 if match["last"] else _ORDINALS.get(match["en"], 0)
    if not weekday or not n:
        raise Complaint(text("“{given}” is not understood; write 第二个周六, 最后一个周五 or 15日", given=content))
    if n > _MOST_OFTEN:
        raise Complaint(text("not every month has “{given}”; write 最后一个周六 for the last one", given=content))
    return n, weekday


def _is_nth(day: int, n: int, last: int) -> bool:
    return day > last - 7 if n == -1 else (day - 1) // 7 + 1 == n
