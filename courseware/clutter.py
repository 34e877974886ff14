"""What operating systems and programs leave in folders, on sticks above all, and which is nobody's file."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

# Windows, macOS, Android, Linux; compared without regard to upper and lower case. Hidden files are clutter anyhow:
# ._x, .DS_Store, .Spotlight-V100, .Trashes, .fseventsd, .Trash-1000, .part-….
_NAMES = frozenset(
    {
        "$recycle.bin",
        "__macosx",
        "desktop.ini",
        "ehthumbs.db",
        "found.000",
        "icon\r",
        "lost+found",
        "lost.dir",
        "recycler",
        "system volume information",
        "thumbs.db",
    }
)


def is_clutter(name: str) -> bool:
    """Whether a file or folder of this name belongs to the system or to a program at work, and to no person."""
    return name.startswith((".", "~")) or name.casefold() in _NAMES


def listed(folder: Path) -> list[Path]:
    """What lies in a folder, by name, without clutter; nothing when there is no such folder.

    Raises:
        OSError: it cannot be read.
    """
    return sorted(path for path in folder.iterdir() if not is_clutter(path.name)) if folder.is_dir() else []


def matching(folder: Path, pattern: str) -> Iterator[Path]:
    """What fits a pattern below a folder, by path, and no part of whose way there is clutter."""
    if "/" not in pattern and "**" not in pattern:
        names = os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208  (of a folder with all lessons, many times)
        yield from (folder / name for name in sorted(fnmatch.filter(names, pattern)) if not is_clutter(name))
        return
    above = len(folder.parts)
    for path in sorted(folder.glob(pattern), key=lambda found: found.parts):
        if not any(map(is_clutter, path.parts[above:])):
            yield path
