"""What a county's venues have shown in a stretch of days, gathered from plans, logs and sheets. Prints nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.settings import Settings
from courseware.lessons.workspace import Workspace
from courseware.storage.state import FILE_NAME as STATE_NAME
from courseware.validate import not_one_of
from playlists.almanac.days import DAY_MINUTES, moment
from playlists.asrun.plans import PlanBook, Planned, days_from
from playlists.asrun.reconcile import Reconciled, SlotOutcome, State, reconcile
from playlists.asrun.statement import Statement
from playlists.asrun.store import last_days, open_asrun
from playlists.county.county import County, load_county
from playlists.duties import obligations as obligations_file
from playlists.duties.keeping import Books, DutyFinding, judge, period_of
from playlists.duties.kinds.kind import DayCount
from playlists.files import calendar as calendar_file
from playlists.files import requests as requests_file
from playlists.files import venues as venues_file
from playlists.files.naming import select_venues
from playlists.files.requests import EVERYWHERE, Request
from playlists.files.venues import Venue
from playlists.opening.windows import closed_because, opening_on
from playlists.schedules.schedule import Day, Slot, Window, monday_of

STATES: tuple[State, ...] = ("whole", "late", "part", "replaced", "missing", "doubtful", "silent")
_NIGHT = DAY_MINUTES // 2  # minutes of the day after, in which an evening is over


@dataclass(frozen=True, slots=True)
class ShownTotals:
    """What some slots amount to.

    Attributes:
        states: how many of each.
        ms: shown or held.
        openings: opening windows in which anything was shown.
        lectures, activities: held.
        people: who came, as far as they were counted.
    """

    states: Mapping[State, int]
    ms: int
    openings: int
    lectures: int
    activities: int
    people: int

    @property
    def planned(self) -> int:
        """How many there were by the plan."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A day of a venue: what was planned, what became of it, and what that comes to for the obligations."""

    day: Day
    outcomes: tuple[SlotOutcome, ...]
    gatherings: tuple[Statement, ...]
    counted: DayCount

    @property
    def is_unsure(self) -> bool:
        """Whether something of it is not reported, or cannot be believed."""
        return any(one.state in {"silent", "doubtful"} for one in self.outcomes)

    @property
    def people(self) -> int:
        """Who came: at each event once; beside events, at each opening once."""
        at_events = sum(one.people or 0 for one in self.outcomes)
        return at_events + sum(at_once(self.gatherings, window) for window in self.day.windows)


