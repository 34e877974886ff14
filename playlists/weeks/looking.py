"""What the schedule commands do besides planning: look up, compare, and write down manual edits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from courseware.console import Console
from courseware.errors import BatchError, InputError, Problem, text
from courseware.reviews.approval import load_approval
from courseware.workspace import Workspace, load_catalogue
from playlists.almanac.days import WEEKDAYS, week_in, week_of
from playlists.files import edits as edits_file
from playlists.files.edits import add_edit
from playlists.files.programmes import programme_for
from playlists.files.venues import select_venues
from playlists.files.weeks import planned_week, planned_weeks, schedule_of
from playlists.planning.pins import seconds_of
from playlists.schedules.history import STATES, open_ledger
from playlists.schedules.revisions import latest, published, revision_named
from playlists.schedules.schedule import Day, Schedule, Slot
from playlists.weeks import answers
from playlists.weeks.county import load_county, load_shelf, rebuild_history
from playlists.weeks.reasons import reasons


def show_county(
    console: Console, workspace: Workspace, week: str, day: str, at: str, lesson: str, *, as_json: bool
) -> None:
    """A moment, a lesson, or the coverage of the whole county."""
    schedules, problems = planned_weeks(workspace, week or week_in(day) or planned_week(workspace))
    if at:
        answers.say_now(console, schedules, at, day, as_json=as_json)
    elif lesson:
        load_catalogue(workspace).select((lesson,))
        answers.say_lesson(console, schedules, lesson, as_json=as_json)
    else:
        known = [(one.id, one.title, one.series) for one in load_catalogue(workspace).lessons]
        answers.say_coverage(console, schedules, known, as_json=as_json)
    if problems:
        raise BatchError(*problems)


def show_why(console: Console, workspace: Workspace, found: Schedule, day: Day, *, as_json: bool) -> None:
    """A day with the reason for each showing."""
    from playlists.files.calendar import occasion_on

    county = load_county(workspace)
    (venue,) = select_venues(county.venues, (found.venue,))
    shelf = load_shelf(workspace, county.catalogue.lessons, found.profile, load_approval(workspace))
    zone = workspace.settings.zone
    with open_ledger(workspace.cache_dir) as ledger:
        past = ledger.past(venue.id, found.week, zone, shelf.renditions)
    programme = programme_for(venue, county.programmes).on(occasion_on(county.calendar, venue, day.date))
    title = f"{found.venue_name} {day.date} 周{WEEKDAYS[day.date.weekday()]}"
    answers.say_why(console, reasons(found, day, programme, shelf, past, zone), title, as_json=as_json)


def show_diff(
    console: Console, workspace: Workspace, venues: Sequence[str], week: str, revision: int, *, as_json: bool
) -> None:
    """The plan as it stands against a publication."""
    week = week or planned_week(workspace)
    schedules, problems = planned_weeks(workspace, week)
    last = latest(workspace.schedules_dir, week)
    number = revision or (last.number if last else 1)
    announced = revision_named(workspace.schedules_dir, week, number)
    pairs = []
    for one in schedules:
        before = published(workspace.schedules_dir, announced, one.venue)
        if before and (not venues or one.venue in venues):
            pairs.append((before, one))
    answers.say_diff(console, pairs, as_json=as_json)
    if problems:
        raise BatchError(*problems)


def pin_slot(console: Console, workspace: Workspace, venue: str, at: datetime, lesson: str) -> None:
    """Write a pin into edits.toml."""
    if lesson:
        select_venues(load_county(workspace).venues, (venue,))
        load_catalogue(workspace).select((lesson,))
    else:
        lesson = _slot(workspace, venue, at).lesson
    _write(console, workspace, "pin", {"venue": venue, "at": at, "lesson": lesson})


def swap_slots(console: Console, workspace: Workspace, venue: str, first: datetime, second: datetime) -> None:
    """Write a swap of two planned showings into edits.toml."""
    sides = {
        key: {"at": at, "lesson": _slot(workspace, venue, at).lesson}
        for key, at in zip(("first", "second"), sorted((first, second)), strict=True)
    }
    _write(console, workspace, "swap", {"venue": venue, **sides})


def forbid(
    console: Console,
    workspace: Workspace,
    lesson: str,
    venues: Sequence[str],
    first: datetime | None,
    last: datetime | None,
) -> None:
    """Write into edits.toml that a lesson is not shown."""
    load_catalogue(workspace).select((lesson,))
    if venues:
        select_venues(load_county(workspace).venues, venues)
    values: dict[str, Any] = {"lesson": lesson, "venues": list(venues) or [edits_file.EVERYWHERE]}
    if first:
        values["from"] = first.date()
    if last:
        values["to"] = last.date()
    _write(console, workspace, "never", values)


def show_history(console: Console, workspace: Workspace, *, rebuild: bool, as_json: bool) -> None:
    """Of which weeks the history knows something."""
    rebuilt = rebuild_history(workspace) if rebuild else None
    with open_ledger(workspace.cache_dir) as ledger:
        weeks = {state: list(ledger.weeks(state)) for state in STATES}
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
    found = schedule_of(workspace, venue, week_of(at.date()))
    start = seconds_of(at, workspace.settings.zone)
    for day in found.days:
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


def _write(console: Console, workspace: Workspace, kind: str, values: dict[str, Any]) -> None:
    add_edit(workspace.root / edits_file.FILE_NAME, kind, values)
    console.say(text("Written into {file}; plan the week again to carry it out.", file=edits_file.FILE_NAME))
