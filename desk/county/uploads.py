"""A sheet of the office filled in elsewhere: what taking it would change, and what is wrong in it, is told first."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from courseware.sheets.csv_text import dump_csv
from courseware.storage.handwork import remembering
from desk.county.places import catalogue_there
from desk.county.registers import OfficeSheet, keys_of, whole_sheet
from playlists.county.county import load_county

_ALONGSIDE = {".toml", ".csv"}  # what a sheet is held against


@dataclass(frozen=True, slots=True)
class SheetChange:
    """What taking a sheet would do.

    Attributes:
        version: of the file that it would replace.
        headings: of the rows, as the new sheet calls its columns.
        new, gone: rows that are in one of the two sheets alone; a row that was changed is in both.
        same: how many stay.
        problems: what is wrong in the new sheet, all at once.
    """

    version: str
    headings: tuple[str, ...]
    new: tuple[tuple[str, ...], ...]
    gone: tuple[tuple[str, ...], ...]
    same: int
    problems: tuple[Problem, ...]


def look_at(workspace: Workspace, sheet: OfficeSheet, given: Path) -> SheetChange:
    """Hold a sheet against the one that is there.

    Raises:
        InputError: it is no sheet, or has none of the columns.
    """
    headings, rows = _read(given, sheet)
    version, old, top = whole_sheet(workspace.root / sheet.file, sheet)
    keys = keys_of(headings, sheet)
    before = [_as_in(row, keys_of(old[top], sheet), old[top], keys, headings) for row in _filled(old[top + 1 :])]
    left = Counter(before)
    left.subtract(rows)
    missing, added = +left, -left
    return SheetChange(
        version,
        headings,
        tuple(row for row in rows if _take(added, row)),
        tuple(row for row in before if _take(missing, row)),
        len(rows) - (-left).total(),
        _judged(workspace, sheet, dump_csv([headings, *rows])),
    )


def take(workspace: Workspace, sheet: OfficeSheet, given: Path, version: str) -> tuple[Problem, ...]:
    """Put it in the place of the file.

    Returns:
        What is worth saying: where the file as a person made it is kept.

    Raises:
        InputError: it is no sheet, or somebody has changed the file since.
    """
    headings, rows = _read(given, sheet)
    path = workspace.root / sheet.file
    with lock_at(workspace.root):
        if whole_sheet(path, sheet)[0] != version:
            what = text("somebody else has changed it meanwhile; look at what would change once more")
            raise InputError(Problem(sheet.file, what))
        with remembering(workspace.root, workspace.root) as files:
            return files.put(path, dump_csv([headings, *rows]))


def _read(given: Path, sheet: OfficeSheet) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The headings, and the rows that say something, each as wide as they."""
    _, rows, top = whole_sheet(given, sheet)
    headings = tuple(cell.strip() for cell in rows[top]) if rows else ()
    while headings and not headings[-1]:
        headings = headings[:-1]
    if not any(keys_of(headings, sheet)):
        names = "、".join(name for name, *_ in sheet.headings.values())
        raise InputError(Problem(given.name, text("has none of the columns {names}", names=names)))
    width = len(headings)
    return headings, [(*row[:width], *("",) * (width - len(row))) for row in _filled(rows[top + 1 :])]


def _filled(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in row) for row in rows if any(cell.strip() for cell in row)]


def _as_in(
    row: Sequence[str], own_keys: Sequence[str], own: Sequence[str], keys: Sequence[str], headings: Sequence[str]
) -> tuple[str, ...]:
    """The row with the columns of the other sheet, in their order."""
    said: Mapping[str, str] = {key or name.strip(): cell for key, name, cell in zip(own_keys, own, row, strict=False)}
    return tuple(said.get(key or name, "") for key, name in zip(keys, headings, strict=True))


def _take(counts: Counter[tuple[str, ...]], row: tuple[str, ...]) -> bool:
    """Whether the row is one of those that are counted; each counts once."""
    if counts[row] <= 0:
        return False
    counts[row] -= 1
    return True


def _judged(workspace: Workspace, sheet: OfficeSheet, content: str) -> tuple[Problem, ...]:
    """What is wrong with such a sheet, held against all the other files as they are."""
    with tempfile.TemporaryDirectory(prefix="yuanjiao-") as name:
        for path in workspace.root.iterdir():
            if path.suffix in _ALONGSIDE and path.is_file():
                (Path(name) / path.name).write_bytes(path.read_bytes())
        (Path(name) / sheet.file).write_text(content, encoding="utf-8")
        return sheet.problems(load_county(open_workspace(Path(name)), catalogue_there(workspace)))