@dataclass(frozen=True, slots=True)
class VenueRecord:
    """A venue and what it has shown.

    Attributes:
        days: those that are planned and have begun.
        unplanned: what was on and stands in no slot.
        findings: its obligations, judged by what was shown.
        heard: the last day of which it ever reported anything; None when it never did.
    """

    venue: Venue
    days: tuple[DayRecord, ...]
    unplanned: tuple[Statement, ...]
    findings: tuple[DutyFinding, ...]
    heard: date | None

    @property
    def outcomes(self) -> tuple[SlotOutcome, ...]:
        """Of all days."""
        return tuple(one for day in self.days for one in day.outcomes)

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all is reported, though something was planned."""
        return bool(self.outcomes) and all(one.state == "silent" for one in self.outcomes)


@dataclass(frozen=True, slots=True)
class Answer:
    """A request, and when it was first shown after it was made; None when it was not, as far as is reported."""

    request: Request
    venue: Venue
    shown: datetime | None
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class CountyRecord:
    """Everything that a report tells.

    Attributes:
        first, last: of the days that are looked at.
        until: the present; what is planned for later is left out.
    """

    first: date
    last: date
    until: datetime
    venues: tuple[VenueRecord, ...]
    answers: tuple[Answer, ...]
    lessons: Mapping[str, Lesson]
    settings: Settings
    problems: tuple[Problem, ...]


def load_record(
    workspace: Workspace,
    days: Sequence[date],
    now: datetime,
    ids: Sequence[str] = (),
    towns: Sequence[str] = (),
    *,
    county: County | None = None,
) -> CountyRecord:
    """Gather what the venues have shown on these days, in order.

    Args:
        ids: of venues, or their names; all when empty.
        towns: only those of these towns; all when empty.
        county: what the files say, where it was read already.

    Raises:
        InputError: no venue can be used, an id or town is unknown, or a file that all depends on is wrong.
    """
    county = county or load_county(workspace)
    if not county.venues:
        missing = Problem(venues_file.FILE_NAME, text("has no venues yet; add a row for each"))
        raise InputError(*(county.faults_of(venues_file.FILE_NAME) or (missing,)))
    # A calendar or duties that cannot be read would judge everything wrongly.
    if broken := county.faults_of(calendar_file.FILE_NAME, obligations_file.FILE_NAME):
        raise InputError(*broken)
    chosen = _of_towns(select_venues(county.venues, ids), county.venues, towns)
    records = tuple(_records(workspace, chosen, days, now, county))
    lessons = {one.id: one for one in county.catalogue.lessons}
    answers = tuple(_answers(records, county.requests, days[-1]))
    asked = county.faults_of(venues_file.FILE_NAME, requests_file.FILE_NAME)
    return CountyRecord(
        days[0], days[-1], now, records, answers, lessons, workspace.settings, (*asked, *county.unmet)
    )


def _of_towns(chosen: tuple[Venue, ...], every: Sequence[Venue], towns: Sequence[str]) -> tuple[Venue, ...]:
    known = tuple(dict.fromkeys(one.town for one in every if one.town))
    unknown = [name for name in towns if name not in known]
    if unknown:
        raise InputError(*(Problem("--town", not_one_of(name, known)) for name in unknown))
    return tuple(one for one in chosen if not towns or one.town in towns)


def _records(
    workspace: Workspace, venues: Sequence[Venue], days: Sequence[date], now: datetime, county: County
) -> Iterator[VenueRecord]:
    zone, book, now_ms = workspace.settings.zone, PlanBook(workspace), round(now.timestamp() * 1000)
    judged = days_from(period_of("week", days[0])[0], days[-1])
    first_ms = round(moment(judged[0], 0, zone).timestamp() * 1000)
    last_ms = round(moment(days[-1], DAY_MINUTES + _NIGHT, zone).timestamp() * 1000)
    ids = [one.id for one in venues]
    said, heard = _told(workspace, first_ms, last_ms, ids), last_days(workspace.cache_dir, zone, ids)
    for venue in venues:
        told = said.pop(venue.id, [])
        planned = book.of_days(venue.id, judged, told)
        found = reconcile(planned.slots, told, now_ms)
        every = tuple(_day_records(planned, found, now))
        books = _books(venue, every, county, now, zone)
        findings = tuple(one for one in judge(county.duties.all, venue, books, days) if _is_due(one, days))
        own = tuple(one for one in every if one.day.date >= days[0])
        begins, ends = (moment(day, minutes, zone) for day, minutes in ((days[0], 0), (days[-1], DAY_MINUTES)))
        # What is planned for the days around is not known here.
        strays = tuple(one for one in found.unplanned if begins.timestamp() <= one.at_ms // 1000 < ends.timestamp())
        yield VenueRecord(venue, own, strays, findings, heard.get(venue.id))


def _told(workspace: Workspace, first_ms: int, last_ms: int, ids: Sequence[str]) -> dict[str, list[Statement]]:
    """What is said of that time. A report begins no history where none is."""
    if not (workspace.cache_dir / STATE_NAME).is_file():
        return {}
    with open_asrun(workspace.cache_dir) as store:
        return store.heard(first_ms, last_ms, ids)


def _is_due(one: DutyFinding, days: Sequence[date]) -> bool:
    """Whether the report of these days is the one that tells of it: a week is told of where it ends."""
    begins = one.first >= days[0] or one.obligation.period == "week"
    return begins and days[0] <= one.last <= days[-1]


def _day_records(planned: Planned, found: Reconciled, now: datetime) -> Iterator[DayRecord]:
    # The very same objects: to hash all that a slot says takes longer than all the rest.
    by_slot = {id(one.slot): one for one in found.outcomes}
    for day in planned.days:
        outcomes = tuple(by_slot[id(slot)] for slot in day.slots if id(slot) in by_slot)
        has_begun = any(window.start < now for window in day.windows)
        if outcomes or has_begun:
            gatherings = tuple(one for one in found.gatherings if _is_of(one, day))
            yield DayRecord(day, outcomes, gatherings, count_shown(day, outcomes))


def _is_of(one: Statement, day: Day) -> bool:
    return any(window.start.timestamp() * 1000 <= one.at_ms < window.end.timestamp() * 1000 for window in day.windows)


def at_once(gatherings: Iterable[Statement], window: Window) -> int:
    """How many came to one opening: as a person wrote it, else as it was typed in last."""
    start, end = (at.timestamp() * 1000 for at in (window.start, window.end))
    counted = [(one.witness == "hand", one.at_ms, one.people) for one in gatherings if start <= one.at_ms < end]
    return max(counted, default=(False, 0, 0))[2]


def count_shown(day: Day, outcomes: Sequence[SlotOutcome]) -> DayCount:
    """What a day holds of what was shown, as the obligations count it."""
    shown = [one for one in outcomes if one.is_shown]
    kinds = [one.slot.kind for one in shown]
    return DayCount(
        kinds.count("lesson"),
        kinds.count("lecture"),
        kinds.count("activity"),
        tuple((window.seconds, _filled(window, outcomes)) for window in day.windows),
        sum(shown_ms(one) for one in outcomes) // 1000,
        day.windows,
        tuple(one.slot for one in shown),
    )


def shown_ms(one: SlotOutcome) -> int:
    """For how long it was on; an event that was held lasted as it was planned."""
    return one.slot.seconds * 1000 if one.slot.kind != "lesson" and one.state == "whole" else one.ms


def _filled(window: Window, outcomes: Iterable[SlotOutcome]) -> int:
    """Seconds of the window in which something was on."""
    opens, closes = (round(at.timestamp() * 1000) for at in (window.start, window.end))
    filled = 0
    for outcome in outcomes:
        inside = min(closes, outcome.start_ms + outcome.slot.seconds * 1000) - max(opens, outcome.start_ms)
        filled += max(0, min(shown_ms(outcome), inside))
    return filled // 1000


def _books(venue: Venue, days: Sequence[DayRecord], county: County, now: datetime, zone: ZoneInfo) -> Books:
    at_trainings: dict[date, int] = defaultdict(int)
    for record in days:
        for outcome in record.outcomes:
            if outcome.slot.is_training and outcome.people is not None:
                at_trainings[record.day.date] += outcome.people

    over = [one for one in days if one.day.date < now.date()]
    return Books(
        {one.day.date: one.counted for one in days},
        at_trainings,
        lambda day: closed_because(county.calendar, venue, day),
        cache(lambda day: bool(opening_on(county.calendar, venue, day, zone))),
        now.date(),
        {one.id: one for one in county.catalogue.lessons},
        shown=True,
        unsure=frozenset(one.day.date for one in days if one.is_unsure or one not in over),
    )


def _answers(records: Sequence[VenueRecord], requests: Iterable[Request], last: date) -> Iterator[Answer]:
    """The requests made until the last day, for each of the venues that they are for."""
    for request in requests:
        if request.on > last:
            continue
        for record in records:
            if request.venue in {EVERYWHERE, record.venue.id}:
                yield _answer(request, record)


def _answer(request: Request, record: VenueRecord) -> Answer:
    since = [one for one in record.outcomes if one.slot.lesson == request.lesson and _not_before(one.slot, request)]
    shown = min((one.slot.start for one in since if one.is_shown), default=None)
    return Answer(request, record.venue, shown, any(one.state in {"silent", "doubtful"} for one in since))


def _not_before(slot: Slot, request: Request) -> bool:
    return slot.start.date() >= request.on


def sum_up(days: Iterable[DayRecord]) -> ShownTotals:
    """What these days amount to."""
    every = tuple(days)
    outcomes = [one for day in every for one in day.outcomes]
    states: dict[State, int] = dict.fromkeys(STATES, 0)
    for one in outcomes:
        states[one.state] += 1
    counts = [one.counted for one in every]
    return ShownTotals(
        states,
        sum(map(shown_ms, outcomes)),
        sum(filled > 0 for one in counts for _, filled in one.windows),
        sum(one.lectures for one in counts),
        sum(one.activities for one in counts),
        sum(one.people for one in every),
    )


def days_of_week(week: str) -> tuple[date, ...]:
    """Monday to Sunday.

    Raises:
        InputError: not a week.
    """
    return days_from(monday_of(week), monday_of(week) + timedelta(days=6))


def days_of_year(year: int) -> tuple[date, ...]:
    """All days of a year."""
    return days_from(date(year, 1, 1), date(year, 12, 31))


def month_of(day: date) -> str:
    """Like "2026-11"."""
    return f"{day:%Y-%m}"
