"""The times at which a lecture may be held whose time is to be chosen. Chooses none, and reads no file.

Whenever lectures can be given in some order, each can begin as early as its venue opens, or its lecturer comes from
the one before: these times, on full five minutes, are all that need to be looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.almanac.days import clock_at, moment
from playlists.files.calendar import Calendar, Event
from playlists.files.chosen import OpenLecture
from playlists.files.lecturers import Travel
from playlists.files.venues import Venue
from playlists.opening.events import held_on, span_of
from playlists.opening.windows import opening_on, without
from playlists.people.lectures import Session, topic_in
from playlists.schedules.schedule import Window

_STEP_S = 5 * 60
_DAY = timedelta(days=1)
Evening = tuple[date, tuple[Window, ...]]
"""A day, and the time that a venue has on it for a lecture."""


def evenings_of(
    lecture: OpenLecture, calendar: Calendar, days: Sequence[date], zone: ZoneInfo
) -> tuple[Evening, ...]:
    """The time left for the lecture on its days: within its hours, the venue open, nothing else held there."""
    event, venue = lecture.event, lecture.venue
    found = ((day, _left_on(event, venue, calendar, day, zone)) for day in days if event.may_fall_on(day))
    return tuple((day, windows) for day, windows in found if windows)


def sessions_at(
    lectures: Sequence[tuple[OpenLecture, tuple[Evening, ...]]],
    fixed: Sequence[Session],
    travel: Travel,
    zone: ZoneInfo,
    now: datetime,
) -> list[tuple[Session, ...]]:
    """Each lecture at each time at which it may be held, from now on.

    Args:
        fixed: lectures whose time is known; whoever gives one may come from there.
    """
    starts = _starts(lectures, fixed, travel)
    return [
        tuple(
            _session(lecture, day, at, zone)
            for day, windows in evenings
            for at in sorted(starts[day])
            if at >= now.timestamp() and any(_fits(lecture.event, at, window) for window in windows)
        )
        for lecture, evenings in lectures
    ]


def session_of(lecture: OpenLecture, evening: date, start: datetime) -> Session:
    """The lecture at that time."""
    event = lecture.event
    end = start + timedelta(minutes=event.minutes)
    return Session(lecture.venue, start, end, topic_in(event.printed), "", "", evening, event.printed)


def _session(lecture: OpenLecture, day: date, at: int, zone: ZoneInfo) -> Session:
    return session_of(lecture, day, clock_at(at, zone))


def _left_on(event: Event, venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    first, last = (moment(day, minutes, zone) for minutes in event.span)
    windows = opening_on(calendar, venue, day, zone)
    for other in (day - _DAY, day, day + _DAY) if windows else ():
        for held in held_on(calendar, venue, other, zone).held:
            windows = without(windows, *span_of(held.event, held.starts, other, zone))
    cut = ((max(one.start, first), min(one.end, last)) for one in windows)
    length = timedelta(minutes=event.minutes)
    return tuple(Window(start=start, end=end) for start, end in cut if end - start >= length)


def _starts(
    lectures: Sequence[tuple[OpenLecture, tuple[Evening, ...]]], fixed: Sequence[Session], travel: Travel
) -> Mapping[date, set[int]]:
    """For each day the times, as seconds since 1970, at which a lecture may begin."""
    towns = {lecture.venue.town for lecture, _ in lectures} | {one.venue.town for one in fixed}
    ways = {travel.towns(one, other) * 60 for one in towns for other in towns}
    at_venue = Counter([*(lecture.venue.id for lecture, _ in lectures), *(one.venue.id for one in fixed)])
    # From one lecture to the next at the same venue there is no way.
    ways |= {0} if any(number > 1 for number in at_venue.values()) else set()
    lengths = {lecture.event.minutes * 60 for lecture, _ in lectures}
    found = defaultdict[date, set[int]](set)
    last = defaultdict[date, int](int)
    for lecture, evenings in lectures:
        for day, windows in evenings:
            found[day] |= {_full(one.start.timestamp()) for one in windows}
            latest = max(int(one.end.timestamp()) for one in windows) - lecture.event.minutes * 60
            last[day] = max(last[day], latest)
    for one in fixed:
        found[one.day] |= {_full(one.end.timestamp() + way) for way in ways}
    for day, known in found.items():
        new = set(known)
        while new:
            later = {_full(at + length + way) for at in new for length in lengths for way in ways}
            new = {at for at in later if at <= last[day]} - known
            known.update(new)
    return found


def _full(seconds: float) -> int:
    return -int(-seconds // _STEP_S) * _STEP_S


def _fits(event: Event, at: int, window: Window) -> bool:
    return window.start.timestamp() <= at and at + event.minutes * 60 <= window.end.timestamp()
