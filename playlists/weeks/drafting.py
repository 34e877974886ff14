"""The week of each venue drafted from what its files say and what it has shown; nothing is written.

Venues that depend on the same are drafted one after the other: so they are planned once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from courseware.errors import InputError, Problem, YuanjiaoError, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import damaged, damaged_renditions, load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import Approval
from playlists.almanac import clock
from playlists.county.county import County
from playlists.duties.conflicts import conflicts_in_week
from playlists.files import edits as edits_file
from playlists.files.programmes import programme_for
from playlists.files.venues import Venue
from playlists.opening.traits import names_in, traits_of
from playlists.people.choosing import Choosing
from playlists.planning.memory import CircleStart
from playlists.planning.planner import Given, plan_from
from playlists.planning.shelf import LessonShelf
from playlists.schedules.crowding import crowded, crowding
from playlists.schedules.history import Ledger, Past
from playlists.schedules.revisions import Revision, latest, published
from playlists.schedules.schedule import Day, Schedule, day_of, load_schedule, path_of
from playlists.weeks.impossible import impossible_showings

_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ReadyWeek:
    """What a week is planned from, the lectures at their times; a week that can be planned.

    Attributes:
        notes: what was said of it so far.
    """

    county: County
    week: str
    anew: bool
    approval: Approval
    times: Choosing
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class WeekDrafts:
    """Weeks that were planned and not written yet."""

    schedules: Mapping[Path, Schedule]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


class VenueDraft(NamedTuple):
    """A venue's week, where it could be planned, and what is to be said of it."""

    schedule: Schedule | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafting:
    """A week that is about to be drafted, the same for all venues and in whatever process.

    Attributes:
        announced: the week as it was published last.
    """

    workspace: Workspace
    ready: ReadyWeek
    seed: int
    now: datetime
    announced: Revision | None
    _shelves: dict[str, LessonShelf] = field(default_factory=dict, compare=False)

    @staticmethod
    def of(workspace: Workspace, ready: ReadyWeek, seed: int) -> Drafting:
        """As things stand now."""
        announced = latest(workspace.schedules_dir, ready.week)
        return Drafting(workspace, ready, seed, clock.now(workspace), announced)

    def shelf(self, profile: str) -> LessonShelf:
        """What a kind of screen can show."""
        if profile not in self._shelves:
            lessons = self.ready.county.catalogue.lessons
            self._shelves[profile] = load_shelf(self.workspace, lessons, profile, self.ready.approval)
        return self._shelves[profile]

    def alike(self, venues: Iterable[Venue]) -> list[tuple[Venue, ...]]:
        """The venues together whose weeks may be the same; no two of different groups share a day's work."""
        named, groups = names_in(self.ready.times.calendar), defaultdict[object, list[Venue]](list)
        for venue in venues:
            key = CircleStart.of(venue, self.seed), traits_of(venue, named), venue.profile
            groups[key].append(venue)
        return [*map(tuple, groups.values())]

    def drafted(self, venues: Iterable[Venue], ledger: Ledger) -> Iterator[VenueDraft]:
        """Each venue's week; one that cannot be planned does not stop the others."""
        for venue in venues:
            try:
                yield self._drafted(venue, ledger)
            except YuanjiaoError as error:
                yield VenueDraft(None, error.problems)

    def _drafted(self, venue: Venue, ledger: Ledger) -> VenueDraft:
        ready, week, zone = self.ready, self.ready.week, self.workspace.settings.zone
        shelf, programme = self.shelf(venue.profile), programme_for(venue, ready.county.programmes)
        before = _before(self.workspace, self.announced, venue, week, self.now, anew=ready.anew)
        around = ledger.past(venue.id, week, zone, shelf.renditions), ledger.following(venue.id, week, zone)
        given = _given(ready.county, venue, self.now, before, *around)
        schedule = plan_from(shelf, venue, programme, ready.times.calendar, week, zone, self.seed, given)
        gone = impossible_showings(before, self.now.date(), self.now) if before else ()
        problems = (*idle_days(schedule), *refused_pins(schedule))
        return VenueDraft(schedule, problems, (*crowded_days(schedule), *gone))


def as_whole(drafting: Drafting, venues: Sequence[Venue], drafts: Sequence[VenueDraft]) -> WeekDrafts:
    """The drafts of these venues, with what is to be said of the week as a whole."""
    workspace, ready = drafting.workspace, drafting.ready
    made = {path_of(draft.schedule, workspace.schedules_dir): draft.schedule for draft in drafts if draft.schedule}
    zone, today = workspace.settings.zone, drafting.now.date()
    vain = conflicts_in_week(ready.times.calendar, ready.county.programmes, venues, ready.week, zone, today)
    problems = [problem for draft in drafts for problem in draft.problems]
    notes = [note for draft in drafts for note in draft.notes]
    return WeekDrafts(made, (*problems, *vain.problems), (*notes, *_left_out(drafting, venues), *vain.notes))


