"""Which batch of a course (培训班) sits in which room of a centre, and when, to proven optimality.

As many batches as can be, as early as can be, in the smallest room that holds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zlib import crc32

from courseware.errors import Problem, Text, text
from playlists.almanac.days import parse_clock
from playlists.files.centres import COURSES_NAME, Course, Room, Training
from playlists.people.program import Program

_LATE = 10
_SPARE_SEATS = 10  # so many empty seats count one
_TIE = 10_000

Open = Callable[[str, date, int], bool]
"""Whether a centre is open on a day at a time, given in minutes after midnight."""


class _RoomOption(NamedTuple):
    """Batch number `batch` is taught in room number `room` from a day on."""

    batch: int
    room: int
    day: date


class _Batch(NamedTuple):
    course: Course
    number: int
    people: int


def _always(_centre: str, _day: date, _starts: int) -> bool:
    return True


def plan_trainings(
    courses: Iterable[Course],
    rooms: Sequence[Room],
    taken: Sequence[Training] = (),
    is_open: Open = _always,
) -> tuple[tuple[Training, ...], tuple[Problem, ...]]:
    """A room and days for every batch that has none yet.

    Args:
        taken: trainings that stand; their batches and rooms are kept.
        is_open: nothing is taught at a centre that is not.

    Returns:
        The new trainings by day, and which batches find no room.
    """
    stands = {(one.course, one.batch) for one in taken}
    batches = [
        _Batch(course, number, people)
        for course in courses
        for number, people in enumerate(course.sizes, 1)
        if (course.id, number) not in stands
    ]
    options = [
        _RoomOption(number, place, day)
        for number, batch in enumerate(batches)
        for place, room in enumerate(rooms)
        if batch.course.centre in ("", room.centre) and batch.people <= room.seats
        for day in _starts(batch.course)
        if _is_free(batch, room, day, taken) and _is_held(batch, room, day, is_open)
    ]
    chosen = {one.batch: one for one in _solve(batches, rooms, options)}
    held = _in_order([(batches[one.batch], one) for one in chosen.values()], rooms)
    made = [training for batch, option in held for training in _trainings(batch, rooms, option)]
    problems = [
        Problem(f"{COURSES_NAME}: {batch.course.id}", _why_none(batch, rooms, is_open))
        for number, batch in enumerate(batches)
        if number not in chosen
    ]
    return tuple(sorted(made, key=lambda one: (one.date, one.starts, one.centre, one.room))), tuple(problems)


def _starts(course: Course) -> Iterator[date]:
    for n in range((course.last - course.first).days + 2 - course.days):
        yield course.first + timedelta(days=n)


def _why_none(batch: _Batch, rooms: Sequence[Room], is_open: Open) -> Text:
    course = batch.course
    fitting = [one for one in rooms if course.centre in ("", one.centre) and batch.people <= one.seats]
    if not fitting:
        return text("batch {number} finds no room: none has {people} seats", number=batch.number, people=batch.people)
    if not any(_is_held(batch, room, day, is_open) for room in fitting for day in _starts(course)):
        return text(
            "batch {number} finds no room: from {first} to {last} no centre is open at {at} on {days} days in a row",
            number=batch.number,
            first=course.first,
            last=course.last,
            at=course.at,
            days=course.days,
        )
    return text("batch {number} finds no room", number=batch.number)


def _is_held(batch: _Batch, room: Room, first: date, is_open: Open) -> bool:
    """Whether the centre is open when the batch begins, on each of its days."""
    days = (first + timedelta(days=n) for n in range(batch.course.days))
    return all(is_open(room.centre, day, parse_clock(batch.course.at)) for day in days)


def _is_free(batch: _Batch, room: Room, first: date, taken: Iterable[Training]) -> bool:
    days = [first + timedelta(days=n) for n in range(batch.course.days)]
    starts = parse_clock(batch.course.at)
    busy = (
        training
        for training in taken
        if (training.centre, training.room) == (room.centre, room.room)
        and training.date in days
        and training.starts < starts + batch.course.minutes
        and starts < training.ends
    )
    return next(busy, None) is None


def _solve(
    batches: Sequence[_Batch], rooms: Sequence[Room], options: Sequence[_RoomOption]
) -> tuple[_RoomOption, ...]:
    if not options:
        return ()
    problem = Program()
    lots = max(1, _TIE // len(batches))
    for option in options:
        course, room = batches[option.batch].course, rooms[option.room]
        cost = _LATE * (option.day - course.first).days + (room.seats - batches[option.batch].people) // _SPARE_SEATS
        lot = crc32(f"{course.id} {option.batch} {room.centre} {room.room} {option.day}".encode()) % lots
        problem.add_column(cost + lot / _TIE)
    spare = [problem.add_column(0) for _ in batches]
    for number, column in enumerate(spare):
        problem.add_row([*(n for n, one in enumerate(options) if one.batch == number), column], 1, 1)
    for columns in _rivals(batches, options):
        problem.add_row(columns, 0, 1)
    taken = problem.solve(spare)
    return tuple(one for one, value in zip(options, taken, strict=False) if value)


def _rivals(batches: Sequence[_Batch], options: Sequence[_RoomOption]) -> Iterator[list[int]]:
    """Options that would use a room at the same minute."""
    uses = defaultdict[tuple[int, date], list[tuple[int, int, int]]](list)
    for column, one in enumerate(options):
        course = batches[one.batch].course
        starts = parse_clock(course.at)
        for n in range(course.days):
            uses[one.room, one.day + timedelta(days=n)].append((starts, starts + course.minutes, column))
    for some in uses.values():
        for minute in sorted({starts for starts, _, _ in some}):
            columns = sorted({column for starts, ends, column in some if starts <= minute < ends})
            if len(columns) > 1:
                yield columns


def _in_order(
    held: Sequence[tuple[_Batch, _RoomOption]], rooms: Sequence[Room]
) -> Iterator[tuple[_Batch, _RoomOption]]:
    """The batches that are held, those of a course numbered by the day on which they begin."""
    numbers = defaultdict[str, list[int]](list)
    for number, course in sorted((batch.number, batch.course.id) for batch, _ in held):
        numbers[course].append(number)
    for batch, option in sorted(
        held, key=lambda one: (one[1].day, rooms[one[1].room].centre, rooms[one[1].room].room)
    ):
        yield batch._replace(number=numbers[batch.course.id].pop(0)), option


def _trainings(batch: _Batch, rooms: Sequence[Room], option: _RoomOption) -> Iterator[Training]:
    course, room = batch.course, rooms[option.room]
    for n in range(course.days):
        yield Training(
            course=course.id,
            batch=batch.number,
            centre=room.centre,
            room=room.room,
            date=option.day + timedelta(days=n),
            at=course.at,
            minutes=course.minutes,
            people=batch.people,
        )
