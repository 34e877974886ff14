"""Check schedules, planned or edited by hand, against every rule and obligation. Asks the planner nothing.

Each rule is a function in playlists/checking, listed in `rules.py`; here they are given their facts, and their
faults collected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from courseware.clutter import matching
from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import Workspace
from courseware.unchanged import stamp
from courseware.validate import nearest
from playlists.almanac.days import week_of
from playlists.checking.facts import Facts, Fault, ScheduleSheet, VenueWeek
from playlists.checking.gathering import county_to_check, gather_facts, history_of, unread_in, with_renditions
from playlists.checking.people import Talk, talks_in
from playlists.checking.rules import CENTRE_RULES, COUNTY_RULES, RULES
from playlists.checking.sheets import read_sheet
from playlists.checking.wanted import closed_reason, wanted_week, wanted_windows
from playlists.county.county import County
from playlists.duties.keeping import Books, DutyFinding, judge, looked_at
from playlists.duties.kinds.kind import DayCount, count_day
from playlists.files.centres import Centres, people_at
from playlists.files.lecturers import speakers_in
from playlists.files.naming import select_venues
from playlists.files.programmes import programme_for
from playlists.files.venues import Venue
from playlists.schedules.history import Ledger, Past
from playlists.schedules.schedule import Slot, monday_of


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken at a venue at an instant; `hard` is False when the plan may stand with it."""

    venue: str
    at: datetime
    rule: str
    what: Text
    hard: bool

    @property
    def problem(self) -> Problem:
        """For the reader: "square-01 2026-11-25 19:42:10"."""
        return Problem(f"{self.venue} {self.at:%Y-%m-%d %H:%M:%S}", self.what, self.rule)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        venues, days: how many were looked at.
        breaches: by venue and time.
        findings: of the obligations in every period that was looked at.
        problems: of the workspace's own files.
    """

    venues: int
    days: int
    breaches: tuple[Breach, ...]
    findings: tuple[DutyFinding, ...]
    problems: tuple[Problem, ...]

    @property
    def broken(self) -> tuple[Problem, ...]:
        """Hard rules that are broken, and obligations that are not kept."""
        unkept = (one for one in self.findings if one.verdict == "fail" and one.obligation.must)
        return (*(one.problem for one in self.breaches if one.hard), *(finding_problem(one) for one in unkept))

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What is worth saying, and breaks nothing."""
        unkept = (one for one in self.findings if one.verdict == "fail" and not one.obligation.must)
        return (*(one.problem for one in self.breaches if not one.hard), *(finding_problem(one) for one in unkept))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is looked at: these weeks of a county, and the days whose obligations are judged.

    Attributes:
        ledger: what was shown before; None where nothing was ever planned.
    """

    workspace: Workspace
    county: County
    facts: Facts
    weeks: tuple[str, ...]
    days: tuple[date, ...]
    ledger: Ledger | None

    def weeks_of(self, venue: Venue) -> Iterator[VenueWeek]:
        """The weeks of a venue that have a file, each with the Sunday before."""
        facts = self.facts
        try:
            own = programme_for(venue, self.county.programmes)
        except InputError:
            own = None
        known: dict[str, ScheduleSheet | None] = {}
        for week in self.weeks:
            before = week_of(monday_of(week) - timedelta(days=7))
            for name in (before, week):
                if name not in known:
                    known[name] = _read(self.workspace, venue.id, name, facts.zone)
            if sheet := known[week]:
                wanted = wanted_week(venue, facts.calendar, week, facts.zone)
                past = self._past(venue, week)
                yield VenueWeek(venue, own, sheet, wanted, _sunday(known[before], week), past)

    def spoken_at(self, venue: Venue) -> Iterator[ScheduleSheet]:
        """The files of a venue's weeks, and of what is shown only that in which somebody speaks."""
        for week in self.weeks:
            path = self.workspace.schedules_dir / week / f"{venue.id}.json"
            if path.is_file():
                yield _spoken(path, week, self.facts.zone, stamp(path.stat()))

    def _past(self, venue: Venue, week: str) -> Past | None:
        facts = self.facts
        made = facts.renditions.get(venue.profile, {})
        return self.ledger.past(venue.id, week, facts.zone, made) if self.ledger else None

    def breaches(self, venue: Venue, own: Sequence[VenueWeek]) -> Iterator[Breach]:
        """All that is wrong with a venue's weeks, and which of them have no file."""
        for one in own:
            yield from check_week(one, self.facts)
        planned = {one.sheet.week for one in own}
        missing = [week for week in self.weeks if week not in planned]
        yield from _unplanned(venue, self.facts, missing, self.days)

    def findings(self, venue: Venue, own: Sequence[VenueWeek]) -> Iterator[DutyFinding]:
        """How the venue keeps its obligations, by what is planned in the periods that the days lie in."""
        facts, counts = self.facts, _counts(one.sheet for one in own)
        owed = [one for one in self.county.duties.all if one.binds(venue)]
        first, last = looked_at(owed, self.days)
        beside = {week_of(first + timedelta(days=n)) for n in range((last - first).days + 1)}
        for week in sorted(beside - {one.sheet.week for one in own}):
            if sheet := _read(self.workspace, venue.id, week, facts.zone):
                counts.update(_counts([sheet]))
        books = Books(
            counts,
            people_at(venue.id, self.county.centres.trainings),
            lambda day: closed_reason(facts.calendar, venue, day),
            cache(lambda day: bool(wanted_windows(venue, facts.calendar, day, facts.zone))),
            self.days[-1],
            facts.lessons,
        )
        return judge(owed, venue, books, self.days)

    def beside_the_weeks(self, venues: Sequence[str]) -> Iterator[Breach]:
        """What is wrong with the trainings of these venues, or of all; and files that belong to no venue."""
        county = self.county
        trainings = check_rooms(county.centres, {one.id: one for one in county.venues}, self.facts)
        yield from (one for one in trainings if not venues or one.venue in venues)
        if not venues:
            yield from _strangers(self.workspace, self.weeks, county.venues, self.facts)


