"""Sheets of an office (CSV, GB18030, XLSX-like grids) as rows of named cells, and what cells hold: dates, numbers.

Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from courseware.dates import parse_date
from courseware.errors import InputError, Problem, text
from courseware.sheets.grid import Grid, bare_heading, heading_row, load_grids
from courseware.validate import Complaint, nearest
from playlists.almanac.days import plain

# What offices write into a cell that has nothing to say.
NOTHING = frozenset({"", "-", "—", "——", "/", "无", "暂无"})
_WHOLE = re.compile(r"([-+]?[0-9]+)(?:\.0*)?(?:人次|分钟|[人个名次场座天批分])?")
Headings = Mapping[str, tuple[str, ...]]
_ALIKE = 75  # percent: one character in four may differ


def parse_whole(content: str) -> int:
    """A whole number as people and spreadsheets write it: 60, ６０, 1,000, 60.0, 60人.

    Raises:
        Complaint: not a whole number.
    """
    match = _WHOLE.fullmatch(re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", plain(content)))
    if match is None:
        raise Complaint(text("must be a whole number, not {given}", given=f"“{content}”"))
    return int(match[1])


def _date(value: object) -> object:
    return parse_date(value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    return parse_whole(value) if isinstance(value, str) else value


# In a model: a date or a whole number in any of the ways in which people and spreadsheets write it.
WrittenDate = Annotated[date, BeforeValidator(_date)]
WrittenInt = Annotated[int, BeforeValidator(_whole)]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose headings were found.

    Attributes:
        where: the row of the headings, like "venues.csv:1".
        headings: as written.
        columns: key → (column, heading).
        rows: those below that hold anything, each with its place ("venues.csv:3") and its cells by key.
    """

    where: str
    headings: tuple[str, ...]
    columns: Mapping[str, tuple[int, str]]
    rows: tuple[tuple[str, Mapping[str, str]], ...]


def read_table(path: Path, headings: Headings, required: Sequence[str]) -> Table:
    """Read a sheet with the separator that makes most sense of its headings; a title may stand above them.

    Raises:
        InputError: no sheet, two columns that mean the same, or one is missing.
    """
    rows, top = all_rows(path, headings)
    where = f"{path.name}:{top + 1}"
    columns = _columns_of(rows[top] if rows else (), headings, required, where)
    return Table(
        where,
        rows[top] if rows else (),
        columns,
        tuple(
            (f"{path.name}:{number}", _cells_of(row, columns))
            for number, row in enumerate(rows[top + 1 :], top + 2)
            if any(cell.strip() for cell in row)
        ),
    )


def all_rows(path: Path, headings: Headings) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Every row of a sheet as it stands, read with the separator that makes most sense of its headings.

    Returns:
        The rows, and which of them holds the headings, counted from 0.

    Raises:
        InputError: no sheet.
    """
    known = _known(headings)
    return max(
        (_with_top(grid, known) for grids in load_grids(path) for grid in grids[:1]),
        key=lambda found: len(_keys(found[0][found[1]], known)) if found[0] else -1,
    )


def _known(headings: Headings) -> Mapping[str, str]:
    """What each heading means, by the bare heading."""
    return {bare_heading(name): key for key, names in headings.items() for name in (key, *names)}


def _keys(row: Iterable[str], known: Mapping[str, str]) -> set[str]:
    return {known[bare] for one in row if (bare := bare_heading(one)) in known}


def _with_top(grid: Grid, known: Mapping[str, str]) -> tuple[tuple[tuple[str, ...], ...], int]:
    """The rows, and which of them holds the headings."""
    rows = tuple(tuple(str(cell.value) for cell in row) for row in grid.rows)
    return rows, heading_row(grid.rows, known)


def _columns_of(
    row: Iterable[str], headings: Headings, required: Sequence[str], where: str
) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    known = _known(headings)
    for index, heading in enumerate(row):
        key = known.get(bare_heading(heading), "")
        if key in found:
            what = text("two columns mean the same: {first} and {second}", first=found[key][1], second=heading)
            raise InputError(Problem(where, what))
        if key:
            found[key] = (index, heading.strip())
    missing = [key for key in required if key not in found]
    if missing:
        names = "、".join(f"{headings[key][0]} ({key})" for key in missing)
        raise InputError(Problem(where, text("these columns are missing: {names}", names=names)))
    return found


def strange_headings(table: Table, headings: Headings) -> Iterable[Problem]:
    """Headings that look like a slip of the pen; a column of the office's own is nobody's business."""
    known = _known(headings)
    names = [name for key, others in headings.items() for name in (key, *others)]
    strange = [heading for heading in table.headings if (bare := bare_heading(heading)) and bare not in known]
    for heading in strange:
        from rapidfuzz import fuzz

        guess = nearest(heading.strip().lower(), names)
        if guess and fuzz.ratio(heading.strip().lower(), guess) >= _ALIKE:
            what = text("unknown column “{heading}”; did you mean “{guess}”?", heading=heading, guess=guess)
            yield Problem(table.where, what)


def _cells_of(row: Sequence[str], columns: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    """Key → cell, without those that say nothing; a cell may hold line breaks (Alt+Enter)."""
    cells = {key: " ".join(row[index].split()) if index < len(row) else "" for key, (index, _) in columns.items()}
    return {key: cell for key, cell in cells.items() if cell not in NOTHING}


def named(error: InputError, columns: Mapping[str, tuple[int, str]], place: str) -> tuple[Problem, ...]:
    """The problems of a row, each under the heading that its sheet bears."""
    names = {f"{place}: {key}": f"{place}, {heading}" for key, (_, heading) in columns.items()}
    return tuple(Problem(names.get(one.where, one.where), one.what) for one in error.problems)
