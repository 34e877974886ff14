"""What the commands about schedules say: tables, sentences, JSON. Reads plans; changes none."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from courseware.documents import said
from courseware.errors import InputError, Problem, Text, text
from courseware.terminal.console import Console
from courseware.validate import Complaint
from playlists.almanac.days import parse_clock, parse_day
from playlists.duties.obligations import VERDICTS
from playlists.schedules import diff
from playlists.schedules.words import Cell, clock_label, day_label, week_label, whole_day
from playlists.weeks import table

if TYPE_CHECKING:
    from courseware.lessons.workspace import Workspace
    from playlists.schedules.schedule import Day, Schedule, Slot
    from playlists.weeks.ahead import PlanAhead
    from playlists.weeks.making import PlannedCounty

_AHEAD_HEADINGS = (
    text("Week"),
    text("Venues planned"),
    text("Edition"),
    text("Hours open"),
    text("Lessons"),
    text("Lectures, activities"),
)
_PROGRESS_HEADINGS = (text("Obligation"), text("Kept"), text("Not kept"), text("Not known yet"))
_NOW_HEADINGS = (text("Venue"), text("Name"), text("Title"), text("Series"), text("From"), text("Until"))
_SHOWING_HEADINGS = (text("Venue"), text("Name"), text("Day"), text("Time"), text("Block"))
_COVERAGE_HEADINGS = (
    text("Lesson"),
    text("Title"),
    text("Series"),
    text("Venues"),
    text("Showings"),
    text("Most at one venue"),
    text("Shortest pause"),
)
_WHY_HEADINGS = (text("Time"), text("Title"), text("Why"))
_LAST_SECOND = 59


def say_plan(
    console: Console,
    workspace: Workspace,
    week: str,
    planned: PlannedCounty,
    problems: tuple[Problem, ...],
    *,
    as_json: bool,
) -> None:
    """What was planned: a row for each venue, what stays empty, which rules gave way."""
    if as_json:
        venues = planned_document(workspace, planned)
        console.document({"week": week, "venues": venues, "problems": said(problems, console.tr)})
        return
    rows = list(table.summary_rows(planned.schedules, together=console.folds))
    console.table(table.SUMMARY_HEADINGS, _spoken(console, rows), console.tr(week_label(week)))
    console.problems([one for schedule in planned.schedules for one in table.gap_summary(schedule)])
    console.problems([one for schedule in planned.schedules for one in table.relaxed_summary(schedule)])


def planned_document(workspace: Workspace, planned: PlannedCounty) -> list[dict[str, Any]]:
    """The venues of a planned week for JSON."""
    return [
        {
            **table.summary(one),
            "file": path.relative_to(workspace.root).as_posix(),
            "gaps": [gap.model_dump(mode="json") for gap in one.gaps],
            "relaxed": [relaxed.model_dump(mode="json") for relaxed in one.relaxed],
        }
        for one, path in zip(planned.schedules, planned.paths, strict=True)
    ]


def say_ahead(console: Console, found: PlanAhead, *, as_json: bool) -> None:
    """A month, a quarter or a year: its weeks, and the progress of the obligations."""
    if as_json:
        console.document(ahead_document(found))
        return
    weeks = [
        (
            console.tr(week_label(one.week)),
            f"{one.planned}/{one.venues}",
            str(one.edition or "—"),
            str(one.seconds // 3600),
            str(one.lessons),
            f"{one.lectures}, {one.activities}",
        )
        for one in found.weeks
    ]
    console.table(_AHEAD_HEADINGS, weeks, found.stretch.label)
    duties = [(one.name, *(str(one.verdicts.get(verdict, 0)) for verdict in VERDICTS)) for one in found.duties]
    console.table(_PROGRESS_HEADINGS, duties)


def ahead_document(found: PlanAhead) -> dict[str, Any]:
    """The same for JSON."""
    weeks = [{**dataclasses.asdict(one)} for one in found.weeks]
    duties = [
        {"obligation": one.name, **{verdict: one.verdicts.get(verdict, 0) for verdict in VERDICTS}}
        for one in found.duties
    ]
    days = found.stretch.days
    return {"first": str(days[0]), "last": str(days[-1]), "weeks": weeks, "obligations": duties}


def say_schedule(console: Console, found: Schedule, day: Day | None) -> None:
    """A venue's week, or one of its days."""
    if day:
        console.table(table.DAY_HEADINGS, _spoken(console, table.day_rows(day)), title_of(console, found, day))
    else:
        rows = _spoken(console, table.week_rows(found))
        console.table(table.WEEK_HEADINGS, rows, f"{found.venue_name} {console.tr(week_label(found.week))}")
    for line in (*table.gap_lines(found, day), *(table.relaxed_lines(found, day) if day else ())):
        console.note(line)
    console.problems(() if day else table.relaxed_summary(found))


def title_of(console: Console, schedule: Schedule, day: Day) -> str:
    """The venue and the day, over a table."""
    return f"{schedule.venue_name} {console.tr(whole_day(day.date))}"


def _spoken(console: Console, rows: Sequence[Sequence[Cell]]) -> list[tuple[str, ...]]:
    return [tuple(cell if isinstance(cell, str) else console.tr(cell) for cell in row) for row in rows]


