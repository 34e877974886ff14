"""The commands schedule check, schedule lecturers and schedule trainings. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import BatchError, InputError, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WORKSPACE, WRITES
from playlists.options import WEEK

_dry = click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")


@click.command(
    "check",
    help="Check planned weeks, also ones edited by hand, against every rule and obligation: each fault with its venue"
    " and minute. Without VENUE, all venues; without --week and --month, the coming week. What is"
    " broken on days that are past is told, but fails nothing.",
    short_help="Check planned weeks against every rule.",
    epilog="Examples:\n\n  yuanjiao schedule check --week 2026-W48\n\n  yuanjiao schedule check --month 2026-11",
)
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@click.option(
    "--week", "weeks", metavar="WEEK", multiple=True, help="Like 2026-W48 or 本周; give it several times for several."
)
@click.option("--month", metavar="MONTH", default="", help="All weeks of a month: 2026-11, 11月 or 本月.")
@click.option("--deep", is_flag=True, help="Read every video that is shown and compare it byte for byte.")
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def check(
    console: Console,
    *,
    venues: tuple[str, ...],
    weeks: tuple[str, ...],
    month: str,
    deep: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Check, report; fails when a hard rule is broken or an obligation not kept."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac import clock
    from playlists.almanac.typed import month_typed
    from playlists.checking import reporting
    from playlists.checking.checker import check_schedules
    from playlists.county.weeks import week_meant
    from playlists.schedules.words import week_label

    workspace = open_workspace(folder)
    now = clock.today(workspace)
    days = month_typed(month, now)
    asked = {*(week_meant(workspace, one) for one in weeks), *reporting.weeks_of(days)}
    weeks = tuple(sorted(asked)) or (week_meant(workspace, ""),)
    report = check_schedules(workspace, weeks, venues, days, today=now, deep=deep)
    if as_json:
        console.document(reporting.report_document(report, weeks, console.tr))
    else:
        for week in weeks:
            console.say(week_label(week))
        console.problems((*report.problems, *report.remarks))
        console.table(reporting.OBLIGATION_HEADINGS, reporting.obligation_rows(report))
        counts = {"venues": report.venues, "days": report.days, "faults": len(report.broken)}
        console.say(text("{venues} venues, {days} days: {faults} faults", **counts))
    if report.broken:
        raise InputError(*report.broken)


@click.command(
    "lecturers",
    help="Give every planned lecture of a week a lecturer from lecturers.csv and one of the five topics (五讲): free"
    " on the day, in one place at a time, loads even, topics in turn. Writes them into the planned week.",
    short_help="Assign lecturers to a week's lectures.",
    epilog="Example:\n\n  yuanjiao schedule lecturers --week 2026-W48",
)
@WEEK
@_dry
@ALL
@WRITES
@JSON
@click.pass_obj
def lecturers(console: Console, *, week: str, dry_run: bool, folder: Path, as_json: bool) -> None:
    """Assign, write, report; fails when a lecture has nobody."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.checking import reporting
    from playlists.county.weeks import week_meant
    from playlists.people.staffing import staff_week
    from playlists.schedules.words import week_label

    workspace = open_workspace(folder)
    week = week_meant(workspace, week)
    found = staff_week(workspace, week, write=not dry_run)
    if as_json:
        problems = said((*found.problems, *found.unfilled), console.tr)
        console.document({"week": week, "lectures": reporting.visit_documents(found.visits), "problems": problems})
    else:
        console.problems(found.problems)
        console.table(reporting.VISIT_HEADINGS, reporting.visit_rows(found.visits), console.tr(week_label(week)))
    if found.unfilled:
        raise BatchError(*found.unfilled)


@click.command(
    "trainings",
    help="Give every batch of every course (courses.csv) a room (rooms.csv) and its days, none booked twice, as early"
    " as can be; writes trainings.csv. What stands there already is kept.",
    short_help="Place the batches of courses in rooms.",
    epilog="Example:\n\n  yuanjiao schedule trainings",
)
@_dry
@ALL
@WRITES
@JSON
@click.pass_obj
def trainings(console: Console, *, dry_run: bool, folder: Path, as_json: bool) -> None:
    """Place, write, report; fails when a batch finds no room."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.checking import reporting
    from playlists.people.staffing import book_rooms

    found = book_rooms(open_workspace(folder), write=not dry_run)
    if as_json:
        problems = said((*found.problems, *found.unfilled), console.tr)
        rows = [one.model_dump(mode="json") for one in found.trainings]
        console.document({"trainings": rows, "new": len(found.new), "problems": problems})
    else:
        console.problems(found.problems)
        console.table(reporting.TRAINING_HEADINGS, reporting.training_rows(found.trainings))
    if found.unfilled:
        raise BatchError(*found.unfilled)
