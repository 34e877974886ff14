"""What a day is at a venue before anything is chosen: windows, events, programme. Remembered where venues share it.

What is remembered changes no answer: it is asked for again where anything differs that the answer depends on.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.files.venues import Venue
from playlists.opening.events import held_on
from playlists.opening.windows import occasion_on, opening_on, why_shut
from playlists.planning.layout import Pool
from playlists.planning.slots import event_slot
from playlists.schedules.schedule import Day, Gap, Relaxed, Slot, Window

# A county has a few kinds of venues with a few opening hours each; a country has counties.
_MOST_FRAMES, _MOST_WEEKS = 4096, 256


@dataclass(frozen=True, slots=True)
class Frame:
    """A day at a venue.

    Attributes:
        closed: why it is closed though it would be open; "" otherwise.
        events: lectures and activities, each at its time.
        programme: with the blocks of that day.
        seconds: how long the windows last together.
    """

    date: date
    closed: str
    windows: tuple[Window, ...]
    events: tuple[Slot, ...]
    programme: Programme
    seconds: int


@dataclass(frozen=True, slots=True)
class Week:
    """A planned week without the venue's name on it."""

    days: tuple[Day, ...]
    gaps: tuple[Gap, ...]
    relaxed: tuple[Relaxed, ...]


@dataclass(slots=True)
class Memory:
    """Frames and weeks of venues that are planned one after the other from the same lessons and one programme."""

    _calendar: Calendar | None = None
    _programme: Programme | None = None
    _named: frozenset[str] = frozenset()
    _frames: dict[Hashable, Frame] = field(default_factory=dict)
    _weeks: dict[Hashable, Week] = field(default_factory=dict)

    def frame(self, calendar: Calendar, programme: Programme, venue: Venue, day: date, zone: ZoneInfo) -> Frame:
        """What the day is; worked out once for all venues that the calendar cannot tell apart."""
        if calendar is not self._calendar or programme is not self._programme:
            self._frames.clear()
            self._weeks.clear()
            self._calendar, self._programme, self._named = calendar, programme, _names_in(calendar)
        own = venue.id if venue.id in self._named else ""
        key = (day, zone, venue.kind, venue.windows, venue.study_day, venue.market_day, venue.groups, own)
        found = self._frames.get(key)
        if found is None:
            if len(self._frames) >= _MOST_FRAMES:
                # Weeks are known by their frames.
                self._frames.clear()
                self._weeks.clear()
            found = self._frames[key] = frame_of(calendar, programme, venue, day, zone)
        return found

    def week(self, key: Hashable) -> Week | None:
        """The week that was planned under that key, if any."""
        return self._weeks.get(key)

    def keep(self, key: Hashable, week: Week) -> None:
        """Remember a week."""
        if len(self._weeks) >= _MOST_WEEKS:
            self._weeks.pop(next(iter(self._weeks)))
        self._weeks[key] = week


def memory_of(pool: Pool) -> Memory:
    """What was planned from the pool before, with all that goes with it."""
    found = pool.memories.setdefault(Memory.__name__, Memory())
    assert isinstance(found, Memory)  # noqa: S101  (nothing else bears that name)
    return found


def frame_of(calendar: Calendar, programme: Programme, venue: Venue, day: date, zone: ZoneInfo) -> Frame:
    """What the day is at the venue, by its own hours and the county's calendar."""
    windows = opening_on(calendar, venue, day, zone)
    return Frame(
        day,
        "" if windows else why_shut(calendar, venue, day, zone),
        windows,
        tuple(event_slot(one, day, zone) for one in held_on(calendar, venue, day, zone).held),
        programme.on(occasion_on(calendar, venue, day)) if programme.variant else programme,
        sum(one.seconds for one in windows),
    )


def _names_in(calendar: Calendar) -> frozenset[str]:
    events = (name for part in (*calendar.lecture, *calendar.activity) for name in part.venues)
    days = (name for part in (calendar.closed, calendar.market) for one in part for name in one.venues)
    return frozenset((*events, *days))
