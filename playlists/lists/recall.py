"""Lists that were built and hold what may not be shown any more: found, and taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from courseware.clutter import listed
from courseware.errors import Problem, text
from courseware.lessons.rendition import load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import load_approval
from playlists.lists.found import find_lists
from playlists.lists.rundown import Rundown
from playlists.lists.wording import unquoted


def lists_with(workspace: Workspace, lessons: Mapping[str, str]) -> tuple[Problem, ...]:
    """Where lessons stand in lists and USB folders that were built.

    Args:
        lessons: id → title, which is all that a file on a stick is called by.
    """
    what = text("is in it; build it again")
    return tuple(
        Problem(f"{lesson}: {path.relative_to(workspace.root).as_posix()}", what)
        for path, rundown in find_lists(workspace.playlists_dir)
        for lesson, title in lessons.items()
        if lesson in {name for _, name in _videos_in(rundown)} or unquoted(title) in _titles_in(rundown)
    )


def withdraw_lists(workspace: Workspace) -> tuple[Path, ...]:
    """Remove the lists below the folder playlists that show a video which is not approved; returns them.

    A list that names no files shows it by its title, unless what is called so may be shown for another screen.

    Raises:
        InputError, StorageError: the review ledger cannot be read.
    """
    approval = load_approval(workspace)
    profiles = [path.name for path in listed(workspace.renditions_dir) if path.is_dir()]
    made = [one for profile in profiles for one in load_renditions(workspace.renditions_dir, profile).values()]
    refused = [one for one in made if not approval.allows(one.sha256)]
    if not refused:
        return ()
    videos = {(one.profile, one.lesson) for one in refused}
    allowed = {unquoted(one.title) for one in made if approval.allows(one.sha256)}
    titles = {unquoted(one.title) for one in refused} - allowed
    gone = tuple(
        path
        for path, rundown in find_lists(workspace.playlists_dir)
        if videos & set(_videos_in(rundown)) or titles & _titles_in(rundown)
    )
    for path in gone:
        path.unlink()
    return gone


def _titles_in(rundown: Rundown) -> set[str]:
    return {unquoted(airing.title) for airing in rundown.airings}


def _videos_in(rundown: Rundown) -> Iterator[tuple[str, str]]:
    """Profile and lesson of each video that is played where it was made."""
    for airing in rundown.airings:
        path = PurePosixPath(airing.path)
        if path.parent.parent.name == "renditions":
            yield path.parent.name, path.stem
