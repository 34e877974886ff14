"""Weeks that may be announced, and their announcement kept: as a numbered revision and in the history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from courseware.errors import Problem, text
from courseware.lessons.workspace import Workspace
from playlists.almanac import clock
from playlists.checking.checker import Breach, check_schedules
from playlists.files import venues as venues_file
from playlists.files.venues import load_venues
from playlists.publishing.pages import adjusting
from playlists.schedules.history import open_ledger
from playlists.schedules.revisions import Revision, keep_revision, revisions
from playlists.schedules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class WeekVerdict:
    """What may be published of a week.

    Attributes:
        fit: the venues' weeks that break no rule.
        withheld: the others, emptied; their pages say so, in place of what may not be shown.
        faults: what each of them breaks.
    """

    fit: tuple[Schedule, ...]
    withheld: tuple[Schedule, ...]
    faults: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The faults, and what to do about all of them."""
        if not self.withheld:
            return self.faults
        week = self.withheld[0].week
        what = text(
            "is not published for {venues}; run “yuanjiao schedule plan --week {week}”, or mend what “yuanjiao "
            "schedule check --week {week}” names, then publish again",
            venues="、".join(one.venue for one in self.withheld),
            week=week,
        )
        return (*self.faults, Problem(week, what))


def judge_week(workspace: Workspace, schedules: Sequence[Schedule]) -> WeekVerdict:
    """Judge the weeks as `yuanjiao schedule check` does: nothing that it calls a breach is published.

    What began before now is past, and cannot be mended.

    Args:
        schedules: of one week.

    Raises:
        InputError, StorageError: a file that all depends on, or the review ledger, cannot be read.
    """
    if not schedules:
        return WeekVerdict((), (), ())
    now, week = clock.now(workspace), schedules[0].week
    past = {
        (schedule.venue, slot.start)
        for schedule in schedules
        for day in schedule.days
        for slot in day.slots
        if slot.start < now
    }
    report = check_schedules(workspace, (week,), today=now.date())
    broken = [one for one in report.breaches if one.hard and (one.venue, one.at) not in past]
    wrong = {one.venue for one in broken} & {one.venue for one in schedules}
    fit = tuple(one for one in schedules if one.venue not in wrong)
    withheld = tuple(adjusting(one) for one in schedules if one.venue in wrong)
    return WeekVerdict(fit, withheld, tuple(_told(broken, wrong)))


def _told(broken: Iterable[Breach], wrong: Collection[str]) -> Iterator[Problem]:
    """Each fault of a venue once, at its first minute."""
    once: dict[tuple[str, str], Problem] = {}
    for breach in broken:
        if breach.venue in wrong:
            once.setdefault((breach.venue, str(breach.what)), breach.problem)
    return iter(once.values())


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


def announce(
    workspace: Workspace, schedules: Sequence[Schedule], withheld: Sequence[Schedule] = ()
) -> Revision | None:
    """Keep what is published now as a numbered revision, and in the history.

    What was announced for venues whose week cannot be read just now, stays announced; what is withheld does not.
    """
    is_one, taken_away = still_a_venue(workspace), {one.venue for one in withheld}

    def stays(venue: str) -> bool:
        return venue not in taken_away and is_one(venue)

    revision = keep_revision(workspace.schedules_dir, schedules, clock.now(workspace), stays)
    if revision:
        with open_ledger(workspace.cache_dir) as ledger:
            ledger.record("published", schedules)
    return revision
