"""Weeks that may be announced, and their announcement kept: as a numbered revision and in the history."""

from __future__ import annotations

from collections.abc import Sequence

from courseware.errors import Problem, text
from courseware.reviews.approval import load_approval
from courseware.workspace import Workspace
from playlists.files import clock
from playlists.schedules.history import open_ledger
from playlists.schedules.revisions import Revision, keep_revision
from playlists.schedules.schedule import Schedule


def approved_weeks(
    workspace: Workspace, schedules: Sequence[Schedule]
) -> tuple[tuple[Schedule, ...], tuple[Problem, ...]]:
    """Those that show nothing but what may be shown, and what the others show that nobody approved.

    What began before now is past, and cannot be mended.

    Raises:
        InputError, StorageError: the review ledger cannot be read.
    """
    approval, begins = load_approval(workspace), clock.now(workspace)
    problems: dict[str, Problem] = {}
    for one in schedules:
        slots = (slot for day in one.days for slot in day.slots if slot.lesson and slot.start >= begins)
        refused = dict.fromkeys(slot.lesson for slot in slots if not approval.allows(slot.sha256))
        if refused:
            what = text(
                "shows what is not approved: {lessons}; approve it, or plan the week again",
                lessons="、".join(refused),
            )
            problems[one.venue] = Problem(one.venue, what)
    return tuple(one for one in schedules if one.venue not in problems), tuple(problems.values())


def announce(workspace: Workspace, schedules: Sequence[Schedule]) -> Revision | None:
    """Keep what is published now as a numbered revision, and in the history."""
    revision = keep_revision(workspace.schedules_dir, schedules, clock.now(workspace))
    if revision:
        with open_ledger(workspace.cache_dir) as ledger:
            ledger.record("published", schedules)
    return revision
