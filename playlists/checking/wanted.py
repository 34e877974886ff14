"""What the workspace asks of a venue's week, worked out from its files anew; the planner is not asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from playlists.almanac.days import moment, parse_day_rule
from playlists.almanac.occasions import Occasion
from playlists.checking.facts import Wanted, WantedDay
from playlists.files.calendar import Calendar
from playlists.files.venues import KINDS, Venue
from playlists.schedules.schedule import Window, monday_of


def wanted_week(venue: Venue, calendar: Calendar, week: str, zone: ZoneInfo) -> tuple[WantedDay, ...]:
    """Monday to Sunday of an ISO week."""
    monday = monday_of(week)
    return tuple(_wanted_day(venue, calendar, monday + timedelta(days=n), zone) for n in range(7))


def is_meant(names: Iterable[str], venue: Venue) -> bool:
    """Whether a list of ids, kinds, groups or "*" means the venue."""
    return any(name in ("*", venue.id, *venue.groups) or KINDS.get(name.lower()) == venue.kind for name in names)


def closed_reason(calendar: Calendar, venue: Venue, day: date) -> str | None:
    """Why the calendar closes the venue all that day ("" when it does not say), or None when it does not."""
    periods = (one for one in calendar.closed if not one.hours and is_meant(one.venues, venue))
    return next((one.reason for one in periods if one.first <= day <= one.last), None)


def wanted_windows(venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """When the venue is open on that day: its windows of such a day, without what the calendar closes."""
    if closed_reason(calendar, venue, day) is not None:
        return ()
    windows = venue.windows_on(day, zone, _occasion(venue, calendar, day))
    for quiet in calendar.closed:
        if quiet.span and quiet.first <= day <= quiet.last and is_meant(quiet.venues, venue):
            start, end = (moment(day, minutes, zone) for minutes in quiet.span)
            sides = ((one.start, min(one.end, start), max(one.start, end), one.end) for one in windows)
            pairs = (pair for a, b, c, d in sides for pair in dict.fromkeys(((a, b), (c, d))))
            windows = tuple(Window(start=a, end=b) for a, b in pairs if a < b)
    return windows


def _occasion(venue: Venue, calendar: Calendar, day: date) -> Occasion:
    is_workday = any(one.holds(day) for one in calendar.workday)
    is_holiday = any(one.holds(day) for one in calendar.holiday)
    market = any(is_meant(one.venues, venue) and parse_day_rule(one.days).picks(day) for one in calendar.market)
    holiday = False if is_workday else True if is_holiday else None
    return venue.occasion(day, calendar.spans, holiday=holiday, market=market)


def _wanted_day(venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> WantedDay:
    midnight = moment(day, 0, zone)
    occasion = _occasion(venue, calendar, day)
    closed = closed_reason(calendar, venue, day)
    if closed is not None:
        return WantedDay(day, midnight, occasion, (), (), closed)
    windows = wanted_windows(venue, calendar, day, zone)
    return WantedDay(day, midnight, occasion, windows, _events(venue, calendar, day, zone), None)


def _events(venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> tuple[Wanted, ...]:
    """The rarer of two that collide keeps its time; the other begins when it ends."""
    asked = [
        (kind, event)
        for kind, events in (("activity", calendar.activity), ("lecture", calendar.lecture))
        for event in events
        if is_meant(event.venues, venue) and event.falls_on(day)
    ]
    taken: list[tuple[int, int]] = []
    wanted = []
    for kind, event in sorted(asked, key=lambda one: (one[1].rarity, one[1].starts)):
        starts = _first_free(taken, event.starts, event.minutes)
        taken.append((starts, starts + event.minutes))
        at = moment(day, starts, zone)
        wanted.append(Wanted(kind, event.printed, at, event.minutes * 60, event.speaker))
    return tuple(sorted(wanted, key=lambda one: one.at))


def _first_free(taken: Iterable[tuple[int, int]], starts: int, minutes: int) -> int:
    for begins, ends in sorted(taken):
        if begins < starts + minutes and starts < ends:
            starts = ends
    return starts
