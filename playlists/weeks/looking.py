"""What the schedule commands do besides planning: look up, compare, and write down manual edits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from courseware.errors import BatchError, InputError, Problem, text
from courseware.lessons.rendition import load_rendition
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews.approval import load_approval
from courseware.storage.locks import lock_workspace
from courseware.terminal.console import Console
from playlists.almanac.clock import today
from playlists.almanac.days import parse_day, week_in, week_of
from playlists.checking.wanted import wanted_windows
from playlists.county.county import County
from playlists.county.weeks import planned_week, planned_weeks, schedule_of
from playlists.files import edits as edits_file
from playlists.files.edits import add_edit
from playlists.files.naming import select_venues
from playlists.files.programmes import programme_for
from playlists.files.requests import EVERYWHERE
from playlists.files.venues import Venue
from playlists.planning.fixed import epoch_of
from playlists.schedules.history import STATES, open_ledger
from playlists.schedules.revisions import latest
from playlists.schedules.schedule import Day, Schedule, Slot, monday_of
from playlists.schedules.words import week_label
from playlists.weeks import answers
from playlists.weeks.comparing import compare_week
from playlists.weeks.drafting import load_shelf
from playlists.weeks.making import county_to_plan, rebuild_history
from playlists.weeks.reasons import reasons


def show_county(
    console: Console, workspace: Workspace, week: str, day: str, at: str, lesson: str, *, as_json: bool
) -> None:
    """A moment, a lesson, or the coverage of the whole county."""
    week = week or week_in(day) or planned_week(workspace)
    schedules, problems = planned_weeks(workspace, week)
    if at:
        shown = parse_day(day, monday_of(week))
        before = planned_weeks(workspace, week_of(shown - timedelta(days=1)))[0] if not shown.weekday() else ()
        answers.say_now(console, schedules, at, shown, {one.venue: one for one in before}, as_json=as_json)
    elif lesson:
        load_catalogue(workspace).select((lesson,))
        answers.say_lesson(console, schedules, lesson, day, as_json=as_json)
    else:
        known = [(one.id, one.title, one.series) for one in load_catalogue(workspace).lessons]
        answers.say_coverage(console, schedules, known, as_json=as_json)
    console.note(week_label(week))
    if problems:
        raise BatchError(*problems)


def show_why(console: Console, workspace: Workspace, found: Schedule, day: Day, *, as_json: bool) -> None:
    """A day with the reason for each showing."""
    from playlists.opening.windows import occasion_on

    county = county_to_plan(workspace)
    (venue,) = select_venues(county.venues, (found.venue,))
    shelf = load_shelf(workspace, county.catalogue.lessons, found.profile, load_approval(workspace))
    zone = workspace.settings.zone
    with open_ledger(workspace.cache_dir) as ledger:
        past = ledger.past(venue.id, found.week, zone, shelf.renditions)
    programme = programme_for(venue, county.programmes).on(occasion_on(county.calendar, venue, day.date))
    asked = [one for one in county.requests if one.venue in (EVERYWHERE, venue.id)]
    told = reasons(found, day, programme, shelf, past, zone, asked)
    answers.say_why(console, day, told, answers.title_of(console, found, day), as_json=as_json)


def show_diff(
    console: Console, workspace: Workspace, venues: Sequence[str], week: str, revision: int, *, as_json: bool
) -> None:
    """The plan as it stands against a publication."""
    week = week or planned_week(workspace)
    last = latest(workspace.schedules_dir, week)
    found = compare_week(workspace, week, revision or (last.number if last else 1), venues)
    console.note(week_label(week))
    answers.say_diff(console, found.changes, as_json=as_json)
    if found.problems:
        raise BatchError(*found.problems)


def show_ahead(
    console: Console, workspace: Workspace, typed: tuple[str, str, str], output: Path | None, *, as_json: bool
) -> None:
    """A month, a quarter or a year; its page and poster when a folder is given."""
    from playlists.weeks.ahead import look_ahead, plan_ahead_page, stretch_typed, write_ahead

    now = today(workspace)
    found = look_ahead(workspace, stretch_typed(*typed, now))
    answers.say_ahead(console, found, as_json=as_json)
    if output:
        office = workspace.settings.office
        for path in write_ahead(plan_ahead_page(found, office.name, office.county, now), output):
            console.note(text("{file} is written", file=path))


def pin_slot(workspace: Workspace, venue: str, at: datetime, lesson: str) -> dict[str, Any]:
    """Write a pin into edits.toml; returns what was written.

    Raises:
        InputError: the venue or lesson is unknown, the venue is not open then, or another pin stands in the way.
    """
    county = county_to_plan(workspace)
    (place,) = select_venues(county.venues, (venue,))
    if lesson:
        load_catalogue(workspace).select((lesson,))
    else:
        lesson = _slot(workspace, place.id, at).lesson
    for pin in county.edits.pin:
        if (pin.venue, pin.at) == (place.id, at):
            _refuse_twin(pin.lesson, lesson, at)
    _refuse_shut(workspace, county, place, at, lesson)
    return _write(workspace, "pin", {"venue": place.id, "at": at, "lesson": lesson})


def _refuse_twin(stands: str, lesson: str, at: datetime) -> None:
    if stands == lesson:
        what = text("{lesson} is fixed at {at} already", lesson=lesson, at=at)
    else:
        what = text("{lesson} is fixed at {at}; remove that pin first", lesson=stands, at=at)
    raise InputError(Problem(edits_file.FILE_NAME, what))


def _refuse_shut(workspace: Workspace, county: County, venue: Venue, at: datetime, lesson: str) -> None:
    """A pinned lesson lies wholly within an opening window, which may be that of the evening before."""
    zone = workspace.settings.zone
    begins = epoch_of(at, zone)
    made = load_rendition(workspace.renditions_dir / venue.profile, lesson)
    ends = begins + (made.seconds if made else 1)
    days = (at.date() - timedelta(days=1), at.date())
    windows = [one for day in days for one in wanted_windows(venue, county.calendar, day, zone)]
    if any(one.start.timestamp() <= begins and ends <= one.end.timestamp() for one in windows):
        return
    shown = "、".join(f"{one.start:%H:%M}-{one.end:%H:%M}" for one in windows if one.start.date() == at.date())
    what = text(
        "the venue is not open at {at}, or not for as long as the lesson lasts; it is open {hours}",
        at=at,
        hours=shown or "—",
    )
    raise InputError(Problem(venue.id, what))


def swap_slots(workspace: Workspace, venue: str, first: datetime, second: datetime) -> dict[str, Any]:
    """Write a swap of two planned showings into edits.toml; returns what was written."""
    (place,) = select_venues(county_to_plan(workspace).venues, (venue,))
    sides = {
        key: {"at": at, "lesson": _slot(workspace, place.id, at).lesson}
        for key, at in zip(("first", "second"), sorted((first, second)), strict=True)
    }
    return _write(workspace, "swap", {"venue": place.id, **sides})


def forbid(
    workspace: Workspace,
    lesson: str,
    venues: Sequence[str],
    first: date | None,
    last: date | None,
) -> dict[str, Any]:
    """Write into edits.toml that a lesson is not shown; returns what was written."""
    load_catalogue(workspace).select((lesson,))
    places = [one.id for one in select_venues(county_to_plan(workspace).venues, venues)] if venues else []
    values: dict[str, Any] = {"lesson": lesson, "venues": places or [edits_file.EVERYWHERE]}
    if first:
        values["from"] = first
    if last:
        values["to"] = last
    return _write(workspace, "never", values)


def show_history(console: Console, workspace: Workspace, *, rebuild: bool, as_json: bool) -> None:
    """Of which weeks the history knows something."""
    with lock_workspace(workspace.cache_dir) if rebuild else nullcontext():
        rebuilt = rebuild_history(workspace) if rebuild else None
    with open_ledger(workspace.cache_dir) as ledger:
        weeks: dict[str, list[str]] = {state: list(ledger.weeks(state)) for state in STATES}
    if as_json:
        console.document({"rebuilt": rebuilt, **weeks})
        return
    if rebuilt is not None:
        console.say(text("{count} published weeks of venues are in the history again", count=rebuilt))
    names = {"shown": text("Shown"), "published": text("Published"), "planned": text("Planned")}
    rows = [(console.tr(names[state]), "、".join(weeks[state]) or "—") for state in STATES]
    console.table((text("State"), text("Weeks")), rows)


def _slot(workspace: Workspace, venue: str, at: datetime) -> Slot:
    """The lesson that is planned there at that moment."""
    start = epoch_of(at, workspace.settings.zone)
    for week in _weeks_at(workspace, venue, at.date()):
        for day in schedule_of(workspace, venue, week).days:
            for slot in day.slots:
                if slot.lesson and int(slot.start.timestamp()) == start:
                    return slot
    what = text(
        "no lesson begins at {at}; see “yuanjiao schedule show {venue} --day {day}”",
        at=at,
        venue=venue,
        day=at.date(),
    )
    raise InputError(Problem(venue, what))


def _weeks_at(workspace: Workspace, venue: str, day: date) -> tuple[str, ...]:
    """The week of a day; and that of the evening before, which may last into the day, where it is planned."""
    week, before = week_of(day), week_of(day - timedelta(days=1))
    planned = (workspace.schedules_dir / before / f"{venue}.json").is_file()
    return (before, week) if before != week and planned else (week,)


def _write(workspace: Workspace, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    add_edit(workspace.root / edits_file.FILE_NAME, kind, values)
    return {"file": edits_file.FILE_NAME, "kind": kind, **values}
