"""The run-sheet as CSV, for Excel, WPS and scripts: no cell is ever a formula."""

from __future__ import annotations

import csv

from courseware.errors import text
from courseware.sheets.csv_text import BOM, as_meant, dump_csv
from playlists.lists.exporter import Exporter
from playlists.lists.run_sheet import HEADINGS, airing_of, rows_of
from playlists.lists.rundown import Rundown


def dump(rundown: Rundown) -> bytes:
    """The sheet."""
    return dump_csv([HEADINGS, *rows_of(rundown)]).encode()


def parse(content: bytes) -> Rundown:
    """Read a sheet that `dump` wrote."""
    headings, *rows = csv.reader(content.decode().removeprefix(BOM).splitlines(keepends=True))
    if tuple(headings) != HEADINGS:
        raise ValueError(headings)
    return Rundown("", "", tuple(airing_of([as_meant(cell) for cell in row]) for row in rows))


EXPORTER = Exporter(".csv", "week", text("the run-sheet for Excel, WPS and scripts (CSV)"), dump, parse)
