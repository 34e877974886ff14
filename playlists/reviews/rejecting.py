"""A rejection, and which weeks and lists still hold what was rejected."""

from __future__ import annotations

from dataclasses import replace

from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews import work
from courseware.reviews.work import Progress, ReviewOutcome, ReviewRequest
from playlists.almanac.clock import present_week
from playlists.lists.recall import lists_with
from playlists.schedules.holding import find_holding


def reject(workspace: Workspace, order: ReviewRequest, progress: Progress) -> ReviewOutcome:
    """Reject videos; the notes name every week from the present one on, and every list, that holds one of them.

    Raises:
        InputError, StorageError: see courseware.reviews.work.reject.
    """
    done = work.reject(workspace, order, progress)
    contents = {one.content: one.lesson for one in done.entries}
    held = find_holding(workspace.schedules_dir, contents, present_week(workspace))
    titles = {one.id: one.title for one in load_catalogue(workspace).lessons if one.id in contents.values()}
    return replace(done, notes=(*done.notes, *(one.problem for one in held), *lists_with(workspace, titles)))
