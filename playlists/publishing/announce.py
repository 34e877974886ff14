"""Weeks that may be announced, and their announcement kept: as a numbered revision and in the history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from courseware.errors import Problem, text
from courseware.lessons.workspace import Workspace
from playlists.almanac import clock
from playlists.checking.checker import Breach, check_schedules
from playlists.files import venues as venues_file
from playlists.files.venues import load_venues
from playlists.publishing.pages import adjusting
from playlists.schedules.history import open_ledger
from playlists.schedules.revisions import RevisionDraft, draft_revision, keep_draft, path_in, revisions, write_draft
from playlists.schedules.schedule import Schedule, load_schedule


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


def judge_week(
    workspace: Workspace, schedules: Sequence[Schedule], clean: Mapping[str, Callable[[], Schedule]] | None = None
) -> WeekVerdict:
    """Judge the weeks as `yuanjiao schedule check` does: nothing that it calls a breach is published.

    What began before now is past, and cannot be mended.

    Args:
        schedules: of one week.
        clean: the others of that week, which broke nothing when they were judged: only those that share a lecturer
            with one of these can do so now.

    Raises:
        InputError, StorageError: a file that all depends on, or the review ledger, cannot be read.
    """
    if not schedules:
        return WeekVerdict((), (), ())
    now, week = clock.now(workspace), schedules[0].week
    chosen = tuple(one.venue for one in schedules) if clean else ()
    report = check_schedules(workspace, (week,), chosen, today=now.date())
    hard = [one for one in report.breaches if one.hard]
    judged = {one.venue: one for one in schedules}
    for venue in {one.venue for one in hard} & (clean or {}).keys():
        judged[venue] = (clean or {})[venue]()
    past = {
        (one.venue, slot.start)
        for one in judged.values()
        for day in one.days
        for slot in day.slots
        if slot.start < now
    }
    broken = [one for one in hard if (one.venue, one.at) not in past]
    wrong = {one.venue for one in broken} & judged.keys()
    fit = tuple(one for venue, one in judged.items() if venue not in wrong)
    withheld = tuple(adjusting(one) for venue, one in judged.items() if venue in wrong)
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


def _draft(
    workspace: Workspace, week: str, plans: Mapping[str, Callable[[], bytes]], withheld: Collection[str]
) -> RevisionDraft | None:
    """What is announced now, not kept yet.

    What was announced for venues whose week cannot be read just now, stays announced; what is withheld does not.

    Args:
        plans: venue → its week as a file.
    """
    is_one = still_a_venue(workspace)

    def stays(venue: str) -> bool:
        return venue not in withheld and is_one(venue)

    return draft_revision(workspace.schedules_dir, week, plans, clock.now(workspace), stays)


@contextmanager
def announcing(
    workspace: Workspace, week: str, plans: Mapping[str, Callable[[], bytes]], withheld: Collection[str] = ()
) -> Iterator[RevisionDraft | None]:
    """Take a number for what is announced now; when the block succeeds it counts, and the history knows it.

    Args:
        plans: venue → its week as a file.
        withheld: venues whose week may not be shown.
    """
    draft = _draft(workspace, week, plans, withheld)
    if draft is None:
        yield None
        return
    schedules_dir = workspace.schedules_dir
    write_draft(schedules_dir, draft, plans)
    yield draft
    keep_draft(schedules_dir, draft)
    if draft.changed:
        with open_ledger(workspace.cache_dir) as ledger:
            ledger.record(
                "published",
                [load_schedule(path_in(schedules_dir, draft.revision, one), week) for one in draft.changed],
            )
