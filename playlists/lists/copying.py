"""Finished files copied to a stick: whether it can hold them, and whether what arrived there is what was made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from courseware.errors import InputError, Problem, StorageError, text
from courseware.files import copy_file, sha256

LARGEST_BYTES = 2**32 - 1  # of a file on FAT32


def refuse_large(sizes: Mapping[str, int]) -> None:
    """Name the files that FAT32 cannot hold.

    Args:
        sizes: name → bytes.

    Raises:
        InputError: there are any.
    """
    large = [name for name, size in sizes.items() if size > LARGEST_BYTES]
    if large:
        what = text("is larger than 4 GiB, which a FAT32 stick cannot hold; split the lesson")
        raise InputError(*(Problem(name, what) for name in large))


def copy_proven(source: Path, target: Path, digest: str) -> None:
    """Copy, so that nothing done to the stick is done to the rendition; read back, and compared.

    Raises:
        StorageError: what arrived has another sha256.
    """
    copy_file(source, target)
    if read_back(target) != digest:
        what = text("the file is not as it was made; render the lesson again, then build once more")
        raise StorageError(Problem(source.name, what))


def read_back(path: Path) -> str:
    """The sha256 of what lies on the disk, not of what the system remembers of it, where it can be told to forget."""
    if hasattr(os, "posix_fadvise"):
        handle = os.open(path, os.O_RDONLY)
        try:
            with suppress(OSError):
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)
    return sha256(path)
