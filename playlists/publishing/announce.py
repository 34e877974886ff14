"""Weeks that may be announced, and their announcement kept: as a numbered revision and in the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from courseware.errors import Problem, text
from courseware.rendition import damaged_renditions
from courseware.reviews.approval import load_approval
from courseware.workspace import Workspace
from playlists.files import clock
from playlists.files import venues as venues_file
from playlists.files.venues import load_venues
from playlists.schedules.history import open_ledger
from playlists.schedules.revisions import Revision, keep_revision, revisions
from playlists.schedules.schedule import Schedule


def approved_weeks(
    workspace: Workspace, schedules: Sequence[Schedule]
) -> tuple[tuple[Schedule, ...], tuple[Problem, ...]]:
    """Those that show nothing but what may be shown, and what the others show that is damaged or nobody approved.

    What began before now is past, and cannot be mended.

    Raises:
        InputError, StorageError: the review ledger cannot be read.
    """
    approval, begins = load_approval(workspace), clock.now(workspace)
    spoilt = {profile: _spoilt(workspace, profile) for profile in {one.profile for one in schedules}}
    problems: list[Problem] = []
    for one in schedules:
        slots = [slot for day in one.days for slot in day.slots if slot.lesson and slot.start >= begins]
        if refused := dict.fromkeys(slot.lesson for slot in slots if not approval.allows(slot.sha256)):
            what = text(
                "shows what is not approved: {lessons}; approve it, or plan the week again",
                lessons="、".join(refused),
            )
            problems.append(Problem(one.venue, what))
        if lost := dict.fromkeys(slot.lesson for slot in slots if slot.lesson in spoilt[one.profile]):
            what = text(
                "shows what is not as it was made: {lessons}; run “yuanjiao render”, then publish again",
                lessons="、".join(lost),
            )
            problems.append(Problem(one.venue, what))
    wrong = {problem.where for problem in problems}
    return tuple(one for one in schedules if one.venue not in wrong), tuple(problems)


def _spoilt(workspace: Workspace, profile: str) -> frozenset[str]:
    return frozenset(one.lesson for one in damaged_renditions(workspace.renditions_dir, profile))


def still_a_venue(workspace: Workspace) -> Callable[[str], bool]:
    """Whether an id is that of a venue; while rows of venues.csv are wrong, any may be."""
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    # Where only capital letters differ, Windows sees one file.
    ids = {one.id.casefold() for one in venues}
    return lambda venue: bool(problems) or venue.casefold() in ids


def gone_venues(workspace: Workspace, week: str) -> tuple[str, ...]:
    """The venues whose week was once published, and that are venues no more."""
    is_one = still_a_venue(workspace)
    named = {venue for one in revisions(workspace.schedules_dir, week) for venue in one.venues}
    return tuple(sorted(venue for venue in named if not is_one(venue)))


def announce(workspace: Workspace, schedules: Sequence[Schedule]) -> Revision | None:
    """Keep what is published now as a numbered revision, and in the history.

    What was announced for venues whose week cannot be read or shown just now, stays announced.
    """
    revision = keep_revision(workspace.schedules_dir, schedules, clock.now(workspace), still_a_venue(workspace))
    if revision:
        with open_ledger(workspace.cache_dir) as ledger:
            ledger.record("published", schedules)
    return revision
