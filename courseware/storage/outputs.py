"""Judges what a command is about to write: never over an input, never two things into one file, told to or not.

What else is there already is replaced only when that was asked for.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from courseware.errors import InputError, Problem, text


def refuse_clashes(outputs: Sequence[Path], inputs: Iterable[Path] = ()) -> None:
    """Let a command write only where it reads nothing.

    Args:
        outputs: every file that will be written.
        inputs: every file that is read; those that do not exist are passed over.

    Raises:
        InputError: an output is one of the inputs, by whatever name or link, or two outputs are one file.
    """
    read = {mark: path for path in inputs if path.exists() for mark in _marks(path)}
    written: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in outputs:
        marks = _marks(path)
        source = next((read[mark] for mark in marks if mark in read), None)
        twin = next((written[mark] for mark in marks if mark in written), None)
        if source is not None:
            what = text("would be written over {source}, which is read; choose another name or folder", source=source)
            problems.append(Problem(str(path), what))
        elif twin is not None:
            problems.append(Problem(str(path), text("would be written twice; give the files different names")))
        written |= dict.fromkeys(marks, path)
    if problems:
        raise InputError(*problems)


def refuse_existing(outputs: Iterable[Path]) -> None:
    """Let a command that was not told --force write only where nothing is.

    Raises:
        InputError: with every output that is there already.
    """
    what = text("is there already; choose another name, or add --force to replace it")
    there = [Problem(str(path), what) for path in outputs if path.exists()]
    if there:
        raise InputError(*there)


def _marks(path: Path) -> tuple[str, ...]:
    """What tells a file: where it lies, links followed and as Windows and sticks compare names; and which it is."""
    plain = os.path.abspath(path)  # noqa: PTH100  (Path.absolute leaves ".." in)
    places = {_folded(plain), _folded(os.path.realpath(path))}
    try:
        status = path.stat()
    except OSError:
        return tuple(places)
    return (*places, f"{status.st_dev}:{status.st_ino}")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
