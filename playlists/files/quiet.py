"""What a quiet period does to a venue's day: the events that can be held all the same, and why the venue is shut.

Reckons in instants, so that the night after an evening, and a night on which clocks change, are judged rightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.almanac.days import DAY_MINUTES, moment
from playlists.files.calendar import (
    Calendar,
    Event,
    Quiet,
    closed_because,
    occasion_on,
    opening_on,
    quiet_on,
)
from playlists.files.events import Held, asked_in_evening, events_of
from playlists.files.venues import Venue

__all__ = ["Events", "Refused", "held_on", "opening_on", "quiet_on", "span_of", "why_shut"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that the calendar asks for and that a quiet period forbids."""

    held: Held
    quiet: Quiet


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a day, by time: those that are held, and those that cannot be."""

    held: tuple[Held, ...]
    refused: tuple[Refused, ...]


def why_shut(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> str:
    """Why the venue is shut on a day on which it would be open: the calendar's reason or 休息; "" when it is open.

    A window that wholly belongs to the evening before is no reason to call the day closed.
    """
    usual = venue.windows_on(day, zone)
    if not usual or opening_on(calendar, venue, day, zone):
        return ""
    whole_day = closed_because(calendar, venue, day)
    if whole_day is not None:
        return whole_day or "休息"
    wished = venue.windows_on(day, zone, occasion_on(calendar, venue, day))
    if not wished:
        return next((one.name for one in calendar.holiday if one.name and one.holds(day)), "休息")
    found = (
        quiet.reason or "休息"
        for quiet in quiet_on(calendar, venue, day, zone)
        for one in wished
        if quiet.start < one.end and one.start < quiet.end
    )
    return next(found, "")


def held_on(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> Events:
    """The events of a day and its evening: one that would fall into quiet time is not held, none makes way for it.

    An event of the evening before that runs past midnight goes before those of the day.
    """
    evening = _events(calendar, venue, day - _DAY, zone, 0).held
    return _events(calendar, venue, day, zone, max([0, *(one.ends - DAY_MINUTES for one in evening)]))


def _events(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo, busy_until: int) -> Events:
    quiet = quiet_on(calendar, venue, day, zone)
    refused: list[Refused] = []

    def may_be(one: Held) -> bool:
        start, end = span_of(one.event, one.starts, day, zone)
        found = next((each for each in quiet if each.start < end and start < each.end), None)
        if found:
            refused.append(Refused(one, found))
        return found is None

    held = events_of(asked_in_evening(calendar, venue, day, zone), may_be, busy_until)
    return Events(held, tuple(sorted(refused, key=lambda one: one.held.starts)))


def span_of(event: Event, starts: int, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants from which and until which the event is held, when it begins so many minutes after midnight."""
    start = moment(day, starts, zone)
    return start, start.astimezone(UTC) + timedelta(minutes=event.minutes)
