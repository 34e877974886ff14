"""How a venue keeps its obligations, by what is planned for it. Plans nothing.

What is not known yet is never called kept or broken.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from courseware.errors import Text, text
from courseware.lessons.lesson import Lesson
from playlists.duties.kinds.kind import DayCount, count_day
from playlists.duties.obligations import STUDY_DAYS, Obligation, Period, Verdict
from playlists.files.venues import Venue

_MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Books:
    """What is known of a venue.

    Attributes:
        days: those that are planned.
        people: attendances by day.
        closed: why the calendar closes the venue on a day, or None.
        opens: whether the venue has a window on a day.
        checked: the last day that is looked at.
        lessons: by id; their tags are asked for.
        shown: whether the days hold what was shown, as far as it is reported, and not what is planned.
        unsure: days that are there, but of which not everything is reported.
    """

    days: Mapping[date, DayCount]
    people: Mapping[date, int]
    closed: Callable[[date], str | None]
    opens: Callable[[date], bool]
    checked: date
    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    shown: bool = False
    unsure: frozenset[date] = frozenset()

    def is_known(self, day: date) -> bool:
        """Whether nothing more can come to light of that day."""
        return day in self.days and day not in self.unsure


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


def judge(
    obligations: Iterable[Obligation], venue: Venue, books: Books, days: Sequence[date]
) -> Iterator[DutyFinding]:
    """What the venue owes in every period that one of the days lies in.

    Args:
        days: those that are looked at, in order; the periods they lie in are judged whole.
    """
    for obligation in obligations:
        if obligation.binds(venue) and not (obligation.days == STUDY_DAYS and venue.study is None):
            for first, last in dict.fromkeys(period_of(obligation.period, day) for day in days):
                if finding := _judge_period(obligation, venue, books, first, last):
                    yield finding


def looked_at(obligations: Iterable[Obligation], days: Sequence[date]) -> tuple[date, date]:
    """First and last day whose plan is asked for: of the months that the days lie in, or of longer periods.

    Args:
        days: in order.
    """
    periods = {"month", *(one.period for one in obligations if not one.what.from_trainings)}
    longest: Period = "year" if "year" in periods else "quarter" if "quarter" in periods else "month"
    return period_of(longest, days[0])[0], period_of(longest, days[-1])[1]


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
        case "quarter":
            first, last = day.month - (day.month - 1) % 3, day.month + (-day.month) % 3
            return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _judge_period(one: Obligation, venue: Venue, books: Books, first: date, last: date) -> DutyFinding | None:
    """None when nothing is owed: the venue is closed or shut on every day that would count."""
    if one.what.from_trainings:
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
    amounts = {day: _amount(one, books, day) for day in counting if day in books.days}
    unknown = sum(not books.is_known(day) for day in owing)
    return _finding(one, venue, (first, last), amounts, unknown, shown=books.shown)


def _judge_people(one: Obligation, venue: Venue, books: Books, first: date, last: date) -> DutyFinding:
    if not books.people and books.shown:
        what = text("nobody has reported how many came; fill in the record sheet, or press the key of the player")
        return DutyFinding(one, venue.id, first, last, "unknown", 0, what)
    if not books.people:
        what = text("nothing is known of attendances; list the trainings in trainings.csv")
        return DutyFinding(one, venue.id, first, last, "unknown", 0, what)
    amounts = {day: people for day, people in books.people.items() if first <= day <= last}
    return _finding(one, venue, (first, last), amounts, max(0, (last - books.checked).days), shown=books.shown)


def _amount(one: Obligation, books: Books, day: date) -> int:
    """How much the day holds of what the obligation counts."""
    count = books.days[day]
    if one.chooses:
        count = count_day(count.openings, [slot for slot in count.slots if one.fits(slot, books.lessons)])
    return one.what.amount(count, max(1, one.least_minutes * 60))


def _finding(
    one: Obligation,
    venue: Venue,
    period: tuple[date, date],
    amounts: Mapping[date, int],
    unknown: int,
    *,
    shown: bool,
) -> DutyFinding:
    first, last = period
    total = sum(amounts.values())
    unit = one.what.unit
    values = {"amount": _shown(total, unit), "minimum": one.minimum, "days": _dates(amounts)}
    if total >= one.minimum * unit:
        return DutyFinding(one, venue.id, first, last, "pass", total, text("{amount} of {minimum}: {days}", **values))
    if unknown:
        what = text("{amount} of {minimum} so far; {unknown} days are not planned yet", unknown=unknown, **values)
        if shown:
            what = text("{amount} of {minimum} so far; {unknown} days are not reported", unknown=unknown, **values)
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
