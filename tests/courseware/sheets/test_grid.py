import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from courseware.errors import InputError
from courseware.sheets import grid
from courseware.sheets.grid import Grid, load_grids


def book(path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    work = Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.title = "课件"
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    work.save(path)
    return path


def only(path: Path) -> Grid:
    ((found,),) = load_grids(path)
    return found


def values(found: Grid) -> list[list[str | date]]:
    return [[cell.value for cell in row] for row in found.rows]


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_grids(path)
    return str(caught.value)


def with_saved_value(path: Path, saved: str) -> None:
    """Put a value into the first formula's cell, as Excel does when it saves."""
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"<v></v>", saved.encode()).replace(b"<v />", saved.encode()))
    path.write_bytes(content.getvalue())


def test_cells_become_text_or_dates_with_their_place(tmp_path: Path) -> None:
    midnight = datetime.fromisoformat("2026-05-01")
    path = book(tmp_path / "a.xlsx", [[" 水稻\u00a0", 1, 1.0, 1.5, None, midnight, date(2026, 5, 2), True]])
    found = only(path)
    assert values(found) == [["水稻", "1", "1", "1.5", "", date(2026, 5, 1), date(2026, 5, 2), "TRUE"]]
    assert [cell.place for cell in found.rows[0]][:2] == ["课件!A1", "课件!B1"]


def test_a_value_merged_over_rows_counts_for_each_but_is_not_their_own(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["系列", "a"], [None, "b"], [None, None], ["终", "c"]], ("A1:A3",))
    found = only(path)
    assert [row[0].value for row in found.rows] == ["系列", "系列", "系列", "终"]
    assert [row[0].is_empty for row in found.rows] == [False, True, True, False]


def test_a_value_merged_over_columns_counts_only_for_the_first(tmp_path: Path) -> None:
    found = only(book(tmp_path / "a.xlsx", [["目录", None, None], ["a", "b", "c"]], ("A1:C1",)))
    assert values(found)[0] == ["目录", "", ""]


def test_a_formula_without_a_saved_value_says_so(tmp_path: Path) -> None:
    cell = only(book(tmp_path / "a.xlsx", [["a", "=A1"]])).rows[0][1]
    assert "holds a formula without a saved value" in str(cell.trouble)


def test_of_a_formula_the_saved_value_counts(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [[2, "=A1*2"]])
    with_saved_value(path, "<v>4</v>")
    assert values(only(path)) == [["2", "4"]]


def test_an_error_of_excel_is_no_value(tmp_path: Path) -> None:
    cell = only(book(tmp_path / "a.xlsx", [["#REF!"]])).rows[0][0]
    assert str(cell.trouble) == "holds the error #REF!; correct the formula"


def test_a_coloured_cell_far_below_costs_nothing(tmp_path: Path) -> None:
    work = Workbook()
    sheet = work.active
    assert sheet is not None
    sheet["A1"] = "a"
    sheet["XFD1048576"].number_format = "0.00"
    work.save(tmp_path / "a.xlsx")
    assert values(only(tmp_path / "a.xlsx")) == [["a"]]


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    work = Workbook()
    work.create_sheet("旧").sheet_state = "hidden"
    work.save(tmp_path / "a.xlsx")
    ((found,),) = load_grids(tmp_path / "a.xlsx")
    assert found.name == "Sheet"


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_ROWS", 3)
    said = "has more than 3 rows; split it into several files"
    assert said in refused(book(tmp_path / "a.xlsx", [["a"]] * 4))
    (tmp_path / "a.csv").write_text("a\n" * 4)
    assert said in refused(tmp_path / "a.csv")


def test_empty_rows_do_not_count_but_keep_their_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_ROWS", 3)
    work = Workbook()
    sheet = work.worksheets[0]
    sheet["A1"], sheet["B1"], sheet["A30000"], sheet["B30002"] = "a", "b", "c", "d"
    sheet.merge_cells("A30000:A30002")
    work.save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("a,b\n" + ",\n\n" * 14_999 + "c,d\n")
    said = [
        [(cell.place, cell.value) for row in load_grids(tmp_path / name)[0][0].rows for cell in row if cell.value]
        for name in ("a.xlsx", "a.csv")
    ]
    assert said == [
        [
            ("Sheet!A1", "a"),
            ("Sheet!B1", "b"),
            ("Sheet!A30000", "c"),
            ("Sheet!A30001", "c"),
            ("Sheet!A30002", "c"),
            ("Sheet!B30002", "d"),
        ],
        [("A1", "a"), ("B1", "b"), ("A30000", "c"), ("B30000", "d")],
    ]


def test_a_file_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            for _ in range(21):
                stream.write(b" " * 10_000_000)
    assert path.stat().st_size < 1_000_000
    assert "unpacks to more than 200 MB" in refused(path)