def _days_of(weeks: Iterable[str]) -> list[date]:
    return [monday_of(week) + timedelta(days=n) for week in weeks for n in range(7)]


def check_schedules(
    workspace: Workspace,
    weeks: Sequence[str],
    venues: Sequence[str] = (),
    days: Sequence[date] = (),
    *,
    today: date | None = None,
    deep: bool = False,
    progress: Callable[[Venue], None] = lambda _venue: None,
    county: County | None = None,
) -> Report:
    """Check the schedule files of these weeks.

    Args:
        county: what the files say, where they were read already.
        weeks: ISO weeks, in order.
        venues: ids or names; all when empty.
        days: those whose obligations are judged; all days of the weeks when empty.
        today: what is broken before it can no longer be mended, and is only worth saying.
        deep: read every file that is shown, and compare its bytes.
        progress: told each venue when it is done.

    Raises:
        InputError: a week is no week, a venue is unknown, or a file that all depends on cannot be read.
    """
    county = county_to_check(workspace, county)
    chosen = select_venues(county.venues, venues)
    facts = with_renditions(workspace, gather_facts(workspace, county, weeks), chosen, deep=deep)
    judged = tuple(sorted(days or _days_of(weeks)))
    with history_of(workspace) as ledger:
        scope = _Scope(workspace, county, facts, tuple(weeks), judged, ledger)
        breaches, findings = _found(scope, chosen, progress)
    breaches += scope.beside_the_weeks([one.id for one in chosen] if venues else ())
    ordered = tuple(_sorted(breaches, chosen, today))
    return Report(len(chosen), len(judged), ordered, tuple(findings), unread_in(county))


def _found(
    scope: _Scope, chosen: Sequence[Venue], progress: Callable[[Venue], None]
) -> tuple[list[Breach], list[DutyFinding]]:
    """What is wrong with the weeks of these venues, and how they keep their obligations."""
    breaches: list[Breach] = []
    findings: list[DutyFinding] = []
    talks: list[Talk] = []
    facts = scope.facts
    for venue in chosen:
        own = tuple(scope.weeks_of(venue))
        talks += (talk for one in own for talk in talks_in(venue, one.sheet, facts))
        breaches += scope.breaches(venue, own)
        findings += scope.findings(venue, own)
        progress(venue)
    known = {venue.id for venue in chosen}
    others = [venue for venue in scope.county.venues if venue.id not in known] if talks else []
    talks += (talk for venue in others for sheet in scope.spoken_at(venue) for talk in talks_in(venue, sheet, facts))
    return [*breaches, *check_talks(talks, facts)], findings


def check_week(week: VenueWeek, facts: Facts) -> tuple[Breach, ...]:
    """All that is wrong with one venue's week."""
    faults = [("file", fault) for fault in week.sheet.faults]
    faults += [(name, fault) for name, rule in RULES.items() for fault in rule(week, facts)]
    return tuple(_breach(week.venue.id, name, fault, facts.zone) for name, fault in faults)


