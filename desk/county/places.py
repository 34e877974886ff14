"""What the county's files say, remembered until one changes: to read 400 venues takes longer than a page may."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from courseware.errors import Problem
from courseware.lessons import settings
from courseware.lessons.lesson import FILE_NAME as LESSON_NAME
from courseware.lessons.lesson import Lesson, load_lesson
from courseware.lessons.workspace import Catalogue, Workspace, load_catalogue, open_workspace
from courseware.unchanged import stamp
from playlists.county.county import County, load_county
from playlists.files import venues as venues_file
from playlists.files.venues import Venue, load_venues

_WRITTEN = {".toml", ".csv", ".xlsx", ".head"}  # by people, and the heads of what is kept


def venues_there(workspace: Workspace) -> tuple[tuple[Venue, ...], tuple[Problem, ...]]:
    """The venues of venues.csv, and what is wrong with the others."""
    return _venues(workspace.root / venues_file.FILE_NAME, "\n".join(written_stamps(workspace.root)))


def county_there(workspace: Workspace) -> County:
    """All that the files say."""
    lessons = _lesson_stamps(workspace)
    with _READING:
        return _county(workspace.root, "\n".join((*written_stamps(workspace.root), *lessons)), lessons)


def catalogue_there(workspace: Workspace) -> Catalogue:
    """All lessons; of a large county that is edited all day, only what has changed is read."""
    lessons = _lesson_stamps(workspace)
    with _READING:
        return _catalogue(workspace.root, stamp_of(workspace.root / settings.FILE_NAME), lessons)


def _lesson_stamps(workspace: Workspace) -> tuple[str, ...]:
    # Names are put together as text: every page asks this.
    home = str(workspace.lessons_dir)
    folders = [f"{home}/{name}" for name in sorted(os.listdir(home))] if workspace.lessons_dir.is_dir() else []  # noqa: PTH208  (as above)
    return tuple(stamp_of(one) for folder in folders for one in (folder, f"{folder}/{LESSON_NAME}"))


def written_stamps(root: Path) -> Iterator[str]:
    """Of every file that lies in the workspace itself."""
    return map(stamp_of, sorted(path for path in root.iterdir() if path.suffix in _WRITTEN))


def stamp_of(path: Path | str) -> str:
    """Another text whenever the file or folder has changed, comes or goes."""
    try:
        return f"{path} {stamp(os.stat(path))}"  # noqa: PTH116  (as above)
    except OSError:
        return str(path)


@lru_cache(maxsize=2)
def _venues(path: Path, _stamps: str) -> tuple[tuple[Venue, ...], tuple[Problem, ...]]:
    return load_venues(path)


@lru_cache(maxsize=2)
def _county(root: Path, _stamps: str, lessons: tuple[str, ...]) -> County:
    return load_county(open_workspace(root), _catalogue(root, stamp_of(root / settings.FILE_NAME), lessons))


@lru_cache(maxsize=2)
def _catalogue(root: Path, settings_stamp: str, _lessons: tuple[str, ...]) -> Catalogue:
    def read(path: Path, _settings: settings.Settings, where: str) -> Lesson:
        return _lesson(path, where, root, (settings_stamp, stamp_of(path.parent), stamp_of(path)))

    return load_catalogue(open_workspace(root), read)


@lru_cache(maxsize=4096)
def _lesson(path: Path, where: str, root: Path, stamps: tuple[str, ...]) -> Lesson:
    return load_lesson(path, _settings(root, stamps[0]), where)


@lru_cache(maxsize=2)
def _settings(root: Path, _stamp: str) -> settings.Settings:
    return open_workspace(root).settings


# Many who ask at once, after a change, wait for the one who reads.
_READING = threading.Lock()
