"""The command report: what the office reports upwards. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WORKSPACE


@click.group(
    help="Reports for the offices above.",
    short_help="Reports for the offices above.",
    epilog="Example:\n\n  yuanjiao report standards",
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
