"""A planned week held against what was published of it: for whom, when, what instead of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from courseware.errors import Problem
from courseware.lessons.workspace import Workspace
from playlists.county.weeks import planned_weeks
from playlists.files import venues as venues_file
from playlists.files.naming import select_venues
from playlists.files.venues import load_venues
from playlists.publishing.announce import still_a_venue
from playlists.schedules.diff import ScheduleChange, arrival, departure, differences
from playlists.schedules.revisions import Revision, latest, published, revision_named
from playlists.schedules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class WeekComparison:
    """What is different.

    Attributes:
        revision: what the plan was compared with; None where nothing is published yet.
        problems: venues whose plan cannot be read.
    """

    revision: Revision | None
    changes: tuple[ScheduleChange, ...]
    problems: tuple[Problem, ...]


def compare_week(workspace: Workspace, week: str, number: int = 0, venues: Sequence[str] = ()) -> WeekComparison:
    """The plan as it stands against a publication.

    Args:
        number: of the publication; 0 for the last one, if there is any.
        venues: ids or names; all when empty.

    Raises:
        InputError: no such publication, venue or week.
    """
    schedules, problems = planned_weeks(workspace, week)
    announced = (
        revision_named(workspace.schedules_dir, week, number) if number else latest(workspace.schedules_dir, week)
    )
    of_then = announced.venues if announced else {}
    known, _ = load_venues(workspace.root / venues_file.FILE_NAME)
    # A venue of that publication may be one no more, and is asked for by its id.
    named = [one if one in of_then else select_venues(known, (one,))[0].id for one in venues]

    def then(venue: str) -> Schedule | None:
        return published(workspace.schedules_dir, announced, venue) if announced else None

    changes: list[ScheduleChange] = []
    for schedule in schedules:
        old = then(schedule.venue)
        changes += differences(old, schedule) if old else (arrival(schedule),)
    still = still_a_venue(workspace)
    changes += (departure(old) for venue in of_then if not still(venue) and (old := then(venue)))
    return WeekComparison(announced, tuple(one for one in changes if not named or one.venue in named), problems)
