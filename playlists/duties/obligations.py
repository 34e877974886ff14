"""obligations.toml: what a venue owes its public in a day, week, month or year (日有播放、周有宣讲), as data.

Whether it is kept is judged in playlists/duties/keeping.py; what may be counted lies in playlists/duties/kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import Problem, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.settings import Settings
from courseware.validate import Complaint, not_one_of, parse, read_toml
from playlists.almanac.days import DayRule, parse_day_rule
from playlists.duties.kinds import KINDS
from playlists.duties.kinds.kind import DutyKind
from playlists.files.scope import Kinds, Names, is_in_scope, refuse_twins, unknown_in_scope
from playlists.files.venues import Venue
from playlists.schedules.schedule import Slot
from templates.type.printed import Printed

FILE_NAME = "obligations.toml"
STUDY_DAYS = "固定学习日"
Period = Literal["day", "week", "month", "quarter", "year"]
Verdict = Literal["pass", "fail", "unknown"]
VERDICTS: tuple[Verdict, ...] = ("pass", "fail", "unknown")
_FROZEN = ConfigDict(frozen=True, extra="forbid")
_PERIODS: Mapping[str, Period] = {
    "日": "day",
    "天": "day",
    "周": "week",
    "月": "month",
    "季度": "quarter",
    "年": "year",
}


def _meant(value: object, words: Mapping[str, str]) -> object:
    """The key that a word stands for; keys themselves may be written, but only words are offered."""
    if not isinstance(value, str) or value in words.values():
        return value
    if value not in words:
        raise Complaint(not_one_of(value, words))
    return words[value]


class Obligation(BaseModel):
    """A minimum that a venue owes in each period.

    Attributes:
        name: as reported; an entry of the workspace replaces the built-in one of the same name.
        period: day, week, month, quarter, year (日, 周, 月, 季度, 年). A day on which the venue is not open owes
            nothing.
        count: lessons (播放), lectures (宣讲), activities (活动), sessions (学习: openings with something in them),
            openings (开放: of at least `least_minutes`), hours (小时 of programme), attendances (人次 at trainings).
        minimum: of these, in each period.
        series, forms, tags: only showings of such lessons count; of each that is given, one must fit.
        kind, venues, groups: whom it binds; all when none is given.
        days: only these days count, like 逢六; 固定学习日 stands for the venue's own study days.
        least_minutes: shorter openings and sessions do not count.
        must: whether it is a fault when it is not kept, or only worth saying.
        off: true removes a built-in obligation.
    """

    model_config = _FROZEN

    name: Printed = Field(min_length=1, max_length=40)
    period: Period = "week"
    count: str = "lessons"
    minimum: int = Field(default=1, ge=1, le=1_000_000)
    series: Names = ()
    forms: Names = ()
    tags: Names = ()
    kind: Kinds = ()
    venues: Names = ()
    groups: Names = ()
    days: str = ""
    least_minutes: int = Field(default=0, ge=0, le=1440)
    must: bool = True
    off: bool = False

    @field_validator("period", mode="before")
    @classmethod
    def _period(cls, value: object) -> object:
        return _meant(value, _PERIODS)

    @field_validator("count", mode="before")
    @classmethod
    def _count(cls, value: object) -> object:
        return _meant(value, {kind.word: key for key, kind in KINDS.items()})

    @field_validator("days")
    @classmethod
    def _days(cls, value: str) -> str:
        if value and value != STUDY_DAYS:
            parse_day_rule(value)
        return value

    @model_validator(mode="after")
    def _sensible(self) -> Obligation:
        if self.what.from_trainings and self.period == "day":
            raise Complaint(text("people are counted by week, month or year"))
        if self.chooses and self.what.from_trainings:
            raise Complaint(text("series, forms and tags are of lessons; leave them out where people are counted"))
        return self

    @property
    def what(self) -> DutyKind:
        """The kind of thing that is counted."""
        return KINDS[self.count]

    @property
    def chooses(self) -> bool:
        """Whether only certain lessons count."""
        return bool(self.series or self.forms or self.tags)

    def fits(self, slot: Slot, lessons: Mapping[str, Lesson]) -> bool:
        """Whether the showing is of a lesson that counts.

        Args:
            lessons: by id; one that is not among them bears no tag.
        """
        tags = lessons[slot.lesson].tags if slot.lesson in lessons else ()
        return (
            (not self.series or slot.series in self.series)
            and (not self.forms or slot.form in self.forms)
            and (not self.tags or not set(self.tags).isdisjoint(tags))
        )

    def binds(self, venue: Venue) -> bool:
        """Whether the venue owes it."""
        return is_in_scope(venue, self.kind, self.venues, self.groups)

    def rule_for(self, venue: Venue) -> DayRule | None:
        """Which days count at this venue; None when all do."""
        if self.days == STUDY_DAYS:
            return venue.study
        return parse_day_rule(self.days) if self.days else None


BUILT_IN = (
    Obligation(name="日有播放", period="day", count="lessons", kind=("square",)),
    Obligation(name="周有宣讲", period="week", count="lectures", kind=("square",)),
    Obligation(name="月有活动", period="month", count="activities", kind=("square",)),
    Obligation(name="固定学习日", period="day", count="sessions", kind=("station",), days=STUDY_DAYS),
    Obligation(name="每月学习不少于2次", period="month", count="sessions", minimum=2, kind=("station",)),
    # Rules of single counties; a county that has them says must = true.
    Obligation(
        name="每月开放不少于4次、每次不少于5小时",
        period="month",
        count="openings",
        minimum=4,
        least_minutes=300,
        kind=("station",),
        must=False,
    ),
    Obligation(name="每月学习不少于20小时", period="month", count="hours", minimum=20, kind=("station",), must=False),
    Obligation(name="每年培训不少于1000人次", period="year", count="attendances", minimum=1000, kind=("centre",)),
)


class Duties(BaseModel):
    """All of obligations.toml.

    Attributes:
        reviewed: every lesson shown must name its reviewer.
        obligation: built-in ones replaced or removed, and the workspace's own.
    """

    model_config = _FROZEN

    reviewed: bool = False
    obligation: tuple[Obligation, ...] = ()

    @property
    def all(self) -> tuple[Obligation, ...]:
        """Built-in obligations first; one of the workspace with the same name replaces it."""
        own = {one.name: one for one in self.obligation}
        kept = tuple(own.pop(one.name, one) for one in BUILT_IN)
        return tuple(one for one in (*kept, *own.values()) if not one.off)


def load_duties(path: Path) -> Duties:
    """Read obligations.toml; where there is none, the built-in obligations hold.

    Raises:
        InputError: not TOML, any key wrong, or two of one name; all problems at once.
    """
    if not path.exists():
        return Duties()
    duties = parse(Duties, read_toml(path), path.name)
    refuse_twins(f"{path.name}: obligation.name", [one.name for one in duties.obligation])
    return duties


def check_duties(duties: Duties, venues: Sequence[Venue], settings: Settings) -> tuple[Problem, ...]:
    """Every venue, group, series and form in the obligations that does not exist; tags are free words."""
    problems: list[Problem] = []
    for number, obligation in enumerate(duties.obligation, 1):
        where = f"{FILE_NAME}: obligation.{number}"
        problems += unknown_in_scope(where, obligation.venues, obligation.groups, venues)
        given = (
            ("series", obligation.series, settings.unknown_series),
            ("forms", obligation.forms, settings.unknown_form),
        )
        problems += [
            Problem(f"{where}.{key}", what)
            for key, names, unknown in given
            for name in names
            if (what := unknown(name)) is not None
        ]
    return tuple(problems)
