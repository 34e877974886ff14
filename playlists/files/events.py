"""Which events of the calendar belong to a day of a venue, and when each begins. Knows nothing of quiet time.

An event belongs to the evening that it lies in, also after midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from playlists.almanac.days import DAY_MINUTES, moment
from playlists.files.calendar import Calendar, Event, is_meant, opening_on
from playlists.files.venues import Venue

_DAY = timedelta(days=1)
EventKind = Literal["lecture", "activity"]


class Asked(NamedTuple):
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


def _whenever(_held: Held) -> bool:
    return True


def asked_on(calendar: Calendar, venue: Venue, day: date) -> tuple[Asked, ...]:
    """The events that the calendar asks for at the venue on that day of the calendar, whatever the hour."""
    both: tuple[tuple[EventKind, tuple[Event, ...]], ...] = (
        ("activity", calendar.activity),
        ("lecture", calendar.lecture),
    )
    return tuple(
        Asked(kind, event, event.starts)
        for kind, events in both
        for event in events
        if event.falls_on(day) and is_meant(event.venues, venue)
    )


def asked_in_evening(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> tuple[Asked, ...]:
    """The events of a day and its evening: what lies in that after midnight is not the next day's."""
    if not any(one.closes > DAY_MINUTES for one in venue.hours):
        return asked_on(calendar, venue, day)
    return (
        *(
            one
            for one in asked_on(calendar, venue, day)
            if not _lies_in_evening(one, calendar, venue, day - _DAY, zone)
        ),
        *(
            one._replace(starts=one.starts + DAY_MINUTES)
            for one in asked_on(calendar, venue, day + _DAY)
            if _lies_in_evening(one, calendar, venue, day, zone)
        ),
    )


def _lies_in_evening(one: Asked, calendar: Calendar, venue: Venue, eve: date, zone: ZoneInfo) -> bool:
    """Whether an event of the day after lies in a window that opened the evening before."""
    start = moment(eve + _DAY, one.starts, zone)
    return any(window.start <= start < window.end for window in opening_on(calendar, venue, eve, zone))


def events_of(
    asked: Iterable[Asked], may_be: Callable[[Held], bool] = _whenever, busy_until: int = 0
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
