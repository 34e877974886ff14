"""What was dropped onto a page, before it is taken: files in a folder of the cache, under names that lead nowhere."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PureWindowsPath

from starlette.datastructures import UploadFile

from courseware.clutter import is_clutter
from courseware.errors import InputError, Problem, text
from courseware.files import is_plain, replacing
from courseware.lessons.workspace import Workspace

SHEET_SUFFIXES = (".xlsx", ".csv")
_TOKEN = re.compile(r"[0-9a-f]{32}")
_KEPT_S = 2 * 86400  # what nobody took is removed after so long
_AT_ONCE = 1 << 20


def receive(
    workspace: Workspace,
    uploads: Sequence[UploadFile],
    lacking: Callable[[Sequence[str]], Iterable[Problem]] = lambda _names: (),
) -> str:
    """Keep the files until they are taken.

    Args:
        lacking: what is wrong with such names together, for what they are to be.

    Returns:
        The token that names them.

    Raises:
        InputError: a name that no file may have, two of one name, or what is lacking; all problems at once.
    """
    _sweep(workspace)
    names = [_plain_name(upload.filename or "") for upload in uploads]
    problems = [*_problems(names, uploads), *lacking(names)]
    if problems:
        raise InputError(*problems)
    token = secrets.token_hex(16)
    folder = _inboxes(workspace) / token
    folder.mkdir(parents=True)
    for name, upload in zip(names, uploads, strict=True):
        if not is_clutter(name):
            with replacing(folder / name, lasting=False) as scratch, scratch.open("wb") as target:
                shutil.copyfileobj(upload.file, target, _AT_ONCE)
    return token


def inbox_of(workspace: Workspace, token: str) -> Path:
    """The folder of what was received.

    Raises:
        InputError: nothing of that token is there.
    """
    folder = _inboxes(workspace) / token
    if not _TOKEN.fullmatch(token) or not folder.is_dir():
        raise InputError(Problem("", text("these files are no longer here; drop them again")))
    return folder


def one_sheet(names: Sequence[str]) -> Iterator[Problem]:
    """Why these are not a list of lessons with its files: no spreadsheet among them, or several."""
    sheets = [name for name in names if name.lower().endswith(SHEET_SUFFIXES)]
    if not sheets:
        yield Problem("", text("no list of lessons among the files; add an .xlsx or .csv"))
    elif len(sheets) > 1:
        yield Problem("、".join(sheets), text("several spreadsheets; drop one list of lessons at a time"))


def sheet_in(folder: Path) -> Path:
    """The spreadsheet among the files."""
    return next(path for path in sorted(folder.iterdir()) if path.suffix.lower() in SHEET_SUFFIXES)


def forget(folder: Path) -> None:
    """Remove what was taken, or is not wanted."""
    shutil.rmtree(folder, ignore_errors=True)


def _plain_name(given: str) -> str:
    """The last part of a name, as Windows or Linux divides it; some browsers send folders before it."""
    return PureWindowsPath(given).name


def _problems(names: Sequence[str], uploads: Sequence[UploadFile]) -> list[Problem]:
    problems = [
        Problem(upload.filename or "", text("this cannot be the name of a file"))
        for name, upload in zip(names, uploads, strict=True)
        if not is_plain(name)
    ]
    twins = {name for name in names if sum(other.casefold() == name.casefold() for other in names) > 1}
    problems += (Problem(name, text("two files of this name; give them different names")) for name in sorted(twins))
    return problems


def _inboxes(workspace: Workspace) -> Path:
    return workspace.cache_dir / "desk" / "inbox"


def _sweep(workspace: Workspace) -> None:
    with suppress(OSError):
        for folder in _inboxes(workspace).iterdir():
            if time.time() - folder.stat().st_mtime > _KEPT_S:
                forget(folder)
