"""A spreadsheet as rows of cells: .xlsx, and .csv in UTF-8 or GB18030.

Knows nothing of lessons. Refuses what is not a spreadsheet, is encrypted, or would fill the memory.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from courseware.errors import InputError, Problem, Text, reason_of, text
from courseware.sheets.csv_text import as_meant
from courseware.text_bytes import marked_encoding, odd_lines, told_lines

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 10_000
MOST_COLUMNS = 200
_PICTURES = "xl/media/"
MOST_XML_BYTES = 200_000_000  # unpacked; 10,000 rows of 20 columns are about 15 MB
MOST_CSV_BYTES = 50_000_000
SUFFIXES = (".xlsx", ".xlsm", ".csv", ".txt", ".tsv")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Streams of an OLE file that is really an encrypted .xlsx are named in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEPARATORS = ",;\t；，"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t]*\r?\n', re.IGNORECASE)  # for Excel, above everything else
_HEADING_DEPTH = 20  # rows searched for the headings
# Numbers shown with zeros before them, like 000 or "K"000: prefix, zeros.
_ZEROS = re.compile(r'((?:"[^"]*"|\\.)*)(0{2,})')


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell.

    Attributes:
        place: as a spreadsheet names it, "课件!D5" or "D5".
        value: text without blanks around it ("" when empty), or a date.
        trouble: why the cell cannot be used, e.g. a formula never calculated.
        own: False when the value comes from a merged cell that began in a row above.
    """

    place: str
    value: str | date = ""
    trouble: Text | None = None
    own: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in this very cell."""
        return not self.own or self.value == ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One worksheet: its name ("" for CSV) and its rows, the first being row 1."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def bare_heading(heading: str) -> str:
    """A heading without what people put around it: "* 标 题（必填）" is 标题."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\s*:_-]", "", re.sub(r"\([^)]*\)", "", plain))


def heading_row(rows: Sequence[Sequence[Cell]], known: Mapping[str, str]) -> int:
    """Which row holds the headings, counted from 0: the one with the most known ones, below any title.

    Args:
        known: bare heading → what it means.
    """
    headings = ([bare_heading(str(cell.value)) for cell in row if cell.own] for row in rows[:_HEADING_DEPTH])
    counts = [len({known[one] for one in row if one in known}) for row in headings]
    return counts.index(max(counts)) if counts else 0


def load_grids(path: Path) -> tuple[tuple[Grid, ...], ...]:
    """The ways a file can be read, each the worksheets it then has.

    An .xlsx has one way; a .csv one for each separator it may be written with, for the caller to choose from.

    Raises:
        InputError: not a spreadsheet, encrypted, broken or too large.
    """
    if path.suffix.lower() not in SUFFIXES and path.suffix.lower() not in {".xls", ".et"}:
        what = text("is not a spreadsheet; save it as .xlsx or .csv")
        raise InputError(Problem(path.name, what))
    start = _first_bytes(path)
    if start.startswith(_OLE):
        raise InputError(Problem(path.name, _old_or_encrypted(path)))
    is_workbook = path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".et"}
    if start.startswith(_ZIP):
        if not is_workbook:
            what = text("is an Excel workbook, not text; give it the ending .xlsx")
            raise InputError(Problem(path.name, what))
        return (_load_workbook(path),)
    if is_workbook:
        what = text("is not an Excel workbook; open it in Excel or WPS and save it as .xlsx")
        raise InputError(Problem(path.name, what))
    content = _decode(path)
    said = _SEPARATOR_LINE.match(content)
    separators = said[1] if said else _SEPARATORS
    # An empty line in the place of Excel's own: rows keep their numbers.
    content = "\n" + content[said.end() :] if said else content
    return tuple((_csv_grid(content, separator, path.name),) for separator in separators)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except FileNotFoundError:
        raise InputError(Problem(path.name, text("the file is missing"))) from None
    except OSError as error:
        raise InputError(Problem(path.name, text("cannot be read: {reason}", reason=reason_of(error)))) from error
    if not start:
        raise InputError(Problem(path.name, text("the file is empty")))
    return start


