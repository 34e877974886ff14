"""Workbooks (.xlsx) to be printed and filled in: the one place that writes them. Read by grid.py.

Whatever a person called a thing is written as text: no cell is a formula, a link or a number in disguise. Equal
sheets make equal bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | None
_MADE = datetime.fromisoformat("2026-01-01")  # the same in every file, so that equal sheets are equal
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_NAME, _LONGEST_CELL = 31, 32_767
_NARROWEST, _WIDEST = 6, 48
_FONT = "宋体"


@dataclass(frozen=True, slots=True)
class WorkSheet:
    """One worksheet, for A4.

    Attributes:
        name: of its tab; what a tab cannot bear is replaced.
        title: above the table, over its whole width.
        headings, rows: text, whole numbers, or None for a cell to be filled in.
        subtitle: a line below the title: who, when.
        footers: lines below the table.
        widths: of columns, in characters; what is not said is fitted to what stands there.
        choices: column → the words that may be chosen in it.
        tall: height of a row in points, for writing by hand; None as the text needs.
        across: whether the paper lies on its side.
    """

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    subtitle: str = ""
    footers: Sequence[str] = ()
    widths: Mapping[int, int] = field(default_factory=dict)
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    tall: float | None = None
    across: bool = True


def dump_workbook(sheets: Sequence[WorkSheet]) -> bytes:
    """The sheets as the bytes of an .xlsx file."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = Workbook(out, options)
    book.set_properties({"created": _MADE})
    for number, sheet in enumerate(sheets, 1):
        _write_sheet(book, sheet, number)
    book.close()
    return out.getvalue()


def tab_name(name: str, number: int) -> str:
    """A name that a tab may bear, with its number where nothing is left of it."""
    return _NO_SHEET_NAME.sub(" ", name).strip(" '")[:_LONGEST_NAME] or str(number)


def _write_sheet(book: Workbook, sheet: WorkSheet, number: int) -> None:
    taken = {one.get_name().casefold() for one in book.worksheets()}
    name = tab_name(sheet.name, number)
    page = book.add_worksheet(name if name.casefold() not in taken else f"{name[:26]}~{number}")
    grid = book.add_format({"font_name": _FONT, "font_size": 11, "border": 1, "text_wrap": True, "valign": "vcenter"})
    head = book.add_format(
        {"font_name": _FONT, "font_size": 11, "border": 1, "bold": True, "align": "center", "valign": "vcenter"}
    )
    head.set_text_wrap()
    head.set_bg_color("#F3E4C8")
    last = max(0, len(sheet.headings) - 1)
    top = _write_top(book, page, sheet, last)
    page.set_row(top, 22)
    for column, heading in enumerate(sheet.headings):
        page.write_string(top, column, _plain(heading), head)
        page.set_column(column, column, sheet.widths.get(column) or _width(sheet, column))
    for place, row in enumerate(sheet.rows, top + 1):
        if sheet.tall:
            page.set_row(place, sheet.tall)
        for column, value in enumerate(row):
            _write_cell(page, place, column, value, grid)
    _write_foot(book, page, sheet, top)
    _lay_out(page, sheet, top, last)


def _write_top(book: Workbook, page: Worksheet, sheet: WorkSheet, last: int) -> int:
    """Title and subtitle; the row of the headings."""
    title = book.add_format({"font_name": _FONT, "font_size": 18, "bold": True, "align": "center"})
    under = book.add_format({"font_name": _FONT, "font_size": 11, "align": "left"})
    _write_line(page, 0, last, sheet.title, title)
    page.set_row(0, 30)
    if not sheet.subtitle:
        return 1
    _write_line(page, 1, last, sheet.subtitle, under)
    return 2


def _write_foot(book: Workbook, page: Worksheet, sheet: WorkSheet, top: int) -> None:
    below = book.add_format({"font_name": _FONT, "font_size": 10, "align": "left", "text_wrap": True})
    for place, line in enumerate(sheet.footers, top + len(sheet.rows) + 1):
        _write_line(page, place, max(0, len(sheet.headings) - 1), line, below)


def _write_line(page: Worksheet, row: int, last: int, line: str, look: Format) -> None:
    if last:
        page.merge_range(row, 0, row, last, "", look)
    page.write_string(row, 0, _plain(line), look)


def _write_cell(page: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None, look)
    elif isinstance(value, str):
        page.write_string(row, column, _plain(value), look)
    else:
        page.write_number(row, column, value, look)


def _lay_out(page: Worksheet, sheet: WorkSheet, top: int, last: int) -> None:
    for column, words in sheet.choices.items():
        rule = {"validate": "list", "source": list(words), "ignore_blank": True, "error_type": "warning"}
        page.data_validation(top + 1, column, top + max(1, len(sheet.rows)), column, rule)
    if sheet.across:
        page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(0.5, 0.5, 0.6, 0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.freeze_panes(top + 1, 0)
    page.set_footer("&C第 &P 页 共 &N 页")
    page.print_area(0, 0, top + len(sheet.rows) + len(sheet.footers), last)


def _width(sheet: WorkSheet, column: int) -> int:
    cells = [str(row[column]) for row in sheet.rows if column < len(row) and row[column] is not None]
    widest = max((cell_len(cell) for cell in (sheet.headings[column], *cells)), default=0)
    return min(_WIDEST, max(_NARROWEST, widest + 2))


def _plain(content: str) -> str:
    return _NOT_XML.sub("\ufffd", content)[:_LONGEST_CELL]
