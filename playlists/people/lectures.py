"""Planned lectures as sessions that somebody gives: read from schedules and lectures.csv, written into both. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from courseware.errors import Problem, text
from courseware.sheets.csv_text import dump_csv
from playlists.files.lecturers import (
    LECTURE_HEADINGS,
    TOPICS,
    Lecture,
    is_relayed,
    speaker_note,
    speakers_in,
)
from playlists.files.venues import Venue
from playlists.schedules.schedule import Schedule, Slot


@dataclass(frozen=True, slots=True)
class Session:
    """A lecture to be given.

    Attributes:
        topic: of 五讲 where the calendar names it; else "".
        name: whom the calendar names; else "", and a lecturer is sought.
        evening: the day that it belongs to, also after midnight; not given, the day of its start.
        relay: the title of a lecture that several venues show live; "" for one that is held where it is shown.
    """

    venue: Venue
    start: datetime
    end: datetime
    topic: str = ""
    name: str = ""
    relay: str = ""
    evening: date | None = None

    @property
    def day(self) -> date:
        """On which the lecturer must be free, and in whose week the lecture counts."""
        return self.evening or self.start.date()

    @property
    def key(self) -> tuple[str, datetime]:
        """Tells it from every other."""
        return self.venue.id, self.start


class Visit(NamedTuple):
    """A lecture with its lecturer and topic, both "" when nobody can give it."""

    session: Session
    name: str
    topic: str


@dataclass(frozen=True, slots=True)
class PastLectures:
    """What is known from before.

    Attributes:
        loads: lectures given lately, by lecturer.
        topics: those that each venue (by id) heard lately, the latest last.
        present: what stands in the plan now, by session key: name and topic.
    """

    loads: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    present: Mapping[tuple[str, datetime], tuple[str, str]] = field(default_factory=dict)


def sessions_in(schedules: Iterable[Schedule], venues: Mapping[str, Venue]) -> tuple[Session, ...]:
    """The lectures of planned weeks. One whose note names somebody without a topic is the calendar's own choice."""
    return tuple(
        Session(
            venues[schedule.venue],
            slot.start,
            slot.end,
            next((topic for topic in TOPICS if topic in slot.title), ""),
            next((name for name, topic in speakers_in(slot) if not topic), ""),
            slot.title if is_relayed(slot) else "",
            day,
        )
        for schedule, day, slot in _by_day(schedules)
        if schedule.venue in venues
    )


def given_before(sessions: Iterable[Session], present: Iterable[Schedule], now: datetime) -> tuple[Visit, ...]:
    """The lectures that have begun by now, with whom they had, but for those that the calendar gives to somebody."""
    stands = past_of((), present).present
    begun = (one for one in sessions if one.start < now and not one.name)
    return tuple(Visit(one, *stands.get(one.key, ("", ""))) for one in begun)


def still_open(sessions: Iterable[Session], given: Iterable[Visit], now: datetime) -> tuple[Session, ...]:
    """The lectures that are still to be given, and those that were, as a choice that nobody changes."""
    chosen = {one.session.key: one.name for one in given}
    named = (replace(one, name=one.name or chosen.get(one.key, "")) for one in sessions)
    return tuple(one for one in named if one.name or one.start >= now)


def past_of(
    before: Iterable[Schedule], present: Iterable[Schedule] = (), given: Iterable[Visit] = ()
) -> PastLectures:
    """Loads and topics of the weeks before, in any order, and what stands in the weeks at hand.

    Args:
        given: lectures of the weeks at hand that are over: their venues have heard the topics.
    """
    loads: dict[str, int] = defaultdict(int)
    topics: dict[str, tuple[str, ...]] = defaultdict(tuple)
    relayed = set[tuple[str, datetime]]()
    for schedule, slot in sorted(_lectures(before), key=lambda pair: pair[1].start):
        for name, topic in speakers_in(slot):
            loads[name] += (name, slot.start) not in relayed
            relayed |= {(name, slot.start)} if is_relayed(slot) else set()
            topics[schedule.venue] += (topic,) if topic else ()
    for visit in sorted(given, key=lambda one: one.session.start):
        topics[visit.session.venue.id] += (visit.topic,) if visit.topic else ()
    stands = {
        (schedule.venue, slot.start): (name, topic)
        for schedule, slot in _lectures(present)
        for name, topic in speakers_in(slot)
        if topic
    }
    return PastLectures(dict(loads), dict(topics), stands)


def with_lecturers(schedule: Schedule, visits: Iterable[Visit]) -> Schedule:
    """The schedule with the lecturers written into the notes of its lectures."""
    names = {visit.session.key: (visit.name, visit.topic) for visit in visits if visit.name}
    return _noted(schedule, lambda slot: names.get((schedule.venue, slot.start)))


def with_lectures(schedule: Schedule, lectures: Iterable[Lecture]) -> Schedule:
    """The schedule with the lecturers of a sheet in its notes, except where the calendar names somebody."""
    names = {(one.date, one.at): (one.name, one.topic) for one in lectures if one.venue == schedule.venue}

    def named(slot: Slot) -> tuple[str, str] | None:
        fixed = any(not topic for _, topic in speakers_in(slot))
        return None if fixed else names.get((slot.start.date(), f"{slot.start:%H:%M}"))

    return _noted(schedule, named) if names else schedule


def dump_lectures(visits: Iterable[Visit], rows: Iterable[Lecture] = ()) -> str:
    """The lectures as CSV text with Chinese headings, for Excel and WPS; other rows are written behind them."""
    headings = [names[0] for names in LECTURE_HEADINGS.values()]
    given = [
        (
            visit.session.venue.id,
            f"{visit.session.start:%Y-%m-%d}",
            f"{visit.session.start:%H:%M}",
            visit.name,
            visit.topic,
        )
        for visit in visits
        if visit.name
    ]
    return dump_csv([headings, *given, *((row.venue, row.date, row.at, row.name, row.topic) for row in rows)])


def without_lecturer(visits: Iterable[Visit]) -> tuple[Problem, ...]:
    """The lectures that nobody can give."""
    what = text("nobody can give this lecture: all are away, elsewhere, or have given their week's lectures")
    return tuple(
        Problem(f"{visit.session.venue.id} {visit.session.start:%Y-%m-%d %H:%M:%S}", what)
        for visit in visits
        if not visit.name
    )


def _lectures(schedules: Iterable[Schedule]) -> Iterator[tuple[Schedule, Slot]]:
    return ((schedule, slot) for schedule, _, slot in _by_day(schedules))


def _by_day(schedules: Iterable[Schedule]) -> Iterator[tuple[Schedule, date, Slot]]:
    for schedule in schedules:
        for day in schedule.days:
            yield from ((schedule, day.date, slot) for slot in day.slots if slot.kind == "lecture")


def _noted(schedule: Schedule, named: Callable[[Slot], tuple[str, str] | None]) -> Schedule:
    def noted(slot: Slot) -> Slot:
        found = named(slot) if slot.kind == "lecture" else None
        return slot.model_copy(update={"note": speaker_note(slot.note, *found)}) if found else slot

    days = tuple(day.model_copy(update={"slots": tuple(map(noted, day.slots))}) for day in schedule.days)
    return schedule.model_copy(update={"days": days})
