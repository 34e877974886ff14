"""The office's sheets as tables to be filled in: read as they stand, written whole, never over another's change."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import Workspace, lock_at
from courseware.sheets.csv_text import dump_csv
from courseware.sheets.workbook import WorkSheet, dump_workbook
from courseware.storage.handwork import remembering
from desk.county.places import county_there
from playlists.county.county import County
from playlists.files import centres, lecturers, requests
from playlists.files.lecturers import check_lecturers
from playlists.files.rows import Headings, all_rows

PAGE = 40  # rows on a page
SPARE = 3  # empty rows to be filled in
_NOTHING = "none"  # the version of a file that is not there
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class OfficeSheet:
    """A sheet that the desk shows.

    Attributes:
        headings: key → what its column may be called; the first is what a new sheet says.
        problems: what is wrong with it, of all that is wrong in the county.
        help: what it is for.
    """

    name: Text
    file: str
    headings: Headings
    problems: Callable[[County], tuple[Problem, ...]]
    help: Text


SHEETS: Mapping[str, OfficeSheet] = {
    "requests": OfficeSheet(
        text("Requests"),
        requests.FILE_NAME,
        requests.HEADINGS,
        lambda county: (*county.faults_of(requests.FILE_NAME), *county.unmet),
        text("who asked for which lesson, where and when; the plan shows it in time"),
    ),
    "lecturers": OfficeSheet(
        text("Lecturers"),
        lecturers.FILE_NAME,
        lecturers.HEADINGS,
        lambda county: (
            *county.faults_of(lecturers.FILE_NAME),
            *check_lecturers(county.lecturers, county.travel, county.venues),
        ),
        text("who gives lectures, about what, and on which days"),
    ),
    "rooms": OfficeSheet(
        text("Training rooms"),
        centres.ROOMS_NAME,
        centres.ROOM_HEADINGS,
        lambda county: county.faults_of(centres.ROOMS_NAME),
        text("the rooms of the training centres and their seats"),
    ),
    "courses": OfficeSheet(
        text("Courses"),
        centres.COURSES_NAME,
        centres.COURSE_HEADINGS,
        lambda county: county.faults_of(centres.COURSES_NAME),
        text("which courses are to be held, for how many people, between which days"),
    ),
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it is shown.

    Attributes:
        number: in the file, from 0; None for one that is new.
        wrong: what is wrong with it.
    """

    number: int | None
    cells: tuple[str, ...]
    wrong: tuple[Problem, ...] = ()

    def is_wrong(self, heading: str) -> bool:
        """Whether something is wrong in the cell below the heading."""
        return any(problem.where.endswith(f", {heading}") for problem in self.wrong)


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A page of a sheet.

    Attributes:
        version: of the file; saving asks for it.
        keys: what each column means; "" for one of the office's own.
        wrong: what is wrong besides the rows that are shown.
    """

    version: str
    headings: tuple[str, ...]
    keys: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    page: int
    pages: int
    wrong: tuple[Problem, ...] = ()


def load_page(workspace: Workspace, sheet: OfficeSheet, page: int) -> ShownSheet:
    """A page of the sheet, with what is wrong beside each row; behind the last one some empty rows.

    Raises:
        InputError: the file is no sheet.
    """
    version, rows, top = whole_sheet(workspace.root / sheet.file, sheet)
    filled = [number for number, row in enumerate(rows) if number > top and any(cell.strip() for cell in row)]
    pages = max(1, -(-len(filled) // PAGE))
    page = min(max(1, page), pages)
    problems = sheet.problems(county_there(workspace))
    wrong = _by_row(problems, sheet.file)
    width = len(rows[top])
    shown = [
        ShownRow(number, _padded(rows[number], width), wrong.get(number, ()))
        for number in filled[(page - 1) * PAGE : page * PAGE]
    ]
    if page == pages:
        shown += [ShownRow(None, ("",) * width)] * SPARE
    told = [problem for row in shown for problem in row.wrong]
    left = tuple(problem for problem in problems if problem not in told)
    return ShownSheet(version, rows[top], keys_of(rows[top], sheet), tuple(shown), page, pages, left)


def save_page(
    workspace: Workspace,
    sheet: OfficeSheet,
    version: str,
    changed: Mapping[int, Sequence[str]],
    new: Sequence[Sequence[str]],
) -> tuple[Problem, ...]:
    """Write the rows that were changed, and those that are new, into the file; a row without words is taken away.

    Args:
        changed: cells by the number of their row in the file.

    Returns:
        What is worth saying: where the file as a person made it is kept.

    Raises:
        InputError: somebody has changed the file since it was shown, or a cell is too long; then nothing is written.
    """
    path = workspace.root / sheet.file
    _refuse_long((*changed.values(), *new))
    with lock_at(workspace.root):
        now, rows, top = whole_sheet(path, sheet)
        if now != version:
            what = text("somebody else has changed it; copy what you need, reload the page, and change it again")
            raise InputError(Problem(sheet.file, what))
        written = [changed.get(number, row) for number, row in enumerate(rows)]
        kept = [row for number, row in enumerate(written) if number <= top or any(cell.strip() for cell in row)]
        kept += [row for row in new if any(cell.strip() for cell in row)]
        with remembering(workspace.root, workspace.root) as files:
            return files.put(path, dump_csv(kept))


def as_workbook(workspace: Workspace, sheet: OfficeSheet, title: str) -> bytes:
    """The whole sheet as .xlsx.

    Raises:
        InputError: the file is no sheet.
    """
    _, rows, top = whole_sheet(workspace.root / sheet.file, sheet)
    width = len(rows[top])
    body = [_padded(row, width) for row in rows[top + 1 :] if any(cell.strip() for cell in row)]
    return dump_workbook([WorkSheet(title, title, rows[top], body)])


def whole_sheet(path: Path, sheet: OfficeSheet) -> tuple[str, tuple[tuple[str, ...], ...], int]:
    """The file's version, its rows, and which of them holds the headings; a new sheet where there is no file."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _NOTHING, (tuple(names[0] for names in sheet.headings.values()),), 0
    rows, top = all_rows(path, sheet.headings)
    return hashlib.sha256(content).hexdigest()[:16], rows, top


def keys_of(headings: Sequence[str], sheet: OfficeSheet) -> tuple[str, ...]:
    """What each column means; "" for one of the office's own."""
    known = {name: key for key, names in sheet.headings.items() for name in (key, *names)}
    return tuple(known.get(heading.strip(), "") for heading in headings)


def _padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row, *("",) * (width - len(row)))


def _by_row(problems: Sequence[Problem], file: str) -> Mapping[int, tuple[Problem, ...]]:
    """Problems by the number of the row, from 0, where they name one."""
    found = defaultdict[int, tuple[Problem, ...]](tuple)
    for problem in problems:
        place = re.match(rf"{re.escape(file)}:([0-9]+)", problem.where)
        if place:
            number = int(place[1]) - 1
            found[number] = (*found[number], problem)
    return found


def _refuse_long(rows: Sequence[Sequence[str]]) -> None:
    if any(len(cell) > _LONGEST for row in rows for cell in row):
        raise InputError(Problem("", text("is too long; write it in a few words")))
