"""The week of each of a county's venues, planned from what its files say, and saved; what went wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import InputError, Problem, YuanjiaoError, text
from courseware.files import sweep, together
from courseware.lessons.settings import Settings
from courseware.lessons.workspace import Catalogue, Workspace
from courseware.reviews.approval import load_approval
from courseware.storage.handwork import remembering
from playlists.county.county import County, load_county
from playlists.files import calendar as calendar_file
from playlists.files import edits as edits_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.calendar import check_calendar
from playlists.files.centres import TRAININGS_NAME
from playlists.files.edits import check_edits
from playlists.files.programmes import check_programmes
from playlists.files.venues import Venue
from playlists.people.choosing import choose_times
from playlists.schedules.history import Ledger, lost_history, open_ledger
from playlists.schedules.revisions import all_published
from playlists.schedules.schedule import Schedule, dump_alike, monday_of
from playlists.weeks.drafting import Drafting, ReadyWeek, VenueDraft, WeekDrafts, as_whole
from playlists.weeks.second import SecondDrafter, taken_from


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
    second: SecondDrafter | None = None,
) -> WeekDrafts:
    """Plan the week of each venue; nothing is written.

    Args:
        second: who drafts a part of them meanwhile.
    """
    drafting = Drafting.of(workspace, ready, seed)
    drafts, waiting = dict[str, VenueDraft](), deque(drafting.alike(venues))

    def take(some: Sequence[Venue], found: Iterable[VenueDraft]) -> None:
        for venue, draft in zip(some, found, strict=True):
            drafts[venue.id] = draft
            progress(venue)

    def draft_here(ledger: Ledger) -> None:
        while group := taken_from(waiting.popleft):
            take(group, drafting.drafted(group, ledger))

    with open_ledger(workspace.cache_dir) as ledger:
        with second.helping(drafting, waiting, take) if second else nullcontext():
            draft_here(ledger)
        # What the other one could not bring.
        draft_here(ledger)
    return as_whole(drafting, venues, [drafts[venue.id] for venue in venues])


def keep_drafts(workspace: Workspace, ready: ReadyWeek, drafts: WeekDrafts) -> PlannedCounty:
    """Write them, and what the history is to know of them."""
    own = remembering(workspace.root, workspace.schedules_dir / ready.week)
    made, notes, problems = dict[Path, Schedule](), [*ready.notes], [*ready.times.problems]
    with own as written, open_ledger(workspace.cache_dir) as ledger, together():
        said = dump_alike(drafts.schedules.values())
        for (path, schedule), content in zip(drafts.schedules.items(), said, strict=True):
            try:
                notes += written.put(path, content)
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


def rebuild_history(workspace: Workspace) -> int:
    """Write the history again from all that was ever published; says how many weeks of venues that were."""
    found = 0
    with open_ledger(workspace.cache_dir) as ledger:
        for schedule in all_published(workspace.schedules_dir):
            ledger.record("published", (schedule,))
            found += 1
    return found
