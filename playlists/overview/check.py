"""Everything that is wrong with a workspace, or still missing in it: the logic of `check`. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import Problem, Text, text
from courseware.lessons import settings as settings_file
from courseware.lessons.lesson import Lesson
from courseware.lessons.settings import Settings, salvage_settings
from courseware.lessons.workspace import Catalogue, Workspace, find_root
from courseware.validate import nearest, not_one_of
from playlists.almanac.clock import today
from playlists.almanac.farming import TIMES, is_time
from playlists.columns.issue import column_problems
from playlists.county.county import County, load_county
from playlists.duties import standards as standards_file
from playlists.duties.conflicts import conflicts_ahead, days_ahead
from playlists.duties.speakers import speakers_twice
from playlists.duties.standards import judge_venues, sum_up
from playlists.files import calendar as calendar_file
from playlists.files import edits as edits_file
from playlists.files import programmes as programmes_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.naming import namesakes
from playlists.files.venues import Venue
from playlists.overview.heard import hear_narrations
from playlists.overview.names import staff_problems, unknown_names
from playlists.overview.opened import open_lessons
from playlists.overview.proven import proof_problems
from playlists.overview.showable import (
    distance_notes,
    lesson_problems,
    page_notes,
    printed_problems,
    rejected_problems,
    telemetry_notes,
    unfit_notes,
)
from templates.cards.marks import screen_problems
from templates.start.skeleton import PLACEHOLDER

_PLANNED_FROM = (
    venues_file.FILE_NAME,
    programmes_file.FILE_NAME,
    calendar_file.FILE_NAME,
    edits_file.FILE_NAME,
    requests_file.FILE_NAME,
    standards_file.FILE_NAME,
)
_MOST_SHOWN = 5  # lessons that a note names


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
    county = load_county(workspace)
    catalogue, venues = county.catalogue, county.venues
    standing = sum_up(judge_venues(county.standards, venues))
    inside, heard_notes = _opened(workspace, catalogue.lessons, progress)
    every = (
        *problems,
        *catalogue.problems,
        *(problem for lesson in catalogue.lessons for problem in lesson_problems(lesson, settings, root)),
        *inside,
        *county.faults_of(*_PLANNED_FROM),
        *namesakes(venues, venues_file.FILE_NAME),
        *staff_problems(county, settings),
        *unknown_names(county, settings, {folder.name for folder in _lesson_folders(workspace)}),
        *(problem for is_fault, problem in standing if is_fault),
        *speakers_twice(county.written, venues, days_ahead(county.written, today(workspace))),
        *_check_profiles(venues, settings, settings_known=not problems),
        *_check_glyphs(settings),
        *screen_problems(settings, root),
        *_made_problems(workspace, catalogue),
    )
    notes = (
        *_notes(settings, catalogue, venues),
        *telemetry_notes(catalogue.lessons),
        *heard_notes,
        *unfit_notes(workspace),
        *_accepted_in_vain(settings, catalogue),
        *_vain(workspace, county),
        *(problem for is_fault, problem in standing if not is_fault),
    )
    return Check(
        root,
        every,
        notes,
        lessons=len(catalogue.lessons),
        venues=len(venues),
        programmes=len(county.programmes),
        events=len(county.written.lecture) + len(county.written.activity),
    )


def _opened(
    workspace: Workspace, lessons: Sequence[Lesson], progress: Callable[[int, int], None]
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """What is wrong inside the files of lessons, and what is to be told of them."""
    inside = open_lessons(lessons, workspace.root, workspace.cache_dir, progress)
    narrations = hear_narrations(lessons, workspace.root, workspace.cache_dir)
    problems = (*(problem for lesson in lessons for problem in inside[lesson.id]), *narrations.problems)
    return problems, narrations.notes


def _made_problems(workspace: Workspace, catalogue: Catalogue) -> Iterable[Problem]:
    """What is wrong with what was made, planned and written."""
    yield from proof_problems(workspace)
    yield from rejected_problems(workspace)
    yield from column_problems(workspace, catalogue)


def _lesson_folders(workspace: Workspace) -> list[Path]:
    return [path for path in listed(workspace.lessons_dir) if path.is_dir()]


def _check_glyphs(settings: Settings) -> Iterable[Problem]:
    for key in ("name", "county", "phone"):
        yield from printed_problems(f"{settings_file.FILE_NAME}: office.{key}", getattr(settings.office, key))
    for one in settings.series:
        yield from printed_problems(f"{settings_file.FILE_NAME}: series.{one.slug}", one.shown)
    for column in settings.columns:
        yield from printed_problems(f"{settings_file.FILE_NAME}: columns.{column.slug}", column.name + column.summary)
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
        yield _note(venues_file.FILE_NAME, text("has no venues yet; add a row for each"))
    yield from distance_notes(venues, settings)
    yield from page_notes(catalogue.lessons, settings)
    if not catalogue.lessons:
        yield _note("courseware", text("has no lessons yet; run “yuanjiao import”"))
        return
    yield from _vague_seasons(catalogue.lessons)
    filled = {lesson.series for lesson in catalogue.lessons if not lesson.is_bare}
    for series in settings.all_series:
        if series.name not in filled:
            yield _note(
                "courseware",
                text(
                    "the series {series} has no lesson yet; if it is not used here, write off = true",
                    series=series.shown,
                ),
            )


def _accepted_in_vain(settings: Settings, catalogue: Catalogue) -> Iterable[Problem]:
    ids = [one.id for one in catalogue.lessons]
    for name in settings.quality.accept:
        if name not in ids:
            yield _note(f"{settings_file.FILE_NAME}: quality.accept", not_one_of(name, ids))


def _vain(workspace: Workspace, county: County) -> Iterable[Problem]:
    """What the files ask for in the months to come, each right by itself, and no day can give."""
    zone = workspace.settings.zone
    return conflicts_ahead(county.calendar, county.programmes, county.venues, today(workspace), zone)


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
