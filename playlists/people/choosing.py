"""Days and times for a week's lectures that calendar.toml leaves open: read, choose with the lecturers, write.

What stands in the week's lectures.csv stays, whoever wrote it, as long as the venue can hold the lecture then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import Workspace
from courseware.storage.handwork import remembering
from playlists.almanac import clock
from playlists.almanac.days import moment, parse_clock
from playlists.files import lecturers as lecturers_file
from playlists.files.calendar import FILE_NAME, Calendar, Event
from playlists.files.chosen import (
    OpenLecture,
    beside,
    chosen_in,
    has_open_lectures,
    open_lectures,
    rows_of_week,
    with_chosen,
)
from playlists.files.lecturers import LECTURES_NAME, Lecture, load_lecturers, load_lectures, load_travel
from playlists.files.scope import by_ids
from playlists.files.venues import Venue
from playlists.opening.events import held_on, span_of
from playlists.opening.windows import closed_because, quiet_on
from playlists.people.lectures import PastLectures, Roster, Session, dump_lectures, rows_of, told_of, topic_in
from playlists.people.roster import plan_roster
from playlists.people.times import evenings_of, sessions_at
from playlists.schedules.schedule import monday_of

_DAY = timedelta(days=1)
_WEEK_DAYS = 7
_WEEKS_BACK = 8
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Choosing:
    """The calendar with all lectures at their times, what cannot be held, and what else is worth saying."""

    calendar: Calendar
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Week:
    """What the choice depends on besides the lectures whose time is open.

    Attributes:
        calendar: with what was chosen for the weeks beside this one.
        rows: of the week's lectures.csv.
        days: Monday to Sunday.
    """

    calendar: Calendar
    venues: tuple[Venue, ...]
    rows: tuple[Lecture, ...]
    days: tuple[date, ...]
    zone: ZoneInfo
    now: datetime

    @property
    def coming(self) -> tuple[date, ...]:
        """The days that are not past."""
        return tuple(day for day in self.days if day >= self.now.date())


def choose_times(
    workspace: Workspace, calendar: Calendar, venues: Sequence[Venue], week: str, *, anew: bool = False
) -> Choosing:
    """Choose when the lectures of the week are held that the calendar leaves open, and write it into lectures.csv.

    Args:
        anew: choose again what was chosen and is still to come.

    Raises:
        InputError: lectures.csv has mistakes.
    """
    if not has_open_lectures(calendar):
        return Choosing(calendar)
    sheet = workspace.schedules_dir / week / LECTURES_NAME
    written, wrong = load_lectures(sheet)
    if wrong:
        # It is written over below.
        raise InputError(*wrong)
    known = _known(workspace, calendar, venues, week, by_ids(written, venues))
    asked = list(open_lectures(calendar, venues, known.rows))
    refused = dict(_refused(known, asked))
    dropped = [one for one in asked if one.row and (one in refused or (anew and _start(one.row, known) >= known.now))]
    kept = [one for one in asked if one.row and one not in dropped]
    waiting = [one for one in asked if one not in kept]
    roster, new, homeless = _choose(workspace, known, week, kept, waiting)
    rows = [row for row in known.rows if not any(row is one.row for one in dropped)]
    told: tuple[Problem, ...] = ()
    if new or dropped:
        rows = sorted((*rows, *new), key=lambda row: (row.date, row.at, row.venue))
        with remembering(workspace.root, sheet.parent) as record:
            if dropped:
                told = record.put(sheet, dump_lectures(rows))
            else:
                record.amend(sheet, dump_lectures(rows))
    done = with_chosen(known.calendar, open_lectures(calendar, venues, rows))
    return Choosing(done, (*refused.values(), *homeless), (*told, *_strange(known, kept), *told_of(roster)))


def _known(
    workspace: Workspace, calendar: Calendar, venues: Sequence[Venue], week: str, rows: tuple[Lecture, ...]
) -> _Week:
    others = chosen_in(calendar, venues, workspace.schedules_dir, [week])
    for name, lectures in others.items():
        calendar = calendar if name == week else with_chosen(calendar, lectures)
    days = tuple(monday_of(week) + timedelta(days=number) for number in range(_WEEK_DAYS))
    return _Week(calendar, tuple(venues), rows, days, workspace.settings.zone, clock.now(workspace))


def _choose(
    workspace: Workspace, known: _Week, week: str, kept: Sequence[OpenLecture], waiting: Sequence[OpenLecture]
) -> tuple[Roster, tuple[Lecture, ...], list[Problem]]:
    """The best roster, the rows of what waited for a time, and what cannot be held at any."""
    if not waiting:
        return Roster(()), (), []
    stands = with_chosen(known.calendar, kept)
    lecturers = by_ids(load_lecturers(workspace.root / lecturers_file.FILE_NAME)[0], known.venues)
    travel, _ = load_travel(workspace.root / lecturers_file.TRAVEL_NAME)
    fixed = [one for venue in known.venues for day in known.days for one in _sessions_on(known, stands, venue, day)]
    evenings = [(one, evenings_of(one, stands, known.coming, known.zone)) for one in waiting]
    times = sessions_at(evenings, fixed, travel, known.zone, known.now)
    homeless = [one for one, some in zip(waiting, times, strict=True) if not some]
    choices = [some for some in times if some]
    roster = plan_roster(fixed, lecturers, travel, _past(workspace, known, week), choices)
    open_ones = {one.key for some in choices for one in some}
    new = rows_of(one for one in roster.visits if one.session.key in open_ones)
    return (roster if lecturers else Roster(())), new, list(_homeless(known, homeless))


def _sessions_on(known: _Week, calendar: Calendar, venue: Venue, day: date) -> Iterator[Session]:
    """The lectures of a day whose time is known; of those that are over, only those that somebody gave."""
    gave = {(row.venue, _start(row, known)): row.name for row in known.rows}
    for held in held_on(calendar, venue, day, known.zone).held:
        if held.kind != "lecture":
            continue
        event = held.event
        start, end = span_of(event, held.starts, day, known.zone)
        name = event.speaker.split("、")[0] or (gave.get((venue.id, start), "") if start < known.now else "")
        if name or start >= known.now:
            relay = event.printed if event.relayed else ""
            yield Session(venue, start, end, topic_in(event.printed), name, relay, day, event.printed)


def _past(workspace: Workspace, known: _Week, week: str) -> PastLectures:
    """Who gave how many lectures, and what each venue heard, by the sheets of the weeks before; and what stands."""
    rows = [
        row
        for back in range(_WEEKS_BACK, 0, -1)
        for row in rows_of_week(workspace.schedules_dir, beside(week, -back), known.venues)
        if row.name
    ]
    topics = defaultdict[str, tuple[str, ...]](tuple)
    for row in sorted(rows, key=lambda row: (row.date, row.at)):
        topics[row.venue] += (row.topic,)
    # What is relayed to several venues stands there for each, and was given once.
    loads = Counter(name for name, _, _ in {(row.name, row.date, row.at) for row in rows})
    present = {(row.venue, _start(row, known)): (row.name, row.topic) for row in known.rows if row.name}
    return PastLectures(loads, topics, present)


def _refused(known: _Week, asked: Iterable[OpenLecture]) -> Iterator[tuple[OpenLecture, Problem]]:
    """The rows that cannot be kept, and why."""
    taken = defaultdict[str, list[tuple[datetime, datetime]]](list)
    for lecture in asked:
        if not lecture.row:
            continue
        start = _start(lecture.row, known)
        end = start + timedelta(minutes=lecture.event.minutes)
        why = _why_not(known, lecture.venue, start, end, taken[lecture.venue.id]) if start >= known.now else None
        if why:
            yield lecture, Problem(_place(lecture.row), why)
        else:
            taken[lecture.venue.id].append((start, end))


def _why_not(
    known: _Week, venue: Venue, start: datetime, end: datetime, taken: Iterable[tuple[datetime, datetime]]
) -> Text | None:
    day = start.date()
    for quiet in quiet_on(known.calendar, venue, day, known.zone):
        if quiet.start < end and start < quiet.end:
            return text("closed then ({reason}); another time is chosen", reason=quiet.reason or "—")
    busy = list(taken)
    for other in (day - _DAY, day, day + _DAY):
        held = held_on(known.calendar, venue, other, known.zone).held
        busy += (span_of(one.event, one.starts, other, known.zone) for one in held)
    if any(begins < end and start < ends for begins, ends in busy):
        return text("something else is held there then; another time is chosen")
    return None


def _strange(known: _Week, kept: Iterable[OpenLecture]) -> Iterator[Problem]:
    """Times of somebody's own, which the calendar does not name."""
    for event, _, row in kept:
        start = _start(row, known) if row else known.now
        if row and start > known.now and not _is_named(event, row, start, known.zone):
            what = text(
                "lies outside the days and hours in calendar.toml, and stays so; without the row, a time is chosen"
            )
            yield Problem(_place(row), what)


