"""calendar.toml: lectures (宣讲), activities (活动), quiet periods, seasons, holidays, market days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from courseware.errors import Problem, text
from courseware.validate import Complaint, parse, read_toml
from playlists.almanac.days import (
    DAY_MINUTES,
    DayRule,
    parse_clock,
    parse_day_rule,
    parse_span,
    parse_weekdays,
)
from playlists.almanac.occasions import SEASONS, Span, parse_dates
from playlists.files.naming import no_venue
from playlists.files.rows import WrittenDate
from playlists.files.scope import Names
from playlists.files.venues import KIND_NAMES, KIND_WORDS, Venue
from templates.type.printed import Printed, printable

FILE_NAME = "calendar.toml"
EVERYWHERE = "*"
_FROZEN = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
_DAY = dt.timedelta(days=1)


def _in_one(value: object) -> object:
    """Several weekdays may also be written as a list."""
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else value


class Event(BaseModel):
    """A lecture or an activity that people hold.

    Attributes:
        title, topic: at least one; as printed.
        speaker: printed beside it.
        venues: "*", ids, groups, or kinds (广场, station).
        at, between: the clock time of its start; or from when to when a lecture may last that is held once in a week,
            on one of its days, at a time that is chosen together with its lecturer.
        minutes: length.
        relayed: held at one of the venues and shown live at the others, so that the speaker may be at all of them.
        weekday, monthly, on: exactly one; 周三, 第二个周六 or 15日, or a date (the key is called `date`). Without
            `between`, it is held on each of several weekdays.
    """

    model_config = _FROZEN

    title: str = Field(default="", max_length=60)
    topic: str = Field(default="", max_length=60)
    speaker: str = Field(default="", max_length=60)
    venues: Names = (EVERYWHERE,)
    at: str = ""
    between: str = ""
    minutes: int = Field(ge=1, le=720)
    relayed: bool = False
    weekday: Annotated[str, BeforeValidator(_in_one)] = ""
    monthly: str = ""
    on: WrittenDate | None = Field(default=None, alias="date")

    @field_validator("title", "topic", "speaker")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return printable(" ".join(value.split()))

    @field_validator("at")
    @classmethod
    def _at(cls, value: str) -> str:
        if value and parse_clock(value) == DAY_MINUTES:
            raise Complaint(text("“{given}” is not a time of day; write 19:30", given=value))
        return value

    @field_validator("between")
    @classmethod
    def _between(cls, value: str) -> str:
        if value:
            parse_span(value)
        return value

    @field_validator("weekday")
    @classmethod
    def _weekday(cls, value: str) -> str:
        if value:
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
        if bool(self.at) == bool(self.between):
            raise Complaint(text("needs exactly one of at and between"))
        if self.between and (self.speaker or self.relayed):
            what = text(
                "between has the lecturer chosen together with the time; leave out speaker and relayed, or write at"
            )
            raise Complaint(what)
        if self.between and self.minutes > self.span[1] - self.span[0]:
            what = text("{minutes} minutes do not fit into {between}", minutes=self.minutes, between=self.between)
            raise Complaint(what)
        return self

    @property
    def is_open(self) -> bool:
        """Whether its day and time are still to be chosen."""
        return not self.at

    @property
    def span(self) -> tuple[int, int]:
        """From when to when one may last whose time is chosen, in minutes after midnight."""
        return parse_span(self.between)

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
        if self.between:
            # What has a date because it was chosen gives way to what cannot be chosen.
            return 2
        return 0 if self.on else 1 if self.monthly else 2

    def falls_on(self, day: dt.date) -> bool:
        """Whether it is held on that day; one whose day is to be chosen is held on none."""
        return not self.is_open and self.may_fall_on(day)

    def may_fall_on(self, day: dt.date) -> bool:
        """Whether that is one of its days."""
        if self.on:
            return day == self.on
        return self.rule.picks(day)

    def held_at(self, venue: str, day: dt.date, at: str) -> Event:
        """As it is held at one venue, once its day and time are chosen."""
        return self.model_copy(update={"venues": (venue,), "on": day, "at": at, "weekday": "", "monthly": ""})

    @cached_property
    def rule(self) -> DayRule:
        """The days of one that is held every week or month."""
        return parse_day_rule(self.monthly) if self.monthly else DayRule(weekdays=parse_weekdays(self.weekday))


class Closed(BaseModel):
    """A quiet period (高考, 农忙, 检修, 哀悼日): the venues stay closed from the first day to the last.

    Attributes:
        hours: only between these clock times of each day, 12:00-14:30; the whole day when not given.
    """

    model_config = _FROZEN

    venues: Names = (EVERYWHERE,)
    first: WrittenDate = Field(alias="from")
    last: WrittenDate = Field(alias="to")
    reason: Printed = Field(default="", max_length=40)
    hours: str = ""

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        if value:
            parse_span(value)
        return value

    @model_validator(mode="after")
    def _order(self) -> Closed:
        if self.last < self.first:
            raise Complaint(text("“to” lies before “from”"))
        return self

    @property
    def span(self) -> tuple[int, int] | None:
        """The hours in minutes after midnight; None for the whole day."""
        return parse_span(self.hours) if self.hours else None


class Days(BaseModel):
    """Days that the county counts as holidays, or as working days, whatever the state's calendar says."""

    model_config = _FROZEN

    name: str = Field(default="", max_length=40)
    on: WrittenDate | None = Field(default=None, alias="date")
    first: WrittenDate | None = Field(default=None, alias="from")
    last: WrittenDate | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _complete(self) -> Days:
        if (self.on is None) == (self.first is None or self.last is None):
            raise Complaint(text("needs either date, or from and to"))
        if self.first and self.last and self.last < self.first:
            raise Complaint(text("“to” lies before “from”"))
        return self

    def holds(self, day: dt.date) -> bool:
        """Whether the day is one of them."""
        first, last = self.on or self.first, self.on or self.last
        return first is not None and last is not None and first <= day <= last


