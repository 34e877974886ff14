"""Which bytes a finished file holds: hashed once, and again only when its size, times or inode are others.

What was found is kept beside the files, in <folder>/.proven/<file name>; it may be deleted at any time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from courseware.files import sha256, write_text
from courseware.unchanged import is_young, stamp

FOLDER_NAME = ".proven"


def digest_of(path: Path, *, anew: bool = False) -> str:
    """SHA-256 of a file; at once when it has not been touched since it was hashed.

    Args:
        anew: read it whole in any case: a disk that loses a bit changes no time.

    Raises:
        OSError: it cannot be read.
    """
    # Names are put together as text: a page asks this of all lessons.
    folder, name = os.path.split(path)
    record, before = f"{folder or os.curdir}/{FOLDER_NAME}/{name}", stamp(path.stat())
    known = None if anew else _recall(record, before)
    if known:
        return known
    found, status = sha256(path), path.stat()
    if stamp(status) == before and not is_young(status):
        # Only to be quicker the next time: a disk that cannot be written to does without.
        with suppress(OSError):
            write_text(Path(record), f"{before} {found}\n", lasting=False)
    return found


def _recall(record: str, now: str) -> str | None:
    try:
        before, found = _recorded(record, stamp(os.stat(record)))  # noqa: PTH116  (as above)
    except (OSError, ValueError):
        return None
    return found if before == now else None


@lru_cache(maxsize=8192)
def _recorded(record: str, _stamp: str) -> tuple[str, str]:
    before, _, found = Path(record).read_text(encoding="ascii").strip().rpartition(" ")
    return before, found
