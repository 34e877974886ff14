"""How far a workspace has come: what is made, reviewed and planned, counted. Corrects and judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from courseware.errors import Problem
from courseware.lessons.column import Column
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition, load_renditions
from courseware.lessons.settings import Settings
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews.approval import load_approval
from playlists.columns.issue import numbered_folders
from playlists.columns.record import load_record
from playlists.county.weeks import week_if_planned
from playlists.files import venues as venues_file
from playlists.files.venues import Venue, load_venues
from playlists.overview.proven import proof_problems
from playlists.schedules.schedule import Schedule, monday_of


@dataclass(frozen=True, slots=True)
class SeriesProgress:
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
class VenueProgress:
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
class ColumnCount:
    """A column: its issues that are begun, and those that are published, of how many; 0 for no end."""

    column: str
    goal: int
    issues: int
    published: int


@dataclass(frozen=True, slots=True)
class Status:
    """How far a workspace has come.

    Attributes:
        week: the ISO week that `scheduled` and `venues` are about.
        series: one row per series, each followed by the rows of its forms.
        total: over all series.
        profiles: profile → finished lessons.
        venues: in the order of venues.csv.
        columns: in the order of yuanjiao.toml.
        problems: lessons and venues that cannot be read are not counted.
    """

    week: str
    series: tuple[SeriesProgress, ...]
    total: SeriesProgress
    profiles: Mapping[str, int]
    venues: tuple[VenueProgress, ...]
    columns: tuple[ColumnCount, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Tally:
    """The lessons that are rendered, reviewed, shown."""

    rendered: set[str]
    reviewed: frozenset[str]
    shown: set[str]


def status(workspace: Workspace, week: str) -> Status:
    """Count what is made, reviewed and planned.

    Raises:
        InputError: not a week.
    """
    monday_of(week)
    catalogue = load_catalogue(workspace)
    venues, venue_problems = load_venues(workspace.root / venues_file.FILE_NAME)
    loaded = {venue.id: week_if_planned(workspace, venue.id, week) for venue in venues}
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
        tuple(_column_count(workspace, column) for column in workspace.settings.columns),
        (
            *catalogue.problems,
            *venue_problems,
            *(problem for _, faults in loaded.values() for problem in faults),
            *proof_problems(workspace),
        ),
    )


def _column_count(workspace: Workspace, column: Column) -> ColumnCount:
    begun, record = numbered_folders(workspace, column), load_record(workspace, column)
    return ColumnCount(column.name, column.goal, len(begun), len(record.issues))


def _reviewed(
    workspace: Workspace, lessons: Sequence[Lesson], made: Iterable[Mapping[str, Rendition]]
) -> frozenset[str]:
    """Lessons that are approved in every profile; where no approval is asked for, those that name a reviewer."""
    approval = load_approval(workspace)
    if approval.contents is None:
        return frozenset(one.id for one in lessons if one.reviewer)
    allowed = [approval.choose(finished)[0].keys() for finished in made]
    return frozenset(one.id for one in lessons if all(one.id in own for own in allowed))


def _series_rows(settings: Settings, lessons: Sequence[Lesson], tally: _Tally) -> Iterable[SeriesProgress]:
    for series in settings.all_series:
        own = [one for one in lessons if one.series == series.name]
        yield _row(series.shown, "", series.goal, own, tally)
        for form in settings.all_forms:
            some = [one for one in own if one.form == form]
            if some:
                yield _row(series.shown, form, 0, some, tally)


def _row(series: str, form: str, goal: int, lessons: Sequence[Lesson], tally: _Tally) -> SeriesProgress:
    ids = {one.id for one in lessons}
    return SeriesProgress(
        series,
        form,
        goal,
        lessons=len(ids),
        rendered=len(ids & tally.rendered),
        reviewed=len(ids & tally.reviewed),
        scheduled=len(ids & tally.shown),
    )


def _venue_row(venue: Venue, schedule: Schedule | None, faults: tuple[Problem, ...]) -> VenueProgress:
    days = schedule.days if schedule else ()
    return VenueProgress(
        venue.id,
        venue.name,
        venue.kind,
        venue.profile,
        days=sum(bool(day.slots) for day in days),
        slots=sum(len(day.slots) for day in days),
        gaps=len(schedule.gaps) if schedule else 0,
        damaged=bool(faults),
    )
