"""A county's week planned while others write: the lock is held to read and to write, not for the minute between.

What was planned is written only when nothing has changed meanwhile that planning reads and others write because of a
plan, or that a plan is made for; else it is planned anew, and at last under the lock. What is changed of a lesson
meanwhile counts as changed after the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from courseware.reviews.approval import load_approval
from courseware.unchanged import stamp
from playlists.almanac.clock import today
from playlists.county.county import County, load_county
from playlists.files.venues import Venue
from playlists.schedules.revisions import FOLDER
from playlists.weeks.drafting import ReadyWeek
from playlists.weeks.making import (
    PlannedCounty,
    county_to_plan,
    draft_weeks,
    keep_drafts,
    make_ready,
    plan_county,
)
from playlists.weeks.second import SecondDrafter

_TRIES = 2


def plan_beside(
    root: Path,
    county: County,
    venues: Sequence[Venue],
    week: str,
    seed: int = 0,
    progress: Callable[[Venue], None] = lambda _venue: None,
    *,
    anew: bool = False,
    second: SecondDrafter | None = None,
) -> PlannedCounty:
    """As plan_county, for a caller that does not hold the lock.

    Args:
        county: as it was read; read again when it is no longer so.
        second: who drafts a part of the weeks.

    Raises:
        InputError: as plan_county.
        StorageError: another command holds the lock for long.
    """
    wanted = {venue.id for venue in venues}
    for _ in range(_TRIES):
        with lock_at(root):
            workspace, county, chosen = _as_now(root, county, wanted)
            ready = make_ready(workspace, county, week, anew=anew)
            before = _written(workspace, week)
        drafts = draft_weeks(workspace, ready, chosen, seed, progress, second)
        with lock_at(root):
            if _is_still_so(root, ready) and _written(workspace, week) == before:
                return keep_drafts(workspace, ready, drafts)
    with lock_at(root):
        workspace, county, chosen = _as_now(root, county, wanted)
        return plan_county(workspace, county, chosen, week, seed, progress, anew=anew)


def _as_now(root: Path, county: County, wanted: Collection[str]) -> tuple[Workspace, County, list[Venue]]:
    workspace = open_workspace(root)
    found = county_to_plan(workspace, county.catalogue)
    return workspace, found, [venue for venue in found.venues if venue.id in wanted]


def _is_still_so(root: Path, ready: ReadyWeek) -> bool:
    """Whether the files say what they said, and what may be shown is the same."""
    workspace = open_workspace(root)
    county = load_county(workspace, ready.county.catalogue)
    return county == ready.county and load_approval(workspace) == ready.approval


def _written(workspace: Workspace, week: str) -> tuple[str, ...]:
    """Another value when somebody has planned, changed or published this week, or another, or a day began."""
    home = workspace.schedules_dir
    paths = {*home.glob("*"), *home.glob(f"*/{FOLDER}"), *(home / week).glob("*")}
    return (str(today(workspace)), *(f"{path} {stamp(path.stat())}" for path in sorted(paths)))
