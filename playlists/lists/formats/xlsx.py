"""The run-sheet as a workbook to print: a sheet a day, A4 across. Text is written as text, never as a formula."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.run_sheet import HEADINGS, airing_of, rows_of
from playlists.lists.rundown import Airing, Rundown, day_at, one_line
from playlists.lists.wording import dated

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_WIDTHS = (11, 6, 9, 9, 6, 6, 40, 16, 12, 16, 40)
_A4 = 9


def dump(rundown: Rundown) -> bytes:
    """The workbook; equal weeks make equal bytes."""
    from xlsxwriter.workbook import Workbook

    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"title": one_line(rundown.title), "created": datetime.combine(rundown.days[0], time())})
    for day in rundown.days:
        airings = tuple(airing for start, _, airing in rundown.timed() if day_at(start) == day)
        rows = rows_of(replace(rundown, airings=airings))
        _add_sheet(book, dated(day), one_line(rundown.venue_name), rows)
    book.close()
    return stream.getvalue()


def parse(content: bytes) -> Rundown:
    """Read a workbook that `dump` wrote."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(BytesIO(content), read_only=True)
    except (BadZipFile, KeyError) as error:
        raise ValueError(str(error)) from None
    airings: list[Airing] = []
    for sheet in book.worksheets:
        headings, *rows = sheet.iter_rows(values_only=True)
        if headings != HEADINGS:
            raise ValueError(headings)
        airings += [airing_of(["" if cell is None else str(cell) for cell in row]) for row in rows]
    return Rundown("", book.properties.title or "", tuple(airings))


def _add_sheet(book: Workbook, name: str, venue: str, rows: Iterable[tuple[str | int, ...]]) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(name)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for number, row in enumerate((HEADINGS, *rows)):
        for column, cell in enumerate(row):
            look = wrapped if number else bold
            if isinstance(cell, int):
                sheet.write_number(number, column, cell, look)
            else:
                sheet.write_string(number, column, cell, look)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{venue.replace('&', '&&')} {name}&R&P/&N")


EXPORTER = Exporter(".xlsx", "week", text("the run-sheet to print (XLSX)"), dump, parse)
