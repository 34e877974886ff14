"""Why a slot holds what it holds, told from the facts: edits, requests, blocks and what was shown before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from courseware.errors import Text, text
from playlists.almanac.days import clock_at
from playlists.files.calendar import FILE_NAME as CALENDAR_NAME
from playlists.files.centres import TRAINING, TRAININGS_NAME
from playlists.files.programmes import Programme, admits
from playlists.planning.shelf import Shelf
from playlists.schedules.history import Past
from playlists.schedules.schedule import Day, Relaxed, Schedule, Slot

_WHY = {
    "pin": text("edits.toml fixes it at this time"),
    "request": text("somebody asked for it"),
    "insert": text("one is put in after every so many showings"),
    "replay": text("what the block showed before, once more"),
}


def reasons(
    schedule: Schedule, day: Day, programme: Programme, shelf: Shelf, past: Past, zone: ZoneInfo
) -> list[tuple[Slot, tuple[Text, ...]]]:
    """Every slot of the day with what put it there, for a person."""
    last, uses = dict(past.last), dict(past.uses)
    for earlier in schedule.days:
        for slot in earlier.slots if earlier.date < day.date else ():
            if slot.lesson:
                last[slot.lesson] = int(slot.start.timestamp())
                uses[slot.lesson] = uses.get(slot.lesson, 0) + 1
    found = []
    for slot in day.slots:
        found.append((slot, (*_reasons(slot, programme, shelf, last, uses, zone), *_broken(slot, schedule.relaxed))))
        if slot.lesson:
            last[slot.lesson] = int(slot.start.timestamp())
            uses[slot.lesson] = uses.get(slot.lesson, 0) + 1
    return found


def _reasons(
    slot: Slot, programme: Programme, shelf: Shelf, last: dict[str, int], uses: dict[str, int], zone: ZoneInfo
) -> Iterator[Text]:
    if not slot.lesson:
        held_by = TRAININGS_NAME if slot.title.startswith(TRAINING) else CALENDAR_NAME
        yield text("{file} has it at this time", file=held_by)
        return
    if slot.why in _WHY:
        yield _WHY[slot.why]
    lesson = next((one for one in shelf.lessons if one.id == slot.lesson), None)
    blocks = [one for one in programme.block if one.name == slot.block]
    if lesson and blocks and not slot.why:
        if any(admits(one, lesson) for one in blocks):
            yield text("belongs to “{block}”", block=slot.block)
        elif any(admits(one, lesson) for one in programme.filler):
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
    for one in relaxed:
        if one.start == slot.start:
            yield text("“{rule}” is not kept: {reason}", rule=one.rule, reason=one.reason.said)
