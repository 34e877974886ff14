"""Opening windows as a person writes them: 周一至周五 19:00-20:30；周六 09:00-11:00, 18:30-20:30."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from courseware.errors import Text, text
from courseware.validate import Complaint
from playlists.days import DAY_MINUTES, WEEKDAYS, moment, parse_clock, parse_weekdays, plain
from playlists.schedule import Window

_TIME = r"\d{1,2}(?::\d{2}|[点时](?:\d{1,2}分?)?)"
_HOURS = re.compile(rf"({_TIME})(?:[-~至到–—]|to)+(次日)?({_TIME})")
_BETWEEN = ",、;:和及"
_DASH = re.compile(r"\s*([-~～〜－至到–—]|\bto\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hours:
    """Opens on these weekdays from one clock time to another.

    Attributes:
        weekdays: ISO numbers, 1 is Monday; of the day on which it opens.
        opens, closes: minutes after midnight; `closes` beyond 1440 lies in the next day.
    """

    weekdays: tuple[int, ...]
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= self.opens + DAY_MINUTES:
            raise ValueError(f"hours must open before they close, within a day: {self.opens}..{self.closes}")


def parse_hours(content: str) -> tuple[Hours, ...]:
    """Opening windows in order of the week; times without a weekday are for every day.

    `daily 18:30-20:30; Mon-Fri 19:00-20:30` works as well as Chinese, and full-width digits as well as ordinary
    ones. A window may end at 24:00, or after midnight: then it belongs to the day on which it opens.

    Raises:
        Complaint: anything that is not understood, or two windows that overlap.
    """
    # Blanks part a weekday from its time ("周1 9:00") but may also stand around a dash.
    said = plain(re.sub(r"\s+", ",", _DASH.sub(r"\1", content.strip()).replace("every day", "daily")))
    found: list[Hours] = []
    weekdays, position = tuple(range(1, 8)), 0
    for match in _HOURS.finditer(said):
        between = said[position : match.start()].strip(_BETWEEN)
        weekdays = parse_weekdays(between) if between else weekdays
        found.append(_hours(weekdays, match, content))
        position = match.end()
    if not found or said[position:].strip(_BETWEEN):
        raise Complaint(_unclear(content))
    _refuse_overlap(found)
    return tuple(found)


def windows_on(hours: Iterable[Hours], day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """The windows that open on `day`, in order; one that a clock change leaves nothing of is dropped."""
    spans = sorted((one.opens, one.closes) for one in hours if day.isoweekday() in one.weekdays)
    windows = (Window(start=moment(day, opens, zone), end=moment(day, closes, zone)) for opens, closes in spans)
    return tuple(window for window in windows if window.seconds > 0)


def _hours(weekdays: tuple[int, ...], match: re.Match[str], content: str) -> Hours:
    opens, closes = parse_clock(match[1]), parse_clock(match[3])
    overnight = closes < opens or match[2] is not None
    # Past noon of the next day it is a slip (18:30-17:00), not a night.
    if opens in (closes, DAY_MINUTES) or (overnight and closes > DAY_MINUTES // 2):
        raise Complaint(_unclear(content))
    return Hours(weekdays, opens, closes + DAY_MINUTES if overnight else closes)


def _unclear(content: str) -> Text:
    return text("“{given}” is not understood; write 每天 18:30-20:30 or 周一至周五 19:00-20:30", given=content)


def _refuse_overlap(hours: list[Hours]) -> None:
    """On the ring of the week, since Sunday's window may run into Monday."""
    spans = sorted(
        ((weekday - 1) * DAY_MINUTES + one.opens, (weekday - 1) * DAY_MINUTES + one.closes)
        for one in hours
        for weekday in one.weekdays
    )
    ring = [*spans, (spans[0][0] + 7 * DAY_MINUTES, spans[0][1] + 7 * DAY_MINUTES)]
    for (_, closes), (opens, _) in pairwise(ring):
        if opens < closes:
            day = f"周{WEEKDAYS[opens // DAY_MINUTES % 7]}"
            raise Complaint(text("two opening windows overlap on {day}", day=day))
