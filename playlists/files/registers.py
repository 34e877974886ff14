"""A spreadsheet of things of one kind (lecturers, rooms, courses) as frozen models, with every problem at its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from courseware.errors import InputError, Problem
from courseware.validate import parse
from playlists.files.rows import named, read_table, strange_headings

Model = TypeVar("Model", bound=BaseModel)


def load_register(
    path: Path, model: type[Model], headings: Mapping[str, tuple[str, ...]], required: Sequence[str]
) -> tuple[tuple[tuple[str, Model], ...], tuple[Problem, ...]]:
    """Read a sheet with a row of headings; a workspace need not have it.

    Args:
        headings: key of the model → what its column may also be called.

    Returns:
        The rows that are right, each with its place ("lecturers.csv:3"), and everything that is wrong.
    """
    if not path.exists():
        return (), ()
    try:
        table = read_table(path, headings, required)
    except InputError as error:
        return (), error.problems
    found: list[tuple[str, Model]] = []
    problems = list(strange_headings(table, headings))
    for place, cells in table.rows:
        try:
            found.append((place, parse(model, cells, place)))
        except InputError as error:
            problems += named(error, table.columns, place)
    return tuple(found), tuple(problems)