def _old_or_encrypted(path: Path) -> Text:
    with path.open("rb") as stream:
        if _ENCRYPTED in stream.read(MOST_CSV_BYTES):
            return text("is protected by a password; save it again without one")
    return text("is in the old Excel format; open it in Excel or WPS and save it as .xlsx")


def _load_workbook(path: Path) -> tuple[Grid, ...]:
    _check_size(path)
    written = _open_workbook(path, values=False)
    shown = _open_workbook(path, values=True) if _has_formula(written) else written
    sheets = [sheet for sheet in written.worksheets if sheet.sheet_state == "visible"]
    return tuple(_sheet_grid(sheet, shown[sheet.title], path.name) for sheet in sheets)


def _check_size(path: Path) -> None:
    """Refuse what says it unpacks to more than a spreadsheet can be; zipfile never unpacks more than is said."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise InputError(Problem(path.name, _broken())) from None
    if not any(part.filename.startswith("xl/") for part in parts):
        what = text("is not an Excel workbook; open it in Excel or WPS and save it as .xlsx")
        raise InputError(Problem(path.name, what))
    if any(part.flag_bits & 1 for part in parts):
        what = text("is protected by a password; save it again without one")
        raise InputError(Problem(path.name, what))
    if _unpacked(parts, path.stat().st_size) > MOST_XML_BYTES:
        limit = MOST_XML_BYTES // 1_000_000
        what = text("unpacks to more than {limit} MB; copy the rows into a new, empty spreadsheet", limit=limit)
        raise InputError(Problem(path.name, what))


def _unpacked(parts: Sequence[zipfile.ZipInfo], size: int) -> int:
    """Bytes that come out of the archive; of pictures, which are packed already, only what they grow beyond that."""
    pictures = [part for part in parts if part.filename.startswith(_PICTURES)]
    packed = min(size, sum(part.compress_size for part in pictures))  # parts that lie in each other count once
    grown = sum(part.file_size for part in pictures) - 2 * packed
    others = sum(part.file_size for part in parts if not part.filename.startswith(_PICTURES))
    return others + max(0, grown)


def _broken() -> Text:
    return text("is damaged; open it in Excel or WPS and save it again")


def _open_workbook(path: Path, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of every extension that it does not keep; we write nothing back.
            warnings.simplefilter("ignore")
            with path.open("rb") as stream:  # by its content: openpyxl refuses an .xlsx that is called .xls
                return load_workbook(stream, data_only=values, keep_links=False)
    except Exception:  # noqa: BLE001  (openpyxl lets through whatever its many parsers raise)
        raise InputError(Problem(path.name, _broken())) from None


def _has_formula(book: Workbook) -> bool:
    return any(cell.data_type == "f" for sheet in book.worksheets for cell in _filled(sheet).values())


def _filled(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """The cells that hold something, by row and column."""
    # Not iter_rows: it would make a cell for every coordinate up to the last one that has but a colour.
    cells: dict[tuple[int, int], Any] = sheet._cells  # noqa: SLF001  (its public ways make the empty cells, too)
    return {
        place: cell for place, cell in sorted(cells.items()) if cell.value is not None and place[1] <= MOST_COLUMNS
    }


def _sheet_grid(written: Worksheet, shown: Worksheet, file_name: str) -> Grid:
    filled = _filled(written)
    height = max((row for row, _ in filled), default=0)
    width = max((column for _, column in filled), default=0)
    held = {row for row, _ in filled}
    if len(held) > MOST_ROWS:
        raise InputError(Problem(file_name, _too_many()))
    rows: list[list[Cell]] = [[] for _ in range(height)]  # an empty row keeps its number, and costs nothing
    spread = (range(one.min_row, min(one.max_row, height) + 1) for one in written.merged_cells.ranges)
    for row in held.union(*spread):
        rows[row - 1] = [Cell(_place(written.title, row, column)) for column in range(1, width + 1)]
    for (row, column), one in filled.items():
        place = rows[row - 1][column - 1].place
        rows[row - 1][column - 1] = _cell(place, one, shown.cell(row, column).value)
    _spread(rows, written)
    return Grid(written.title, tuple(tuple(row) for row in rows))


def _place(sheet: str, row: int, column: int) -> str:
    place = f"{_letters(column)}{row}"
    return f"{sheet}!{place}" if sheet else place


def _letters(column: int) -> str:
    """A, …, Z, AA, …: the library that knows it is not loaded for a CSV file."""
    before, last = divmod(column - 1, len(ascii_uppercase))
    return (_letters(before) if before else "") + ascii_uppercase[last]


def _too_many() -> Text:
    return text("has more than {limit} rows; split it into several files", limit=MOST_ROWS)


def _cell(place: str, written: Any, shown: Any) -> Cell:  # noqa: ANN401  (a cell of openpyxl, and its value)
    from openpyxl.cell.cell import ERROR_CODES

    if written.data_type == "f" and shown is None:
        what = text(
            "holds a formula without a saved value; open the file in Excel or WPS and save it, or paste the value"
        )
        return Cell(place, trouble=what)
    if isinstance(shown, str) and (written.data_type == "e" or shown in ERROR_CODES):
        return Cell(place, shown, text("holds the error {value}; correct the formula", value=shown))
    return Cell(place, _with_zeros(plain(shown), written.number_format))


def _with_zeros(value: str | date, number_format: str) -> str | date:
    """A number as the sheet shows it: 1 is "001" where the format is 000."""
    zeros = _ZEROS.fullmatch(number_format)
    if zeros is None or not isinstance(value, str) or not value.isdecimal():
        return value
    return re.sub(r'["\\]', "", zeros[1]) + value.zfill(len(zeros[2]))


def plain(value: object) -> str | date:
    """A cell's value as text or date: 1.0 is "1", midnight is a date, None is empty."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            return value.date()
        case date():
            return value
        case float() if value.is_integer():
            return str(int(value))
    return str(value).replace("\u00a0", " ").strip()


