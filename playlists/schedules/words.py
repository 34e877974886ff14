"""Days, times and events of a schedule as sentences for the terminal; pages on walls have words of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce

from courseware.errors import Text, text
from playlists.schedules.schedule import NOTICE, Slot, Window, monday_of

Cell = str | Text
"""A cell of a table: as it is, or to be said in the user's language."""

_WEEKDAYS = (text("Mon"), text("Tue"), text("Wed"), text("Thu"), text("Fri"), text("Sat"), text("Sun"))


def day_label(day: date) -> Text:
    """Like "11-24 Tue"."""
    return text("{day} {weekday}", day=f"{day:%m-%d}", weekday=_WEEKDAYS[day.weekday()])


def whole_day(day: date) -> Text:
    """Like "2026-11-24 Tue"."""
    return text("{day} {weekday}", day=str(day), weekday=_WEEKDAYS[day.weekday()])


def week_label(week: str) -> Text:
    """Like "11-30 to 12-06, week 49 of 2026", of 2026-W49.

    Raises:
        InputError: not a week.
    """
    monday = monday_of(week)
    year, number, _ = monday.isocalendar()
    first, last = (
        text("{month:02}-{day:02}", month=day.month, day=day.day) for day in (monday, monday + timedelta(days=6))
    )
    return text("{first} to {last}, week {number} of {year}", first=first, last=last, number=number, year=year)


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
        case "lesson" if slot.note == NOTICE:
            return text("Notice: {title}", title=slot.title)
        case _:
            return slot.title


def joined(some: Iterable[Text]) -> Cell:
    """Several in one cell; "" for none."""
    parts = list(some)
    return reduce(lambda one, other: text("{first}; {other}", first=one, other=other), parts) if parts else ""


def told_hours(windows: Iterable[Window]) -> str:
    """Windows as people write them, by the venue's clock: 18:30–20:30、21:00–22:00."""
    return "、".join(f"{window.start:%H:%M}–{window.end:%H:%M}" for window in windows)
