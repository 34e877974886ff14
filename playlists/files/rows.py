"""Sheets of an office (CSV, GB18030, XLSX-like grids) as rows of named cells, and what cells hold: dates, numbers.

Knows no model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from courseware.errors import InputError, Problem, text
from courseware.grid import load_grids
from courseware.validate import nearest
from playlists.almanac.days import parse_date, parse_whole

# What offices write into a cell that has nothing to say.
NOTHING = frozenset({"", "-", "—", "——", "/", "无", "暂无"})
Headings = Mapping[str, tuple[str, ...]]


def _date(value: object) -> object:
    return parse_date(value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    return parse_whole(value) if isinstance(value, str) else value


# In a model: a date or a whole number in any of the ways in which people and spreadsheets write it.
WrittenDate = Annotated[date, BeforeValidator(_date)]
WrittenInt = Annotated[int, BeforeValidator(_whole)]


def read_rows(path: Path, headings: Headings) -> tuple[tuple[str, ...], ...]:
    """The rows, read with the separator that makes most sense of the headings."""
    ways = [
        tuple(tuple(str(cell.value) for cell in row) for row in grid.rows)
        for grids in load_grids(path)
        for grid in grids[:1]
    ]
    return max(ways, key=lambda rows: sum(bool(key_of(one, headings)) for one in rows[0]) if rows else -1)


def columns_of(
    row: Iterable[str], headings: Headings, required: Sequence[str], where: str
) -> dict[str, tuple[int, str]]:
    """Key → (column, heading as written).

    Raises:
        InputError: two columns mean the same, or one is missing.
    """
    found: dict[str, tuple[int, str]] = {}
    for index, heading in enumerate(row):
        key = key_of(heading, headings)
        if key in found:
            what = text("two columns mean the same: {first} and {second}", first=found[key][1], second=heading)
            raise InputError(Problem(f"{where}:1", what))
        if key:
            found[key] = (index, heading.strip())
    missing = [key for key in required if key not in found]
    if missing:
        names = "、".join(f"{headings[key][0]} ({key})" for key in missing)
        raise InputError(Problem(f"{where}:1", text("these columns are missing: {names}", names=names)))
    return found


def key_of(heading: str, headings: Headings) -> str:
    """What a column's heading means; "" when it is none of ours."""
    said = heading.strip().lower()
    return next((key for key, names in headings.items() if said == key or said in names), "")


def strange_headings(row: Iterable[str], headings: Headings, where: str) -> Iterable[Problem]:
    """Headings that look like a slip of the pen; a column of the office's own is nobody's business."""
    from rapidfuzz import fuzz

    known = [name for key, names in headings.items() for name in (key, *names)]
    for heading in row:
        guess = None if not heading.strip() or key_of(heading, headings) else nearest(heading.strip().lower(), known)
        if guess and fuzz.ratio(heading.strip().lower(), guess) >= 75:  # noqa: PLR2004  (one character in four)
            what = text("unknown column “{heading}”; did you mean “{guess}”?", heading=heading, guess=guess)
            yield Problem(f"{where}:1", what)


def cells_of(row: Sequence[str], columns: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    """Key → cell, without those that say nothing; a cell may hold line breaks (Alt+Enter)."""
    cells = {key: " ".join(row[index].split()) if index < len(row) else "" for key, (index, _) in columns.items()}
    return {key: cell for key, cell in cells.items() if cell not in NOTHING}


def named(error: InputError, columns: Mapping[str, tuple[int, str]], place: str) -> tuple[Problem, ...]:
    """The problems of a row, each under the heading that its sheet bears."""
    names = {f"{place}: {key}": f"{place}, {heading}" for key, (_, heading) in columns.items()}
    return tuple(Problem(names.get(one.where, one.where), one.what) for one in error.problems)
