"""Which events of the calendar belong to a day of a venue, when each begins, and which of them quiet time forbids.

An event belongs to the evening that it lies in, also after midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from playlists.almanac.days import DAY_MINUTES, moment
from playlists.files.calendar import Calendar, Event, is_meant
from playlists.files.venues import Venue
from playlists.opening.windows import Quiet, opening_on, quiet_on

_DAY = timedelta(days=1)
EventKind = Literal["lecture", "activity"]


class AskedEvent(NamedTuple):
    """An event that is asked for, so many minutes after the midnight that begins a day, or beyond 24:00."""

    kind: EventKind
    event: Event
    starts: int


@dataclass(frozen=True, slots=True)
class Held:
    """An event on a certain day: minutes after its midnight, and whether it had to make way for a rarer one."""

    kind: EventKind
    event: Event
    starts: int
    moved: bool

    @property
    def ends(self) -> int:
        """Minutes after midnight; may lie beyond 24:00."""
        return self.starts + self.event.minutes


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


def _whenever(_held: Held) -> bool:
    return True


def asked_on(calendar: Calendar, venue: Venue, day: date) -> tuple[AskedEvent, ...]:
    """The events that the calendar asks for at the venue on that day of the calendar, whatever the hour."""
    both: tuple[tuple[EventKind, tuple[Event, ...]], ...] = (
        ("activity", calendar.activity),
        ("lecture", calendar.lecture),
    )
    return tuple(
        AskedEvent(kind, event, event.starts)
        for kind, events in both
        for event in events
        if event.falls_on(day) and is_meant(event.venues, venue)
    )


def asked_in_evening(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> tuple[AskedEvent, ...]:
    """The events of a day and its evening: what lies in that after midnight is not the next day's."""
    if not any(one.closes > DAY_MINUTES for one in venue.hours):
        return asked_on(calendar, venue, day)
    return (
        *(
            event
            for event in asked_on(calendar, venue, day)
            if not _lies_in_evening(event, calendar, venue, day - _DAY, zone)
        ),
        *(
            event._replace(starts=event.starts + DAY_MINUTES)
            for event in asked_on(calendar, venue, day + _DAY)
            if _lies_in_evening(event, calendar, venue, day, zone)
        ),
    )


def _lies_in_evening(one: AskedEvent, calendar: Calendar, venue: Venue, eve: date, zone: ZoneInfo) -> bool:
    """Whether an event of the day after lies in a window that opened the evening before."""
    start = moment(eve + _DAY, one.starts, zone)
    return any(window.start <= start < window.end for window in opening_on(calendar, venue, eve, zone))


def events_of(
    asked: Iterable[AskedEvent], may_be: Callable[[Held], bool] = _whenever, busy_until: int = 0
) -> tuple[Held, ...]:
    """These events of a day by time, none overlapping: the rarer keeps its time, the others follow it.

    Args:
        may_be: whether one can be held then; another need not make way for one that cannot.
        busy_until: minutes after midnight until which an event of the evening before lasts.
    """
    held: list[Held] = []
    for kind, event, wished in sorted(asked, key=lambda one: (one.event.rarity, one.starts)):
        starts = _free_from(max(wished, busy_until), event.minutes, held)
        one = Held(kind, event, starts, moved=starts != wished)
        if may_be(one):
            held.append(one)
    return tuple(sorted(held, key=lambda one: one.starts))


def _free_from(starts: int, minutes: int, held: Iterable[Held]) -> int:
    for other in sorted(held, key=lambda one: one.starts):
        if starts < other.ends and other.starts < starts + minutes:
            starts = other.ends
    return starts
