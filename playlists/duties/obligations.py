"""obligations.toml: what a venue owes its public in a day, week, month or year (日有播放、周有宣讲), as data.

Judges what is planned; it plans nothing. What is not known yet is never called kept or broken.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import Problem, Text, text
from courseware.validate import Complaint, not_one_of, parse, read_toml
from playlists.almanac.days import DayRule, parse_day_rule
from playlists.files.scope import Kinds, Names, is_in_scope, refuse_twins, unknown_in_scope
from playlists.files.venues import Venue
from playlists.schedules.schedule import Slot, Window
from templates.type.printed import Printed

FILE_NAME = "obligations.toml"
STUDY_DAYS = "固定学习日"
Period = Literal["day", "week", "month", "year"]
Count = Literal["lessons", "lectures", "activities", "sessions", "openings", "hours", "attendances"]
Verdict = Literal["pass", "fail", "unknown"]
_FROZEN = ConfigDict(frozen=True, extra="forbid")
_PERIODS: Mapping[str, Period] = {"日": "day", "天": "day", "周": "week", "月": "month", "年": "year"}
_COUNTS: Mapping[str, Count] = {
    "播放": "lessons",
    "宣讲": "lectures",
    "活动": "activities",
    "学习": "sessions",
    "开放": "openings",
    "小时": "hours",
    "人次": "attendances",
}
_HOUR_S = 3600
_MOST_SHOWN = 4


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
        period: day, week, month, year (日, 周, 月, 年). A day on which the venue is not open owes nothing.
        count: lessons (播放), lectures (宣讲), activities (活动), sessions (学习: openings with something in them),
            openings (开放: of at least `least_minutes`), hours (小时 of programme), attendances (人次 at trainings).
        minimum: of these, in each period.
        kind, venues, groups: whom it binds; all when none is given.
        days: only these days count, like 逢六; 固定学习日 stands for the venue's own study days.
        least_minutes: shorter openings and sessions do not count.
        must: whether it is a fault when it is not kept, or only worth saying.
        off: true removes a built-in obligation.
    """

    model_config = _FROZEN

    name: Printed = Field(min_length=1, max_length=40)
    period: Period = "week"
    count: Count = "lessons"
    minimum: int = Field(default=1, ge=1, le=1_000_000)
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
        return _meant(value, _COUNTS)

    @field_validator("days")
    @classmethod
    def _days(cls, value: str) -> str:
        if value and value != STUDY_DAYS:
            parse_day_rule(value)
        return value

    @model_validator(mode="after")
    def _sensible(self) -> Obligation:
        if self.count == "attendances" and self.period == "day":
            raise Complaint(text("people are counted by week, month or year"))
        return self

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


@dataclass(frozen=True, slots=True)
class DayCount:
    """What a planned day holds.

    Attributes:
        windows: length in seconds of each opening window, and of what is shown or held in it.
        seconds: of all showings and events.
    """

    lessons: int
    lectures: int
    activities: int
    windows: tuple[tuple[int, int], ...]
    seconds: int

    def amount(self, obligation: Obligation) -> int:
        """How much of what the obligation counts; hours in seconds."""
        least = max(1, obligation.least_minutes * 60)
        match obligation.count:
            case "lessons" | "lectures" | "activities":
                return int(getattr(self, obligation.count))
            case "sessions":
                return sum(filled >= least for _, filled in self.windows)
            case "openings":
                return sum(length >= least and filled > 0 for length, filled in self.windows)
            case "hours":
                return self.seconds
        return 0


@dataclass(frozen=True, slots=True)
class Books:
    """What is known of a venue.

    Attributes:
        days: those that are planned.
        people: attendances by day.
        closed: why the calendar closes the venue on a day, or None.
        opens: whether the venue has a window on a day.
        checked: the last day that is looked at.
    """

    days: Mapping[date, DayCount]
    people: Mapping[date, int]
    closed: Callable[[date], str | None]
    opens: Callable[[date], bool]
    checked: date


@dataclass(frozen=True, slots=True)
class DutyFinding:
    """An obligation in one period at one venue.

    Attributes:
        first, last: of the period.
        amount: what is counted; seconds for hours.
        evidence: in words: what counted and when, or what is missing.
    """

    obligation: Obligation
    venue: str
    first: date
    last: date
    verdict: Verdict
    amount: int
    evidence: Text


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


