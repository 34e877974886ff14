"""What a county's files ask for that no day can give: events in quiet hours, venues that never open, unknown seasons.

Each file is right by itself; here they are held against each other. Says what is wrong, and mends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, Text, text
from courseware.validate import nearest
from playlists.almanac.occasions import public_holiday
from playlists.duties.speakers import speakers_twice
from playlists.files import calendar as calendar_file
from playlists.files import programmes as programmes_file
from playlists.files import venues as venues_file
from playlists.files.calendar import Calendar, Event
from playlists.files.centres import TRAININGS_NAME
from playlists.files.lecturers import LECTURES_NAME
from playlists.files.programmes import Programme, programme_for
from playlists.files.venues import Venue
from playlists.opening.events import Held, Refused, held_on, span_of
from playlists.opening.traits import with_first_alike
from playlists.opening.windows import closed_because, opening_on, why_shut
from playlists.schedules.schedule import TRAINING, Window, monday_of
from playlists.schedules.words import told_hours

_MOST_DAYS, _MOST_VENUES = 4, 5
_AHEAD = 92  # days: a season, as far as anybody prepares
_YEAR = 366
_WEEK_DAYS = 7
_DAY = timedelta(days=1)
_DATED = 0  # the rarity of an event with a date
_Kind = Literal["quiet", "closed", "moved", "outside", "shut", "study", "never"]
_REFUSED: tuple[_Kind, ...] = ("quiet", "closed")


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What was found.

    Attributes:
        problems: events that cannot be held, and words that mean nothing.
        notes: what may be meant so: events outside the opening hours, venues that are shut.
    """

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """Something about an event on a day; what is said alike of several days and venues is told once."""

    event: Event
    what: _Kind
    detail: str


def conflicts_in_week(
    calendar: Calendar,
    programmes: Sequence[Programme],
    venues: Sequence[Venue],
    week: str,
    zone: ZoneInfo,
    today: date | None = None,
) -> Conflicts:
    """What the files ask for in that week in vain.

    Args:
        today: nothing is said of events on days before it.

    Raises:
        InputError: `week` is not a week.
    """
    monday = monday_of(week)
    days = [monday + timedelta(days=number) for number in range(_WEEK_DAYS)]
    refused, notes = _events_told(calendar, venues, [day for day in days if today is None or day >= today], zone)
    wrong = (*unknown_seasons(calendar, programmes, venues), *speakers_twice(calendar, venues, days), *refused)
    shut = _never_open(calendar, venues, week, days, zone)
    return Conflicts(wrong, (*notes, *shut, *_holidays_unknown(calendar, programmes, venues, days)))


def conflicts_ahead(
    calendar: Calendar, programmes: Sequence[Programme], venues: Sequence[Venue], today: date, zone: ZoneInfo
) -> tuple[Problem, ...]:
    """The same for the months to come, and blocks that no venue's hours admit; all of it notes."""
    days = days_ahead(calendar, today)
    told = (one for some in _events_told(calendar, venues, days, zone) for one in some)
    unknown = _holidays_unknown(calendar, programmes, venues, days)
    return (*told, *unknown, *_blocks_outside(programmes, venues))


def unknown_seasons(
    calendar: Calendar, programmes: Sequence[Programme], venues: Sequence[Venue]
) -> tuple[Problem, ...]:
    """Seasons that opening hours or variants name and the calendar does not know."""
    asked = [
        (f"{venues_file.FILE_NAME}: {venue.id}, {venues_file.HEADINGS['windows'][0]}", name)
        for venue in venues
        for hours in venue.hours
        for name in hours.when.seasons
    ]
    asked += [
        (f"{programmes_file.FILE_NAME}: programme.{number}.variant.{place}.when", name)
        for number, programme in enumerate(programmes, 1)
        for place, variant in enumerate(programme.variant, 1)
        for name in variant.condition.seasons
    ]
    return tuple(
        Problem(where, _no_season(name, tuple(calendar.spans)))
        for where, name in dict.fromkeys(asked)
        if name not in calendar.spans
    )


def _no_season(name: str, known: Sequence[str]) -> Text:
    return text(
        "the season “{season}” is not known; did you mean {guess}? A season of your own stands in calendar.toml under"
        " [seasons]",
        season=name,
        guess=nearest(name, known) or known[0],
    )


def days_ahead(calendar: Calendar, today: date) -> list[date]:
    """The coming months, and days later on for which a date or quiet hours are written down."""
    days = {today + timedelta(days=number) for number in range(_AHEAD)}
    days.update(one.on for one in (*calendar.lecture, *calendar.activity) if one.on and one.on >= today)
    for period in calendar.closed:
        length = min((period.last - period.first).days, _YEAR)
        quiet = (period.first + timedelta(days=number) for number in range(-1, length + 1))
        days.update(day for day in quiet if day >= today)
    return sorted(days)


