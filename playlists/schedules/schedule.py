"""A venue's week as it will be shown: days of slots, exact to the second. Files are JSON, one per venue and week."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id
from playlists.schedules.causes import Cause

_FROZEN = ConfigDict(frozen=True, extra="forbid")
# Beyond these centuries the calendar itself ends, and nobody plans.
_WEEK = re.compile(r"2[01]\d{2}-W\d{2}", re.ASCII)
TRAINING = "培训："  # so the title of a training begins, which is held like an activity
MOURNING = "哀悼"  # what the reason of a closed day of mourning (哀悼日) names
SLOGAN, NOTICE, IDENT = "标语", "通知", "片头"
_BARE = (SLOGAN, NOTICE, IDENT)


class Slot(BaseModel):
    """One showing, or a live event: from start for seconds, end excluded.

    Attributes:
        start: aware wall-clock time.
        seconds: length; whole.
        kind: "lesson" plays a rendition; "lecture" (宣讲) and "activity" (活动) are held by people.
        title: as printed.
        block: the part of the programme it belongs to.
        lesson, series, form, file, sha256: of the rendition; empty for events. `file` is relative to the
            workspace, with "/".
        note: for events, e.g. who speaks; for what is made without a video, what it is: 标语, 通知, 片头.
        why: what put it here other than its turn: "pin" (by hand), "request", "premiere", "insert" (every n items),
            "replay" (the block is repeated); empty otherwise.
    """

    model_config = _FROZEN

    start: AwareDatetime
    seconds: int = Field(gt=0)
    kind: Literal["lesson", "lecture", "activity"]
    title: str
    block: str = ""
    lesson: str = ""
    series: str = ""
    form: str = ""
    file: str = ""
    sha256: str = ""
    note: str = ""
    why: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it is a slogan, a notice or an ident: it fills seconds, and nobody looks for it on a poster."""
        return self.kind == "lesson" and self.note in _BARE

    @property
    def is_training(self) -> bool:
        """Whether it is a training (培训) of trainings.csv, which the calendar holds among the activities."""
        return self.kind == "activity" and self.title.startswith(TRAINING)

    @property
    def end(self) -> datetime:
        """When the next slot may begin."""
        # Added in UTC: adding to a local time would ignore a clock change in that night.
        zone = self.start.tzinfo
        return (self.start.astimezone(UTC) + timedelta(seconds=self.seconds)).astimezone(zone)