def check_duties(duties: Duties, venues: Sequence[Venue]) -> tuple[Problem, ...]:
    """Every venue or group in the obligations that does not exist."""
    return tuple(
        problem
        for number, one in enumerate(duties.obligation, 1)
        for problem in unknown_in_scope(f"{FILE_NAME}: obligation.{number}", one.venues, one.groups, venues)
    )


def count_day(windows: Iterable[Window], slots: Sequence[Slot]) -> DayCount:
    """What a day of a schedule holds."""
    kinds = [slot.kind for slot in slots]
    filled = tuple(
        (window.seconds, sum(_shared(window, slot) for slot in slots if slot.start < window.end))
        for window in windows
    )
    seconds = sum(slot.seconds for slot in slots)
    return DayCount(kinds.count("lesson"), kinds.count("lecture"), kinds.count("activity"), filled, seconds)


def judge(
    obligations: Iterable[Obligation], venue: Venue, books: Books, days: Sequence[date]
) -> Iterator[DutyFinding]:
    """What the venue owes in every period that one of the days lies in.

    Args:
        days: those that are looked at, in order; the periods they lie in are judged whole.
    """
    for one in obligations:
        if one.binds(venue) and not (one.days == STUDY_DAYS and venue.study is None):
            for first, last in dict.fromkeys(period_of(one.period, day) for day in days):
                if finding := _judge_period(one, venue, books, first, last):
                    yield finding


def period_of(period: Period, day: date) -> tuple[date, date]:
    """First and last day of the period that the day lies in; weeks are ISO weeks."""
    match period:
        case "day":
            return day, day
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case "month":
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _judge_period(one: Obligation, venue: Venue, books: Books, first: date, last: date) -> DutyFinding | None:
    """None when nothing is owed: the venue is closed or shut on every day that would count."""
    if one.count == "attendances":
        return _judge_people(one, venue, books, first, last)
    rule = one.rule_for(venue)
    counting = [day for day in _days(first, last) if rule is None or rule.picks(day)]
    owing = [day for day in counting if books.closed(day) is None and (rule or books.opens(day))]
    if not owing:
        return None
    if rule and not any(books.opens(day) for day in owing):
        what = text("{day} is a study day, but has no opening window", day=owing[0])
        return DutyFinding(one, venue.id, first, last, "fail", 0, what)
    # An event may be held on a day without a window, too.
    amounts = {day: books.days[day].amount(one) for day in counting if day in books.days}
    return _finding(one, venue, first, last, amounts, sum(day not in books.days for day in owing))


def _judge_people(one: Obligation, venue: Venue, books: Books, first: date, last: date) -> DutyFinding:
    if not books.people:
        what = text("nothing is known of attendances; list the trainings in trainings.csv")
        return DutyFinding(one, venue.id, first, last, "unknown", 0, what)
    amounts = {day: people for day, people in books.people.items() if first <= day <= last}
    return _finding(one, venue, first, last, amounts, max(0, (last - books.checked).days))


def _finding(
    one: Obligation, venue: Venue, first: date, last: date, amounts: Mapping[date, int], unknown: int
) -> DutyFinding:
    total = sum(amounts.values())
    unit = _HOUR_S if one.count == "hours" else 1
    values = {"amount": _shown(total, unit), "minimum": one.minimum, "days": _dates(amounts)}
    if total >= one.minimum * unit:
        return DutyFinding(one, venue.id, first, last, "pass", total, text("{amount} of {minimum}: {days}", **values))
    if unknown:
        what = text("{amount} of {minimum} so far; {unknown} days are not planned yet", unknown=unknown, **values)
        return DutyFinding(one, venue.id, first, last, "unknown", total, what)
    return DutyFinding(
        one, venue.id, first, last, "fail", total, text("only {amount} of {minimum}: {days}", **values)
    )


def _shown(total: int, unit: int) -> str:
    # Cut, not rounded: 19.98 hours are not 20.
    return str(total) if unit == 1 else f"{total * 10 // unit / 10}"


def _dates(amounts: Mapping[date, int]) -> str:
    """The days on which something counted, the first few of them."""
    days = [str(day) for day in sorted(amounts) if amounts[day]]
    return "、".join(days[:_MOST_SHOWN]) + ("…" if len(days) > _MOST_SHOWN else "") or "—"


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _shared(window: Window, slot: Slot) -> int:
    """Seconds of the showing that lie in the window."""
    start, end = max(window.start, slot.start), min(window.end, slot.end)
    return max(0, int((end - start).total_seconds()))
