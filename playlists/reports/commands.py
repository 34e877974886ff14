"""The command report: what the office reports upwards. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WORKSPACE
from playlists.options import WEEK

if TYPE_CHECKING:
    from courseware.lessons.settings import Office
    from playlists.reports.monthly import Heading
    from playlists.reports.played import CountyRecord


@click.group(
    help="Reports for the offices above: what was shown, and which venues meet the standards.",
    short_help="Reports for the offices above.",
    epilog="Example:\n\n  yuanjiao report month --month 上月 --output 月报",
)
def report() -> None:
    """Hold the commands below."""


@report.command(
    "standards",
    help="Which venues have what a venue of their kind must have (standards.toml), by what venues.csv says: how many"
    " meet each standard, and every venue that falls short or does not say. Without VENUE, all venues.",
    short_help="Which venues meet the standards.",
    epilog="Example:\n\n  yuanjiao report standards",
)
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def standards(console: Console, *, venues: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Two tables, or one document."""
    from courseware.lessons.workspace import open_workspace
    from playlists.reports import standards as table

    found = table.load_standing(open_workspace(folder), venues)
    console.problems(found.problems)
    if as_json:
        console.document(table.standing_document(found, console.tr))
        return
    console.table(table.STANDARD_HEADINGS, table.standard_rows(found))
    rows = table.unmet_rows(found, console.tr)
    if rows:
        console.table(table.UNMET_HEADINGS, rows)
    else:
        console.say(text("All venues meet all standards."))


VENUES = click.option(
    "--venue", "venues", metavar="VENUE", multiple=True, help="Only this venue, by id or name; may be repeated."
)
TOWNS = click.option("--town", "towns", metavar="TOWN", multiple=True, help="Only the venues of this town.")
MONTH = click.option(
    "--month", metavar="MONTH", default="", help="Like 2026-11, 11月 or 上月; the present month when not given."
)
OUTPUT = click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="Write the report into this folder."
)


