"""What the rules are given: the schedule as the file holds it, and what the workspace asks. No rule lives here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from courseware.errors import Text
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from courseware.reviews.approval import Approval
from playlists.almanac.occasions import Occasion
from playlists.files.calendar import Calendar
from playlists.files.edits import Edits
from playlists.files.lecturers import Lecturer, Travel
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.files.venues import Venue
from playlists.schedules.history import Past
from playlists.schedules.schedule import Gap, Relaxed, Slot, Window


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule broken at an instant.

    Attributes:
        at: the showing, the missing event or the closing time that the fault is about.
        what: in words.
        hard: False when the plan may stand with it.
    """

    at: datetime
    what: Text
    hard: bool = True


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day as the file holds it; the slots in the file's own order, whatever that is."""

    date: date
    windows: tuple[Window, ...]
    slots: tuple[Slot, ...]
    closed: str


@dataclass(frozen=True, slots=True)
class ScheduleSheet:
    """A schedule file, right or wrong.

    Attributes:
        file: the name of the file without .json; the venue it lies there for.
        week: the week it lies there for.
        header: what the file says of itself: venue, venue_name, kind, town, county, week, profile.
        days, gaps: all that could be read.
        relaxed: the wishes that the plan itself says are not met.
        faults: what could not.
    """

    file: str
    week: str
    header: Mapping[str, str]
    days: tuple[SheetDay, ...]
    gaps: tuple[Gap, ...]
    relaxed: tuple[Relaxed, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class WantedEvent:
    """An event that the calendar asks for.

    Attributes:
        at: when it begins, after the rarer ones of the day that it collides with.
    """

    kind: str
    title: str
    at: datetime
    seconds: int
    speaker: str

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.at.astimezone(UTC) + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Hush:
    """Time in which a venue is to be quiet; the end is excluded."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class WantedDay:
    """What the workspace asks of a day; windows and events are empty on a day that is closed.

    Attributes:
        occasion: what kind of day it is, for variants of the programme.
        closed: why the calendar closes it; None when it does not.
        quiet: when nothing may be held, from the evening before to the night after.
        refused: events that the calendar asks for in quiet time.
    """

    date: date
    midnight: datetime
    occasion: Occasion
    windows: tuple[Window, ...]
    events: tuple[WantedEvent, ...]
    closed: str | None
    quiet: tuple[Hush, ...] = ()
    refused: tuple[WantedEvent, ...] = ()

    @property
    def begins(self) -> datetime:
        """When the day's programme begins; midnight when there is none."""
        return min([*(one.start for one in self.windows), *(one.at for one in self.events)], default=self.midnight)


@dataclass(frozen=True, slots=True)
class VenueWeek:
    """All that the rules of one venue's week look at.

    Attributes:
        programme: None when the venue has none.
        wanted: Monday to Sunday.
        before: the slots of the Sunday before, where that week is known.
        past: what the venue showed before the week; None where nobody knows.
    """

    venue: Venue
    programme: Programme | None
    sheet: ScheduleSheet
    wanted: tuple[WantedDay, ...]
    before: tuple[Slot, ...] = ()
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for all venues.

    Attributes:
        lessons: by id, those that can be read.
        unreadable: ids of the others.
        renditions: profile → lesson id → finished rendition.
        damaged: files below the workspace whose bytes are not those that were described.
        reviewed: whether every lesson shown must name its reviewer.
        approval: which files may be shown.
        lecturers: by name; empty when the workspace lists none.
        edits: what the office forbade by hand.
        requests: what people asked for, by the lessons' ids.
        without_time: week, venue and title of the lectures whose time is still to be chosen.
    """

    zone: ZoneInfo
    calendar: Calendar
    lessons: Mapping[str, Lesson]
    renditions: Mapping[str, Mapping[str, Rendition]]
    unreadable: frozenset[str] = frozenset()
    damaged: frozenset[str] = frozenset()
    reviewed: bool = False
    approval: Approval = field(default_factory=Approval)
    lecturers: Mapping[str, Lecturer] = field(default_factory=dict)
    edits: Edits = field(default_factory=Edits)
    travel: Travel = field(default_factory=Travel)
    requests: tuple[Request, ...] = ()
    without_time: frozenset[tuple[str, str, str]] = frozenset()
