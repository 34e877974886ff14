"""Sheets as CSV text: the one place that writes them, so that no cell is ever a formula. Read by grid.py."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable

# Excel and WPS take what begins with one of these for a formula, the full-width ones as well.
_SIGNS = frozenset("=+-@＝＋－＠")
BOM = "\ufeff"


def dump_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV, with the mark without which Excel takes the file for GBK; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([harmless("" if cell is None else str(cell)) for cell in row] for row in rows)
    return BOM + out.getvalue()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would carry out, whatever a person called a thing."""
    return f"'{cell}" if _is_risky(cell) else cell


def as_meant(cell: str) -> str:
    """A cell as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and _is_risky(cell[1:]) else cell


def _is_risky(cell: str) -> bool:
    return bool(cell) and (cell[0] in _SIGNS or unicodedata.category(cell[0]) == "Cc")