def _events_told(
    calendar: Calendar, venues: Sequence[Venue], days: Sequence[date], zone: ZoneInfo
) -> tuple[list[Problem], list[Problem]]:
    """Events that cannot be held; and those that are moved or held when the venue is shut."""
    places = dict(_places(calendar))
    found = defaultdict[_Found, dict[str, list[date]]](lambda: defaultdict(list))
    where: dict[_Found, str] = {}
    events = (*calendar.lecture, *calendar.activity)
    # Of what begins after midnight the evening before may be the day.
    eventful = [day for day in days if any(one.falls_on(day) or one.falls_on(day + _DAY) for one in events)]
    known: dict[tuple[str, date], tuple[_Found, ...]] = {}
    for venue, first in with_first_alike(calendar, venues):
        for day in eventful:
            key = (first.id, day)
            matters = known[key] if key in known else known.setdefault(key, (*_of_day(calendar, first, day, zone),))
            for matter in matters:
                found[matter][venue.id].append(day)
                where[matter] = places[id(matter.event)]
    told = [
        (one.what, Problem(where[one], _said(one, ids, on)))
        for one, by_venue in found.items()
        for on, ids in _alike(by_venue).items()
    ]
    refused = [problem for what, problem in told if what in _REFUSED]
    return refused, [problem for what, problem in told if what not in _REFUSED]


def _alike(by_venue: Mapping[str, Sequence[date]]) -> dict[tuple[date, ...], list[str]]:
    """Venues by the days on which the same is to be said of them."""
    found = defaultdict[tuple[date, ...], list[str]](list)
    for venue, on in by_venue.items():
        found[tuple(on)].append(venue)
    return found


def _of_day(calendar: Calendar, venue: Venue, day: date, zone: ZoneInfo) -> Iterator[_Found]:
    events = held_on(calendar, venue, day, zone)
    for refused in events.refused:
        if not refused.quiet.all_day:
            yield _Found(refused.held.event, "quiet", refused.quiet.reason)
        elif _is_surprising(calendar, venue, day, refused):
            yield _Found(refused.held.event, "closed", refused.quiet.reason)
    windows = opening_on(calendar, venue, day, zone) if events.held else ()
    for held in events.held:
        if held.event.title.startswith(TRAINING):
            continue
        if held.moved:
            yield _Found(held.event, "moved", f"{held.starts // 60 % 24:02}:{held.starts % 60:02}")
        if _is_outside(held, windows, day, zone):
            yield _Found(held.event, *_why_outside(calendar, venue, windows, day, zone))


def _is_surprising(calendar: Calendar, venue: Venue, day: date, refused: Refused) -> bool:
    """That a weekly lecture falls out on a closed day is what closing means; a date in it is a slip."""
    return refused.held.event.rarity == _DATED or closed_because(calendar, venue, day) is None


def _is_outside(held: Held, windows: Iterable[Window], day: date, zone: ZoneInfo) -> bool:
    start, end = span_of(held.event, held.starts, day, zone)
    return not any(one.start < end and start < one.end for one in windows)


def _why_outside(
    calendar: Calendar, venue: Venue, windows: Sequence[Window], day: date, zone: ZoneInfo
) -> tuple[_Kind, str]:
    """What keeps the venue from being open then: its hours of that day, the calendar, its study days or its hours."""
    if windows:
        return "outside", told_hours(windows)
    if reason := why_shut(calendar, venue, day, zone):
        return "shut", reason
    if venue.study and not venue.study.picks(day):
        return "study", venue.study_day
    return "never", venue.windows


def _said(one: _Found, ids: Sequence[str], on: Sequence[date]) -> Text:
    venues, days = _few(ids, _MOST_VENUES), _few([str(day) for day in on], _MOST_DAYS)
    values = {"title": one.event.printed, "days": days, "venues": venues}
    match one.what:
        case "quiet":
            return text(
                "“{title}” cannot be held at {venues} on {days}: these are quiet hours ({reason}); change its time",
                reason=one.detail or "—",
                **values,
            )
        case "closed":
            return text(
                "“{title}” cannot be held at {venues} on {days}: closed then ({reason}); choose another day",
                reason=one.detail or "—",
                **values,
            )
        case "moved":
            return text(
                "“{title}” begins at {at} at {venues} on {days}, since another event takes its time; change one of"
                " the two",
                at=one.detail,
                **values,
            )
        case "outside":
            why = text("open {hours} then", hours=one.detail)
        case "shut":
            why = text("closed then ({reason})", reason=one.detail)
        case "study":
            why = text("the study day is {day}", day=one.detail)
        case "never":
            why = text("the hours are “{hours}”", hours=one.detail)
    return text("“{title}” lies outside the opening hours of {venues} on {days}: {why}", why=why, **values)


