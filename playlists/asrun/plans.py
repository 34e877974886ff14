"""What each venue was to show: by the kit that its player ran, else as announced last, else as planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from courseware.errors import InputError
from courseware.lessons.workspace import Workspace
from playlists.almanac.days import week_of
from playlists.asrun.issued import IssuedDays
from playlists.asrun.statement import Statement
from playlists.schedules.revisions import Revision, latest, published
from playlists.schedules.schedule import Day, Schedule, Slot, load_schedule
from playlists.schedules.slot_ids import with_ids


@dataclass(frozen=True, slots=True)
class Planned:
    """A venue's days, in order, and their slots by time."""

    venue: str
    days: tuple[Day, ...]

    @property
    def slots(self) -> tuple[tuple[str, Slot], ...]:
        """Each with its id. A night's last slots may begin on the day after."""
        return with_ids(slot for day in self.days for slot in day.slots)


class PlanBook:
    """The plans of a workspace's venues; each week's publications are looked up once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._issued = IssuedDays(workspace)
        self._revisions: dict[str, Revision | None] = {}

    def of_days(self, venue: str, days: Iterable[date], said: Sequence[Statement] = ()) -> Planned:
        """A venue's plan of these days; days without one are left out.

        Args:
            said: of the venue; what its player ran is judged by the plan of the kit that it had.
        """
        wanted = sorted(set(days))
        weeks = dict.fromkeys(week_of(day) for day in wanted)
        known = {day.date: day for week in weeks for day in self._days(venue, week)}
        awake = [one for one in said if one.said == "awake"]
        found = (self._issued.day_of(venue, day, known.get(day), awake) for day in wanted)
        return Planned(venue, tuple(day for day in found if day))

    def _days(self, venue: str, week: str) -> Iterator[Day]:
        schedule = self._of_week(venue, week)
        yield from schedule.days if schedule else ()

    def _of_week(self, venue: str, week: str) -> Schedule | None:
        """A venue's week; None where nothing was ever planned, or the file cannot be read any more."""
        home = self._workspace.schedules_dir
        if week not in self._revisions:
            self._revisions[week] = latest(home, week)
        revision = self._revisions[week]
        try:
            announced = published(home, revision, venue) if revision else None
            return announced or load_schedule(home / week / f"{venue}.json")
        except InputError:
            return None


def days_from(first: date, last: date) -> tuple[date, ...]:
    """All days from first to last."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
