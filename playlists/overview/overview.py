"""What is wrong with a workspace, and how far it has come: the logic of `check` and `status`. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import Problem, Text, text
from courseware.lessons import settings as settings_file
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition, load_renditions
from courseware.lessons.settings import Settings, salvage_settings
from courseware.lessons.workspace import Catalogue, Workspace, find_root, load_catalogue
from courseware.reviews.approval import load_approval
from courseware.validate import nearest
from playlists.almanac.clock import today
from playlists.almanac.farming import TIMES, is_time
from playlists.county.loading import Files, attempt, load_files
from playlists.duties.conflicts import conflicts_ahead, days_ahead, unknown_seasons
from playlists.duties.speakers import speakers_twice
from playlists.duties.standards import check_standards, judge_venues, sum_up
from playlists.files import calendar as calendar_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.calendar import check_calendar
from playlists.files.centres import TRAININGS_NAME, with_trainings
from playlists.files.edits import check_edits
from playlists.files.naming import namesakes
from playlists.files.programmes import check_programmes
from playlists.files.requests import resolve
from playlists.files.venues import Venue, load_venues
from playlists.overview.opened import open_lessons
from playlists.overview.proven import proof_problems
from playlists.overview.showable import (
    distance_notes,
    lesson_problems,
    printed_problems,
    rejected_weeks,
    telemetry_notes,
)
from playlists.people.staffing import check_staffing
from playlists.schedules.schedule import Schedule, load_schedule, monday_of
from templates.cards.marks import screen_problems
from templates.start.skeleton import PLACEHOLDER

_MOST_SHOWN = 5  # lessons that a note names
# How places end at which a venue, or a lesson, is named.
_OF_A_VENUE = (".venues", ".venue", ".groups", requests_file.VENUE_PLACE)
_OF_A_LESSON = (".lessons", ".lesson", requests_file.LESSON_PLACE)


@dataclass(frozen=True, slots=True)
class Check:
    """What `check` found.

    Attributes:
        root: of the workspace.
        problems: what must be corrected.
        notes: what is still empty; nothing is wrong with it.
        lessons, venues, programmes, events: how many are right.
    """

    root: Path
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    lessons: int
    venues: int
    programmes: int
    events: int


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """Lessons of a series, or of one form in it.

    Attributes:
        form: "" in the row of the whole series.
        goal: how many lessons are asked for; 0 in the row of a form.
        rendered: finished for every profile of the settings.
        reviewed: approved, where the settings ask for that; else with a reviewer.
        scheduled: shown at least once in the week.
    """

    series: str
    form: str
    goal: int
    lessons: int
    rendered: int
    reviewed: int
    scheduled: int


@dataclass(frozen=True, slots=True)
class VenueRow:
    """A venue and its week: how many slots are planned on how many days; 0 when the week is not planned.

    Attributes:
        damaged: the week was planned, but its file cannot be read any more.
    """

    id: str
    name: str
    kind: str
    profile: str
    days: int
    slots: int
    gaps: int
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """How far a workspace has come.

    Attributes:
        week: the ISO week that `scheduled` and `venues` are about.
        series: one row per series, each followed by the rows of its forms.
        total: over all series.
        profiles: profile → finished lessons.
        venues: in the order of venues.csv.
        problems: lessons and venues that cannot be read are not counted.
    """

    week: str
    series: tuple[SeriesRow, ...]
    total: SeriesRow
    profiles: Mapping[str, int]
    venues: tuple[VenueRow, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Tally:
    """The lessons that are rendered, reviewed, shown."""

    rendered: set[str]
    reviewed: frozenset[str]
    shown: set[str]


def check_workspace(start: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Check:
    """Validate every file of the workspace that `start` lies in; one broken file hides no other.

    Args:
        progress: told how many of how many lessons have been opened, of those that changed since the last time.

    Raises:
        InputError: there is no workspace.
    """
    root = find_root(start)
    settings, problems = salvage_settings(root / settings_file.FILE_NAME)
    workspace = Workspace(root, settings)
    catalogue = load_catalogue(workspace)
    files = load_files(root)
    standing = sum_up(judge_venues(files.standards, files.venues))
    inside = open_lessons(catalogue.lessons, root, workspace.cache_dir, progress)
    every = (
        *problems,
        *catalogue.problems,
        *(problem for lesson in catalogue.lessons for problem in lesson_problems(lesson, settings, root)),
        *(problem for lesson in catalogue.lessons for problem in inside[lesson.id]),
        # trainings.csv is told of with the other sheets of the centres.
        *(problem for name, faults in files.faults.items() if name != TRAININGS_NAME for problem in faults),
        *namesakes(files.venues, venues_file.FILE_NAME),
        *check_staffing(root, () if files.faults[venues_file.FILE_NAME] else files.venues),
        *_unknown_names(files, settings, catalogue, {folder.name for folder in _lesson_folders(workspace)}),
        *(problem for is_fault, problem in standing if is_fault),
        *speakers_twice(files.calendar, files.venues, days_ahead(files.calendar, today(workspace))),
        *_check_profiles(files.venues, settings, settings_known=not problems),
        *_check_glyphs(settings),
        *screen_problems(settings, root),
        *proof_problems(workspace),
        *rejected_weeks(workspace),
    )
    notes = (
        *_notes(settings, catalogue, files.venues),
        *telemetry_notes(catalogue.lessons),
        *_vain(workspace, files),
        *(problem for is_fault, problem in standing if not is_fault),
    )
    return Check(
        root,
        every,
        notes,
        lessons=len(catalogue.lessons),
        venues=len(files.venues),
        programmes=len(files.programmes),
        events=len(files.calendar.lecture) + len(files.calendar.activity),
    )


def status(workspace: Workspace, week: str) -> Status:
    """Count what is made, reviewed and planned.

    Raises:
        InputError: not a week.
    """
    monday_of(week)
    catalogue = load_catalogue(workspace)
    venues, venue_problems = load_venues(workspace.root / venues_file.FILE_NAME)
    loaded = {venue.id: _schedule(workspace, week, venue.id) for venue in venues}
    schedules = {venue: found for venue, (found, _) in loaded.items() if found}
    made = {name: load_renditions(workspace.renditions_dir, name) for name in workspace.settings.render.profiles}
    # Slogans, notices and idents fill time; no goal is reached with them.
    lessons = tuple(one for one in catalogue.lessons if not one.is_bare)
    rendered = {one.id for one in lessons if all(one.id in finished for finished in made.values())}
    shown = {slot.lesson for found in schedules.values() for day in found.days for slot in day.slots}
    known = {one.id for one in lessons}
    tally = _Tally(rendered, _reviewed(workspace, lessons, made.values()), shown)
    rows = tuple(_series_rows(workspace.settings, lessons, tally))
    goal = sum(one.goal for one in workspace.settings.all_series)
    return Status(
        week,
        rows,
        _row("", "", goal, lessons, tally),
        {name: len(finished.keys() & known) for name, finished in made.items()},
        tuple(_venue_row(venue, *loaded[venue.id]) for venue in venues),
        (
            *catalogue.problems,
            *venue_problems,
            *(problem for _, faults in loaded.values() for problem in faults),
            *proof_problems(workspace),
        ),
    )


def _unknown_names(files: Files, settings: Settings, catalogue: Catalogue, folders: set[str]) -> Iterable[Problem]:
    """Every name that nothing bears.

    Args:
        folders: of all lessons. One that cannot be read is known all the same, and is not to be reported twice; nor
            is a venue while venues.csv has faults.
    """
    venues, lessons = files.venues, catalogue.lessons
    # Without programmes every venue would be said to lack one.
    known = not files.faults[programmes_file.FILE_NAME]
    found = (
        *(check_programmes(files.programmes, settings, venues, lessons) if known else ()),
        *check_calendar(files.calendar, venues),
        *check_edits(files.edits, venues, [one.id for one in lessons]),
        *resolve(files.requests, lessons, venues)[1],
        *check_standards(files.standards, venues),
        # The workspace's own seasons are not known while its calendar cannot be read.
        *(() if files.faults[calendar_file.FILE_NAME] else unknown_seasons(files.calendar, files.programmes, venues)),
    )
    for problem in found:
        if problem.where.endswith(_OF_A_VENUE):
            is_echo = bool(files.faults[venues_file.FILE_NAME])
        else:
            is_echo = problem.where.endswith(_OF_A_LESSON) and problem.what.values.get("value") in folders
        if not is_echo:
            yield problem


def _lesson_folders(workspace: Workspace) -> list[Path]:
    return [path for path in listed(workspace.lessons_dir) if path.is_dir()]


def _check_glyphs(settings: Settings) -> Iterable[Problem]:
    for key in ("name", "county", "phone"):
        yield from printed_problems(f"{settings_file.FILE_NAME}: office.{key}", getattr(settings.office, key))
    for one in settings.series:
        yield from printed_problems(f"{settings_file.FILE_NAME}: series.{one.slug}", one.name)
    for form in settings.forms:
        yield from printed_problems(f"{settings_file.FILE_NAME}: forms", form)


def _check_profiles(venues: Sequence[Venue], settings: Settings, *, settings_known: bool) -> Iterable[Problem]:
    """Every profile that a venue plays is one that `yuanjiao render` makes."""
    wanted: dict[str, list[str]] = {}
    for venue in venues:
        wanted.setdefault(venue.profile, []).append(venue.id)
    for profile, ids in wanted.items():
        if settings_known and profile not in settings.render.profiles:
            what = text('add "{profile}" to the list; {venues} need it', profile=profile, venues="、".join(ids))
            yield Problem(f"{settings_file.FILE_NAME}: render.profiles", what)


def _notes(settings: Settings, catalogue: Catalogue, venues: Sequence[Venue]) -> Iterable[Problem]:
    if PLACEHOLDER in settings.office.county + settings.office.name:
        yield _note(f"{settings_file.FILE_NAME}: office", text("still says {name}; write your own", name=PLACEHOLDER))
    if not venues:
        yield _note(venues_file.FILE_NAME, text("holds no venue yet"))
    yield from distance_notes(venues, settings)
    if not catalogue.lessons:
        yield _note("courseware", text("holds no lesson yet"))
        return
    yield from _vague_seasons(catalogue.lessons)
    filled = {lesson.series for lesson in catalogue.lessons if not lesson.is_bare}
    for series in settings.all_series:
        if series.name not in filled:
            yield _note("courseware", text("the series {series} has no lesson yet", series=series.name))


def _vain(workspace: Workspace, files: Files) -> Iterable[Problem]:
    """What the files ask for in the months to come, each right by itself, and no day can give."""
    calendar, zone = with_trainings(files.calendar, files.centres), workspace.settings.zone
    return conflicts_ahead(calendar, files.programmes, files.venues, today(workspace), zone)


def _vague_seasons(lessons: Iterable[Lesson]) -> Iterable[Problem]:
    """Words of 农时 that are no time of the year: a block with season = true never shows such a lesson."""
    bearing: dict[str, list[str]] = {}
    for lesson in lessons:
        for word in lesson.season:
            bearing.setdefault(word, []).append(lesson.id)
    for word, ids in bearing.items():
        if not is_time(word):
            guess, some = nearest(word, TIMES), "、".join(ids[:_MOST_SHOWN]) + ("…" if len(ids) > _MOST_SHOWN else "")
            values = {"word": word, "lessons": some, "guess": guess}
            if guess:
                what = text("“{word}” ({lessons}) is no time of the year; did you mean {guess}?", **values)
            else:
                what = text("“{word}” ({lessons}) is no time of the year; write 3-5月, 清明前后 or 春季", **values)
            yield _note("courseware", what)


def _note(where: str, what: Text) -> Problem:
    return Problem(where, what)


def _schedule(workspace: Workspace, week: str, venue: str) -> tuple[Schedule | None, tuple[Problem, ...]]:
    """The venue's week; None without a problem when it is not planned, with one when its file is damaged."""
    path = workspace.schedules_dir / week / f"{venue}.json"
    return attempt(load_schedule, path, None) if path.is_file() else (None, ())