def say_diff(console: Console, changes: Sequence[diff.ScheduleChange], *, as_json: bool) -> None:
    """What changed, for whom, in words and as a table."""
    if as_json:
        console.document({"changes": diff.document(changes)})
        return
    if not changes:
        console.say(text("Nothing has changed."))
        return
    venues = len({one.venue for one in changes})
    console.say(text("{changes} changes at {venues} venues", changes=len(changes), venues=venues))
    for one in changes:
        console.say(diff.sentence(one))
    console.table(diff.DIFF_HEADINGS, _spoken(console, [diff.row(one) for one in changes]))


def say_now(
    console: Console,
    schedules: Sequence[Schedule],
    at: str,
    shown: date,
    before: Mapping[str, Schedule],
    *,
    as_json: bool,
) -> None:
    """What each venue shows at a moment.

    Args:
        before: the venues' weeks before, whose last evening may go on after midnight.
    """
    midnight = datetime.combine(shown, datetime.min.time())
    rows, found = [], []
    for schedule in schedules:
        slot = slot_at(schedule, midnight, at)
        if slot is None and schedule.venue in before:
            slot = slot_at(before[schedule.venue], midnight, at)
        found.append(
            {
                "venue": schedule.venue,
                "name": schedule.venue_name,
                "slot": slot.model_dump(mode="json") if slot else None,
            }
        )
        said = (
            (slot.title, slot.series, f"{slot.start:%H:%M:%S}", f"{slot.end:%H:%M:%S}") if slot else ("—", "", "", "")
        )
        rows.append((schedule.venue, schedule.venue_name, *said))
    if as_json:
        console.document({"day": shown.isoformat(), "at": at, "venues": found})
    else:
        console.table(_NOW_HEADINGS, rows, f"{shown} {at}")


def slot_at(schedule: Schedule, day: datetime, at: str) -> Slot | None:
    """What the venue shows then; after midnight it may belong to the evening before."""
    wanted = day + timedelta(seconds=_seconds(at))
    slots = (slot for each in schedule.days for slot in each.slots)
    return next(
        (one for one in slots if one.start.replace(tzinfo=None) <= wanted < one.end.replace(tzinfo=None)), None
    )


def _seconds(at: str) -> int:
    """Seconds after midnight of 19:42 or 19:42:30."""
    try:
        match at.strip().split(":"):
            case [hour, minute, second] if int(second) <= _LAST_SECOND:
                return parse_clock(f"{hour}:{minute}") * 60 + int(second)
        return parse_clock(at) * 60
    except (Complaint, ValueError):
        what = text("“{given}” is not a time of day; write 19:42 or 19:42:30", given=at)
        raise InputError(Problem("--at", what)) from None


def say_lesson(
    console: Console, schedules: Sequence[Schedule], lesson: str, only: str = "", *, as_json: bool
) -> None:
    """Every showing of a lesson in the week, or on one day of it.

    Args:
        only: that day, as typed; "" for all.
    """
    chosen = [
        (schedule, day)
        for schedule in schedules
        for day in schedule.days
        if not only or day.date == parse_day(only, schedule.days[0].date)
    ]
    shown = [(one, day, slot) for one, day in chosen for slot in day.slots if slot.lesson == lesson]
    if as_json:
        document = [
            {"venue": one.venue, "start": slot.start.isoformat(), "block": slot.block} for one, _, slot in shown
        ]
        console.document({"lesson": lesson, "showings": document})
        return
    rows = [
        (
            one.venue,
            one.venue_name,
            day_label(day.date),
            clock_label(slot.start, day.date),
            slot.block,
        )
        for one, day, slot in shown
    ]
    console.table(_SHOWING_HEADINGS, _spoken(console, rows), lesson)


def say_coverage(
    console: Console, schedules: Sequence[Schedule], lessons: Sequence[tuple[str, str, str]], *, as_json: bool
) -> None:
    """How often and where each lesson is shown, and how soon again; those never shown too.

    Args:
        lessons: (id, title, series) of the catalogue.
    """
    starts: dict[str, dict[str, list[datetime]]] = {}
    for schedule in schedules:
        for day in schedule.days:
            for slot in day.slots:
                if slot.lesson:
                    starts.setdefault(slot.lesson, {}).setdefault(schedule.venue, []).append(slot.start)
    found = []
    for lesson, title, series in lessons:
        venues = starts.get(lesson, {})
        pauses = [
            int((later - sooner).total_seconds()) for times in venues.values() for sooner, later in pairwise(times)
        ]
        most = max(map(len, venues.values()), default=0)
        shown = sum(map(len, venues.values()))
        found.append((lesson, title, series, len(venues), shown, most, min(pauses) // 60 if pauses else None))
    if as_json:
        keys = ("lesson", "title", "series", "venues", "showings", "most_at_one_venue", "shortest_pause_minutes")
        console.document({"lessons": [dict(zip(keys, one, strict=True)) for one in found]})
        return
    rows = [tuple("" if cell is None else str(cell) for cell in one) for one in found]
    console.table(_COVERAGE_HEADINGS, rows)


def say_why(
    console: Console, day: Day, rows: Sequence[tuple[Slot, Sequence[Text]]], title: str, *, as_json: bool
) -> None:
    """Each showing of a day with what put it there."""
    said = [(slot, [console.tr(one) for one in why]) for slot, why in rows]
    if as_json:
        console.document(
            {"slots": [{"start": slot.start.isoformat(), "lesson": slot.lesson, "why": why} for slot, why in said]}
        )
        return
    mark = console.tr(text("; "))
    lines = [(clock_label(slot.start, day.date), slot.title, mark.join(why)) for slot, why in said]
    console.table(_WHY_HEADINGS, _spoken(console, lines), title)