class Window(BaseModel):
    """An opening window of the day."""

    model_config = _FROZEN

    start: AwareDatetime
    end: AwareDatetime

    @property
    def seconds(self) -> int:
        """Elapsed length."""
        return int((self.end.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds())


class Day(BaseModel):
    """A day of a venue: its windows and what fills them; windows are empty when it is closed.

    Attributes:
        windows: in order of time.
        slots: in order of time; an event may lie outside the windows, a lesson never does.
        closed: why it is closed though it would be open; empty otherwise.
        programme: which programme or variant filled it, with a mark that changes when its text does.
    """

    model_config = _FROZEN

    date: date
    windows: tuple[Window, ...]
    slots: tuple[Slot, ...]
    closed: str = ""
    programme: str = ""

    @property
    def mourns(self) -> bool:
        """Whether it is a day of mourning (哀悼日), on which nothing that is shown or printed has a colour."""
        return MOURNING in self.closed


class Gap(BaseModel):
    """Seconds of a window that no whole lesson fills, and why."""

    model_config = _FROZEN

    start: AwareDatetime
    seconds: int
    reason: Cause


class Relaxed(BaseModel):
    """A soft rule that had to give way.

    Attributes:
        rule: its name, as in programmes.toml.
        start: of the showing, or of the day or week, that breaks it.
        lesson: the lesson it is about; empty when it is about a day or a week.
        reason: why.
        times: how often on that day, the first time included.
    """

    model_config = _FROZEN

    rule: str
    start: AwareDatetime
    lesson: str = ""
    reason: Cause
    times: int = Field(default=1, ge=1)


class Schedule(BaseModel):
    """A venue's ISO week.

    Attributes:
        venue, venue_name, kind, town, county: of the venue, as printed.
        week: "2026-W48".
        profile: which renditions it plays.
        days: Monday to Sunday, always seven.
        gaps: empty when every window is filled exactly.
        relaxed: every soft rule that gave way; empty when all are kept.
    """

    model_config = _FROZEN

    venue: str
    venue_name: str
    kind: Literal["square", "station", "centre"]
    town: str
    county: str
    week: str
    profile: str
    days: tuple[Day, ...] = Field(min_length=7, max_length=7)
    gaps: tuple[Gap, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()


_OWN = {*Schedule.model_fields} - {"days", "gaps", "relaxed"}


def holds(windows: Iterable[Window], at: datetime) -> bool:
    """Whether the moment lies in one of the windows."""
    return any(window.start <= at < window.end for window in windows)


def day_of(at: datetime, days: Iterable[Day]) -> date:
    """The day whose windows hold the moment, which may lie after its midnight; else the one on the calendar."""
    return next((day.date for day in days if holds(day.windows, at)), at.date())


def monday_of(week: str) -> date:
    """First day of an ISO week written 2026-W48.

    Raises:
        InputError: not of that form, or the year has no such week.
    """
    try:
        if not _WEEK.fullmatch(week):
            raise ValueError(week)  # noqa: TRY301  (one message for all that is no week)
        year, number = week.split("-W")
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        if re.fullmatch(r"\d{4}-W\d{2}", week, re.ASCII) and not _WEEK.fullmatch(week):
            what = text("“{week}” is too far away; write a week of the years 2000 to 2199", week=week)
            raise InputError(Problem("--week", what)) from None
        what = text("“{week}” is not a week; write 下周, 第49周, a day in it (2026-11-30) or 2026-W49", week=week)
        raise InputError(Problem("--week", what)) from None


def weeks_from(week: str, count: int) -> tuple[str, ...]:
    """So many ISO weeks, beginning with that one.

    Raises:
        InputError: not a week.
    """
    mondays = (monday_of(week) + timedelta(days=7 * number) for number in range(count))
    return tuple("{}-W{:02}".format(*monday.isocalendar()[:2]) for monday in mondays)


def is_week(name: str) -> bool:
    """Whether `monday_of` accepts it."""
    try:
        monday_of(name)
    except InputError:
        return False
    return True


def decoded(content: bytes) -> str:
    """The text of a schedule file, in whichever way of writing Unicode an editor saved it.

    Raises:
        UnicodeDecodeError: it is none.
    """
    return content.decode(json.detect_encoding(content))


def dump_schedule(schedule: Schedule) -> str:
    """The schedule as stable JSON text."""
    return schedule.model_dump_json(indent=1) + "\n"


def dump_common(schedule: Schedule) -> str:
    """The part of it that bears no venue's name, which venues may have in common."""
    return schedule.model_dump_json(indent=1, exclude=_OWN)


def dump_alike(schedules: Iterable[Schedule]) -> Iterator[str]:
    """Each as `dump_schedule` writes it; what several have in common, one object, is written out once."""
    known = dict[tuple[int, int, int], tuple[Schedule, str]]()
    for schedule in schedules:
        common = id(schedule.days), id(schedule.gaps), id(schedule.relaxed)
        if common not in known:
            # With the schedule: while it is there, nothing else has the same id.
            known[common] = schedule, dump_common(schedule)
        head = schedule.model_dump_json(indent=1, include=_OWN)
        yield f"{head[:-2]},{known[common][1][1:]}\n"


def path_of(schedule: Schedule, schedules_dir: Path) -> Path:
    """Where a venue's week lies: <schedules>/<week>/<venue>.json."""
    return schedules_dir / schedule.week / f"{schedule.venue}.json"


def load_schedule(path: Path, week: str = "") -> Schedule:
    """Read a schedule file.

    Args:
        week: which it must be of; the one its folder is called by when not given.

    Raises:
        InputError: missing or not a schedule.
    """
    place = f"{path.parent.name}/{path.name}"
    try:
        return parse_schedule(path.read_bytes(), place, week or path.parent.name, path.stem)
    except OSError:
        what = text(
            "no such schedule; plan the week with “yuanjiao schedule plan --week {week}”",
            week=path.parent.name,
        )
        raise InputError(Problem(place, what)) from None


def parse_schedule(content: bytes, place: str, week: str, venue: str) -> Schedule:
    """The week of that venue out of a file.

    Args:
        place: how people call the file.

    Raises:
        InputError: it is no schedule, or another one.
    """
    try:
        return _of_its_place(Schedule.model_validate_json(decoded(content)), week, venue)
    except ValueError:
        what = text("this is no longer a schedule; correct the file, or plan the venue again with --anew")
        raise InputError(Problem(place, what)) from None


def _of_its_place(found: Schedule, week: str, venue: str) -> Schedule:
    """The schedule, if it is the one that its file's place promises; its names become names of files."""
    monday = monday_of(week)
    days = [monday + timedelta(days=number) for number in range(len(found.days))]
    if (found.week, found.venue, [day.date for day in found.days]) != (week, venue, days):
        raise ValueError(venue)
    lessons = {slot.lesson for day in found.days for slot in day.slots if slot.lesson}
    if not all(is_safe_id(name) for name in {found.profile, *lessons}):
        raise ValueError(venue)
    return found
