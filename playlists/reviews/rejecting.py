"""A rejection, and which weeks, lists and kits still hold what was rejected."""

from __future__ import annotations

from dataclasses import replace

from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews import work
from courseware.reviews.work import Progress, ReviewOutcome, ReviewRequest
from playlists.almanac.clock import now, present_week
from playlists.kits.holding import kits_with
from playlists.lists.recall import lists_with
from playlists.schedules.holding import find_holding


def reject(workspace: Workspace, order: ReviewRequest, progress: Progress) -> ReviewOutcome:
    """Reject videos; the notes name what holds one of them: weeks from the present one on, lists, kits.

    Raises:
        InputError, StorageError: see courseware.reviews.work.reject.
    """
    done = work.reject(workspace, order, progress)
    contents = {one.content: one.lesson for one in done.entries}
    held = find_holding(workspace.schedules_dir, contents, present_week(workspace))
    titles = {one.id: one.title for one in load_catalogue(workspace).lessons if one.id in contents.values()}
    kits = kits_with(workspace.kits_dir, contents, now(workspace))
    return replace(done, notes=(*done.notes, *(one.problem for one in held), *lists_with(workspace, titles), *kits))
