"""Days, times and events of a schedule as sentences for the terminal; pages on walls have words of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce

from courseware.errors import Text, text
from playlists.schedules.schedule import Slot

Cell = str | Text
"""A cell of a table: as it is, or to be said in the user's language."""

_WEEKDAYS = (text("Mon"), text("Tue"), text("Wed"), text("Thu"), text("Fri"), text("Sat"), text("Sun"))


def day_label(day: date) -> Text:
    """Like "11-24 Tue"."""
    return text("{day} {weekday}", day=f"{day:%m-%d}", weekday=_WEEKDAYS[day.weekday()])


def whole_day(day: date) -> Text:
    """Like "2026-11-24 Tue"."""
    return text("{day} {weekday}", day=str(day), weekday=_WEEKDAYS[day.weekday()])


def clock_label(at: datetime, day: date) -> Cell:
    """Like "18:30:00"; what lies after the midnight that ends the day says so."""
    clock = f"{at:%H:%M:%S}"
    return text("next day {time}", time=clock) if at.date() > day else clock


def title_label(slot: Slot) -> Cell:
    """The title; of an event, with what it is."""
    match slot.kind:
        case "lecture":
            return text("Lecture: {title}", title=slot.title)
        case "activity" if not slot.is_training:
            return text("Activity: {title}", title=slot.title)
        case _:
            return slot.title


def joined(some: Iterable[Text]) -> Cell:
    """Several in one cell; "" for none."""
    parts = list(some)
    return reduce(lambda one, other: text("{first}; {other}", first=one, other=other), parts) if parts else ""
