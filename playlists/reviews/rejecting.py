"""A rejection, and what still holds what was rejected: weeks, lists, kits; columns, which do not hold it any more."""

from __future__ import annotations

from dataclasses import replace

from courseware.errors import Problem, text
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews import work
from courseware.reviews.book import load_book
from courseware.reviews.ledger import Action
from courseware.reviews.subjects import act_on
from courseware.reviews.work import Progress, ReviewOutcome, ReviewRequest
from playlists.almanac.clock import now, present_week
from playlists.kits.holding import kits_with
from playlists.lists.recall import lists_with
from playlists.publishing.judged import week_name
from playlists.reviews.subjects import find_subjects, removed_from_columns
from playlists.schedules.holding import find_holding
from playlists.schedules.revisions import latest
from playlists.schedules.schedule import is_week


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
    notes = (*(one.problem for one in held), *lists_with(workspace, titles), *kits, *removed_from_columns(workspace))
    return replace(done, notes=(*done.notes, *notes))


def act_on_subjects(workspace: Workspace, order: ReviewRequest, action: Action) -> ReviewOutcome:
    """Submit, approve or reject weeks and issues of columns; an issue that is rejected disappears from its column.

    Raises:
        InputError, StorageError: see courseware.reviews.subjects.act_on, and find_subjects.
    """
    book = load_book(workspace.cache_dir, workspace.settings.review)
    done = act_on(workspace, book, find_subjects(workspace, order.lessons), order, action)
    if action != "rejected":
        return done
    weeks = [entry.lesson.removeprefix(week_name("")) for entry in done.entries]
    what = text("is published as it was before; plan it again, have it approved, and publish it again")
    held = [Problem(week, what) for week in weeks if is_week(week) and latest(workspace.schedules_dir, week)]
    return replace(done, notes=(*held, *removed_from_columns(workspace)))
