"""What is left in the workspace of lessons and venues that are gone: their renditions, their published pages.

And copies for the browser that were made long ago; the desk makes another one when it is wanted.

Lists what may go, and removes it when asked. Never the state, never a file that a person may have written, nothing
outside the workspace. Planned weeks and the publications kept by number are history, and stay.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from courseware.clutter import listed, matching
from courseware.errors import InputError, Problem, reason_of, text
from courseware.files import is_safe_id
from courseware.lessons.proofs import FOLDER_NAME as PROOFS_NAME
from courseware.lessons.rendition import is_description
from courseware.lessons.workspace import Workspace
from playlists.files import venues as venues_file
from playlists.files.venues import RESERVED_IDS, load_venues
from playlists.schedules.revisions import revisions
from playlists.schedules.schedule import is_week

_PAGES = ("html", "pdf", "png")
_COPY_KEPT_S = 30 * 86400


@dataclass(frozen=True, slots=True)
class Leftover:
    """The files of one thing that is gone, the one by which they are known last.

    Attributes:
        name: as a person finds it: renditions/led-512x320/old, published/2026-W48/square-09.
    """

    name: str
    files: tuple[Path, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Leftovers:
    """All of them, and why some were not looked for or could not be removed."""

    found: tuple[Leftover, ...]
    problems: tuple[Problem, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(one.size for one in self.found)


def find_leftovers(workspace: Workspace) -> Leftovers:
    """Look for what belongs to no lesson and no venue any more; a lesson that cannot be read is there all the same.

    Raises:
        InputError: there is no lesson at all, as when the disk of the lessons is missing.
    """
    lessons = {folder.name.casefold() for folder in listed(workspace.lessons_dir) if folder.is_dir()}
    if not lessons:
        what = text("holds no lesson; nothing is removed, for every rendition would seem left over")
        raise InputError(Problem(workspace.lessons_dir.name, what))
    venues, faults = load_venues(workspace.root / venues_file.FILE_NAME)
    found = [*_renditions(workspace, lessons), *_old_copies(workspace)]
    if not faults:  # a venue whose row is wrong just now is not gone
        found += _pages(workspace, {one.id.casefold() for one in venues})
    outside = [one for one in found if not _is_inside(workspace, one)]
    problems = [Problem(one.name, text("leads out of the workspace, and is left alone")) for one in outside]
    return Leftovers(tuple(one for one in found if one not in outside), (*faults, *problems))


def remove(found: Leftovers) -> Leftovers:
    """Remove what was found; returns what is gone, and why the rest is not."""
    gone, problems = list[Leftover](), list(found.problems)
    for leftover in found.found:
        try:
            for file in leftover.files:
                file.unlink(missing_ok=True)
            gone.append(leftover)
        except OSError as error:
            problems.append(Problem(leftover.name, text("cannot be removed: {reason}", reason=reason_of(error))))
    return Leftovers(tuple(gone), tuple(problems))


def _renditions(workspace: Workspace, lessons: set[str]) -> Iterator[Leftover]:
    """Only what a description of ours stands beside: whatever else lies there, somebody put there."""
    for folder in listed(workspace.renditions_dir):
        for description in matching(folder, "*.json"):
            if description.stem.casefold() in lessons or not is_description(description):
                continue
            media = description.with_suffix(".mp4")
            files = (media, folder / PROOFS_NAME / media.name, description)
            yield _leftover(f"renditions/{folder.name}/{description.stem}", files)


def _old_copies(workspace: Workspace) -> Iterator[Leftover]:
    for path in listed(workspace.copies_dir):
        if path.suffix == ".mp4" and time.time() - path.lstat().st_mtime > _COPY_KEPT_S:
            yield _leftover(path.relative_to(workspace.root).as_posix(), (path,))


def _pages(workspace: Workspace, venues: set[str]) -> Iterator[Leftover]:
    """Only of venues that were once published in that week: whatever else lies there, somebody put there."""
    for folder in listed(workspace.published_dir):
        if not is_week(folder.name):
            continue
        named = {venue for one in revisions(workspace.schedules_dir, folder.name) for venue in one.venues}
        for venue in sorted(named):
            if is_safe_id(venue) and venue.casefold() not in venues | RESERVED_IDS:
                files = tuple(page for suffix in _PAGES if (page := folder / f"{venue}.{suffix}").is_file())
                if files:
                    yield _leftover(f"published/{folder.name}/{venue}", files)


def _leftover(name: str, files: Iterable[Path]) -> Leftover:
    there = tuple(file for file in files if file.is_file() or file.is_symlink())
    return Leftover(name, there, sum(file.lstat().st_size for file in there))


def _is_inside(workspace: Workspace, one: Leftover) -> bool:
    root = workspace.root.resolve()
    return all(file.parent.resolve().is_relative_to(root) for file in one.files)
