"""Showings of a week edited by hand that no day can hold: over another, or when the venue is shut. Mends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from courseware.errors import Problem, Text, text
from playlists.schedules.schedule import Day, Schedule, Slot


def impossible_showings(before: Schedule, today: date, now: datetime) -> tuple[Problem, ...]:
    """What of the week as it stood cannot stay, and why; what has begun is history, and is not told."""
    return tuple(
        Problem(f"{before.venue} {slot.start:%Y-%m-%d %H:%M:%S}", why)
        for day in before.days
        if day.date >= today
        for slot, why in _faults(day)
        if slot.start >= now
    )


def _faults(day: Day) -> Iterator[tuple[Slot, Text]]:
    running: tuple[datetime, Slot] | None = None
    for slot in sorted(day.slots, key=lambda slot: (slot.start, slot.kind == "lesson")):
        end = slot.end
        if slot.kind == "lesson" and running and slot.start < running[0]:
            what = text(
                "“{title}” stood over “{other}”, which lasts until {end}; it is planned again",
                title=slot.title,
                other=running[1].title,
                end=f"{running[0]:%H:%M:%S}",
            )
            yield slot, what
        elif slot.kind == "lesson" and not any(one.start <= slot.start and end <= one.end for one in day.windows):
            what = text("“{title}” did not lie within an opening window; it is planned again", title=slot.title)
            yield slot, what
        if running is None or end > running[0]:
            running = end, slot
