"""rooms.csv, courses.csv, trainings.csv: what is taught at the training centres (培训班), and where.

Which batch sits in which room is decided in playlists/people/rooms.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from courseware.errors import Problem, text
from courseware.sheets.csv_text import dump_csv
from courseware.validate import Complaint
from playlists.almanac.days import DAY_MINUTES, moment, parse_clock
from playlists.files.calendar import Calendar, Event
from playlists.files.naming import no_venue
from playlists.files.registers import load_register
from playlists.files.rows import WrittenDate, WrittenInt
from playlists.files.scope import by_ids
from playlists.files.venues import Venue
from playlists.schedules.schedule import TRAINING
from templates.type.printed import Printed

ROOMS_NAME, COURSES_NAME, TRAININGS_NAME = "rooms.csv", "courses.csv", "trainings.csv"
BATCH = 50  # people who are taught at once
_FROZEN = ConfigDict(frozen=True, extra="forbid")
ROOM_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "centre": ("中心", "培训中心", "场所"),
    "room": ("教室", "会议室"),
    "seats": ("容量", "座位", "座位数"),
}
COURSE_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号",),
    "title": ("名称", "培训班", "课程"),
    "centre": ("中心", "培训中心", "场所"),
    "people": ("人数",),
    "first": ("起", "开始", "起始日期"),
    "last": ("止", "结束", "截止日期"),
    "days": ("天数",),
    "at": ("时间", "开课时间"),
    "minutes": ("分钟", "时长"),
    "batch": ("每批", "每批人数"),
}
_COURSE_NEEDS = ("id", "title", "people", "first", "last")
_TRAINING_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "course": ("课程", "培训班"),
    "batch": ("批次",),
    "centre": ("中心", "培训中心", "场所"),
    "room": ("教室", "会议室"),
    "date": ("日期",),
    "at": ("时间", "开课时间"),
    "minutes": ("分钟", "时长"),
    "people": ("人数",),
}


class Room(BaseModel):
    """A room of a training centre."""

    model_config = _FROZEN

    centre: str = Field(min_length=1)
    room: Printed = Field(min_length=1, max_length=40)
    seats: WrittenInt = Field(ge=1, le=5000)


class Course(BaseModel):
    """A course (培训班) for a number of people, taught in batches.

    Attributes:
        centre: where; any centre with a room when empty.
        first, last: days between which every batch is taught.
        days: how many days in a row a batch is taught.
        at, minutes: of each day.
        batch: most people at once.
    """

    model_config = _FROZEN

    id: str = Field(min_length=1, max_length=40)
    title: Printed = Field(min_length=1, max_length=40)
    centre: str = ""
    people: WrittenInt = Field(ge=1, le=100_000)
    days: WrittenInt = Field(default=1, ge=1, le=60)
    first: WrittenDate
    last: WrittenDate
    at: str = "09:00"
    minutes: WrittenInt = Field(default=180, ge=1, le=720)
    batch: WrittenInt = Field(default=BATCH, ge=1, le=1000)

    @field_validator("at")
    @classmethod
    def _at(cls, value: str) -> str:
        return _clock(value)

    @field_validator("last")
    @classmethod
    def _fits(cls, value: date, info: ValidationInfo) -> date:
        # Not for the model as a whole: so it is told together with whatever else is wrong in the row.
        known = info.data
        if "first" in known and "days" in known and (value - known["first"]).days + 1 < known["days"]:
            raise Complaint(text("there are fewer days from the first to the last than the course has"))
        return value

    @property
    def sizes(self) -> tuple[int, ...]:
        """People in each batch: as few batches as can be, and these as even as can be."""
        batches = -(-self.people // self.batch)
        return tuple(self.people // batches + (n < self.people % batches) for n in range(batches))


class Training(BaseModel):
    """One batch of a course on one day in one room."""

    model_config = _FROZEN

    course: str = Field(min_length=1)
    batch: WrittenInt = Field(ge=1)
    centre: str = Field(min_length=1)
    room: Printed = Field(min_length=1)
    date: WrittenDate
    at: str
    minutes: WrittenInt = Field(ge=1, le=720)
    people: WrittenInt = Field(ge=1)

    @field_validator("at")
    @classmethod
    def _at(cls, value: str) -> str:
        return _clock(value)

    @property
    def starts(self) -> int:
        """Minutes after midnight."""
        return parse_clock(self.at)

    @property
    def ends(self) -> int:
        """Minutes after midnight."""
        return self.starts + self.minutes

    def begins(self, zone: ZoneInfo) -> datetime:
        """The instant."""
        return moment(self.date, self.starts, zone)


@dataclass(frozen=True, slots=True)
class Centres:
    """All that the three files say."""

    rooms: tuple[Room, ...]
    courses: tuple[Course, ...]
    trainings: tuple[Training, ...]


def load_centres(root: Path, venues: Sequence[Venue] = ()) -> tuple[Centres, tuple[Problem, ...]]:
    """Read the three files of the workspace; none of them need be there.

    Args:
        venues: those that may be called by their names.
    """
    rooms, problems = load_register(root / ROOMS_NAME, Room, ROOM_HEADINGS, tuple(ROOM_HEADINGS))
    courses, more = load_register(root / COURSES_NAME, Course, COURSE_HEADINGS, _COURSE_NEEDS)
    trainings, yet_more = load_register(
        root / TRAININGS_NAME, Training, _TRAINING_HEADINGS, tuple(_TRAINING_HEADINGS)
    )
    found = Centres(
        by_ids([one for _, one in rooms], venues),
        by_ids([one for _, one in courses], venues),
        by_ids([one for _, one in trainings], venues),
    )
    return found, (*problems, *more, *yet_more, *_twins(found))


def check_centres(centres: Centres, venues: Sequence[Venue]) -> tuple[Problem, ...]:
    """Every centre that does not exist, in rooms and courses."""
    known = {venue.id: venue for venue in venues if venue.kind == "centre"}
    named = [(ROOMS_NAME, one.centre) for one in centres.rooms]
    named += [(f"{COURSES_NAME}: {one.id}", one.centre) for one in centres.courses if one.centre]
    return tuple(Problem(where, no_venue(name, tuple(known.values()))) for where, name in named if name not in known)


def dump_trainings(trainings: Iterable[Training]) -> str:
    """The trainings as CSV text with Chinese headings, for Excel and WPS."""
    headings = [names[0] for names in _TRAINING_HEADINGS.values()]
    return dump_csv([headings, *([getattr(one, key) for key in _TRAINING_HEADINGS] for one in trainings)])


def people_at(centre: str, trainings: Iterable[Training]) -> dict[date, int]:
    """Attendances (人次) at a centre by day."""
    found: dict[date, int] = defaultdict(int)
    for training in trainings:
        if training.centre == centre:
            found[training.date] += training.people
    return dict(found)


def training_events(trainings: Iterable[Training], courses: Iterable[Course]) -> tuple[Event, ...]:
    """The trainings as activities of the calendar; those of a centre that overlap are one event."""
    titles = {course.id: course.title for course in courses}
    by_day = defaultdict[tuple[date, str], list[Training]](list)
    for one in sorted(trainings, key=lambda one: (one.date, one.centre, one.starts, one.room)):
        by_day[one.date, one.centre].append(one)
    return tuple(_event(group, titles) for own in by_day.values() for group in _together(own))


def with_trainings(calendar: Calendar, centres: Centres) -> Calendar:
    """The calendar with every training as an activity of its centre."""
    events = training_events(centres.trainings, centres.courses)
    return calendar.model_copy(update={"activity": (*calendar.activity, *events)}) if events else calendar


def _twins(centres: Centres) -> Iterator[Problem]:
    named = [(ROOMS_NAME, f"{one.centre} {one.room}") for one in centres.rooms]
    named += [(COURSES_NAME, one.id) for one in centres.courses]
    for where, name in dict.fromkeys(named):
        if named.count((where, name)) > 1:
            yield Problem(where, text("“{value}” is used twice", value=name))


def _clock(value: str) -> str:
    if parse_clock(value) == DAY_MINUTES:
        raise Complaint(text("“{given}” is not a time of day; write 19:30", given=value))
    return value


def _together(own: Sequence[Training]) -> Iterator[list[Training]]:
    """Trainings of a day by time, those that overlap together."""
    group: list[Training] = []
    for training in sorted(own, key=lambda one: one.starts):
        if group and training.starts >= max(other.ends for other in group):
            yield group
            group = []
        group.append(training)
    yield group


def _event(group: Sequence[Training], titles: Mapping[str, str]) -> Event:
    names = dict.fromkeys(titles.get(one.course, one.course) for one in group)
    rooms = "、".join(dict.fromkeys(one.room for one in group))
    starts, ends = min(one.starts for one in group), max(one.ends for one in group)
    return Event(
        title=f"{TRAINING}{'、'.join(names)}"[:60],
        topic=rooms[:60],
        venues=(group[0].centre,),
        at=f"{starts // 60:02}:{starts % 60:02}",
        minutes=min(ends - starts, 720),
        on=group[0].date,
    )
