"""The numbered folder for USB playback: players that know no lists play it by name order.

Every file is verified by its hash before the folder gets its name, so that a half-copied one never bears it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from courseware.clutter import listed
from courseware.errors import Problem, StorageError, text
from courseware.files import making_folder, safe_name, write_bytes
from playlists.lists.copying import copy_proven, refuse_large
from playlists.lists.found import read_list

# FAT32 stores a file's length in 32 bits.
_NUMBERED = re.compile(r"\d{3,}_.*\.mp4")
# For the lists and the folder itself.
_SPARE_BYTES = 2**20


class Item(NamedTuple):
    """A finished file that is to be played.

    Attributes:
        source: where it lies.
        size: bytes.
        sha256: of its bytes, as they must arrive.
    """

    lesson: str
    title: str
    seconds: int
    source: Path
    size: int
    sha256: str


class Numbered(NamedTuple):
    """An item and the name it has on the stick."""

    name: str
    item: Item


def number_items(items: Iterable[Item]) -> tuple[Numbered, ...]:
    """Each lesson once, in the order of its first showing: 001_<title>.mp4.

    Raises:
        InputError: a file is larger than FAT32 can hold.
    """
    once = dict[str, Item]()
    for item in items:
        once.setdefault(item.lesson, item)
    refuse_large({item.source.name: item.size for item in once.values()})
    digits = max(3, len(str(len(once))))
    return tuple(
        Numbered(f"{number:0{digits}}_{safe_name(item.title)}.mp4", item)
        for number, item in enumerate(once.values(), 1)
    )


def write_folder(
    target: Path,
    files: Sequence[Numbered],
    lists: Mapping[str, bytes],
    progress: Callable[[int], None] = lambda _bytes: None,
) -> None:
    """Make the folder with the files and the lists (name → content), and replace an earlier one by it.

    Args:
        progress: told the size of each file that is in place and verified.

    Raises:
        StorageError: too little room, a folder there that is not ours, or a file that arrived damaged.
    """
    _refuse_foreign(target)
    _refuse_full(target, files)
    with making_folder(target, over=True) as scratch:
        for name, item in files:
            copy_proven(item.source, scratch / name, item.sha256)
            progress(item.size)
        for name, content in lists.items():
            write_bytes(scratch / name, content)


def _refuse_foreign(target: Path) -> None:
    """Only a folder that holds nothing but numbered files and lists is replaced."""
    if not target.exists():
        return
    foreign = [path.name for path in listed(target) if not _is_ours(path)] if target.is_dir() else [""]
    if foreign:
        what = text("something else lies here ({name}); move it away or name another folder", name=foreign[0])
        raise StorageError(Problem(str(target), what))


def _is_ours(path: Path) -> bool:
    return bool(_NUMBERED.fullmatch(path.name)) or read_list(path) is not None


def _refuse_full(target: Path, files: Iterable[Numbered]) -> None:
    there = next(folder for folder in target.parents if folder.exists())
    needed = sum(item.size for _, item in files) + _SPARE_BYTES
    free = shutil.disk_usage(there).free
    if needed > free:
        what = text(
            "{needed} MB are needed and {free} MB are free; use a larger stick or fewer lessons",
            needed=-(-needed // 10**6),
            free=free // 10**6,
        )
        raise StorageError(Problem(str(target), what))
