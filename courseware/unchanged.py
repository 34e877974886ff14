"""What was read out of files, remembered while they are the same by size, times and inode."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

Args = ParamSpec("Args")
Found = TypeVar("Found")
# A file system's clock ticks every 10 ms at most: what is younger may be changed again and bear the same time.
_YOUNG_NS = 20_000_000


def while_unchanged(
    files: Callable[Args, Iterable[Path | str]], most: int
) -> Callable[[Callable[Args, Found]], Callable[Args, Found]]:
    """A function that is only called again for the same arguments when a file is another; what it raises, never kept.

    Args:
        files: all on which its answer depends, of its arguments; these must be hashable, and the answer unchanging.
        most: answers are kept.
    """

    def decorate(read: Callable[Args, Found]) -> Callable[Args, Found]:
        known: Callable[..., Found] = lru_cache(maxsize=most)(lambda _marks, *args, **kwargs: read(*args, **kwargs))

        @wraps(read)
        def look(*args: Args.args, **kwargs: Args.kwargs) -> Found:
            marks = tuple(map(_mark, files(*args, **kwargs)))
            return read(*args, **kwargs) if None in marks else known(marks, *args, **kwargs)

        return look

    return decorate


def stamp(status: os.stat_result) -> str:
    """Size, times and inode of a file: another stamp, and it has to be looked at again."""
    # The time of the last change of any kind, too: programs for copying set the other back.
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def is_young(status: os.stat_result) -> bool:
    """Whether a file was changed so lately that it may be changed again and bear the same stamp."""
    return time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _YOUNG_NS


def _mark(path: Path | str) -> str | None:
    """Of a file as it is now; None when it may be changed again and bear the same time."""
    try:
        status = os.stat(path)  # noqa: PTH116  (a page asks for thousands)
    except OSError:
        return ""
    return None if is_young(status) else stamp(status)
