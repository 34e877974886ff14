"""Schedules as rows of text for the terminal: a day, a week, a summary of venues. Decides and prints nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from courseware.errors import Problem, Text, text
from courseware.times import clock
from playlists.schedules.schedule import Day, Schedule, Slot, Window, day_of
from playlists.schedules.words import Cell, clock_label, day_label, joined, title_label

DAY_HEADINGS = (text("Time"), text("Title"), text("Series"), text("Block"), text("Length"))
WEEK_HEADINGS = (text("Day"), text("Window"), text("Showings"), text("Lessons"), text("Length"), text("Events"))
SUMMARY_HEADINGS = (
    text("Venue"),
    text("Name"),
    text("Days"),
    text("Showings"),
    text("Hours"),
    text("Events"),
    text("Empty"),
)

# Of so many venues with like weeks each has a row of its own.
_MOST_ALIKE = 5

Row = tuple[Cell, ...]


def day_rows(day: Day) -> tuple[Row, ...]:
    """One row per showing or event."""
    return tuple(
        (
            clock_label(slot.start, day.date),
            title_label(slot),
            slot.series or slot.note,
            slot.block,
            clock(slot.seconds),
        )
        for slot in day.slots
    )


def week_rows(schedule: Schedule) -> tuple[Row, ...]:
    """One row per opening window, and one per day without any."""
    rows: list[Row] = []
    for day in schedule.days:
        name = day_label(day.date)
        if not day.windows:
            rows.append((name, day.closed or "—", "", "", "", _event_names(day.slots, day.date)))
        for window in day.windows:
            slots = [slot for slot in day.slots if window.start <= slot.start < window.end]
            shown = [slot for slot in slots if slot.kind == "lesson"]
            seconds = sum(slot.seconds for slot in shown)
            different = len({slot.lesson for slot in shown})
            events = _event_names(slots, day.date)
            rows.append((name, _span(window), str(len(shown)), str(different), clock(seconds), events))
    return tuple(rows)


def summary_rows(schedules: Iterable[Schedule], *, together: bool) -> Iterator[Row]:
    """A row for each venue; or one for many whose days, hours, events and empty time are the same."""
    alike = defaultdict[tuple[str, ...], list[tuple[str, ...]]](list)
    for venue, name, days, showings, *rest in map(summary_row, schedules):
        alike[(days, *rest) if together else (venue,)].append((venue, name, days, showings, *rest))
    for rows in alike.values():
        if len(rows) <= _MOST_ALIKE:
            yield from rows
            continue
        venue, name, days, _, *rest = rows[0]
        counts = sorted((row[3] for row in rows), key=int)
        showings = counts[0] if counts[0] == counts[-1] else f"{counts[0]}–{counts[-1]}"
        yield venue, text("{name} and {count} more", name=name, count=len(rows) - 1), days, showings, *rest


def summary_row(schedule: Schedule) -> tuple[str, ...]:
    """A venue's week in one row."""
    facts = summary(schedule)
    return (
        schedule.venue,
        schedule.venue_name,
        str(facts["days"]),
        str(facts["slots"]),
        clock(facts["seconds"]),
        str(facts["events"]),
        clock(facts["missing_seconds"]) if schedule.gaps else "",
    )


def summary(schedule: Schedule) -> dict[str, Any]:
    """A venue's week in numbers: seconds are of lessons, missing_seconds of windows that nothing fills."""
    slots = [slot for day in schedule.days for slot in day.slots]
    shown = [slot for slot in slots if slot.kind == "lesson"]
    return {
        "venue": schedule.venue,
        "name": schedule.venue_name,
        "profile": schedule.profile,
        "days": sum(bool(day.windows) for day in schedule.days),
        "slots": len(shown),
        "lessons": len({slot.lesson for slot in shown}),
        "seconds": sum(slot.seconds for slot in shown),
        "events": len(slots) - len(shown),
        "missing_seconds": sum(gap.seconds for gap in schedule.gaps),
    }


def gap_summary(schedule: Schedule) -> tuple[Problem, ...]:
    """One line for a venue with time that stays empty, with the first reason; none for a full week."""
    if not schedule.gaps:
        return ()
    what = text(
        "{length} in {count} places stay empty: {reason}",
        length=clock(sum(gap.seconds for gap in schedule.gaps)),
        count=len(schedule.gaps),
        reason=schedule.gaps[0].reason.said,
    )
    return (Problem(schedule.venue, what),)


def gap_lines(schedule: Schedule, day: Day | None = None) -> tuple[Text, ...]:
    """Every stretch that stays empty, in the week or in one day of it, and why."""
    return tuple(
        text(
            "{venue}: {seconds} s stay empty from {start}: {reason}",
            venue=schedule.venue,
            seconds=gap.seconds,
            start=f"{gap.start:%Y-%m-%d %H:%M:%S}",
            reason=gap.reason.said,
        )
        for gap in schedule.gaps
        if day is None or any(window.start <= gap.start < window.end for window in day.windows)
    )


def relaxed_summary(schedule: Schedule) -> tuple[Problem, ...]:
    """One line for a venue whose plan does not keep every soft rule, with the first; none when it does."""
    if not schedule.relaxed:
        return ()
    first = schedule.relaxed[0]
    what = text(
        "rules gave way in {count} places, first “{rule}” on {start}: {reason}",
        count=len(schedule.relaxed),
        rule=first.rule,
        start=f"{first.start:%m-%d %H:%M}",
        reason=first.reason.said,
    )
    return (Problem(schedule.venue, what, first.rule),)


def relaxed_lines(schedule: Schedule, day: Day) -> tuple[Text, ...]:
    """Every soft rule that gave way on a day, and why."""
    return tuple(
        text(
            "{start}: “{rule}” gave way{lesson}: {reason}",
            start=f"{wish.start:%Y-%m-%d %H:%M:%S}",
            rule=wish.rule,
            lesson=f" ({wish.lesson})" if wish.lesson else "",
            reason=wish.reason.said,
        )
        for wish in schedule.relaxed
        if day_of(wish.start, schedule.days) == day.date
    )


def _span(window: Window) -> str:
    return f"{window.start:%H:%M}-{window.end:%H:%M}"


def _event_names(slots: Sequence[Slot], day: date) -> Cell:
    held = (slot for slot in slots if slot.kind != "lesson")
    return joined(text("{time} {what}", time=_minute(slot.start, day), what=title_label(slot)) for slot in held)


def _minute(at: datetime, day: date) -> Cell:
    return text("next day {time}", time=f"{at:%H:%M}") if at.date() > day else f"{at:%H:%M}"