def test_entities_within_entities_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["a"]])
    doc = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doc = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "haha">{doc}]>'
    bomb = f"{doc}<worksheet><sheetData>&e9;</sheetData></worksheet>"
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for part in old.namelist():
            new.writestr(part, bomb if part.endswith("sheet1.xml") else old.read(part))
    path.write_bytes(content.getvalue())
    assert "is damaged" in refused(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls: is in the old Excel format"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        ("a.xlsx", b"<html>", "is not an Excel workbook; open it in Excel or WPS and save it as .xlsx"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 50, "is damaged; open it in Excel or WPS and save it again"),
        ("a.xlsx", b"", "the file is empty"),
        ("a.csv", b"PK\x03\x04xxxx", "is an Excel workbook, not text; give it the ending .xlsx"),
        ("a.csv", b"\x80\xff\x00\x01", "is not a text file in UTF-8 or GB18030"),
        ("a.csv", b"a\0b", "is not a text file in UTF-8 or GB18030"),
        ("a.docx", b"PK\x03\x04", "is not a spreadsheet; save it as .xlsx or .csv"),
    ],
)
def test_what_is_no_spreadsheet_is_told_how_to_become_one(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name)


def test_a_zip_of_something_else_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "is not an Excel workbook" in refused(tmp_path / "a.xlsx")


def test_a_workbook_half_copied_is_damaged(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["a"]])
    path.write_bytes(path.read_bytes()[:-300])
    assert "is damaged" in refused(path)


def test_a_new_workbook_with_the_old_ending_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["a"]])
    assert values(only(path.rename(tmp_path / "a.xls"))) == [["a"]]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.xlsx") == "a.xlsx: the file is missing"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_text_tables_are_read_in_every_encoding_offices_use(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes('编号,标题\r\n1,"水稻,育秧"\r\n'.encode(encoding))
    ways = load_grids(tmp_path / "a.csv")
    assert values(ways[0][0]) == [["编号", "标题"], ["1", "水稻,育秧"]]


def test_a_text_table_in_two_encodings_is_refused_and_not_read_as_nonsense(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("编号,标题\n1,水稻育秧\n".encode() + "2,茶园修剪\n".encode("gb18030"))
    assert refused(tmp_path / "a.csv").startswith("a.csv: GBK in line 3, UTF-8 in the others")


def test_a_cell_of_a_text_table_has_its_place_and_blank_lines_count(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n\nc,d\n")
    assert load_grids(tmp_path / "a.csv")[0][0].rows[2][1].place == "B3"


def test_a_cell_too_long_for_a_text_table_is_told_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n" + '"' + "x" * 200_000)
    assert "row 2 is not CSV" in refused(tmp_path / "a.csv")


def test_numbers_keep_the_zeros_that_their_format_shows(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [[1, 2, 3, 4.5, "5", 6]])
    work = load_workbook(path)
    sheet = work.active
    assert sheet is not None
    for cell, number_format in zip(sheet[1], ("000", '"K"00', "0", "000", "000", "0.00"), strict=True):
        cell.number_format = number_format
    work.save(path)
    assert values(only(path)) == [["001", "K02", "3", "4.5", "005", "6"]]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;;;"])
def test_the_separator_that_a_text_table_names_counts_and_rows_keep_their_numbers(tmp_path: Path, first: str) -> None:
    (tmp_path / "a.csv").write_text(f"{first}\na,b;c\n", encoding="utf-8")
    ((found,),) = load_grids(tmp_path / "a.csv")
    assert (found.rows[1][1].place, found.rows[1][0].value) == ("B2", "a,b")


def test_as_many_columns_are_read_as_may_be_and_no_more(tmp_path: Path) -> None:
    wide = [[str(number) for number in range(grid.MOST_COLUMNS + 1)]]
    assert len(only(book(tmp_path / "a.xlsx", wide)).rows[0]) == grid.MOST_COLUMNS
    (tmp_path / "a.csv").write_text(",".join(wide[0]), encoding="utf-8")
    assert len(load_grids(tmp_path / "a.csv")[0][0].rows[0]) == grid.MOST_COLUMNS


def test_pictures_in_a_workbook_do_not_count_as_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", [["标题"], ["修剪"]])
    monkeypatch.setattr(grid, "MOST_XML_BYTES", 100_000)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", bytes(200_000))
    assert values(only(path)) == [["标题"], ["修剪"]]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/other.xml", bytes(200_000))
    assert "unpacks to more than" in refused(path)


def test_columns_are_called_as_spreadsheets_call_them(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("x," * 99 + "x\n", encoding="utf-8")
    places = [cell.place for cell in load_grids(path)[0][0].rows[0]]
    assert places == [f"{get_column_letter(number)}1" for number in range(1, 101)]
