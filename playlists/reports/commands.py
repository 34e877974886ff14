"""The command report: what the office reports upwards. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WORKSPACE
from playlists.options import WEEK

if TYPE_CHECKING:
    from courseware.lessons.workspace import Workspace
    from playlists.reports.kinds.report import ReportKind, Span
    from playlists.reports.played import CountyRecord

_VENUES = click.option(
    "--venue", "venues", metavar="VENUE", multiple=True, help="Only this venue, by id or name; may be repeated."
)
_TOWNS = click.option("--town", "towns", metavar="TOWN", multiple=True, help="Only the venues of this town.")
_SPANS = {
    "week": WEEK,
    "month": click.option(
        "--month", metavar="MONTH", default="", help="Like 2026-11, 11月 or 上月; the present month when not given."
    ),
    "year": click.option(
        "--year", type=click.IntRange(2000, 2199), help="Like 2026; the present year when not given."
    ),
}
_FOLDER = click.Path(file_okay=False, path_type=Path)
_OUTPUT = click.option("--output", type=_FOLDER, help="Write the report into this folder.")
_BOOKS = click.option("--output", type=_FOLDER, required=True, help="The folder for the books.")


class ReportGroup(click.Group):
    """The commands below it are the reports that there are, and those that were added to it."""

    _added: MutableMapping[str, click.Command]

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """By name."""
        from playlists.reports.kinds import REPORTS

        return {**{name: _command(name, kind) for name, kind in REPORTS.items()}, **self._added}

    @commands.setter
    def commands(self, added: MutableMapping[str, click.Command]) -> None:
        self._added = added

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Beside the reports."""
        self._added[name or cmd.name or ""] = cmd


@click.group(
    cls=ReportGroup,
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


def _command(name: str, kind: ReportKind) -> click.Command:
    """The command of a report."""

    @click.pass_obj
    def tell(
        console: Console,
        /,
        *,
        venues: tuple[str, ...],
        towns: tuple[str, ...],
        output: Path | None,
        folder: Path,
        as_json: bool,
        **days: Any,  # noqa: ANN401  (whatever the options of its spans give)
    ) -> None:
        from courseware.lessons.workspace import open_workspace
        from playlists.almanac.clock import now
        from playlists.reports.played import load_record
        from playlists.reports.telling import write_pages

        workspace = open_workspace(folder)
        record = load_record(workspace, _days(workspace, kind.spans, days), now(workspace), venues, towns)
        console.problems(record.problems)
        pages = kind.pages(record, workspace.settings.office) if output else ()
        files = [path.as_posix() for path in write_pages(pages, kind.files, output)] if output else []
        if as_json:
            _answer(console, record, files, is_book=kind.is_book)
            return
        if not kind.is_book:
            _show(console, record)
        if files:
            console.say(text("{files} files in {folder}", files=len(files), folder=output))

    spans = [_SPANS[span] for span in kind.spans]
    for option in reversed((_VENUES, _TOWNS, *spans, _BOOKS if kind.is_book else _OUTPUT, ALL, WORKSPACE, JSON)):
        tell = option(tell)
    example = f"Example:\n\n  yuanjiao report {kind.example}"
    return click.command(name, help=kind.help, short_help=kind.short_help, epilog=example)(tell)


def _days(workspace: Workspace, spans: Iterable[Span], typed: Mapping[str, Any]) -> tuple[date, ...]:
    """The days that are asked for: of the last span of which anything was typed, else of the first."""
    from playlists.almanac.clock import present_week, today
    from playlists.almanac.typed import month_typed, week_typed
    from playlists.reports.played import days_of_week, days_of_year

    first, *others = spans
    span = next((one for one in reversed(others) if typed[one]), first)
    day = today(workspace)
    match span:
        case "week":
            return days_of_week(week_typed(typed["week"], day) or present_week(workspace))
        case "month":
            return month_typed(typed["month"] or "本月", day)
        case "year":
            return days_of_year(typed["year"] or day.year)


def _answer(console: Console, record: CountyRecord, files: list[str], *, is_book: bool) -> None:
    """The record as a document; of books only where they are."""
    from courseware.documents import said
    from playlists.reports.telling import record_document

    if is_book:
        console.document({"files": files, "problems": said(record.problems, console.tr)})
    else:
        console.document({**record_document(record, console.tr), "files": files})


def _show(console: Console, record: CountyRecord) -> None:
    """The record as tables."""
    from playlists.reports import telling

    console.table(telling.PLAYED_HEADINGS, telling.venue_rows(record))
    if len(record.venues) == 1:
        console.table(telling.DAY_HEADINGS, telling.day_rows(record.venues[0]))
        if rows := telling.slot_rows(record.venues[0].days, console.tr):
            console.table(telling.SLOT_HEADINGS, rows)
    if rows := telling.unkept_rows(record, console.tr):
        console.table(telling.UNKEPT_HEADINGS, rows)
    if silent := [one.venue.id for one in record.venues if one.is_silent]:
        console.note(text("nothing is reported by: {venues}", venues="、".join(silent)))
