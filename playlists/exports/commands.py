"""The command export. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import InputError, Problem, Text, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WRITES, NamesOption
from playlists.options import WEEK

if TYPE_CHECKING:
    from courseware.lessons.workspace import Workspace
    from playlists.exports.matrix import DayTable


def _formats() -> Iterable[str]:
    from playlists.exports.tables import FORMATS

    return FORMATS


@click.group(
    help="Weeks and months for other programs: tables for Excel and WPS, calendars for phones.",
    short_help="Tables and calendars for other programs.",
    epilog="Example:\n\n  yuanjiao export table --month 12月",
)
def export() -> None:
    """Hold the commands below."""


@export.command(
    "table",
    help="Write a planned week, or with --month a month, as a table: a row for each venue, a column for each day, in"
    " each cell when it plays, what is held, and for a week the lessons.",
    short_help="A week or a month as XLSX and CSV.",
    epilog="Examples:\n\n  yuanjiao export table --week 下周\n\n"
    "  yuanjiao export table --month 2026-12 --town 江北镇 --format csv",
)
@WEEK
@click.option("--month", metavar="MONTH", default="", help="Like 2027-02, 2月, 本月 or 上月.")
@click.option("--town", "towns", metavar="TOWN", multiple=True, help="Only this town; may be given several times.")
@click.option(
    "--format",
    "formats",
    metavar="FORMAT",
    cls=NamesOption,
    names=_formats,
    multiple=True,
    default=("xlsx", "csv"),
    help="Which kind of file; both when not given.",
)
@click.option("--output", "-o", type=FOLDER, help="Where to; the folder tables of the workspace when not given.")
@WRITES
@JSON
@click.pass_obj
def table(
    console: Console,
    *,
    week: str,
    month: str,
    towns: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Plan the table, write it, report."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.exports.tables import FOLDER_NAME, write_table

    if week and month:
        raise InputError(Problem("--month", text("write either --week or --month")))
    workspace = open_workspace(folder)
    made, problems = _table(workspace, week, month, towns)
    paths, kept = write_table(workspace, made, formats, output or workspace.root / FOLDER_NAME)
    console.problems((*problems, *kept))
    if as_json:
        files = [path.as_posix() for path in paths]
        told = said((*problems, *kept), console.tr)
        days = len(made.headings) - 4
        console.document({"files": files, "venues": len(made.rows), "days": days, "problems": told})
        return
    for path in paths:
        console.say(str(path))


def _table(workspace: Workspace, week: str, month: str, towns: Sequence[str]) -> tuple[DayTable, tuple[Problem, ...]]:
    from playlists.almanac.clock import today
    from playlists.almanac.typed import month_typed
    from playlists.county.weeks import week_meant
    from playlists.exports.tables import table_of_month, table_of_week

    if month:
        return table_of_month(workspace, month_typed(month, today(workspace)), towns)
    return table_of_week(workspace, week_meant(workspace, week), towns)


@export.command(
    "calendar",
    help="Write what was published, from the present week on, as calendars for phones and computers: one for each"
    " venue, one for each lecturer; or only those named. Entries keep their identity from edition to edition; what an"
    " edition changed is updated, and what it no longer has is marked as cancelled.",
    short_help="Calendars (ICS) of venues and lecturers.",
    epilog="Examples:\n\n  yuanjiao export calendar\n\n"
    "  yuanjiao export calendar square-01 --lecturer 李建国 --week 下周",
)
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@click.option("--lecturer", "lecturers", metavar="PERSON", multiple=True, help="This lecturer's; may be repeated.")
@click.option("--week", metavar="WEEK", default="", help="Only this week, like 下周, 第49周 or 2026-W49.")
@click.option("--output", "-o", type=FOLDER, help="Where to; the folder calendars of the workspace when not given.")
@WRITES
@JSON
@click.pass_obj
def calendar(
    console: Console,
    *,
    venues: tuple[str, ...],
    lecturers: tuple[str, ...],
    week: str,
    output: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Read the editions, write the calendars, report."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import week_typed
    from playlists.exports.editions import FOLDER_NAME, gather_calendars, write_calendars

    workspace = open_workspace(folder)
    found = gather_calendars(workspace, venues, lecturers, week_typed(week, today(workspace)))
    target = output or workspace.root / FOLDER_NAME
    paths, kept = write_calendars(workspace, found, target)
    entries = [one for _, own in found.files.values() for one in own]
    counts = {
        "files": len(paths),
        "entries": len(entries),
        "cancelled": sum(one.cancelled for one in entries),
    }
    console.problems((*found.problems, *kept))
    if as_json:
        files = [path.as_posix() for path in paths]
        told = said((*found.problems, *kept), console.tr)
        console.document({**counts, "files": files, "problems": told})
        return
    what = text("{files} calendars in {folder}: {entries} entries, {cancelled} of them cancelled")
    console.say(Text(what.pattern, {**counts, "folder": target}))