@report.command(
    "played",
    help="What the venues have shown, by the logs that were imported: how much of the plan was shown whole, late, in"
    " part, replaced or not, and what nobody has reported, which is not the same as not shown. For one venue also"
    " each day, and each item that was not whole.",
    short_help="What was shown of what was planned.",
    epilog="Example:\n\n  yuanjiao report played --week 上周",
)
@VENUES
@TOWNS
@WEEK
@MONTH
@OUTPUT
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def played(
    console: Console,
    *,
    venues: tuple[str, ...],
    towns: tuple[str, ...],
    week: str,
    month: str,
    output: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Of a week, or of a month."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import now, present_week, today
    from playlists.almanac.typed import month_typed, week_typed
    from playlists.reports.monthly import span_heading
    from playlists.reports.played import days_of_week, load_record

    workspace = open_workspace(folder)
    days = month_typed(month, today(workspace)) or days_of_week(
        week_typed(week, today(workspace)) or present_week(workspace)
    )
    record = load_record(workspace, days, now(workspace), venues, towns)
    heading = span_heading(workspace.settings.office.county, record.first, record.last)
    _tell(console, record, workspace.settings.office, heading, output, as_json=as_json)


@report.command(
    "month",
    help="The report of a month (播放月报表) for the office above: hours, openings, every obligation judged by what"
    " was shown, with the evidence, coverage by series and lesson, requests, attendance, and who has not reported."
    " With --output as a page, for printing (PDF) and as workbook (XLSX).",
    short_help="The month's report.",
    epilog="Example:\n\n  yuanjiao report month --month 上月 --output 月报",
)
@VENUES
@TOWNS
@MONTH
@OUTPUT
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def month_report(
    console: Console,
    *,
    venues: tuple[str, ...],
    towns: tuple[str, ...],
    month: str,
    output: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Of one month."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import now, today
    from playlists.almanac.typed import month_typed
    from playlists.reports.monthly import month_heading
    from playlists.reports.played import load_record

    workspace = open_workspace(folder)
    days = month_typed(month or "本月", today(workspace))
    record = load_record(workspace, days, now(workspace), venues, towns)
    heading = month_heading(workspace.settings.office.county, days[0])
    _tell(console, record, workspace.settings.office, heading, output, as_json=as_json)


@report.command(
    "year",
    help="The report of a year: as that of a month, with a row for each month.",
    short_help="The year's report.",
    epilog="Example:\n\n  yuanjiao report year --year 2026 --output 年报",
)
@VENUES
@TOWNS
@click.option("--year", type=click.IntRange(2000, 2199), help="Like 2026; the present year when not given.")
@OUTPUT
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def year_report(
    console: Console,
    *,
    venues: tuple[str, ...],
    towns: tuple[str, ...],
    year: int | None,
    output: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Of one year."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import now, today
    from playlists.reports.monthly import year_heading
    from playlists.reports.played import days_of_year, load_record

    workspace = open_workspace(folder)
    days = days_of_year(year or today(workspace).year)
    record = load_record(workspace, days, now(workspace), venues, towns)
    heading = year_heading(workspace.settings.office.county, days[0])
    _tell(console, record, workspace.settings.office, heading, output, as_json=as_json)


@report.command(
    "books",
    help="The record books (远程教育记录簿) of a month, one for each venue, filled in from the plan and from what was"
    " reported, with room for who led, who wrote and who signs: for printing (PDF) and as workbooks (XLSX).",
    short_help="The venues' record books, filled in.",
    epilog="Example:\n\n  yuanjiao report books --venue station-01 --month 上月 --output 记录簿",
)
@VENUES
@TOWNS
@MONTH
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for the books."
)
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def books(
    console: Console,
    *,
    venues: tuple[str, ...],
    towns: tuple[str, ...],
    month: str,
    output: Path,
    folder: Path,
    as_json: bool,
) -> None:
    """Write the files."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import now, today
    from playlists.almanac.typed import month_typed
    from playlists.reports.books import plan_book
    from playlists.reports.monthly import month_heading
    from playlists.reports.played import load_record
    from playlists.reports.telling import write_books

    workspace = open_workspace(folder)
    office = workspace.settings.office
    days = month_typed(month or "本月", today(workspace))
    record = load_record(workspace, days, now(workspace), venues, towns)
    console.problems(record.problems)
    heading = month_heading(office.county, days[0])
    pages = [
        (f"远程教育记录簿_{one.venue.id}_{heading.slug}", plan_book(one, office, heading.span, heading.slug))
        for one in record.venues
    ]
    paths = write_books(pages, output)
    if as_json:
        files = [path.as_posix() for path in paths]
        console.document({"files": files, "problems": said(record.problems, console.tr)})
    else:
        console.say(text("{files} files in {folder}", files=len(paths), folder=output))


def _tell(
    console: Console, record: CountyRecord, office: Office, heading: Heading, output: Path | None, *, as_json: bool
) -> None:
    """The record as tables or as a document, and as files where they are wanted."""
    from playlists.reports import telling
    from playlists.reports.monthly import plan_report

    console.problems(record.problems)
    paths = []
    if output:
        page = plan_report(record, office, heading)
        paths = telling.write_report(page, output, f"{page.title.removeprefix(office.county)}_{heading.slug}")
    if as_json:
        document = telling.record_document(record, console.tr)
        console.document({**document, "files": [path.as_posix() for path in paths]})
        return
    console.table(telling.PLAYED_HEADINGS, telling.venue_rows(record))
    if len(record.venues) == 1:
        console.table(telling.DAY_HEADINGS, telling.day_rows(record.venues[0]))
        if rows := telling.slot_rows(record.venues[0].days, console.tr):
            console.table(telling.SLOT_HEADINGS, rows)
    if rows := telling.unkept_rows(record, console.tr):
        console.table(telling.UNKEPT_HEADINGS, rows)
    if silent := [one.venue.id for one in record.venues if one.is_silent]:
        console.note(text("nothing is reported by: {venues}", venues="、".join(silent)))
    if paths:
        console.say(text("{files} files in {folder}", files=len(paths), folder=output))
