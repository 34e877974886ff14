"""Sticks and cards that are plugged in, as the system tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

# Where Linux desktops put what is plugged in; Windows says “removable” itself.
_PLUGGED_IN = ("/media", "/run/media", "/mnt")


@dataclass(frozen=True, slots=True)
class Drive:
    """A stick or a card.

    Attributes:
        path: its topmost folder.
        size, free: in bytes.
        can_write: False where it is write-protected.
    """

    path: Path
    size: int
    free: int
    can_write: bool = True


def removable_drives() -> tuple[Drive, ...]:
    """What is plugged in and can be read, by path."""
    return tuple(sorted(_found(), key=lambda drive: drive.path))


def _found() -> Iterator[Drive]:
    import psutil

    for part in psutil.disk_partitions(all=False):
        options = part.opts.split(",")
        if "removable" in options or any(PurePath(part.mountpoint).is_relative_to(one) for one in _PLUGGED_IN):
            # An empty card reader is a drive without a disk.
            with suppress(OSError):
                usage = psutil.disk_usage(part.mountpoint)
                yield Drive(Path(part.mountpoint), usage.total, usage.free, "ro" not in options)
