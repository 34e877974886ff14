from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.sheets.csv_text import as_meant, dump_csv, harmless
from courseware.sheets.grid import load_grids


@pytest.mark.parametrize(
    "cell", ["=1+1", "+86", "-5", "@x", "\t=1", "\r=1", "\n=1", "\x00", "\x85=1", "＝1", "－1", "＠x"]
)
def test_no_cell_is_a_formula_whatever_a_thing_is_called(cell: str) -> None:
    assert dump_csv([("名称",), (cell,)]).startswith("\ufeff名称\n")
    assert next(csv.reader(io.StringIO(harmless(cell), newline="")))[0][:1] == "'"


@pytest.mark.parametrize("cell", ["", "李老师", "2026-12-02", "'引", "19:30", "（=）"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell
    assert as_meant(cell) == cell


@given(st.text(), st.text())
def test_a_cell_is_read_as_it_was_meant(cell: str, other: str) -> None:
    assert as_meant(harmless(cell)) == cell or cell.startswith("'")
    assert not harmless(other).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_sheet_that_was_written_reads_back(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(dump_csv([("姓名", "主题"), ("=李", "-")]), encoding="utf-8", newline="")
    ((grid,), *_) = load_grids(tmp_path / "a.csv")
    assert [[cell.value for cell in row] for row in grid.rows] == [["姓名", "主题"], ["=李", "-"]]


def test_nothing_else_writes_sheets() -> None:
    """A second writer would forget it one day; XlsxWriter is told not to make formulas of text where it is used."""
    root = Path(__file__).parents[3]
    homes = [*(root / name for name in ("courseware", "templates", "render", "playlists"))]
    writers = {
        path.relative_to(root).as_posix()
        for home in homes
        for path in home.rglob("*.py")
        if "csv.writer" in (said := path.read_text(encoding="utf-8")) or "DictWriter" in said or "xlsxwriter" in said
    }
    assert writers == {
        "courseware/sheets/csv_text.py",
        "courseware/sheets/workbook.py",
        "playlists/lists/formats/xlsx.py",  # writes every text as a string, which its own test reads back
    }
