"""Opening windows as a person writes them: 周一至周五 19:00-20:30；冬季 每天 18:00-20:00；集日 8:00-11:00."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from courseware.errors import Text, text
from courseware.validate import Complaint
from playlists.almanac.days import (
    DAY_MINUTES,
    NEXT_DAY,
    WEEKDAYS,
    close_after,
    parse_clock,
    parse_weekdays,
    plain,
)
from playlists.almanac.occasions import When, parse_when

_TIME = r"\d{1,2}(?::\d{2}(?::00)?|[点时](?:\d{1,2}分?)?)"
_HOURS = re.compile(rf"({_TIME})(?:[-~至到]|to)+({NEXT_DAY})?({_TIME})")
_EVERY_DAY = frozenset({"每天", "每日", "天天", "daily", "everyday"})
_BETWEEN = ",、;:和及"
_DASH = re.compile(r"\s*([-~～〜－至到–—]|\bto\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hours:
    """Opens on these weekdays from one clock time to another.

    Attributes:
        weekdays: ISO numbers, 1 is Monday; of the day on which it opens.
        opens, closes: minutes after midnight; `closes` beyond 1440 lies in the next day.
        when: what else is asked of the day: a season, a holiday, a market day.
    """

    weekdays: tuple[int, ...]
    opens: int
    closes: int
    when: When = field(default_factory=When)

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
    weekdays, when, position = tuple(range(1, 8)), When(), 0
    for match in _HOURS.finditer(said):
        raw = said[position : match.start()]
        between = raw.strip(_BETWEEN)
        if between:
            # A condition goes on over commas; a semicolon ends it, and so does 每天, which says that there is none.
            ends = ";" in raw or between in _EVERY_DAY
            weekdays, when = _days(between, When() if ends else when, content)
        found.append(_hours(weekdays, when, match, content))
        position = match.end()
    if not found or said[position:].strip(_BETWEEN):
        raise Complaint(_unclear(content))
    _refuse_overlap(found)
    return tuple(found)


def _days(between: str, when: When, content: str) -> tuple[tuple[int, ...], When]:
    """The weekdays and the condition that stand before a time."""
    try:
        return parse_weekdays(between), when
    except Complaint:
        pass
    weekdays, conditions = list[str](), list[str]()
    for word in re.split(r"[,;:]", between):
        try:
            parse_weekdays(word)
            weekdays.append(word)
        except Complaint:
            conditions.append(word)
    try:
        found = parse_when(" ".join(one for one in conditions if one))
    except Complaint:
        raise Complaint(_unclear(content)) from None
    return parse_weekdays("、".join(weekdays)) if weekdays else tuple(range(1, 8)), found


def _hours(weekdays: tuple[int, ...], when: When, match: re.Match[str], content: str) -> Hours:
    opens, closes = parse_clock(match[1]), parse_clock(match[3])
    next_day = match[2] is not None
    if opens == DAY_MINUTES or (next_day and closes > opens):
        raise Complaint(_unclear(content))
    return Hours(weekdays, opens, close_after(opens, closes, match[0], next_day=next_day), when)


def _unclear(content: str) -> Text:
    return text("“{given}” is not understood; write 每天 18:30-20:30 or 周一至周五 19:00-20:30", given=content)


def _refuse_overlap(hours: list[Hours]) -> None:
    """On the ring of the week, since Sunday's window may run into Monday; hours of other days are no matter."""
    for when in dict.fromkeys(one.when for one in hours):
        _refuse_overlap_in([one for one in hours if one.when == when])


def _refuse_overlap_in(hours: list[Hours]) -> None:
    spans = sorted(
        ((weekday - 1) * DAY_MINUTES + window.opens, (weekday - 1) * DAY_MINUTES + window.closes)
        for window in hours
        for weekday in window.weekdays
    )
    first_opens, first_closes = spans[0]
    ring = [*spans, (first_opens + 7 * DAY_MINUTES, first_closes + 7 * DAY_MINUTES)]
    for (_, closes), (opens, _) in pairwise(ring):
        if opens < closes:
            day = f"周{WEEKDAYS[opens // DAY_MINUTES % 7]}"
            raise Complaint(text("two opening windows overlap on {day}", day=day))