def _spread(rows: list[list[Cell]], sheet: Worksheet) -> None:
    """Let a merged cell's value count for each of its rows, in its first column."""
    for merged in sheet.merged_cells.ranges:
        column = merged.min_col - 1
        first, *below = rows[merged.min_row - 1 : merged.max_row] or [[]]
        for row in below:
            if column < min(len(first), len(row)):
                row[column] = Cell(row[column].place, first[column].value, first[column].trouble, own=False)


def _decode(path: Path) -> str:
    if path.stat().st_size > MOST_CSV_BYTES:
        what = text("is larger than {limit} MB; split it into several files", limit=MOST_CSV_BYTES // 1_000_000)
        raise InputError(Problem(path.name, what))
    data = path.read_bytes()
    odd = odd_lines(data)
    if odd:
        what = text(
            "GBK in line {lines}, UTF-8 in the others; write these lines again and save the file as UTF-8",
            lines=told_lines(odd),
        )
        raise InputError(Problem(path.name, what))
    # "Unicode text" as Excel saves it is UTF-16; GB18030 comes last, since it accepts nearly anything.
    marked = marked_encoding(data)
    encodings = [marked] if marked else ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in content:
            return content
    what = text("is not a text file in UTF-8 or GB18030; save it again as CSV UTF-8 or as .xlsx")
    raise InputError(Problem(path.name, what))


def _csv_grid(content: str, separator: str, file_name: str) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    held = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(content, newline=""), delimiter=separator), 1):
            held += any(cell.strip(_SEPARATORS) for cell in row)
            if held > MOST_ROWS:
                raise InputError(Problem(file_name, _too_many()))
            cells = enumerate(row[:MOST_COLUMNS], 1)
            rows.append(
                tuple(Cell(_place("", number, column), as_meant(str(plain(value)))) for column, value in cells)
            )
    except csv.Error:
        what = text("row {row} is not CSV; a quote that is opened is closed again", row=len(rows) + 1)
        raise InputError(Problem(file_name, what)) from None
    return Grid("", tuple(rows))
