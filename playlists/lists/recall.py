"""Lists that were built and hold what may not be shown any more: found, and taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from courseware.clutter import listed
from courseware.errors import Problem, text
from courseware.files import is_plain
from courseware.lessons.rendition import load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import load_approval
from playlists.lists.found import find_lists
from playlists.lists.rundown import Airing, Rundown
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


class RefusedList(NamedTuple):
    """A list, in a USB folder or not, with those of its videos that may not be shown any more."""

    path: Path
    airings: tuple[Airing, ...]


def refused_lists(workspace: Workspace) -> tuple[RefusedList, ...]:
    """The lists below the folder playlists that show a video which is not approved.

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
    found = (
        RefusedList(
            path,
            tuple(one for one in rundown.airings if _video_of(one) in videos or unquoted(one.title) in titles),
        )
        for path, rundown in find_lists(workspace.playlists_dir)
    )
    return tuple(one for one in found if one.airings)


def refused_problems(workspace: Workspace) -> Iterator[Problem]:
    """The same, for whoever checks the workspace.

    Raises:
        InputError, StorageError: the review ledger cannot be read.
    """
    for path, airings in refused_lists(workspace):
        titles = "、".join(dict.fromkeys(one.title for one in airings))
        what = text("holds what may no longer be shown ({titles}); build it again", titles=titles)
        yield Problem(path.relative_to(workspace.root).as_posix(), what)


def withdraw_lists(workspace: Workspace) -> tuple[Path, ...]:
    """Remove such lists, and such videos of USB folders, where players without lists would go on to play them.

    Returns:
        What was removed.

    Raises:
        InputError, StorageError: the review ledger cannot be read.
    """
    refused = refused_lists(workspace)
    beside = (path.parent / one.path for path, airings in refused for one in airings if is_plain(one.path))
    gone = dict.fromkeys((*(one.path for one in refused), *(path for path in beside if path.is_file())))
    for path in gone:
        path.unlink()
    return tuple(gone)


def _titles_in(rundown: Rundown) -> set[str]:
    return {unquoted(airing.title) for airing in rundown.airings}


def _videos_in(rundown: Rundown) -> Iterator[tuple[str, str]]:
    return (video for airing in rundown.airings if (video := _video_of(airing)))


def _video_of(airing: Airing) -> tuple[str, str] | None:
    """Profile and lesson of a video that is played where it was made."""
    path = PurePosixPath(airing.path)
    return (path.parent.name, path.stem) if path.parent.parent.name == "renditions" else None
