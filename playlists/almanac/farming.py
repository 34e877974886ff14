"""Whether a lesson's 农时 (months, solar terms 节气, seasons) suits a day. Words that are no time mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from courseware.validate import Complaint
from playlists.almanac.days import plain
from playlists.almanac.occasions import in_span, parse_dates

TERMS = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)  # fmt: skip
# By the solar terms, as farmers count: spring begins with 立春.
_SEASONS = {"春": ("立春", "谷雨"), "夏": ("立夏", "大暑"), "秋": ("立秋", "霜降"), "冬": ("立冬", "大寒")}
TIMES = (*TERMS, *(f"{one}季" for one in _SEASONS))
_SEASON = re.compile(r"([春夏秋冬])(?:季|天)?")
_TERM = rf"({'|'.join(TERMS)})节?(?:前后|时节)?"
_TERM_RANGE = re.compile(rf"{_TERM}(?:[-~至到]+{_TERM})?")


def suits(seasons: Iterable[str], day: date) -> bool:
    """Whether any of the lesson's times holds that day; a lesson that names no time suits none."""
    return any(_holds(plain(one), day) for one in seasons)


def is_time(season: str) -> bool:
    """Whether a lesson's 农时 says a time of the year; words like 育秧 do not."""
    said = plain(season)
    if _SEASON.fullmatch(said) or _TERM_RANGE.fullmatch(said):
        return True
    try:
        parse_dates(said)
    except Complaint:
        return False
    return True


@lru_cache(maxsize=8192)
def term_of(day: date) -> str:
    """The solar term whose stretch of about 15 days the day lies in."""
    from lunar_python import Solar

    lunar = Solar.fromYmdHms(day.year, day.month, day.day, 23, 59, 59).getLunar()
    return str(lunar.getPrevJieQi().getName())


@lru_cache(maxsize=8192)
def _holds(said: str, day: date) -> bool:
    if season := _SEASON.fullmatch(said):
        return _between(*_SEASONS[season[1]], day)
    if terms := _TERM_RANGE.fullmatch(said):
        return _between(terms[1], terms[2] or terms[1], day)
    try:
        return in_span(parse_dates(said), day)
    except Complaint:
        return False


def _between(first: str, last: str, day: date) -> bool:
    start, end, here = TERMS.index(first), TERMS.index(last), TERMS.index(term_of(day))
    return start <= here <= end if start <= end else here >= start or here <= end
