"""What a venue's week depends on, and the days and weeks that venues share by depending on the same.

What is remembered changes no answer; plans nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

from playlists.almanac.days import moment
from playlists.files.calendar import Calendar
from playlists.files.edits import Edits
from playlists.files.lecturers import RELAYED
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.files.venues import Venue
from playlists.opening.events import Held, held_on
from playlists.opening.traits import VenueTraits, names_in, traits_of
from playlists.opening.windows import occasion_on, opening_on, why_shut
from playlists.schedules.history import Past
from playlists.schedules.schedule import Day, Gap, Relaxed, Schedule, Slot, Window

# A prime, so that the days of a week begin far apart in the circle of lessons whatever its size.
_STRIDE = 7919
# So many starting points are spread over the circle: neighbours differ, and venues that begin alike are planned once.
_STARTS = 24
Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")
# A county has a few kinds of venues with a few opening hours each; a country has counties.
_MOST_FRAMES, _MOST_WEEKS = 4096, 256


@dataclass(slots=True)
class Memo(Generic[Key, Answer]):
    """Answers by the values that they depend on; the oldest is forgotten where there would be more than `most`."""

    most: int = 1024
    _known: dict[Key, Answer] = field(default_factory=dict)

    def get(self, key: Key) -> Answer | None:
        """What was kept under that key, if any."""
        return self._known.get(key)

    def keep(self, key: Key, answer: Answer) -> Answer:
        """Remember an answer, and give it back."""
        if len(self._known) >= self.most:
            del self._known[next(iter(self._known))]
        self._known[key] = answer
        return answer


@dataclass(frozen=True, slots=True)
class Given:
    """What a week depends on besides the files of the county.

    Attributes:
        past: what the venue showed before the week.
        before: the week as it was planned or published; what of it can stay, stays.
        today: days before it are past and stay as they stood in `before`.
        edits: what the office changed by hand.
        requests: what people asked for.
        now: what began before it, on its day, stays as it stood in `before` too.
        after: lesson → start of its first showing after the week, where that is planned already.
    """

    past: Past = field(default_factory=Past)
    before: Schedule | None = None
    today: date | None = None
    edits: Edits = field(default_factory=Edits)
    requests: tuple[Request, ...] = ()
    now: datetime | None = None
    after: Mapping[str, int] = field(default_factory=dict)


class CircleStart(NamedTuple):
    """Where in the circle of lessons a venue begins: one of so many points spread over it, and the seed."""

    point: int
    seed: int

    @staticmethod
    def of(venue: Venue, seed: int) -> CircleStart:
        """The venue's, by its id."""
        return CircleStart(crc32(venue.id.encode()) % _STARTS, seed)

    def turn(self, day: date, lessons: int) -> int:
        """Its place among so many lessons on that day."""
        return (self.point * lessons // _STARTS + self.seed + day.toordinal() * _STRIDE) % max(1, lessons)


@dataclass(frozen=True, slots=True)
class DayFrame:
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
class PlannedWeek:
    """A planned week without the venue's name on it."""

    days: tuple[Day, ...]
    gaps: tuple[Gap, ...]
    relaxed: tuple[Relaxed, ...]


class WeekKey(NamedTuple):
    """All that a venue's week depends on besides the lessons, the calendar and the programme.

    Attributes:
        begun: where in the circle of lessons each day begins.
        asked: lessons with the days on which they were asked for.
        uses, last, orders: what was shown before, as in `Past`.
        after: first showings after the week; None where nothing must keep apart from them.
        stood: the week as it stood before, as text, with `today` and `now` of `Given`; None where it did not.
    """

    monday: date
    zone: ZoneInfo
    traits: VenueTraits
    profile: str
    begun: tuple[int, ...]
    asked: tuple[tuple[str, date], ...]
    uses: frozenset[tuple[str, int]]
    last: frozenset[tuple[str, int]]
    orders: tuple[tuple[str, ...], ...]
    after: frozenset[tuple[str, int]] | None
    stood: tuple[str, date | None, datetime | None] | None


@dataclass(frozen=True, slots=True)
class CountyMemory:
    """Days and weeks of venues that are planned one after the other from the same lessons."""

    calendar: Calendar
    programme: Programme
    named: frozenset[str]
    frames: Memo[tuple[date, ZoneInfo, VenueTraits], DayFrame]
    weeks: Memo[WeekKey, PlannedWeek]

    @staticmethod
    def of(calendar: Calendar, programme: Programme) -> CountyMemory:
        """A memory in which there is nothing yet."""
        return CountyMemory(calendar, programme, names_in(calendar), Memo(_MOST_FRAMES), Memo(_MOST_WEEKS))

    def is_of(self, calendar: Calendar, programme: Programme) -> bool:
        """Whether its answers are those of that calendar and programme."""
        return self.calendar == calendar and self.programme == programme

    def traits(self, venue: Venue) -> VenueTraits:
        """What the calendar can tell the venue by."""
        return traits_of(venue, self.named)

    def frame(self, venue: Venue, day: date, zone: ZoneInfo) -> DayFrame:
        """What the day is; worked out once for all venues that the calendar cannot tell apart."""
        key = (day, zone, self.traits(venue))
        found = self.frames.get(key)
        return found or self.frames.keep(key, frame_of(self.calendar, self.programme, venue, day, zone))


def frame_of(calendar: Calendar, programme: Programme, venue: Venue, day: date, zone: ZoneInfo) -> DayFrame:
    """What the day is at the venue, by its own hours and the county's calendar."""
    windows = opening_on(calendar, venue, day, zone)
    return DayFrame(
        day,
        "" if windows else why_shut(calendar, venue, day, zone),
        windows,
        tuple(event_slot(held, day, zone) for held in held_on(calendar, venue, day, zone).held),
        programme.on(occasion_on(calendar, venue, day)) if programme.variant else programme,
        sum(window.seconds for window in windows),
    )


def event_slot(held: Held, day: date, zone: ZoneInfo) -> Slot:
    """The slot of a lecture or an activity."""
    notes = [
        f"主讲：{held.event.speaker}" if held.event.speaker else "",
        RELAYED if held.event.relayed else "",
        "时间顺延" if held.moved else "",
    ]
    return Slot(
        start=moment(day, held.starts, zone),
        seconds=held.event.minutes * 60,
        kind=held.kind,
        title=held.event.printed,
        note="；".join(note for note in notes if note),
    )
