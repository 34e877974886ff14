"""Whether a stick has room for a kit and can hold its files at all; asked before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from courseware.errors import Problem, StorageError, text
from playlists.kits.plan import MEDIA
from playlists.kits.sums import ASRUN
from playlists.lists.copying import refuse_large

# Folders, and the last block of each file.
_SPARE_BYTES = 2 * 2**20


def refuse_unfit(target: Path, sizes: Mapping[str, int]) -> None:
    """Name what FAT32, which most sticks and all TVs want, cannot hold, and a file in the folder's place.

    Raises:
        InputError: a video of 4 GiB or more.
        StorageError: something else bears the kit's name.
    """
    refuse_large(sizes)
    for path in (target, target / MEDIA, target / ASRUN):
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            what = text("something else lies here ({name}); move it away or name another folder", name=path.name)
            raise StorageError(Problem(str(target), what))


def refuse_full(target: Path, needed: int, useless: Iterable[Path]) -> bool:
    """Whether room has to be made of what only an older kit needs.

    Args:
        needed: bytes that are not there yet.

    Raises:
        StorageError: even that would not do.
    """
    there = next(folder for folder in (target, *target.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    needed += _SPARE_BYTES
    if needed <= free:
        return False
    droppable = 0
    for path in useless:
        with suppress(OSError):
            droppable += path.stat().st_size
    if needed > free + droppable:
        what = text(
            "{needed} MB are needed and {free} MB are free; use a larger stick, fewer weeks, or --since",
            needed=-(-needed // 10**6),
            free=(free + droppable) // 10**6,
        )
        raise StorageError(Problem(str(target), what))
    return True
