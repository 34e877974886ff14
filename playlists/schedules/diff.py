"""What changed between two plans of a venue's week, showing by showing. Compares; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from courseware.errors import Text, text
from playlists.schedules.schedule import Day, Schedule, Slot
from playlists.schedules.words import Cell, day_label

ChangeKind = Literal["replaced", "moved", "added", "removed", "hours", "venue_added", "venue_removed"]
_NO_REASON = "休息"  # what a plan says of a closed day when the calendar does not say why
DIFF_HEADINGS = (text("Venue"), text("Day"), text("Time"), text("Before"), text("Now"))


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """One thing that is different.

    Attributes:
        at: when it is now, or when it was where it is gone.
        was: when it was; None for what is new.
        before, after: titles, or hours; empty for what was not, or is no more.
        reason: why the day is closed now; "" where nobody says.
    """

    venue: str
    venue_name: str
    day: date
    kind: ChangeKind
    at: datetime | None
    was: datetime | None
    before: str
    after: str
    reason: str = ""


def differences(before: Schedule, after: Schedule) -> tuple[ScheduleChange, ...]:
    """Everything that people at the venue would notice, in order of time."""
    found: list[ScheduleChange] = []
    for old, new in zip(before.days, after.days, strict=True):
        hours = _hours(old), _hours(new)
        if hours[0] != hours[1]:
            reason = "" if new.closed == _NO_REASON else new.closed
            found.append(ScheduleChange(after.venue, after.venue_name, new.date, "hours", None, None, *hours, reason))
        found += sorted(_slots(after, new.date, old.slots, new.slots), key=_when)
    return tuple(found)


def arrival(schedule: Schedule) -> ScheduleChange:
    """A venue whose week was not published when the others were."""
    first = schedule.days[0].date
    return ScheduleChange(
        schedule.venue, schedule.venue_name, first, "venue_added", None, None, "", schedule.venue_name
    )


def departure(schedule: Schedule) -> ScheduleChange:
    """A venue whose week was published, and that is none any more."""
    first = schedule.days[0].date
    return ScheduleChange(
        schedule.venue, schedule.venue_name, first, "venue_removed", None, None, schedule.venue_name, ""
    )


def sentence(change: ScheduleChange) -> Text:
    """The change in words."""
    values = {
        "venue": change.venue_name,
        "day": day_label(change.day),
        "at": _clock(change.at),
        "was": _clock(change.was),
        "before": change.before or "—",
        "after": change.after or "—",
        "title": change.after,
        "reason": change.reason,
    }
    match change.kind:
        case "hours":
            return _hours_sentence(change, values)
        case "replaced":
            return text("{venue}, {day} {at}: “{after}” instead of “{before}”", **values)
        case "moved":
            return text("{venue}, {day}: “{title}” at {at} instead of {was}", **values)
        case "added":
            return text("{venue}, {day} {at}: “{after}” is new", **values)
        case "removed":
            return text("{venue}, {day} {was}: “{before}” is gone", **values)
        case "venue_added" | "venue_removed":
            return _venue_sentence(change, values)


def _hours_sentence(change: ScheduleChange, values: Mapping[str, Any]) -> Text:
    if change.reason and not change.after:
        return text("{venue}, {day}: closed instead of open {before}: {reason}", **values)
    if not change.after:
        return text("{venue}, {day}: closed instead of open {before}", **values)
    return text("{venue}, {day}: open {after} instead of {before}", **values)


def _venue_sentence(change: ScheduleChange, values: Mapping[str, Any]) -> Text:
    if change.kind == "venue_added":
        return text("{venue}: was not published yet", **values)
    return text("{venue}: was published, but is no longer in venues.csv", **values)


def row(change: ScheduleChange) -> tuple[Cell, ...]:
    """The change as a row of a table."""
    at = f"{_clock(change.was)} → {_clock(change.at)}" if change.kind == "moved" else _clock(change.at or change.was)
    after: Cell = change.after
    if change.kind == "hours" and not change.after:
        after = text("closed: {reason}", reason=change.reason) if change.reason else text("closed")
    return change.venue_name, day_label(change.day), at, change.before, after


def document(changes: Sequence[ScheduleChange]) -> list[dict[str, Any]]:
    """The changes for JSON."""
    return [
        {
            "venue": change.venue,
            "day": change.day.isoformat(),
            "kind": change.kind,
            "at": change.at.isoformat() if change.at else None,
            "was": change.was.isoformat() if change.was else None,
            "before": change.before,
            "after": change.after,
            "reason": change.reason,
        }
        for change in changes
    ]


def _slots(schedule: Schedule, day: date, old: Sequence[Slot], new: Sequence[Slot]) -> Iterator[ScheduleChange]:
    same = {(one.start, _identity(one)) for one in old} & {(one.start, _identity(one)) for one in new}
    gone = [one for one in old if (one.start, _identity(one)) not in same]
    come = [one for one in new if (one.start, _identity(one)) not in same]

    def change(kind: ChangeKind, was: Slot | None, now: Slot | None) -> ScheduleChange:
        return ScheduleChange(
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
    for moved in [slot for slot in gone if slot.start in at]:
        other = at[moved.start]
        yield change("replaced", moved, other)
        gone.remove(moved)
        come.remove(other)
    for slot in list(gone):
        twin = next((other for other in come if _identity(other) == _identity(slot)), None)
        if twin:
            yield change("moved", slot, twin)
            gone.remove(slot)
            come.remove(twin)
    yield from (change("removed", one, None) for one in gone)
    yield from (change("added", None, one) for one in come)


def _identity(slot: Slot) -> tuple[str, str, int, str]:
    return slot.kind, slot.lesson or slot.title, slot.seconds, slot.note


def _hours(day: Day) -> str:
    return "、".join(f"{one.start:%H:%M}-{one.end:%H:%M}" for one in day.windows)


def _clock(at: datetime | None) -> str:
    return f"{at:%H:%M:%S}" if at else ""


def _when(change: ScheduleChange) -> float:
    at = change.at or change.was
    return at.timestamp() if at else 0
