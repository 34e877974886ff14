"""What is wrong with a workspace, and how far it has come: the logic of `check` and `status`. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from courseware import settings as settings_file
from courseware.errors import InputError, Problem, Text, text
from courseware.lesson import Lesson
from courseware.rendition import load_renditions
from courseware.settings import Settings, salvage_settings
from courseware.workspace import Catalogue, Workspace, find_root, load_catalogue
from playlists import calendar as calendar_file
from playlists import programmes as programmes_file
from playlists import venues as venues_file
from playlists.calendar import Calendar, check_calendar, load_calendar
from playlists.programmes import Programme, check_programmes, load_programmes
from playlists.schedule import Schedule, load_schedule, monday_of
from playlists.staffing import check_staffing
from playlists.venues import Venue, load_venues
from templates.skeleton import PLACEHOLDER

_PRINTED = ("title", "presenter", "producer", "reviewer", "credit")
Loaded = TypeVar("Loaded")


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
        reviewed: with a reviewer.
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
    """A venue and its week: how many slots are planned on how many days; 0 when the week is not planned."""

    id: str
    name: str
    kind: str
    profile: str
    days: int
    slots: int
    gaps: int


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


def check_workspace(start: Path) -> Check:
    """Validate every file of the workspace that `start` lies in; one broken file hides no other.

    Raises:
        InputError: there is no workspace.
    """
    root = find_root(start)
    settings, problems = salvage_settings(root / settings_file.FILE_NAME)
    workspace = Workspace(root, settings)
    catalogue = load_catalogue(workspace)
    venues, venue_problems = load_venues(root / venues_file.FILE_NAME)
    no_programmes: tuple[Programme, ...] = ()
    programmes, programme_problems = _load(load_programmes, root / programmes_file.FILE_NAME, no_programmes)
    calendar, calendar_problems = _load(load_calendar, root / calendar_file.FILE_NAME, Calendar())
    # Without programmes every venue would be said to lack one.
    unnamed = () if programme_problems else check_programmes(programmes, settings, venues, catalogue.lessons)
    crossed = (*unnamed, *check_calendar(calendar, venues))
    # A venue or lesson that cannot be read is known all the same; it is not to be reported twice.
    hidden = {folder.name for folder in _lesson_folders(workspace)}
    every = (
        *problems,
        *catalogue.problems,
        *(problem for lesson in catalogue.lessons for problem in _check_lesson(lesson, root)),
        *venue_problems,
        *programme_problems,
        *calendar_problems,
        *check_staffing(root, () if venue_problems else venues),
        *(one for one in crossed if not _is_echo(one, hidden, venues_known=not venue_problems)),
        *_check_profiles(venues, settings, settings_known=not problems),
        *_check_glyphs(settings),
    )
    return Check(
        root,
        every,
        tuple(_notes(settings, catalogue, venues)),
        lessons=len(catalogue.lessons),
        venues=len(venues),
        programmes=len(programmes),
        events=len(calendar.lecture) + len(calendar.activity),
    )


def status(workspace: Workspace, week: str) -> Status:
    """Count what is made, reviewed and planned.

    Raises:
        InputError: not a week.
    """
    monday_of(week)
    catalogue = load_catalogue(workspace)
    venues, venue_problems = load_venues(workspace.root / venues_file.FILE_NAME)
    schedules = {venue.id: found for venue in venues if (found := _schedule(workspace, week, venue.id))}
    made = {name: load_renditions(workspace.renditions_dir, name) for name in workspace.settings.render.profiles}
    lessons = catalogue.lessons
    rendered = {one.id for one in lessons if all(one.id in finished for finished in made.values())}
    shown = {slot.lesson for found in schedules.values() for day in found.days for slot in day.slots}
    known = {one.id for one in lessons}
    rows = tuple(_series_rows(workspace.settings, lessons, rendered, shown))
    goal = sum(one.goal for one in workspace.settings.all_series)
    return Status(
        week,
        rows,
        _row("", "", goal, lessons, rendered, shown),
        {name: len(finished.keys() & known) for name, finished in made.items()},
        tuple(_venue_row(venue, schedules.get(venue.id)) for venue in venues),
        (*catalogue.problems, *venue_problems),
    )


def _load(load: Callable[[Path], Loaded], path: Path, empty: Loaded) -> tuple[Loaded, tuple[Problem, ...]]:
    try:
        return load(path), ()
    except InputError as error:
        return empty, error.problems


def _lesson_folders(workspace: Workspace) -> list[Path]:
    return (
        [path for path in workspace.lessons_dir.iterdir() if path.is_dir()] if workspace.lessons_dir.is_dir() else []
    )


def _is_echo(problem: Problem, hidden: set[str], *, venues_known: bool) -> bool:
    """Whether a name is only unknown because what bears it could not be read."""
    if problem.where.endswith(".lessons"):
        return problem.what.values.get("value") in hidden
    return problem.where.endswith(".venues") and not venues_known


def _check_lesson(lesson: Lesson, root: Path) -> Iterable[Problem]:
    where = lesson.source_path.parent.relative_to(root).as_posix()
    for path in (lesson.source_path, lesson.subtitles_path):
        if path and not path.stat().st_size:
            yield Problem(f"{where}/{path.name}", text("the file is empty; copy it again"))
    for key in _PRINTED:
        yield from _check_printed(f"{where}/lesson.toml: {key}", getattr(lesson, key))


def _check_printed(where: str, content: str) -> Iterable[Problem]:
    from templates.fonts import missing_glyphs

    missing = missing_glyphs(content)
    if missing:
        yield Problem(where, text("no font can print {characters}; write it otherwise", characters=" ".join(missing)))


def _check_glyphs(settings: Settings) -> Iterable[Problem]:
    for key in ("name", "county"):
        yield from _check_printed(f"{settings_file.FILE_NAME}: office.{key}", getattr(settings.office, key))


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
    if not catalogue.lessons:
        yield _note("courseware", text("holds no lesson yet"))
        return
    filled = {lesson.series for lesson in catalogue.lessons}
    for series in settings.all_series:
        if series.name not in filled:
            yield _note("courseware", text("the series {series} has no lesson yet", series=series.name))


def _note(where: str, what: Text) -> Problem:
    return Problem(where, what)


def _schedule(workspace: Workspace, week: str, venue: str) -> Schedule | None:
    try:
        return load_schedule(workspace.schedules_dir / week / f"{venue}.json")
    except InputError:
        return None


def _series_rows(
    settings: Settings, lessons: Sequence[Lesson], rendered: set[str], shown: set[str]
) -> Iterable[SeriesRow]:
    for series in settings.all_series:
        own = [one for one in lessons if one.series == series.name]
        yield _row(series.name, "", series.goal, own, rendered, shown)
        for form in settings.all_forms:
            some = [one for one in own if one.form == form]
            if some:
                yield _row(series.name, form, 0, some, rendered, shown)


def _row(
    series: str, form: str, goal: int, lessons: Sequence[Lesson], rendered: set[str], shown: set[str]
) -> SeriesRow:
    ids = {one.id for one in lessons}
    return SeriesRow(
        series,
        form,
        goal,
        lessons=len(ids),
        rendered=len(ids & rendered),
        reviewed=sum(bool(one.reviewer) for one in lessons),
        scheduled=len(ids & shown),
    )


def _venue_row(venue: Venue, schedule: Schedule | None) -> VenueRow:
    days = schedule.days if schedule else ()
    return VenueRow(
        venue.id,
        venue.name,
        venue.kind,
        venue.profile,
        days=sum(bool(day.slots) for day in days),
        slots=sum(len(day.slots) for day in days),
        gaps=len(schedule.gaps) if schedule else 0,
    )
