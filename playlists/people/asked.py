"""Rows of lectures.csv that could not be carried out: which, and why. Assigns nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from courseware.errors import Problem, Text, text
from courseware.validate import not_one_of
from playlists.files.lecturers import LECTURES_NAME, Lecture, Lecturer, speakers_in
from playlists.files.naming import no_venue
from playlists.files.venues import Venue
from playlists.people.lectures import Visit
from playlists.schedules.schedule import Schedule, Slot

Place = tuple[str, date, str]
"""Venue, day and clock time of a lecture."""


def unkept(
    rows: Iterable[Lecture],
    visits: Iterable[Visit],
    schedules: Iterable[Schedule],
    lecturers: Sequence[Lecturer],
    venues: Sequence[Venue],
) -> tuple[Problem, ...]:
    """What the sheet asks for, and is not so.

    Args:
        visits: the lectures as they are given now.
        schedules: the planned week, for the lectures that the calendar gives to somebody.
    """
    held = _held(schedules)
    now = {_place(one.session.venue.id, held, one): one for one in visits}
    people = {one.name: one for one in lecturers}
    ids = {one.id for one in venues}
    problems = []
    for row in (one for one in rows if one.name):
        place = row.venue, row.date, row.at
        visit = now.get(place)
        slot = held.get(place)
        chosen = {name for name, topic in speakers_in(slot) if not topic} if slot else set[str]()
        if row.name in chosen or (visit and (visit.name, visit.topic) == (row.name, row.topic)):
            continue
        why = no_venue(row.venue, venues) if row.venue not in ids else _why(row, slot, visit, people)
        problems.append(Problem(f"{LECTURES_NAME}: {row.venue} {row.date} {row.at}", why))
    return tuple(problems)


def not_planned_so(
    chosen: Iterable[Lecture], schedules: Sequence[Schedule], week: str, today: date
) -> tuple[Problem, ...]:
    """Rows that say when a lecture is held, otherwise than the week is planned: that has to be done first."""
    held, planned = _held(schedules), {one.venue for one in schedules}
    return tuple(
        Problem(
            f"{LECTURES_NAME}: {row.venue} {row.date} {row.at}",
            text("is not planned so; run “yuanjiao schedule plan --week {week}” first", week=week),
        )
        for row in chosen
        if row.venue in planned and row.date >= today and (row.venue, row.date, row.at) not in held
    )


def _held(schedules: Iterable[Schedule]) -> dict[Place, Slot]:
    return {
        (schedule.venue, slot.start.date(), f"{slot.start:%H:%M}"): slot
        for schedule in schedules
        for day in schedule.days
        for slot in day.slots
        if slot.kind == "lecture"
    }


def _place(venue: str, held: Mapping[Place, Slot], visit: Visit) -> Place:
    """As the sheet tells it: the day and time that clocks show there."""
    start = visit.session.start
    return next(
        (place for place, slot in held.items() if place[0] == venue and slot.start == start),
        (venue, start.date(), f"{start:%H:%M}"),
    )


def _why(row: Lecture, slot: Slot | None, visit: Visit | None, people: Mapping[str, Lecturer]) -> Text:
    if slot is None:
        return text("no lecture is planned there at that time")
    if visit is None:
        chosen = "、".join(name for name, _ in speakers_in(slot))
        return text("the calendar gives this lecture to {name}; write it there", name=chosen or "—")
    return _why_not_that_one(row, people.get(row.name), people) or _why_another(row, visit)


def _why_not_that_one(row: Lecture, lecturer: Lecturer | None, people: Mapping[str, Lecturer]) -> Text | None:
    if lecturer is None:
        return not_one_of(row.name, people)
    if not lecturer.is_free(row.date):
        return text("{name} is not free on this day", name=row.name)
    if row.topic not in lecturer.gives:
        return text("{name} does not give {topic}", name=row.name, topic=row.topic)
    return None


def _why_another(row: Lecture, visit: Visit) -> Text:
    if not visit.name:
        return text("{name} cannot be there in time, or has given the week's lectures", name=row.name)
    return text(
        "{name} cannot be there in time, or has given the week's lectures; {other} gives it ({topic})",
        name=row.name,
        other=visit.name,
        topic=visit.topic,
    )