class Market(BaseModel):
    """Market days (赶集日) of several venues at once; a venue may also name its own in venues.csv."""

    model_config = _FROZEN

    venues: Names = (EVERYWHERE,)
    days: str

    @field_validator("days")
    @classmethod
    def _days(cls, value: str) -> str:
        parse_day_rule(value)
        return value


class Calendar(BaseModel):
    """All of calendar.toml.

    Attributes:
        seasons: name ending in 季 → part of the year, 10月1日至4月30日; 夏季 and 冬季 need not be given.
        holiday, workday: days off, and days on which people work, besides those the state announced.
    """

    model_config = _FROZEN

    lecture: tuple[Event, ...] = ()
    activity: tuple[Event, ...] = ()
    closed: tuple[Closed, ...] = ()
    market: tuple[Market, ...] = ()
    holiday: tuple[Days, ...] = ()
    workday: tuple[Days, ...] = ()
    seasons: dict[str, str] = Field(default_factory=dict)

    @field_validator("activity")
    @classmethod
    def _at_a_time(cls, value: tuple[Event, ...]) -> tuple[Event, ...]:
        for wanted in value:
            if wanted.between:
                what = text(
                    "“{title}” is an activity: write at; only lectures can be moved about", title=wanted.printed
                )
                raise Complaint(what)
        return value

    @field_validator("seasons")
    @classmethod
    def _seasons(cls, value: dict[str, str]) -> dict[str, str]:
        for name, span in value.items():
            if not name.endswith("季"):
                raise Complaint(text("the name of a season ends in 季, like 夏季; not “{name}”", name=name))
            parse_dates(span)
        return value

    @cached_property
    def spans(self) -> Mapping[str, Span]:
        """Season → its part of the year."""
        return {**SEASONS, **{name: parse_dates(span) for name, span in self.seasons.items()}}


def load_calendar(path: Path) -> Calendar:
    """Read calendar.toml; an empty file is a calendar without events.

    Raises:
        InputError: missing, not TOML or any key wrong; all problems at once.
    """
    return parse(Calendar, read_toml(path), path.name)


def check_calendar(calendar: Calendar, venues: Sequence[Venue]) -> tuple[Problem, ...]:
    """Every venue in the calendar that does not exist, and lectures with an open time that bear one title."""
    groups = dict.fromkeys(group for venue in venues for group in venue.groups)
    choices = [EVERYWHERE, *(venue.id for venue in venues), *groups, *KIND_NAMES.values()]
    parts: tuple[tuple[str, Sequence[Event | Closed | Market]], ...] = (
        ("lecture", calendar.lecture),
        ("activity", calendar.activity),
        ("closed", calendar.closed),
        ("market", calendar.market),
    )
    unknown = (
        Problem(f"{FILE_NAME}: {part}.{number}.venues", no_venue(name, venues, choices))
        for part, entries in parts
        for number, entry in enumerate(entries, 1)
        for name in entry.venues
        if name not in choices and name.lower() not in KIND_WORDS
    )
    return (*unknown, *_twins(calendar, venues))


def _twins(calendar: Calendar, venues: Sequence[Venue]) -> Iterable[Problem]:
    """Lectures that lectures.csv cannot tell apart."""
    for (first, one), (second, other) in combinations(enumerate(calendar.lecture, 1), 2):
        if one.printed != other.printed or not (one.between or other.between):
            continue
        both = [venue.id for venue in venues if is_meant(one.venues, venue) and is_meant(other.venues, venue)]
        if both:
            what = text(
                "bears the name of lecture.{first} at {venue}; write another, so that lectures.csv tells them apart",
                first=first,
                venue=both[0],
            )
            yield Problem(f"{FILE_NAME}: lecture.{second}", what)


def is_meant(names: Iterable[str], venue: Venue) -> bool:
    """Whether a list of "*", ids, groups and kinds means the venue."""
    return any(
        name in (EVERYWHERE, venue.id, *venue.groups) or KIND_WORDS.get(name.lower()) == venue.kind for name in names
    )
