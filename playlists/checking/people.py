"""Rules that look at several venues at once: lecturers in one place at a time, trainings in rooms that hold them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from courseware.errors import text
from playlists.almanac.days import week_of
from playlists.checking.facts import Facts, Fault, ScheduleSheet
from playlists.checking.wanted import closed_reason, wanted_windows
from playlists.files.calendar import Calendar
from playlists.files.centres import Centres, Training
from playlists.files.lecturers import is_relayed, speakers_in
from playlists.files.venues import Venue

Found = Iterator[tuple[str, Fault]]


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody who speaks somewhere at some time.

    Attributes:
        evening: the day that it belongs to, also after midnight.
        relayed: shown live at several venues at once, of which one has the speaker.
    """

    name: str
    venue: Venue
    start: datetime
    end: datetime
    relayed: bool = False
    evening: date | None = None

    @property
    def day(self) -> date:
        """In whose week it counts."""
        return self.evening or self.start.date()


def talks_in(venue: Venue, sheet: ScheduleSheet, facts: Facts) -> tuple[Talk, ...]:
    """The talks of a venue's week, for the rules below; of an activity, who is not in the list may be an office."""
    return tuple(
        Talk(name, venue, slot.start, slot.end, is_relayed(slot), day.date)
        for day in sheet.days
        for slot in day.slots
        for name, _ in speakers_in(slot)
        if slot.kind == "lecture" or name in facts.lecturers
    )


def two_places(talks: Sequence[Talk], facts: Facts) -> Iterator[tuple[str, Fault]]:
    """A lecturer is in one place at a time, and has time for the way to the next."""
    for name, own in _by_name(talks).items():
        for one, other in pairwise(own):
            spare = (other.start - one.end).total_seconds() // 60
            # Nobody knows where those come from who are not in the list.
            way = facts.travel.between(one.venue, other.venue) if name in facts.lecturers else 0
            if spare < 0:
                what = text("{name} is at {venue} then", name=one.name, venue=one.venue.name)
                yield other.venue.id, Fault(other.start, what)
            elif spare < way:
                what = text(
                    "{name} comes from {venue} and has {spare} minutes for a way of {way}",
                    name=one.name,
                    venue=one.venue.name,
                    spare=int(spare),
                    way=way,
                )
                yield other.venue.id, Fault(other.start, what)


def too_many(talks: Sequence[Talk], facts: Facts) -> Iterator[tuple[str, Fault]]:
    """Nobody gives more lectures in a week than the list allows."""
    for name, own in _by_name(one for one in talks if one.name in facts.lecturers).items():
        most = facts.lecturers[name].max_per_week
        given: Counter[str] = Counter()
        for talk in own:
            week = week_of(talk.day)
            given[week] += 1
            if given[week] > most:
                what = text(
                    "{name} gives {number} lectures this week; at most {most}",
                    name=name,
                    number=given[week],
                    most=most,
                )
                yield talk.venue.id, Fault(talk.start, what)


def _by_name(talks: Iterable[Talk]) -> dict[str, list[Talk]]:
    found = defaultdict[str, list[Talk]](list)
    for talk in sorted(talks, key=lambda one: (one.start, one.venue.id)):
        before = found[talk.name][-1:]
        # A talk that is relayed is one talk, however many venues show it.
        if not (talk.relayed and before and before[0].relayed and before[0].start == talk.start):
            found[talk.name].append(talk)
    return found


def rooms_unknown(centres: Centres, _venues: Mapping[str, Venue], _calendar: Calendar, zone: ZoneInfo) -> Found:
    """Every training is of a known course and in a known room."""
    rooms = {(one.centre, one.room) for one in centres.rooms}
    courses = {one.id for one in centres.courses}
    for training in centres.trainings:
        if (training.centre, training.room) not in rooms:
            what = text("there is no room “{room}” in rooms.csv", room=training.room)
            yield training.centre, Fault(training.begins(zone), what)
        if training.course not in courses:
            what = text("there is no course “{course}” in courses.csv", course=training.course)
            yield training.centre, Fault(training.begins(zone), what)


def rooms_too_small(centres: Centres, _venues: Mapping[str, Venue], _calendar: Calendar, zone: ZoneInfo) -> Found:
    """Nobody stands: a batch is no larger than its room, and than its course allows."""
    seats = {(one.centre, one.room): one.seats for one in centres.rooms}
    batches = {one.id: one.batch for one in centres.courses}
    for training in centres.trainings:
        most = min(
            seats.get((training.centre, training.room), training.people),
            batches.get(training.course, training.people),
        )
        if training.people > most:
            what = text(
                "{people} people, but at most {most} in “{room}”",
                people=training.people,
                most=most,
                room=training.room,
            )
            yield training.centre, Fault(training.begins(zone), what)


def rooms_twice(centres: Centres, _venues: Mapping[str, Venue], _calendar: Calendar, zone: ZoneInfo) -> Found:
    """No room is booked twice at a time, and no batch sits in two rooms."""
    by_room, by_batch = defaultdict[object, list[Training]](list), defaultdict[object, list[Training]](list)
    for training in sorted(centres.trainings, key=lambda one: (one.date, one.starts)):
        by_room[training.centre, training.room, training.date].append(training)
        by_batch[training.course, training.batch, training.date].append(training)
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
    for training in centres.trainings:
        venue = venues.get(training.centre)
        if venue is None or venue.kind != "centre":
            yield training.centre, Fault(training.begins(zone), text("there is no training centre of this id"))
        elif (reason := closed_reason(calendar, venue, training.date)) is not None:
            what = text("the venue is closed on this day: {reason}", reason=reason or "—")
            yield training.centre, Fault(training.begins(zone), what)
        else:
            windows, at = wanted_windows(venue, calendar, training.date, zone), training.begins(zone)
            hours = "、".join(f"{window.start:%H:%M}-{window.end:%H:%M}" for window in windows)
            if not windows:
                yield training.centre, Fault(at, text("the centre is not open on this day"))
            elif not any(window.start <= at < window.end for window in windows):
                # Teaching by hand at another hour is the office's own decision.
                yield training.centre, Fault(at, text("the centre is open {hours}", hours=hours), hard=False)


def _collisions(own: list[Training]) -> Iterator[tuple[Training, Training]]:
    running: Training | None = None
    for training in own:
        if running and training.starts < running.ends:
            yield training, running
        running = training if running is None or training.ends > running.ends else running
