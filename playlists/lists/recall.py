"""Lists that were built and hold what may not be shown any more: found, and taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from courseware.clutter import listed
from courseware.errors import Problem, text
from courseware.lessons.rendition import load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import load_approval
from playlists.lists.lists import find_lists
from playlists.lists.m3u import Listing


def lists_with(workspace: Workspace, lessons: Mapping[str, str]) -> tuple[Problem, ...]:
    """Where lessons stand in lists and USB folders that were built.

    Args:
        lessons: id → title, which is all that a file on a stick is called by.
    """
    what = text("is in it; build it again")
    return tuple(
        Problem(f"{lesson}: {path.relative_to(workspace.root).as_posix()}", what)
        for path, listing in find_lists(workspace.playlists_dir)
        for lesson, title in lessons.items()
        if lesson in {name for _, name in _videos_in(listing)} or title in {one.title for one in listing.entries}
    )


def withdraw_lists(workspace: Workspace) -> tuple[Path, ...]:
    """Remove the lists below the folder playlists that play a video which is not approved; returns them.

    Raises:
        InputError, StorageError: the review ledger cannot be read.
    """
    approval = load_approval(workspace)
    profiles = [path.name for path in listed(workspace.renditions_dir) if path.is_dir()]
    refused = {
        (profile, lesson)
        for profile in profiles
        for lesson in approval.choose(load_renditions(workspace.renditions_dir, profile))[1]
    }
    found = find_lists(workspace.playlists_dir) if refused else ()
    gone = tuple(path for path, listing in found if refused & set(_videos_in(listing)))
    for path in gone:
        path.unlink()
    return gone


def _videos_in(listing: Listing) -> Iterator[tuple[str, str]]:
    """Profile and lesson of each video that is played where it was made."""
    for entry in listing.entries:
        path = PurePosixPath(entry.path)
        if path.parent.parent.name == "renditions":
            yield path.parent.name, path.stem
