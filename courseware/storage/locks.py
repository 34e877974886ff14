"""The locks of a workspace: whoever reads, changes and writes holds one, so that nobody's change is lost.

A lock ends with its process, however that ends. Beside it lies a note of who holds it, for those who wait.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from courseware.errors import Problem, StorageError, Text, reason_of, text

# Longer than several quick commands at once take one after the other on a slow machine.
_PATIENCE_S = 20.0
_LONGEST = 120
_DOING: ContextVar[str] = ContextVar("doing", default="")
_MOST_PATIENCE_S: ContextVar[float] = ContextVar("most_patience_s", default=_PATIENCE_S)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: the process, its command line or what is done, the user and the computer, and since when."""

    pid: int
    command: str
    user: str
    host: str
    since: str

    @property
    def said(self) -> Text:
        """One sentence of it."""
        return text("{command} (process {pid}, {user} on {host}, since {since})", **asdict(self))


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Within the block, who waits for a lock held here is told what is being done, not only by which program."""
    token = _DOING.set(what)
    try:
        yield
    finally:
        _DOING.reset(token)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Within the block, nobody waits longer for the workspace: a person sits before a page that does not come."""
    token = _MOST_PATIENCE_S.set(seconds)
    try:
        yield
    finally:
        _MOST_PATIENCE_S.reset(token)


@contextmanager
def lock_workspace(cache_dir: Path, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Hold the workspace alone while something in it is read, changed and written; not twice in one thread.

    Args:
        cache_dir: the workspace's .yuanjiao; made when missing.
        patience_s: so long another command is waited for.

    Raises:
        StorageError: another command holds it for longer, with who and since when; or the folder cannot be written.
    """
    what = text("another command is writing in this workspace")
    with _held(cache_dir / "workspace.lock", min(patience_s, _MOST_PATIENCE_S.get()), what):
        yield


@contextmanager
def lock_renders(cache_dir: Path) -> Iterator[None]:
    """Keep a second render out of the workspace, for a night if need be; planning goes on beside it.

    Raises:
        StorageError: lessons are being rendered, with by whom and since when; or the folder cannot be written.
    """
    with _held(cache_dir / "render.lock", 0, text("lessons are being rendered here already")):
        yield


@contextmanager
def lock_ledger(path: Path) -> Iterator[None]:
    """Hold a file alone for the moment in which a line is added to what lies beside it.

    Raises:
        StorageError: another process holds it for longer; or the folder cannot be written.
    """
    with _held(path, _PATIENCE_S, text("another command is writing in this workspace")):
        yield


@contextmanager
def _held(path: Path, patience_s: float, taken: Text) -> Iterator[None]:
    from filelock import FileLock, Timeout

    note = path.with_suffix(".holder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=patience_s)
        lock.acquire()
    except Timeout:
        raise StorageError(Problem(str(path.parent.parent), _refusal(taken, _holder_in(note)))) from None
    except OSError as error:
        what = text("cannot be written to: {reason}", reason=reason_of(error))
        raise StorageError(Problem(str(path.parent), what)) from error
    try:
        # A note that cannot be written is only missed by who waits.
        with suppress(OSError):
            note.write_text(json.dumps(asdict(_ourselves())), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        lock.release()


def _refusal(taken: Text, holder: Holder | None) -> Text:
    if holder is None:
        return text("{taken}; wait until that has ended", taken=taken)
    return text("{taken}: {holder}; wait until that has ended", taken=taken, holder=holder.said)


def _holder_in(note: Path) -> Holder | None:
    """Who wrote the note; None when it is not there yet, or half written."""
    try:
        return Holder(**json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _ourselves() -> Holder:
    command = (_DOING.get() or " ".join(["yuanjiao", *sys.argv[1:]]))[:_LONGEST]
    since = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"
    return Holder(os.getpid(), command, user_name(), platform.node(), since)


def user_name() -> str:
    """The user of this computer; "?" for a service or container without a name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"
