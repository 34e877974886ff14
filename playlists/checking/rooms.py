"""Rules of the training centres: a room is used once at a time and holds its batch, and everybody is taught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from courseware.errors import text
from playlists.checking.facts import Fault
from playlists.checking.wanted import closed_reason, wanted_windows
from playlists.files.calendar import Calendar
from playlists.files.centres import Centres, Training
from playlists.files.venues import Venue

Found = Iterator[tuple[str, Fault]]


def rooms_unknown(centres: Centres, _venues: Mapping[str, Venue], _calendar: Calendar, zone: ZoneInfo) -> Found:
    """Every training is of a known course and in a known room."""
    rooms = {(one.centre, one.room) for one in centres.rooms}
    courses = {one.id for one in centres.courses}
    for one in centres.trainings:
        if (one.centre, one.room) not in rooms:
            what = text("there is no room “{room}” in rooms.csv", room=one.room)
            yield one.centre, Fault(one.begins(zone), what)
        if one.course not in courses:
            what = text("there is no course “{course}” in courses.csv", course=one.course)
            yield one.centre, Fault(one.begins(zone), what)


def rooms_too_small(centres: Centres, _venues: Mapping[str, Venue], _calendar: Calendar, zone: ZoneInfo) -> Found:
    """Nobody stands: a batch is no larger than its room, and than its course allows."""
    seats = {(one.centre, one.room): one.seats for one in centres.rooms}
    batches = {one.id: one.batch for one in centres.courses}
    for one in centres.trainings:
        most = min(seats.get((one.centre, one.room), one.people), batches.get(one.course, one.people))
        if one.people > most:
            what = text(
                "{people} people, but at most {most} in “{room}”", people=one.people, most=most, room=one.room
            )
            yield one.centre, Fault(one.begins(zone), what)


def rooms_twice(centres: Centres, _venues: Mapping[str, Venue], _calendar: Calendar, zone: ZoneInfo) -> Found:
    """No room is booked twice at a time, and no batch sits in two rooms."""
    by_room, by_batch = defaultdict[object, list[Training]](list), defaultdict[object, list[Training]](list)
    for one in sorted(centres.trainings, key=lambda one: (one.date, one.starts)):
        by_room[one.centre, one.room, one.date].append(one)
        by_batch[one.course, one.batch, one.date].append(one)
    for own in by_room.values():
        for later, earlier in _collisions(own):
            what = text("“{room}” is taken by course {course}", room=later.room, course=earlier.course)
            yield later.centre, Fault(later.begins(zone), what)
    for own in by_batch.values():
        for later, earlier in _collisions(own):
            if (later.centre, later.room) != (earlier.centre, earlier.room):
                what = text("this batch sits in “{room}” at the same time", room=earlier.room)
                yield later.centre, Fault(later.begins(zone), what)


def centres_shut(centres: Centres, venues: Mapping[str, Venue], calendar: Calendar, zone: ZoneInfo) -> Found:
    """Training is held at a centre, on a day on which it is open, and begins while it is."""
    for one in centres.trainings:
        venue = venues.get(one.centre)
        if venue is None or venue.kind != "centre":
            yield one.centre, Fault(one.begins(zone), text("there is no training centre of this id"))
        elif (reason := closed_reason(calendar, venue, one.date)) is not None:
            what = text("the venue is closed on this day: {reason}", reason=reason or "—")
            yield one.centre, Fault(one.begins(zone), what)
        else:
            windows, at = wanted_windows(venue, calendar, one.date, zone), one.begins(zone)
            hours = "、".join(f"{window.start:%H:%M}-{window.end:%H:%M}" for window in windows)
            if not windows:
                yield one.centre, Fault(at, text("the centre is not open on this day"))
            elif not any(window.start <= at < window.end for window in windows):
                # Teaching by hand at another hour is the office's own decision.
                yield one.centre, Fault(at, text("the centre is open {hours}", hours=hours), hard=False)


def _collisions(own: list[Training]) -> Iterator[tuple[Training, Training]]:
    running: Training | None = None
    for one in own:
        if running and one.starts < running.ends:
            yield one, running
        running = one if running is None or one.ends > running.ends else running
