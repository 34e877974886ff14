"""When a venue is open on a day, and why not: its hours on such a day, without what the calendar closes.

Reckons in instants, so that the night after an evening, and a night on which clocks change, are judged rightly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.almanac.days import DAY_MINUTES, moment, parse_day_rule
from playlists.almanac.occasions import Occasion
from playlists.files.calendar import Calendar, Closed, is_meant
from playlists.files.venues import Venue
from playlists.opening.usual import occasion_at, usual_windows
from playlists.schedules.schedule import Window

_DAY = timedelta(days=1)
_CLOSED = "休息"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Time in which nothing plays and nothing is held; the end is excluded.

    Attributes:
        all_day: False where only certain hours are quiet.
    """

    start: datetime
    end: datetime
    reason: str
    all_day: bool


def opening_on(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """The venue's windows of a day as they are: for that kind of day, without what is quiet.

    An evening of the day before that runs past midnight keeps that time; a window of this day begins when it ends.
    """
    windows = _undisturbed(calendar, venue, day, zone)
    if windows and any(hours.closes > DAY_MINUTES for hours in venue.hours):
        for late in _undisturbed(calendar, venue, day - _DAY, zone):
            windows = without(windows, late.start, late.end)
    return windows


def why_shut(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> str:
    """Why the venue is shut on a day on which it would be open: the calendar's reason or 休息; "" when it is open.

    A window that wholly belongs to the evening before is no reason to call the day closed.
    """
    usual = usual_windows(venue, day, zone)
    if not usual or opening_on(calendar, venue, day, zone):
        return ""
    whole_day = closed_because(calendar, venue, day)
    if whole_day is not None:
        return whole_day or _CLOSED
    wished = usual_windows(venue, day, zone, occasion_on(calendar, venue, day))
    if not wished:
        return next((days.name for days in calendar.holiday if days.name and days.holds(day)), _CLOSED)
    found = (
        quiet.reason or _CLOSED
        for quiet in quiet_on(calendar, venue, day, zone)
        for window in wished
        if quiet.start < window.end and window.start < quiet.end
    )
    return next(found, "")


def closed_because(calendar: Calendar, venue: Venue, day: date) -> str | None:
    """The reason for which the venue is closed all day ("" when none is given), or None when it is not."""
    for period in calendar.closed:
        if not period.hours and period.first <= day <= period.last and is_meant(period.venues, venue):
            return period.reason
    return None


def occasion_on(calendar: Calendar, venue: Venue, day: date) -> Occasion:
    """What kind of day it is at the venue: its seasons, whether people are off work, whether it is market day."""
    holiday = None
    if any(days.holds(day) for days in calendar.workday):
        holiday = False
    elif any(days.holds(day) for days in calendar.holiday):
        holiday = True
    markets = (market for market in calendar.market if is_meant(market.venues, venue))
    market = any(parse_day_rule(market.days).picks(day) for market in markets)
    return occasion_at(venue, day, calendar.spans, holiday=holiday, market=market)


def quiet_on(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> tuple[Quiet, ...]:
    """The quiet time that what begins on that day may run into, or that began the day before."""
    periods = (period for period in calendar.closed if is_meant(period.venues, venue))
    return tuple(quiet for period in periods for quiet in _stretches(period, day, zone))


def without(windows: Iterable[Window], starts: datetime, ends: datetime) -> tuple[Window, ...]:
    """The windows with the time from one instant to another cut out."""
    return tuple(part for window in windows for part in _left_of(window, starts, ends))


def _left_of(window: Window, starts: datetime, ends: datetime) -> Iterable[Window]:
    if ends <= starts or ends <= window.start or window.end <= starts:
        yield window
        return
    if window.start < starts:
        yield Window(start=window.start, end=starts)
    if ends < window.end:
        yield Window(start=ends, end=window.end)


def _undisturbed(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """The windows that open on the day, where it is not closed, without quiet time."""
    if closed_because(calendar, venue, day) is not None:
        return ()
    windows = usual_windows(venue, day, zone, occasion_on(calendar, venue, day))
    for quiet in quiet_on(calendar, venue, day, zone):
        windows = without(windows, quiet.start, quiet.end)
    return windows


def _stretches(period: Closed, day: date, zone: ZoneInfo) -> Iterable[Quiet]:
    if period.first > day + _DAY or period.last < day - _DAY:
        return
    if period.span is None:
        start, end = moment(period.first, 0, zone), moment(period.last + _DAY, 0, zone)
        yield Quiet(start, end, period.reason, all_day=True)
        return
    for other in (day - _DAY, day, day + _DAY):
        if period.first <= other <= period.last:
            start, end = (moment(other, minutes, zone) for minutes in period.span)
            # Clocks may jump over all of it.
            if start < end:
                yield Quiet(start, end, period.reason, all_day=False)
