"""The lists that were built, of every format there is: found and read back."""

from __future__ import annotations

from pathlib import Path

from courseware.clutter import matching
from playlists.lists.formats import EXPORTERS
from playlists.lists.rundown import Rundown


def find_lists(folder: Path) -> tuple[tuple[Path, Rundown], ...]:
    """Every list below the folder, by path; files that are no list of ours are passed over."""
    read = ((path, read_list(path)) for path in matching(folder, "**/*"))
    return tuple((path, rundown) for path, rundown in read if rundown is not None)


def read_list(path: Path) -> Rundown | None:
    """What a list says; None when it is not of ours."""
    exporters = [one for one in EXPORTERS.values() if one.suffix == path.suffix]
    if not exporters or not path.is_file():
        return None
    content = path.read_bytes()
    for exporter in exporters:
        try:
            return exporter.parse(content)
        except ValueError:
            continue
    return None