def _given(
    county: County, venue: Venue, now: datetime, before: Schedule | None, past: Past, after: Mapping[str, int]
) -> Given:
    edits = county.edits.of(venue)
    return Given(
        past=past, before=before, today=now.date(), edits=edits, requests=county.requests, now=now, after=after
    )


def _left_out(drafting: Drafting, venues: Sequence[Venue]) -> Iterator[Problem]:
    """Finished videos that are not as they were made, or not approved; with that the plan is not wrong."""
    for profile in dict.fromkeys(venue.profile for venue in venues):
        yield from map(damaged, damaged_renditions(drafting.workspace.renditions_dir, profile))
        refused = drafting.shelf(profile).refused
        if refused:
            shown = "、".join(refused[:_MOST_SHOWN]) + ("…" if len(refused) > _MOST_SHOWN else "")
            what = text(
                "{count} videos may not be shown and are left out ({lessons}); see “yuanjiao check” and"
                " “yuanjiao review status”",
                count=len(refused),
                lessons=shown,
            )
            yield Problem(f"renditions/{profile}", what)


def load_shelf(workspace: Workspace, lessons: Sequence[Lesson], profile: str, approval: Approval) -> LessonShelf:
    """What a kind of screen can show: what is rendered for it and may be shown."""
    allowed, refused = approval.choose(load_renditions(workspace.renditions_dir, profile))
    return LessonShelf.of(allowed, lessons, refused)


def _before(
    workspace: Workspace, announced: Revision | None, venue: Venue, week: str, now: datetime, *, anew: bool
) -> Schedule | None:
    """The week as it was announced, or else as it was planned; of a week planned anew, only what is past.

    Raises:
        InputError: it cannot be read, and it is not to be planned anew.
    """
    path = workspace.schedules_dir / week / f"{venue.id}.json"
    if not anew:
        found = published(workspace.schedules_dir, announced, venue.id) if announced else None
        return found or (load_schedule(path) if path.is_file() else None)
    try:
        found = load_schedule(path) if path.is_file() else None
    except InputError:
        found = None
    found = found or _announced(workspace, announced, venue)
    days = _past_days(found.days, now) if found else ()
    return found.model_copy(update={"days": days}) if found and days else None


def _announced(workspace: Workspace, revision: Revision | None, venue: Venue) -> Schedule | None:
    try:
        return published(workspace.schedules_dir, revision, venue.id) if revision else None
    except InputError:
        return None


def _past_days(days: Iterable[Day], now: datetime) -> tuple[Day, ...]:
    """The days that are past, and of today what has begun."""
    begun = ((day, tuple(slot for slot in day.slots if slot.start < now)) for day in days if day.date <= now.date())
    return tuple(
        day.model_copy(update={"slots": slots}) if day.date == now.date() else day
        for day, slots in begun
        if slots or day.date < now.date()
    )


def refused_pins(schedule: Schedule) -> tuple[Problem, ...]:
    """What the office fixed by hand and cannot be shown so."""
    return tuple(
        Problem(
            f"{edits_file.FILE_NAME}: {schedule.venue}",
            text(
                "{lesson} cannot be shown at {at}: {reason}",
                lesson=wish.lesson,
                at=f"{wish.start:%Y-%m-%d %H:%M:%S}",
                reason=wish.reason.said,
            ),
        )
        for wish in schedule.relaxed
        if wish.rule == "pin"
    )


def crowded_days(schedule: Schedule) -> tuple[Problem, ...]:
    """The day on which one lesson comes most often within an hour, where that is too often."""
    found = [one for day in schedule.days if (one := crowded(day.slots))]
    if not found:
        return ()
    slot, count = max(found, key=lambda one: one[1])
    return (Problem(f"{schedule.venue} {slot.start:%Y-%m-%d %H:%M}", crowding(slot.title, count)),)


def idle_days(schedule: Schedule) -> tuple[Problem, ...]:
    """Days on which a venue is open and shows no lesson: 日有播放 asks for one on each."""
    idle = [day.date for day in schedule.days if day.windows and not any(one.lesson for one in day.slots)]
    if not idle:
        return ()
    # An event may take all of a window; only time that stays empty has a reason to give.
    held = text("lectures or activities take all of the opening time")
    reason = next((gap.reason.said for gap in schedule.gaps if day_of(gap.start, schedule.days) in idle), held)
    what = text("no lesson on {days}: {reason}", days="、".join(map(str, idle)), reason=reason)
    return (Problem(schedule.venue, what),)
