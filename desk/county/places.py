"""What the county's files say, remembered until one changes: to read 400 venues takes longer than a page may."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from courseware.errors import Problem
from courseware.lessons.lesson import FILE_NAME as LESSON_NAME
from courseware.lessons.proofs import stamp
from courseware.lessons.workspace import Workspace, open_workspace
from playlists.county.county import County, load_county
from playlists.files import venues as venues_file
from playlists.files.venues import Venue, load_venues

_WRITTEN = {".toml", ".csv", ".xlsx", ".head"}  # by people, and the heads of what is kept


def venues_there(workspace: Workspace) -> tuple[tuple[Venue, ...], tuple[Problem, ...]]:
    """The venues of venues.csv, and what is wrong with the others."""
    return _venues(workspace.root / venues_file.FILE_NAME, "\n".join(written_stamps(workspace.root)))


def county_there(workspace: Workspace) -> County:
    """All that the files say."""
    lessons = (one for folder in sorted(workspace.lessons_dir.glob("*")) for one in (folder, folder / LESSON_NAME))
    return _county(workspace.root, "\n".join((*written_stamps(workspace.root), *map(stamp_of, lessons))))


def written_stamps(root: Path) -> Iterator[str]:
    """Of every file that lies in the workspace itself."""
    return map(stamp_of, sorted(path for path in root.iterdir() if path.suffix in _WRITTEN))


def stamp_of(path: Path) -> str:
    """Another text whenever the file or folder has changed, comes or goes."""
    try:
        return f"{path.name} {stamp(path.stat())}"
    except OSError:
        return path.name


@lru_cache(maxsize=2)
def _venues(path: Path, _stamps: str) -> tuple[tuple[Venue, ...], tuple[Problem, ...]]:
    return load_venues(path)


@lru_cache(maxsize=2)
def _county(root: Path, _stamps: str) -> County:
    return load_county(open_workspace(root))
