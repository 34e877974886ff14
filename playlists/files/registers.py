"""A spreadsheet of things of one kind (lecturers, rooms, courses) as frozen models, with every problem at its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from courseware.errors import InputError, Problem
from courseware.validate import parse
from playlists.files.rows import cells_of, columns_of, named, read_rows, strange_headings

Model = TypeVar("Model", bound=BaseModel)


def load_register(
    path: Path, model: type[Model], headings: Mapping[str, tuple[str, ...]], required: Sequence[str]
) -> tuple[tuple[tuple[str, Model], ...], tuple[Problem, ...]]:
    """Read a sheet whose first row holds headings; a workspace need not have it.

    Args:
        headings: key of the model → what its column may also be called.

    Returns:
        The rows that are right, each with its place ("lecturers.csv:3"), and everything that is wrong.
    """
    if not path.exists():
        return (), ()
    try:
        rows = read_rows(path, headings)
        columns = columns_of(rows[0] if rows else (), headings, required, path.name)
    except InputError as error:
        return (), error.problems
    found: list[tuple[str, Model]] = []
    problems = list(strange_headings(rows[0], headings, path.name))
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        place = f"{path.name}:{number}"
        try:
            found.append((place, parse(model, cells_of(row, columns), place)))
        except InputError as error:
            problems += named(error, columns, place)
    return tuple(found), tuple(problems)
