"""Which bytes a finished file holds: hashed once, and again only when its size, times or inode are others.

What was found is kept beside the files, in <folder>/.proven/<file name>; it may be deleted at any time.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from courseware.files import sha256, write_text

FOLDER_NAME = ".proven"
# A file system's clock ticks every 10 ms at most: what is younger may be changed again and bear the same time.
_YOUNG_NS = 20_000_000


def digest_of(path: Path, *, anew: bool = False) -> str:
    """SHA-256 of a file; at once when it has not been touched since it was hashed.

    Args:
        anew: read it whole in any case: a disk that loses a bit changes no time.

    Raises:
        OSError: it cannot be read.
    """
    record, before = path.parent / FOLDER_NAME / path.name, stamp(path.stat())
    known = None if anew else _recall(record, before)
    if known:
        return known
    found, status = sha256(path), path.stat()
    if stamp(status) == before and not _is_young(status):
        # Only to be quicker the next time: a disk that cannot be written to does without.
        with suppress(OSError):
            write_text(record, f"{before} {found}\n", lasting=False)
    return found


def stamp(status: os.stat_result) -> str:
    """Size, times and inode of a file: another stamp, and it has to be looked at again."""
    # The time of the last change of any kind, too: programs for copying set the other back.
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _recall(record: Path, now: str) -> str | None:
    try:
        before, _, found = record.read_text(encoding="ascii").strip().rpartition(" ")
    except (OSError, ValueError):
        return None
    return found if before == now else None


def _is_young(status: os.stat_result) -> bool:
    return time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _YOUNG_NS