def _places(calendar: Calendar) -> Iterator[tuple[int, str]]:
    """Where each event stands: by its identity, as two may say the same."""
    for kind, events in (("lecture", calendar.lecture), ("activity", calendar.activity)):
        for number, one in enumerate(events, 1):
            place = f"{calendar_file.FILE_NAME}: {kind}.{number}"
            if one.title.startswith(TRAINING):
                place = TRAININGS_NAME
            elif one.between and not one.is_open:
                place = LECTURES_NAME
            yield id(one), place


def _never_open(
    calendar: Calendar, venues: Sequence[Venue], week: str, days: Sequence[date], zone: ZoneInfo
) -> Iterator[Problem]:
    """Venues that open no window all week, where neither the calendar nor the study days say why."""
    known: dict[str, Text | None] = {}
    for venue, first in with_first_alike(calendar, venues):
        if first.id not in known:
            known[first.id] = _why_never(calendar, first, week, days, zone)
        if what := known[first.id]:
            yield Problem(f"{venues_file.FILE_NAME}: {venue.id}", what)


def _why_never(calendar: Calendar, venue: Venue, week: str, days: Sequence[date], zone: ZoneInfo) -> Text | None:
    due = [day for day in days if venue.study is None or venue.study.picks(day)]
    if not due or all(closed_because(calendar, venue, day) is not None for day in due):
        return None
    if any(opening_on(calendar, venue, day, zone) for day in days):
        return None
    reasons = dict.fromkeys(reason for day in due if (reason := why_shut(calendar, venue, day, zone)))
    if reasons:
        return text("is not open on any day of {week}: {reasons}", week=week, reasons="、".join(reasons))
    hours = venue.windows
    return text("is not open on any day of {week}; its opening hours are “{windows}”", week=week, windows=hours)


def _holidays_unknown(
    calendar: Calendar, programmes: Sequence[Programme], venues: Sequence[Venue], days: Sequence[date]
) -> Iterator[Problem]:
    """Years whose holidays are asked for, and of which neither the state's calendar nor the county's says a word."""
    years = dict.fromkeys(day.year for day in days if public_holiday(day) is None)
    unknown = [year for year in years if not _says_of(calendar, year)]
    asking = [venue.id for venue in venues if _asks_for_holidays(venue, programmes)] if unknown else []
    for year in unknown if asking else ():
        what = text(
            "the state has not announced the holidays of {year} yet; at {venues} only those that the law fixes"
            " (春节, 清明…) and weekends count as days off until you write [[holiday]] and [[workday]]",
            year=year,
            venues=_few(asking, _MOST_VENUES),
        )
        yield Problem(calendar_file.FILE_NAME, what)


def _says_of(calendar: Calendar, year: int) -> bool:
    first, last = date(year, 1, 1), date(year, 12, 31)
    spans = ((one.on or one.first, one.on or one.last) for one in (*calendar.holiday, *calendar.workday))
    return any(begins and ends and begins <= last and first <= ends for begins, ends in spans)


def _asks_for_holidays(venue: Venue, programmes: Sequence[Programme]) -> bool:
    if any(one.when.off is not None for one in venue.hours):
        return True
    try:
        programme = programme_for(venue, programmes)
    except InputError:
        return False
    return any(one.condition.off is not None for one in programme.variant)


def _blocks_outside(programmes: Sequence[Programme], venues: Sequence[Venue]) -> Iterator[Problem]:
    """Blocks whose clock time lies in no opening window of a venue that shows the programme."""
    shut = defaultdict[tuple[int, str, str, int], list[str]](list)
    for venue in venues:
        try:
            programme = programme_for(venue, programmes)
        except InputError:
            continue
        for key, block, at in _pinned(programme):
            if not any(one.opens <= at < one.closes for one in venue.hours):
                shut[programmes.index(programme) + 1, key, block, at].append(venue.id)
    for (number, key, block, at), ids in shut.items():
        what = text(
            "“{block}” begins at {at}, when {venues} never open",
            block=block,
            at=f"{at // 60:02}:{at % 60:02}",
            venues=_few(ids, _MOST_VENUES),
        )
        yield Problem(f"{programmes_file.FILE_NAME}: programme.{number}.{key}", what)


def _pinned(programme: Programme) -> Iterator[tuple[str, str, int]]:
    """Key, block and minutes after midnight of every block that has a clock time."""
    lists = [("block", programme.block)]
    lists += [(f"variant.{number}.block", one.block) for number, one in enumerate(programme.variant, 1)]
    yield from ((key, block.name, at) for key, blocks in lists for block in blocks for at in block.times)


def _few(names: Sequence[str], most: int) -> str:
    return "、".join(names[:most]) + ("…" if len(names) > most else "")
