"""The planned weeks as the desk shows them, remembered until their files change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from courseware.errors import InputError
from courseware.lessons.workspace import Workspace
from courseware.unchanged import stamp
from desk.county.places import venues_there
from playlists.files.venues import Venue
from playlists.schedules.schedule import Day, Schedule, Slot, Window, decoded, load_schedule

STRIP = 1000  # units of a day strip's width, from its first minute to its last


class _Counted(BaseModel):
    """Anything of which only the number is wanted."""


class _Shown(BaseModel):
    slots: tuple[_Counted, ...]


class _Empty(BaseModel):
    seconds: int


class WeekCounts(BaseModel):
    """A planned week in numbers: of 400 venues, reading no more than this takes a quarter of the time."""

    model_config = ConfigDict(frozen=True)

    venue: str
    week: str
    days: tuple[_Shown, ...]
    gaps: tuple[_Empty, ...]
    relaxed: tuple[_Counted, ...]

    @property
    def showings(self) -> int:
        """How many there are."""
        return sum(len(day.slots) for day in self.days)

    @property
    def empty_s(self) -> int:
        """Seconds of its windows that nothing fills."""
        return sum(gap.seconds for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A venue and its planned week; None when it is not planned, or its file cannot be read."""

    venue: Venue
    counts: WeekCounts | None


@dataclass(frozen=True, slots=True)
class StripPart:
    """A part of a day strip, in STRIP units.

    Attributes:
        kind: "window", or that of the showing; a lesson's is "series-n".
    """

    x: int
    width: int
    kind: str
    title: str


def weeks_of_venues(workspace: Workspace, week: str) -> tuple[WeekLine, ...]:
    """Every venue of venues.csv, in its order."""
    venues, _ = venues_there(workspace)
    return tuple(WeekLine(venue, _counts_there(workspace, venue.id, week)) for venue in venues)


def _counts_there(workspace: Workspace, venue: str, week: str) -> WeekCounts | None:
    path = workspace.schedules_dir / week / f"{venue}.json"
    try:
        found = _counted(path, stamp(path.stat()))
    except (OSError, ValueError):
        return None
    return found if (found.venue, found.week) == (venue, week) else None


def schedule_there(workspace: Workspace, venue: str, week: str) -> Schedule | None:
    """The planned week of a venue, read again only when its file has changed."""
    path = workspace.schedules_dir / week / f"{venue}.json"
    try:
        return _loaded(path, stamp(path.stat()))
    except (OSError, InputError):
        return None


def version_of_week(workspace: Workspace, venue: str, week: str) -> str:
    """Tells one plan of the week from another."""
    path = workspace.schedules_dir / week / f"{venue}.json"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:24] if path.is_file() else ""


@lru_cache(maxsize=4096)
def _counted(path: Path, _stamp: str) -> WeekCounts:
    return WeekCounts.model_validate_json(decoded(path.read_bytes()))


@lru_cache(maxsize=64)
def _loaded(path: Path, _stamp: str) -> Schedule:
    return load_schedule(path)


def strip_of(day: Day, series: tuple[str, ...], zone: ZoneInfo) -> tuple[StripPart, ...]:
    """The day as a strip: its windows, and upon them what is shown; nothing for a day without either."""
    items: list[Window | Slot] = [*day.windows, *day.slots]
    spans = [(item.start.astimezone(UTC), item.end.astimezone(UTC)) for item in items]
    if not spans:
        return ()
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    whole = max(1.0, (last - first).total_seconds())

    def part(item: Window | Slot, kind: str, title: str) -> StripPart:
        start, end = item.start.astimezone(UTC), item.end.astimezone(UTC)
        x = round((start - first).total_seconds() / whole * STRIP)
        return StripPart(x, max(1, round((end - start).total_seconds() / whole * STRIP)), kind, title)

    windows = (part(one, "window", "") for one in day.windows)
    shown = (
        part(slot, _kind(slot, series), f"{slot.start.astimezone(zone):%H:%M} {slot.title}") for slot in day.slots
    )
    return (*windows, *shown)


def _kind(slot: Slot, series: tuple[str, ...]) -> str:
    if slot.kind != "lesson":
        return slot.kind
    return f"series-{series.index(slot.series) % 6}" if slot.series in series else "series-none"


def towns_of(weeks: tuple[WeekLine, ...]) -> Iterator[tuple[str, tuple[WeekLine, ...]]]:
    """The venues by town, towns in the order in which they first stand in venues.csv."""
    for town in dict.fromkeys(one.venue.town for one in weeks):
        yield town, tuple(one for one in weeks if one.venue.town == town)


def day_in(schedule: Schedule, wanted: str) -> Day:
    """The day of that date; Monday when it is none of the week's."""
    return next((day for day in schedule.days if day.date.isoformat() == wanted), schedule.days[0])
