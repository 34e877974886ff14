"""calendar.toml: lectures (宣讲), activities (活动) and quiet periods, as rules; and what falls on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import Problem, text
from courseware.validate import Complaint, not_one_of, parse, read_toml
from playlists.days import DAY_MINUTES, DayRule, parse_clock, parse_day_rule, parse_weekdays
from playlists.venues import KIND_NAMES, KINDS, Venue

FILE_NAME = "calendar.toml"
EVERYWHERE = "*"
_FROZEN = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
EventKind = Literal["lecture", "activity"]


class Event(BaseModel):
    """A lecture or an activity that people hold.

    Attributes:
        title, topic: at least one; as printed.
        speaker: printed beside it.
        venues: "*", ids, or kinds (广场, station).
        at: clock time of its start.
        minutes: length.
        weekday, monthly, on: exactly one; 周三, 第二个周六 or 15日, or a date (the key is called `date`).
    """

    model_config = _FROZEN

    title: str = Field(default="", max_length=60)
    topic: str = Field(default="", max_length=60)
    speaker: str = Field(default="", max_length=60)
    venues: tuple[str, ...] = (EVERYWHERE,)
    at: str
    minutes: int = Field(ge=1, le=720)
    weekday: str = ""
    monthly: str = ""
    on: dt.date | None = Field(default=None, alias="date")

    @field_validator("venues", mode="before")
    @classmethod
    def _venues(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("title", "topic", "speaker")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return " ".join(value.split())

    @field_validator("at")
    @classmethod
    def _at(cls, value: str) -> str:
        if parse_clock(value) == DAY_MINUTES:
            raise Complaint(text("“{given}” is not a time of day; write 19:30", given=value))
        return value

    @field_validator("weekday")
    @classmethod
    def _weekday(cls, value: str) -> str:
        parse_weekdays(value)
        return value

    @field_validator("monthly")
    @classmethod
    def _monthly(cls, value: str) -> str:
        rule = parse_day_rule(value)
        if rule.weekdays:
            raise Complaint(text("“{given}” is not a day of the month; write 第二个周六 or 15日", given=value))
        return value

    @model_validator(mode="after")
    def _complete(self) -> Event:
        if not self.title and not self.topic:
            raise Complaint(text("needs a title or a topic"))
        if sum((bool(self.weekday), bool(self.monthly), self.on is not None)) != 1:
            raise Complaint(text("needs exactly one of weekday, monthly and date"))
        return self

    @property
    def starts(self) -> int:
        """Minutes after midnight."""
        return parse_clock(self.at)

    @property
    def printed(self) -> str:
        """Title and topic in one line."""
        return "：".join(part for part in (self.title, self.topic) if part)

    @property
    def rarity(self) -> int:
        """The rarer of two events that collide keeps its time: 0 for a date, 1 for monthly, 2 for weekly."""
        return 0 if self.on else 1 if self.monthly else 2

    def falls_on(self, day: dt.date) -> bool:
        """Whether it is held on that day."""
        if self.on:
            return day == self.on
        rule = parse_day_rule(self.monthly) if self.monthly else DayRule(weekdays=parse_weekdays(self.weekday))
        return rule.picks(day)


class Closed(BaseModel):
    """A quiet period (高考, 农忙, 检修): the venues stay closed from the first day to the last."""

    model_config = _FROZEN

    venues: tuple[str, ...] = (EVERYWHERE,)
    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")
    reason: str = Field(default="", max_length=40)

    @field_validator("venues", mode="before")
    @classmethod
    def _venues(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _order(self) -> Closed:
        if self.last < self.first:
            raise Complaint(text("“to” lies before “from”"))
        return self


class Calendar(BaseModel):
    """All of calendar.toml."""

    model_config = _FROZEN

    lecture: tuple[Event, ...] = ()
    activity: tuple[Event, ...] = ()
    closed: tuple[Closed, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """An event on a certain day: minutes after its midnight, and whether it had to make way for a rarer one."""

    kind: EventKind
    event: Event
    starts: int
    moved: bool

    @property
    def ends(self) -> int:
        """Minutes after midnight; may lie beyond 24:00."""
        return self.starts + self.event.minutes


def load_calendar(path: Path) -> Calendar:
    """Read calendar.toml; an empty file is a calendar without events.

    Raises:
        InputError: missing, not TOML or any key wrong; all problems at once.
    """
    return parse(Calendar, read_toml(path), path.name)


def closed_because(calendar: Calendar, venue: Venue, day: dt.date) -> str | None:
    """The reason for which the venue is closed on the day ("" when none is given), or None when it is not."""
    for period in calendar.closed:
        if period.first <= day <= period.last and _meant(period.venues, venue):
            return period.reason
    return None


def events_on(calendar: Calendar, venue: Venue, day: dt.date) -> tuple[Held, ...]:
    """The venue's events of a day by time, none overlapping: the rarer keeps its time, the others follow it."""
    both: tuple[tuple[EventKind, tuple[Event, ...]], ...] = (
        ("activity", calendar.activity),
        ("lecture", calendar.lecture),
    )
    wanted = [
        (kind, event)
        for kind, events in both
        for event in events
        if event.falls_on(day) and _meant(event.venues, venue)
    ]
    held: list[Held] = []
    for kind, event in sorted(wanted, key=lambda pair: (pair[1].rarity, pair[1].starts)):
        starts = _free_from(event.starts, event.minutes, held)
        held.append(Held(kind, event, starts, moved=starts != event.starts))
    return tuple(sorted(held, key=lambda one: one.starts))


def check_calendar(calendar: Calendar, venues: Sequence[Venue]) -> tuple[Problem, ...]:
    """Every venue in the calendar that does not exist."""
    choices = [EVERYWHERE, *(venue.id for venue in venues), *KIND_NAMES.values()]
    parts: tuple[tuple[str, Sequence[Event | Closed]], ...] = (
        ("lecture", calendar.lecture),
        ("activity", calendar.activity),
        ("closed", calendar.closed),
    )
    return tuple(
        Problem(f"{FILE_NAME}: {part}.{number}.venues", not_one_of(name, choices))
        for part, entries in parts
        for number, entry in enumerate(entries, 1)
        for name in entry.venues
        if name not in choices and name.lower() not in KINDS
    )


def _meant(names: Iterable[str], venue: Venue) -> bool:
    return any(name in (EVERYWHERE, venue.id) or KINDS.get(name.lower()) == venue.kind for name in names)


def _free_from(starts: int, minutes: int, held: Iterable[Held]) -> int:
    for other in sorted(held, key=lambda one: one.starts):
        if starts < other.ends and other.starts < starts + minutes:
            starts = other.ends
    return starts
