"""A week before it is published: what it would change and what it breaks. A month at a glance, by town."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from courseware.errors import Problem
from courseware.lessons.workspace import Workspace
from courseware.reviews.subjects import SubjectItem
from courseware.storage.state import FILE_NAME as STATE_NAME
from desk.county.foresight import Foresight
from desk.county.places import stamp_of, venues_there, written_stamps
from playlists.almanac import clock
from playlists.almanac.days import week_of
from playlists.duties.obligations import Verdict
from playlists.files.venues import Venue
from playlists.publishing.judged import find_planned, judge_planned
from playlists.publishing.memory import WeekMemory, recalled_week
from playlists.publishing.publish import unfilled
from playlists.reviews.subjects import find_all
from playlists.schedules.revisions import FOLDER, revisions
from playlists.schedules.schedule import is_week, monday_of
from playlists.weeks.ahead import DutyProgress, PlanAhead, WeekAhead, look_ahead, stretch_typed
from playlists.weeks.comparing import WeekComparison, compare_week


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """What a publication of a week would be.

    Attributes:
        planned: how many of the venues are planned.
        editions: numbers of what was published so far.
        comparison: with the last of them.
        faults: what breaks a rule, and so is not shown; what cannot be read.
        gaps: what stays empty.
    """

    planned: int
    venues: tuple[Venue, ...]
    editions: tuple[int, ...]
    comparison: WeekComparison
    faults: tuple[Problem, ...]
    gaps: tuple[Problem, ...]


def preview_of(workspace: Workspace, week: str) -> PublishPreview:
    """Judge a week as publishing would, and compare it with what was published; nothing is written.

    Raises:
        InputError, StorageError: a file on which all depends cannot be read.
    """
    memory = _remembered(workspace.cache_dir, week)  # only what is not the same is judged again
    planned = find_planned(workspace, week, memory.clean)
    verdict = judge_planned(workspace, planned, memory)
    return PublishPreview(
        len(planned.files),
        planned.venues,
        tuple(one.number for one in revisions(workspace.schedules_dir, week)),
        compare_week(workspace, week),
        (*planned.problems, *verdict.faults),
        unfilled(verdict.fit),
    )


def mark_of_week(workspace: Workspace, week: str) -> str:
    """Another text once a file has changed on which the preview depends, or a new day has begun."""
    before = week_of(monday_of(week) - timedelta(days=7))
    return _marked(workspace, (before, week))


@dataclass(frozen=True, slots=True)
class MonthOutlook:
    """A month's plans, and how far its obligations are kept: added up where they are found, for they are many."""

    weeks: tuple[WeekAhead, ...]
    duties: tuple[DutyProgress, ...]
    towns: tuple[TownProgress, ...]


def month_of(workspace: Workspace, month: str) -> MonthOutlook:
    """Look at a month.

    Raises:
        InputError: not a month, or no venue can be used.
    """
    found = look_ahead(workspace, stretch_typed(month, "", "", clock.today(workspace)))
    return MonthOutlook(found.weeks, found.duties, _by_town(workspace, found))


def mark_of_month(workspace: Workspace, month: str) -> str:
    """As mark_of_week, of the weeks of a month."""
    stretch = stretch_typed(month, "", "", clock.today(workspace))
    return _marked(workspace, tuple(dict.fromkeys(map(week_of, stretch.days))))


def wholes_of(workspace: Workspace, _key: str) -> tuple[SubjectItem, ...]:
    """The weeks and the issues of columns that are reviewed as a whole: those that wait first.

    Raises:
        InputError: the ledger cannot be read.
    """
    order = ("waiting", "changed", "new", "rejected", "approved")
    return tuple(sorted(find_all(workspace), key=lambda item: order.index(item.state)))


def mark_of_wholes(workspace: Workspace, _key: str) -> str:
    """As mark_of_week, of all weeks and issues."""
    weeks = tuple(sorted(path.name for path in workspace.schedules_dir.glob("*") if is_week(path.name)))
    issues = (stamp_of(path) for path in sorted(workspace.columns_dir.glob("*/*/*")))
    return "\n".join((_marked(workspace, weeks), *issues))


def _marked(workspace: Workspace, weeks: Sequence[str]) -> str:
    stamps = "\n".join(_stamps(workspace, weeks))
    return hashlib.sha256(stamps.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _stamps(workspace: Workspace, weeks: Sequence[str]) -> Iterator[str]:
    yield str(clock.today(workspace))
    yield from written_stamps(workspace.root)
    yield stamp_of(workspace.cache_dir / STATE_NAME)
    for profile in workspace.settings.render.profiles:
        yield stamp_of(workspace.renditions_dir / profile)
    for week in weeks:
        yield stamp_of(workspace.schedules_dir / week)
        yield stamp_of(workspace.schedules_dir / week / FOLDER)


@dataclass(frozen=True, slots=True)
class TownProgress:
    """How far a town, or one of its venues, keeps the obligations of a month.

    Attributes:
        counts: by the name of the obligation, how many periods are kept, not kept, not known yet.
    """

    name: str
    counts: Mapping[str, Mapping[Verdict, int]]
    venues: tuple[TownProgress, ...] = ()

    @property
    def short(self) -> tuple[str, ...]:
        """The names of the obligations that are not kept somewhere."""
        return tuple(name for name, verdicts in self.counts.items() if verdicts.get("fail", 0))


def _by_town(workspace: Workspace, found: PlanAhead) -> tuple[TownProgress, ...]:
    """The towns of venues.csv in its order, each with its venues."""
    counts: dict[str, dict[str, dict[Verdict, int]]] = {}
    for finding in found.findings:
        own = counts.setdefault(finding.venue, {}).setdefault(finding.obligation.name, {})
        own[finding.verdict] = own.get(finding.verdict, 0) + 1
    venues, _ = venues_there(workspace)
    towns: dict[str, list[TownProgress]] = {}
    for venue in venues:
        towns.setdefault(venue.town, []).append(TownProgress(venue.name, counts.get(venue.id, {})))
    return tuple(TownProgress(town, _added(own), tuple(own)) for town, own in towns.items())


def _added(rows: Sequence[TownProgress]) -> Mapping[str, Mapping[Verdict, int]]:
    total: dict[str, dict[Verdict, int]] = {}
    for name, verdicts in (pair for row in rows for pair in row.counts.items()):
        own = total.setdefault(name, {})
        for verdict, count in verdicts.items():
            own[verdict] = own.get(verdict, 0) + count
    return total


@dataclass(slots=True)
class Outlook:
    """What a desk finds out of weeks before they are published, and of months."""

    weeks: Foresight[PublishPreview] = field(default_factory=lambda: Foresight(preview_of, mark_of_week))
    months: Foresight[MonthOutlook] = field(default_factory=lambda: Foresight(month_of, mark_of_month))
    wholes: Foresight[tuple[SubjectItem, ...]] = field(default_factory=lambda: Foresight(wholes_of, mark_of_wholes))


@cache
def _remembered(cache_dir: Path, week: str) -> WeekMemory:
    """What was clean when the week was judged last, by this process."""
    return recalled_week(cache_dir, week)