def _is_named(event: Event, row: Lecture, start: datetime, zone: ZoneInfo) -> bool:
    end = start + timedelta(minutes=event.minutes)
    for day in (row.date - _DAY, row.date):
        first, last = (moment(day, minutes, zone) for minutes in event.span)
        if event.may_fall_on(day) and first <= start and end <= last:
            return True
    return False


def _homeless(known: _Week, lectures: Iterable[OpenLecture]) -> Iterator[Problem]:
    """Lectures for which no time is left, unless it is the calendar that closes their venues on all of their days."""
    found = defaultdict[int, list[OpenLecture]](list)
    numbers: Mapping[int, int] = {id(one): number for number, one in enumerate(known.calendar.lecture, 1)}
    for lecture in lectures:
        days = [day for day in known.coming if lecture.event.may_fall_on(day)]
        if any(closed_because(known.calendar, lecture.venue, day) is None for day in days):
            found[numbers[id(lecture.event)]].append(lecture)
    for number, own in found.items():
        event, names = own[0].event, [one.venue.id for one in own]
        what = text(
            "“{title}” cannot be held at {venues}: on none of its days are {minutes} minutes left there between"
            " {between}; allow more days or hours",
            title=event.printed,
            venues="、".join(names[:_MOST_SHOWN]) + ("…" if len(names) > _MOST_SHOWN else ""),
            minutes=event.minutes,
            between=event.between,
        )
        yield Problem(f"{FILE_NAME}: lecture.{number}", what)


def _start(row: Lecture, known: _Week) -> datetime:
    return moment(row.date, parse_clock(row.at), known.zone)


def _place(row: Lecture) -> str:
    return f"{LECTURES_NAME}: {row.venue} {row.date} {row.at}"