def _reviewed(
    workspace: Workspace, lessons: Sequence[Lesson], made: Iterable[Mapping[str, Rendition]]
) -> frozenset[str]:
    """Lessons that are approved in every profile; where no approval is asked for, those that name a reviewer."""
    approval = load_approval(workspace)
    if approval.contents is None:
        return frozenset(one.id for one in lessons if one.reviewer)
    allowed = [approval.choose(finished)[0].keys() for finished in made]
    return frozenset(one.id for one in lessons if all(one.id in own for own in allowed))


def _series_rows(settings: Settings, lessons: Sequence[Lesson], tally: _Tally) -> Iterable[SeriesRow]:
    for series in settings.all_series:
        own = [one for one in lessons if one.series == series.name]
        yield _row(series.name, "", series.goal, own, tally)
        for form in settings.all_forms:
            some = [one for one in own if one.form == form]
            if some:
                yield _row(series.name, form, 0, some, tally)


def _row(series: str, form: str, goal: int, lessons: Sequence[Lesson], tally: _Tally) -> SeriesRow:
    ids = {one.id for one in lessons}
    return SeriesRow(
        series,
        form,
        goal,
        lessons=len(ids),
        rendered=len(ids & tally.rendered),
        reviewed=len(ids & tally.reviewed),
        scheduled=len(ids & tally.shown),
    )


def _venue_row(venue: Venue, schedule: Schedule | None, faults: tuple[Problem, ...]) -> VenueRow:
    days = schedule.days if schedule else ()
    return VenueRow(
        venue.id,
        venue.name,
        venue.kind,
        venue.profile,
        days=sum(bool(day.slots) for day in days),
        slots=sum(len(day.slots) for day in days),
        gaps=len(schedule.gaps) if schedule else 0,
        damaged=bool(faults),
    )
