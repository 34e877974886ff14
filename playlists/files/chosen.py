"""Lectures whose time is chosen: which row of a week's lectures.csv says when each is held. Chooses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from playlists.almanac.days import week_of
from playlists.files.calendar import Calendar, Event, is_meant
from playlists.files.lecturers import LECTURES_NAME, Lecture, load_lectures
from playlists.files.scope import by_ids
from playlists.files.venues import Venue
from playlists.schedules.schedule import monday_of


class OpenLecture(NamedTuple):
    """A lecture that a venue is to hear in a week.

    Attributes:
        row: when it is held; None as long as that is not chosen.
    """

    event: Event
    venue: Venue
    row: Lecture | None

    @property
    def held(self) -> Event | None:
        """The event at its day and time."""
        return self.event.held_at(self.venue.id, self.row.date, self.row.at) if self.row else None


def has_open_lectures(calendar: Calendar) -> bool:
    """Whether the time of any lecture is to be chosen."""
    return any(one.is_open for one in calendar.lecture)


def open_lectures(calendar: Calendar, venues: Sequence[Venue], rows: Iterable[Lecture]) -> Iterator[OpenLecture]:
    """The lectures of a week whose time is to be chosen, each with its row of lectures.csv; a row is used once."""
    left = list(rows)
    for event in calendar.lecture:
        for venue in venues if event.is_open else ():
            if is_meant(event.venues, venue):
                row = next((one for one in left if (one.venue, one.title) == (venue.id, event.printed)), None)
                if row:
                    left.remove(row)
                yield OpenLecture(event, venue, row)


def with_chosen(calendar: Calendar, lectures: Iterable[OpenLecture]) -> Calendar:
    """The calendar with these lectures at their times."""
    held = tuple(event for one in lectures if (event := one.held))
    return calendar.model_copy(update={"lecture": (*calendar.lecture, *held)}) if held else calendar


def chosen_in(
    calendar: Calendar, venues: Sequence[Venue], schedules_dir: Path, weeks: Iterable[str]
) -> dict[str, tuple[OpenLecture, ...]]:
    """Week → its lectures whose time is to be chosen, for these weeks and those beside them."""
    if not has_open_lectures(calendar):
        return {}
    every = sorted({one for week in weeks for one in (beside(week, -1), week, beside(week, 1))})
    return {week: tuple(open_lectures(calendar, venues, rows_of_week(schedules_dir, week, venues))) for week in every}


def rows_of_week(schedules_dir: Path, week: str, venues: Sequence[Venue]) -> tuple[Lecture, ...]:
    """The rows of the week's lectures.csv that are right, with venues by their ids."""
    return by_ids(load_lectures(schedules_dir / week / LECTURES_NAME)[0], venues)


def beside(week: str, weeks: int) -> str:
    """The week so many weeks later."""
    return week_of(monday_of(week) + timedelta(weeks=weeks))
