"""Why a slot holds what it holds, told from the facts: edits, requests, blocks and what was shown before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from courseware.errors import Text, text
from playlists.almanac.days import clock_at, moment
from playlists.files.blocks import Moment, admits
from playlists.files.calendar import FILE_NAME as CALENDAR_NAME
from playlists.files.centres import TRAININGS_NAME
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.planning.shelf import LessonShelf
from playlists.schedules.history import Past
from playlists.schedules.schedule import Day, Relaxed, Schedule, Slot

_WHY = {
    "pin": text("edits.toml fixes it at this time"),
    "request": text("requested by viewers"),
    "insert": text("one is put in after every so many showings"),
    "replay": text("repeats what the block showed before"),
}


def reasons(
    schedule: Schedule,
    day: Day,
    programme: Programme,
    shelf: LessonShelf,
    past: Past,
    zone: ZoneInfo,
    requests: Sequence[Request] = (),
) -> list[tuple[Slot, tuple[Text, ...]]]:
    """Every slot of the day with what put it there, for a person.

    Args:
        requests: what people asked for at this venue.
    """
    last, uses = dict(past.last), dict(past.uses)
    for earlier in schedule.days:
        if earlier.date.day == 1 and earlier.date <= day.date:
            # Showings are counted by the month.
            uses.clear()
        for slot in earlier.slots if earlier.date < day.date else ():
            _count(slot, last, uses)
    now = _moment(day, last, shelf, requests, zone)
    found = []
    for slot in day.slots:
        why = _reasons(slot, programme, shelf, now, last, uses, zone)
        found.append((slot, (*why, *_broken(slot, schedule.relaxed))))
        _count(slot, last, uses)
    return found


def _count(slot: Slot, last: dict[str, int], uses: dict[str, int]) -> None:
    if slot.lesson:
        last[slot.lesson] = int(slot.start.timestamp())
        uses[slot.lesson] = uses.get(slot.lesson, 0) + 1


def _moment(
    day: Day, last: Mapping[str, int], shelf: LessonShelf, requests: Sequence[Request], zone: ZoneInfo
) -> Moment:
    """What the blocks of that day could choose by: what was waited for and what was new when it began."""
    waiting = (
        request.lesson
        for request in requests
        if request.on <= day.date and last.get(request.lesson, 0) < moment(request.on, 0, zone).timestamp()
    )
    return Moment(day.date, frozenset(waiting), frozenset(one.id for one in shelf.lessons if one.id not in last))


def _reasons(
    slot: Slot,
    programme: Programme,
    shelf: LessonShelf,
    now: Moment,
    last: Mapping[str, int],
    uses: Mapping[str, int],
    zone: ZoneInfo,
) -> Iterator[Text]:
    if not slot.lesson:
        held_by = TRAININGS_NAME if slot.is_training else CALENDAR_NAME
        yield text("{file} has it at this time", file=held_by)
        return
    if slot.why in _WHY:
        yield _WHY[slot.why]
    lesson = next((one for one in shelf.lessons if one.id == slot.lesson), None)
    blocks = [one for one in programme.block if one.name == slot.block]
    if lesson and blocks and not slot.why:
        if any(admits(one, lesson, now) for one in blocks):
            yield text("belongs to “{block}”", block=slot.block)
        elif any(admits(one, lesson, now) for one in programme.filler):
            yield text("fills the rest of “{block}”", block=slot.block)
        else:
            yield text("borrowed, since the lessons of “{block}” do not fill its time", block=slot.block)
    if slot.lesson in last:
        before = f"{clock_at(last[slot.lesson], zone):%m-%d %H:%M}"
        yield text(
            "last shown {before}, showing {number} of this month", before=before, number=uses.get(slot.lesson, 0) + 1
        )
    else:
        yield text("shown for the first time at this venue")


def _broken(slot: Slot, relaxed: Sequence[Relaxed]) -> Iterator[Text]:
    for wish in relaxed:
        if wish.start == slot.start and wish.lesson in ("", slot.lesson):
            yield text("“{rule}” is not kept: {reason}", rule=wish.rule, reason=wish.reason.said)
