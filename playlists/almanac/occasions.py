"""What kind of day a day is: season, holiday, market day; and rules that ask for a kind (冬季, 节假日, 集日)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from courseware.errors import text
from courseware.validate import Complaint
from playlists.almanac.days import DayRule, parse_day_rule, plain

# Month and day of the first and the last day; 冬季作息 runs over the end of the year.
Span = tuple[tuple[int, int], tuple[int, int]]
SEASONS: Mapping[str, Span] = {"夏季": ((5, 1), (9, 30)), "冬季": ((10, 1), (4, 30))}
_TO = "[-~至到]+(?:次年|翌年|来年|第二年)?"
_MONTHS = re.compile(rf"(\d{{1,2}})(?:月?{_TO}(\d{{1,2}}))?月")
_DATES = re.compile(rf"(\d{{1,2}})月(\d{{1,2}})[日号]?{_TO}(\d{{1,2}})月(\d{{1,2}})[日号]?")
_HOLIDAY = {"节假日", "假日", "holiday", "holidays"}
_WORKDAY = {"上班日", "法定工作日", "workday", "workdays"}
_MARKET = {"赶集日", "集日", "逢集", "赶场日", "market", "marketday"}
_ENGLISH_SEASONS = {"summer": "夏季", "winter": "冬季"}
_LAST_MONTH = 12
# Month and day: 元旦, 劳动节, 国庆节; by the lunar calendar 春节, 端午节, 中秋节 (leap months count below zero).
_STATUTORY = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_STATUTORY_LUNAR = frozenset({(1, 1), (1, 2), (1, 3), (5, 5), (8, 15)})
_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day at a venue.

    Attributes:
        holiday: None when the calendar of holidays does not reach so far; weekends are then taken for holidays.
        seasons: those of the workspace that the day lies in.
    """

    day: date
    holiday: bool | None = None
    market: bool = False
    seasons: frozenset[str] = frozenset()

    @property
    def off(self) -> bool:
        """Whether people are off work, as far as is known."""
        return self.day.isoweekday() > _FRIDAY if self.holiday is None else self.holiday


@dataclass(frozen=True, slots=True)
class When:
    """Asked of a day; all that is given must hold.

    Attributes:
        days: weekdays, days of the month, 逢N.
        seasons: names, any of them.
        spans: months or dates of the year, any of them.
        off: True for holidays, False for working days (调休 counted rightly), None for both.
    """

    days: DayRule | None = None
    seasons: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    off: bool | None = None
    market: bool = False

    @property
    def plain(self) -> bool:
        """Whether nothing but weekdays is asked."""
        return not (self.seasons or self.spans or self.market) and self.off is None

    def holds(self, occasion: Occasion) -> bool:
        """Whether the day is such a day."""
        return (
            (self.days is None or self.days.picks(occasion.day))
            and (not self.seasons or not occasion.seasons.isdisjoint(self.seasons))
            and (not self.spans or any(in_span(one, occasion.day) for one in self.spans))
            and (self.off is None or self.off == occasion.off)
            and (not self.market or occasion.market)
        )


def parse_when(content: str) -> When:
    """A kind of day as written: 周末 · 节假日 · 冬季 周六、周日 · 11月至3月 · 集日 · 5月1日-9月30日 · 逢六.

    Raises:
        Complaint: any word is not understood.
    """
    days = list[str]()
    seasons, spans, off, market = list[str](), list[Span](), None, False
    for word in re.split(r"[\s,，]+", content.strip()):
        said = plain(word)
        if said in _HOLIDAY | _WORKDAY:
            off = said in _HOLIDAY
        elif said in _MARKET:
            market = True
        elif said.endswith("季") or said in _ENGLISH_SEASONS:
            seasons.append(_ENGLISH_SEASONS.get(said, said))
        elif said[:1].isdigit() and "月" in said:
            spans += [parse_dates(part) for part in said.split("、")]
        elif said:
            days.append(word)
    return When(parse_day_rule("、".join(days)) if days else None, tuple(seasons), tuple(spans), off, market)


def parse_dates(content: str) -> Span:
    """A part of the year: 11月至次年3月, 3-5月, 6月, 5月1日-9月30日.

    Raises:
        Complaint: none of these, or a day that no year has.
    """
    said = plain(content)
    if months := _MONTHS.fullmatch(said):
        first, last = int(months[1]), int(months[2] or months[1])
        ends = (first, 1), (last, 31)
        right = 1 <= first <= _LAST_MONTH and 1 <= last <= _LAST_MONTH
    elif dates := _DATES.fullmatch(said):
        ends = (int(dates[1]), int(dates[2])), (int(dates[3]), int(dates[4]))
        right = all(_exists(*one) for one in ends)
    else:
        right = False
    if not right:
        raise Complaint(
            text("“{given}” is not a part of the year; write 11月至3月 or 5月1日至9月30日", given=content)
        )
    return ends


def in_span(span: Span, day: date) -> bool:
    """Whether the day lies in it, both ends included; a span may run over the end of the year."""
    first, last = span
    here = day.month, day.day
    return first <= here <= last if first <= last else here >= first or here <= last


@lru_cache(maxsize=4096)
def public_holiday(day: date) -> bool | None:
    """Whether the day is off work in China, moved working days (调休) counted.

    Of a year not yet announced only the days that the law itself names are known; None for the others.
    """
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_holiday(day))
    except NotImplementedError:
        return True if is_statutory(day) else None


def is_statutory(day: date) -> bool:
    """Whether the law itself makes the day a holiday (全国年节及纪念日放假办法, as amended in 2024)."""
    return (day.month, day.day) in _STATUTORY or day in _by_moon_and_sun(day.year)


@lru_cache(maxsize=256)
def _by_moon_and_sun(year: int) -> frozenset[date]:
    """The holidays of the lunar calendar with 除夕, the day before its year, and 清明."""
    from lunar_python import Lunar, Solar

    lunar = [Lunar.fromYmd(year, month, day).getSolar() for month, day in sorted(_STATUTORY_LUNAR)]
    eve = Lunar.fromYmd(year, 1, 1).getSolar().next(-1)
    clear_and_bright = Solar.fromYmd(year, 4, 5).getLunar().getJieQiTable()["清明"]
    return frozenset(date(one.getYear(), one.getMonth(), one.getDay()) for one in (*lunar, eve, clear_and_bright))


def _exists(month: int, day: int) -> bool:
    try:
        date(2024, month, day)  # a leap year
    except ValueError:
        return False
    return True
