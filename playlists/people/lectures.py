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
    FILE_NAME,
    LECTURE_HEADINGS,
    TOPICS,
    USUAL_PER_WEEK,
    Lecture,
    Travel,
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
        title: as printed.
    """

    venue: Venue
    start: datetime
    end: datetime
    topic: str = ""
    name: str = ""
    relay: str = ""
    evening: date | None = None
    title: str = ""

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
            topic_in(slot.title),
            next((name for name, topic in speakers_in(slot) if not topic), ""),
            slot.title if is_relayed(slot) else "",
            day,
            slot.title,
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
    own = (one for one in lectures if one.venue == schedule.venue and one.name)
    names = {(one.date, one.at): (one.name, one.topic) for one in own}

    def named(slot: Slot) -> tuple[str, str] | None:
        fixed = any(not topic for _, topic in speakers_in(slot))
        return None if fixed else names.get((slot.start.date(), f"{slot.start:%H:%M}"))

    return _noted(schedule, named) if names else schedule


def topic_in(title: str) -> str:
    """Which of the five the title of a lecture names; "" for none."""
    return next((topic for topic in TOPICS if topic in title), "")


def rows_of(visits: Iterable[Visit]) -> tuple[Lecture, ...]:
    """The rows of lectures.csv for these lectures; those that nobody gives have no name there yet."""
    return tuple(
        Lecture.model_construct(
            venue=one.session.venue.id,
            date=one.session.start.date(),
            at=f"{one.session.start:%H:%M}",
            name=one.name,
            topic=one.topic,
            title=one.session.title,
        )
        for one in visits
    )


def dump_lectures(rows: Iterable[Lecture]) -> str:
    """The rows as CSV text with Chinese headings, for Excel and WPS."""
    headings = [names[0] for names in LECTURE_HEADINGS.values()]
    return dump_csv([headings, *([getattr(one, key) for key in LECTURE_HEADINGS] for one in rows)])


def without_lecturer(visits: Iterable[Visit]) -> tuple[Problem, ...]:
    """The lectures that nobody can give."""
    what = text("nobody can give this lecture: all are away, elsewhere, or have given their week's lectures")
    return tuple(
        Problem(f"{visit.session.venue.id} {visit.session.start:%Y-%m-%d %H:%M:%S}", what)
        for visit in visits
        if not visit.name
    )


class Roster(NamedTuple):
    """Lectures with their lecturers.

    Attributes:
        visits: by time; a lecture whose time was open is held then.
        missing: how many more lecturers it takes at least to give all of them, each as many in a week as is usual.
        gap: by what part the choice may be better; 0 when it is proven to be the best.
    """

    visits: tuple[Visit, ...]
    missing: int = 0
    gap: float = 0.0


def told_of(roster: Roster) -> Iterator[Problem]:
    """That lecturers are missing, and how many; that there may be a better choice."""
    if roster.missing:
        what = text(
            "{count} lectures have no lecturer; at least {missing} more lecturers are needed, at {most} a week",
            count=sum(not one.name for one in roster.visits),
            missing=roster.missing,
            most=USUAL_PER_WEEK,
        )
        yield Problem(FILE_NAME, what)
    if roster.gap:
        percent = f"{roster.gap * 100:.1f}"
        what = text("the lecturers are not proven to be chosen best; it may go {percent} % better", percent=percent)
        yield Problem(FILE_NAME, what)


def clash(one: Session, other: Session, travel: Travel) -> bool:
    """Whether nobody can be at both: they overlap, or the way between is too long."""
    first, second = sorted((one, other), key=lambda session: session.start)
    return (second.start - first.end).total_seconds() < travel.between(first.venue, second.venue) * 60


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