def check_talks(talks: Sequence[Talk], facts: Facts) -> tuple[Breach, ...]:
    """All that is wrong with where the lecturers are."""
    found = ((name, one) for name, rule in COUNTY_RULES.items() for one in rule(talks, facts))
    return tuple(_breach(venue, name, fault, facts.zone) for name, (venue, fault) in found)


def check_rooms(centres: Centres, venues: Mapping[str, Venue], facts: Facts) -> tuple[Breach, ...]:
    """All that is wrong with the trainings at the centres."""
    found = (
        (name, fault)
        for name, rule in CENTRE_RULES.items()
        for fault in rule(centres, venues, facts.calendar, facts.zone)
    )
    return tuple(_breach(venue, name, fault, facts.zone) for name, (venue, fault) in found)


def finding_problem(finding: DutyFinding) -> Problem:
    """An obligation that is not kept, for the reader."""
    first, last = finding.first, finding.last
    period = f"{first}" if first == last else f"{first}—{last}"
    what = text("{name}: {evidence}", name=finding.obligation.name, evidence=finding.evidence)
    return Problem(f"{finding.venue} {period}", what, finding.obligation.name)


def _breach(venue: str, name: str, fault: Fault, zone: ZoneInfo) -> Breach:
    return Breach(venue, fault.at.astimezone(zone), name, fault.what, fault.hard)


def _sorted(breaches: Iterable[Breach], chosen: Sequence[Venue], today: date | None) -> list[Breach]:
    """In the order of the venues and of time; what is past is not hard any more."""
    order = {venue.id: place for place, venue in enumerate(chosen)}
    known = (replace(one, hard=one.hard and (today is None or one.at.date() >= today)) for one in breaches)
    return sorted(known, key=lambda one: (order.get(one.venue, len(order)), one.venue, one.at, one.rule))


def _read(workspace: Workspace, venue: str, week: str, zone: ZoneInfo) -> ScheduleSheet | None:
    path = workspace.schedules_dir / week / f"{venue}.json"
    return _sheet(path, week, zone, stamp(path.stat())) if path.is_file() else None


@lru_cache(maxsize=1024)
def _sheet(path: Path, week: str, zone: ZoneInfo, _stamp: str) -> ScheduleSheet:
    """Read once, however often a county is looked over, until the file changes."""
    return read_sheet(path.stem, week, path.read_bytes(), zone)


@lru_cache(maxsize=4096)
def _spoken(path: Path, week: str, zone: ZoneInfo, stamped: str) -> ScheduleSheet:
    sheet = _sheet(path, week, zone, stamped)
    days = (replace(day, slots=tuple(slot for slot in day.slots if speakers_in(slot))) for day in sheet.days)
    return replace(sheet, days=tuple(day for day in days if day.slots))


def _sunday(sheet: ScheduleSheet | None, week: str) -> tuple[Slot, ...]:
    sunday = monday_of(week) - timedelta(days=1)
    return tuple(slot for day in sheet.days if day.date == sunday for slot in day.slots) if sheet else ()


def _unplanned(venue: Venue, facts: Facts, weeks: Iterable[str], days: Sequence[date]) -> Iterator[Breach]:
    for week in weeks:
        wanted = wanted_week(venue, facts.calendar, week, facts.zone)
        begins = next((day.begins for day in wanted if day.windows and day.date in days), None)
        if begins:
            fault = Fault(begins, text("the week {week} is not planned", week=week))
            yield _breach(venue.id, "unplanned", fault, facts.zone)


def _strangers(workspace: Workspace, weeks: Iterable[str], venues: Sequence[Venue], facts: Facts) -> Iterator[Breach]:
    """Schedule files for venues that are not in venues.csv, or for one venue twice."""
    ids = {venue.id for venue in venues}
    for week in weeks:
        at = wanted_week(venues[0], facts.calendar, week, facts.zone)[0].midnight
        for path in matching(workspace.schedules_dir / week, "*.json"):
            if path.stem not in ids:
                yield _breach(path.stem, "stranger", Fault(at, _stranger(path.name, week, sorted(ids))), facts.zone)


def _stranger(name: str, week: str, ids: Sequence[str]) -> Text:
    guess = nearest(name.removesuffix(".json"), ids)
    file = f"schedules/{week}/{name}"
    if guess:
        return text(
            "no venue of venues.csv has the id that {file} is called by; remove the file, or is it that of {guess}?",
            file=file,
            guess=guess,
        )
    return text("no venue of venues.csv has the id that {file} is called by; remove the file", file=file)


def _counts(sheets: Iterable[ScheduleSheet]) -> dict[date, DayCount]:
    return {day.date: count_day(day.windows, day.slots) for sheet in sheets for day in sheet.days}
