"""What changed between two plans of a venue's week, showing by showing. Compares; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from courseware.errors import Text, text
from playlists.almanac.days import WEEKDAYS
from playlists.schedules.schedule import Day, Schedule, Slot

Kind = Literal["replaced", "moved", "added", "removed", "hours"]
DIFF_HEADINGS = (text("Venue"), text("Day"), text("Time"), text("Before"), text("Now"))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different.

    Attributes:
        at: when it is now, or when it was where it is gone.
        was: when it was; None for what is new.
        before, after: titles, or hours; empty for what was not, or is no more.
    """

    venue: str
    venue_name: str
    day: date
    kind: Kind
    at: datetime | None
    was: datetime | None
    before: str
    after: str


def differences(before: Schedule, after: Schedule) -> tuple[Change, ...]:
    """Everything that people at the venue would notice, in order of time."""
    found: list[Change] = []
    for old, new in zip(before.days, after.days, strict=True):
        hours = _hours(old), _hours(new)
        if hours[0] != hours[1]:
            found.append(Change(after.venue, after.venue_name, new.date, "hours", None, None, *hours))
        found += sorted(_slots(after, new.date, old.slots, new.slots), key=_when)
    return tuple(found)


def sentence(change: Change) -> Text:
    """The change in words."""
    values = {
        "venue": change.venue_name,
        "day": _day(change.day),
        "at": _clock(change.at),
        "was": _clock(change.was),
        "before": change.before or "—",
        "after": change.after or "—",
        "title": change.after,
    }
    match change.kind:
        case "hours":
            return text("{venue}, {day}: open {after} instead of {before}", **values)
        case "replaced":
            return text("{venue}, {day} {at}: “{after}” instead of “{before}”", **values)
        case "moved":
            return text("{venue}, {day}: “{title}” at {at} instead of {was}", **values)
        case "added":
            return text("{venue}, {day} {at}: “{after}” is new", **values)
        case "removed":
            return text("{venue}, {day} {was}: “{before}” is gone", **values)


def row(change: Change) -> tuple[str, ...]:
    """The change as a row of a table."""
    at = f"{_clock(change.was)} → {_clock(change.at)}" if change.kind == "moved" else _clock(change.at or change.was)
    return change.venue_name, _day(change.day), at, change.before, change.after


def document(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes for JSON."""
    return [
        {
            "venue": one.venue,
            "day": one.day.isoformat(),
            "kind": one.kind,
            "at": one.at.isoformat() if one.at else None,
            "was": one.was.isoformat() if one.was else None,
            "before": one.before,
            "after": one.after,
        }
        for one in changes
    ]


def _slots(schedule: Schedule, day: date, old: Sequence[Slot], new: Sequence[Slot]) -> Iterator[Change]:
    same = {(one.start, _identity(one)) for one in old} & {(one.start, _identity(one)) for one in new}
    gone = [one for one in old if (one.start, _identity(one)) not in same]
    come = [one for one in new if (one.start, _identity(one)) not in same]

    def change(kind: Kind, was: Slot | None, now: Slot | None) -> Change:
        return Change(
            schedule.venue,
            schedule.venue_name,
            day,
            kind,
            now.start if now else None,
            was.start if was else None,
            was.title if was else "",
            now.title if now else "",
        )

    # What stands in the same place is replaced; only what is left over can have moved.
    at = {one.start: one for one in come}
    for one in [slot for slot in gone if slot.start in at]:
        other = at[one.start]
        yield change("replaced", one, other)
        gone.remove(one)
        come.remove(other)
    for one in list(gone):
        twin = next((other for other in come if _identity(other) == _identity(one)), None)
        if twin:
            yield change("moved", one, twin)
            gone.remove(one)
            come.remove(twin)
    yield from (change("removed", one, None) for one in gone)
    yield from (change("added", None, one) for one in come)


def _identity(slot: Slot) -> tuple[str, str, int, str]:
    return slot.kind, slot.lesson or slot.title, slot.seconds, slot.note


def _hours(day: Day) -> str:
    return "、".join(f"{one.start:%H:%M}-{one.end:%H:%M}" for one in day.windows)


def _clock(at: datetime | None) -> str:
    return f"{at:%H:%M:%S}" if at else ""


def _day(day: date) -> str:
    return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def _when(change: Change) -> float:
    at = change.at or change.was
    return at.timestamp() if at else 0
