"""The week of each of a county's venues, planned from what its files say, and saved; what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from courseware.errors import InputError, Problem, YuanjiaoError, text
from courseware.files import sweep, together
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import damaged, damaged_renditions, load_renditions
from courseware.lessons.settings import Settings
from courseware.lessons.workspace import Catalogue, Workspace
from courseware.reviews.approval import Approval, load_approval
from courseware.storage.handwork import remembering
from playlists.almanac import clock
from playlists.county.county import County, load_county
from playlists.duties.conflicts import conflicts_in_week
from playlists.files import calendar as calendar_file
from playlists.files import edits as edits_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.calendar import check_calendar
from playlists.files.centres import TRAININGS_NAME
from playlists.files.edits import check_edits
from playlists.files.programmes import check_programmes, programme_for
from playlists.files.venues import Venue
from playlists.people.choosing import Choosing, choose_times
from playlists.planning.planner import Given, plan_from
from playlists.planning.shelf import LessonShelf
from playlists.schedules.crowding import crowded, crowding
from playlists.schedules.history import Past, lost_history, open_ledger
from playlists.schedules.revisions import Revision, all_published, latest, published
from playlists.schedules.schedule import Day, Schedule, day_of, dump_schedule, load_schedule, monday_of, path_of
from playlists.weeks.impossible import impossible_showings

_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PlannedCounty:
    """The schedules that were made, with their files, and what went wrong with the others.

    Attributes:
        notes: what was left out; the plan is right without it.
    """

    schedules: tuple[Schedule, ...]
    paths: tuple[Path, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def county_to_plan(workspace: Workspace, known: Catalogue | None = None) -> County:
    """What the files say.

    Args:
        known: the lessons, where they were read already.

    Raises:
        InputError: no venue can be used, or a TOML file that planning needs is wrong; all problems at once.
    """
    county = load_county(workspace, known)
    fatal = county.faults_of(programmes_file.FILE_NAME, calendar_file.FILE_NAME, edits_file.FILE_NAME)
    if not county.venues:
        fatal = (*county.faults_of(venues_file.FILE_NAME), *fatal)
    if fatal:
        raise InputError(*fatal)
    if not county.venues:
        raise InputError(Problem(venues_file.FILE_NAME, text("has no venues; add a row for each")))
    return county


def unplannable(county: County, settings: Settings) -> tuple[Problem, ...]:
    """What is wrong with single rows or names of the files that planning reads; the rest can be planned."""
    lessons = county.catalogue.lessons
    unknown = (
        *check_programmes(county.programmes, settings, county.venues, lessons),
        *check_calendar(county.written, county.venues),
        *check_edits(county.edits, county.venues, [lesson.id for lesson in lessons]),
    )
    sheets = county.faults_of(requests_file.FILE_NAME, TRAININGS_NAME)
    return (*county.faults_of(venues_file.FILE_NAME), *unknown, *sheets, *county.unmet)


def plan_county(
    workspace: Workspace,
    county: County,
    venues: Sequence[Venue],
    week: str,
    seed: int = 0,
    progress: Callable[[Venue], None] = lambda _venue: None,
    *,
    anew: bool = False,
) -> PlannedCounty:
    """Plan and save the week of each venue; one that cannot be planned does not stop the others.

    What was announced, or else planned, stays wherever it can; days that are past stay as they were.

    Args:
        progress: told each venue when it is done.
        anew: plan as if nothing had been planned; only what is past stays. It also replaces a file that cannot be
            read; without it, the venue is not planned. What a person changed is kept beside as .bak.

    Raises:
        InputError: `week` is not a week.
    """
    ready = make_ready(workspace, county, week, anew=anew)
    return keep_drafts(workspace, ready, draft_weeks(workspace, ready, venues, seed, progress))


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


def make_ready(workspace: Workspace, county: County, week: str, *, anew: bool) -> ReadyWeek:
    """Choose the times of lectures that are open, and see to the history: what planning writes before it plans.

    Raises:
        InputError: `week` is not a week, or lectures.csv has mistakes.
    """
    monday_of(week)
    sweep(workspace.schedules_dir / week)
    times = choose_times(workspace, county.calendar, county.venues, week, anew=anew)
    notes = (*_rebuilt_history(workspace), *times.notes)
    return ReadyWeek(county, week, anew, load_approval(workspace), times, notes)


def draft_weeks(
    workspace: Workspace,
    ready: ReadyWeek,
    venues: Sequence[Venue],
    seed: int = 0,
    progress: Callable[[Venue], None] = lambda _venue: None,
) -> WeekDrafts:
    """Plan the week of each venue; nothing is written."""
    county, week, zone = ready.county, ready.week, workspace.settings.zone
    shelves = _shelves(workspace, county, ready.approval)
    announced, now = latest(workspace.schedules_dir, week), clock.now(workspace)
    made, problems, notes = dict[Path, Schedule](), list[Problem](), list[Problem]()
    with open_ledger(workspace.cache_dir) as ledger:
        for venue in venues:
            try:
                shelf, programme = shelves(venue.profile), programme_for(venue, county.programmes)
                before = _before(workspace, announced, venue, week, now, anew=ready.anew)
                around = ledger.past(venue.id, week, zone, shelf.renditions), ledger.following(venue.id, week, zone)
                given = _given(county, venue, now, before, *around)
                schedule = plan_from(shelf, venue, programme, ready.times.calendar, week, zone, seed, given)
                made[path_of(schedule, workspace.schedules_dir)] = schedule
                notes += crowded_days(schedule)
                notes += impossible_showings(before, now.date(), now) if before else ()
                problems += (*idle_days(schedule), *refused_pins(schedule))
            except YuanjiaoError as error:
                problems += error.problems
            progress(venue)
    vain = conflicts_in_week(ready.times.calendar, county.programmes, venues, week, zone, now.date())
    notes += (*_left_out(workspace, shelves, venues), *vain.notes)
    return WeekDrafts(made, (*problems, *vain.problems), tuple(notes))


def keep_drafts(workspace: Workspace, ready: ReadyWeek, drafts: WeekDrafts) -> PlannedCounty:
    """Write them, and what the history is to know of them."""
    own = remembering(workspace.root, workspace.schedules_dir / ready.week)
    made, notes, problems = dict[Path, Schedule](), [*ready.notes], [*ready.times.problems]
    with own as written, open_ledger(workspace.cache_dir) as ledger, together():
        for path, schedule in drafts.schedules.items():
            try:
                notes += written.put(path, dump_schedule(schedule))
                made[path] = schedule
            except YuanjiaoError as error:
                problems += error.problems
        ledger.record("planned", made.values())
    told = (*problems, *drafts.problems), (*notes, *drafts.notes)
    return PlannedCounty(tuple(made.values()), tuple(made), *told)


def _rebuilt_history(workspace: Workspace) -> tuple[Problem, ...]:
    """That the history was lost, where it was; it is then written again from what was published."""
    lost = lost_history(workspace)
    if lost:
        rebuild_history(workspace)
    return lost


def _given(
    county: County, venue: Venue, now: datetime, before: Schedule | None, past: Past, after: Mapping[str, int]
) -> Given:
    edits = county.edits.of(venue)
    return Given(
        past=past, before=before, today=now.date(), edits=edits, requests=county.requests, now=now, after=after
    )


def _left_out(
    workspace: Workspace, shelves: Callable[[str], LessonShelf], venues: Sequence[Venue]
) -> Iterable[Problem]:
    """Finished videos that are not as they were made, or not approved; with that the plan is not wrong."""
    for profile in dict.fromkeys(venue.profile for venue in venues):
        yield from map(damaged, damaged_renditions(workspace.renditions_dir, profile))
        refused = shelves(profile).refused
        if refused:
            shown = "、".join(refused[:_MOST_SHOWN]) + ("…" if len(refused) > _MOST_SHOWN else "")
            what = text(
                "{count} videos may not be shown and are left out ({lessons}); see “yuanjiao check” and"
                " “yuanjiao review status”",
                count=len(refused),
                lessons=shown,
            )
            yield Problem(f"renditions/{profile}", what)


def _shelves(workspace: Workspace, county: County, approval: Approval) -> Callable[[str], LessonShelf]:
    @cache
    def shelf(profile: str) -> LessonShelf:
        return load_shelf(workspace, county.catalogue.lessons, profile, approval)

    return shelf


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


def rebuild_history(workspace: Workspace) -> int:
    """Write the history again from all that was ever published; says how many weeks of venues that were."""
    found = 0
    with open_ledger(workspace.cache_dir) as ledger:
        for schedule in all_published(workspace.schedules_dir):
            ledger.record("published", (schedule,))
            found += 1
    return found


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
