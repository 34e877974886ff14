"""What the workspace asks of a venue's week, worked out from its files anew; the planner is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.almanac.days import DAY_MINUTES, moment, parse_day_rule
from playlists.almanac.occasions import Occasion
from playlists.checking.facts import Hush, WantedDay, WantedEvent
from playlists.files.calendar import Calendar, Event
from playlists.files.venues import KIND_WORDS, Venue
from playlists.opening.usual import occasion_at, usual_windows
from playlists.schedules.schedule import Window, monday_of


def wanted_week(venue: Venue, calendar: Calendar, week: str, zone: ZoneInfo) -> tuple[WantedDay, ...]:
    """Monday to Sunday of an ISO week."""
    monday = monday_of(week)
    return tuple(_wanted_day(venue, calendar, monday + timedelta(days=n), zone) for n in range(7))


def is_meant(names: Iterable[str], venue: Venue) -> bool:
    """Whether a list of ids, kinds, groups or "*" means the venue."""
    return any(name in ("*", venue.id, *venue.groups) or KIND_WORDS.get(name.lower()) == venue.kind for name in names)


def closed_reason(calendar: Calendar, venue: Venue, day: date) -> str | None:
    """Why the calendar closes the venue all that day ("" when it does not say), or None when it does not."""
    periods = (one for one in calendar.closed if not one.hours and is_meant(one.venues, venue))
    return next((one.reason for one in periods if one.first <= day <= one.last), None)


def wanted_windows(venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """When the venue is open on that day: its windows of such a day, without what the calendar closes.

    What the evening before takes of the night is not opened a second time.
    """
    night = [(one.start, one.end) for one in _evening(venue, calendar, day - timedelta(days=1), zone)]
    return tuple(part for one in _evening(venue, calendar, day, zone) for part in _left_of(one, night))


def quiet_times(venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> tuple[Hush, ...]:
    """When the calendar wants quiet, as far as anything that is on that day, or in the night after, may reach."""
    found = []
    for period in calendar.closed:
        if not is_meant(period.venues, venue):
            continue
        for n in (-1, 0, 1):
            date_of = day + timedelta(days=n)
            if period.first <= date_of <= period.last:
                begins, ends = period.span or (0, DAY_MINUTES)
                found.append(Hush(moment(date_of, begins, zone), moment(date_of, ends, zone), period.reason))
    return tuple(one for one in found if one.start < one.end)


def _evening(venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """The windows that open on the day, whatever the evening before does."""
    if closed_reason(calendar, venue, day) is not None:
        return ()
    quiet = [(one.start, one.end) for one in quiet_times(venue, calendar, day, zone)]
    windows = usual_windows(venue, day, zone, _occasion(venue, calendar, day))
    return tuple(part for one in windows for part in _left_of(one, quiet))


def _left_of(window: Window, cuts: Iterable[tuple[datetime, datetime]]) -> Iterator[Window]:
    start = window.start
    for begins, ends in sorted(cuts):
        if start < begins and start < window.end:
            yield Window(start=start, end=min(begins, window.end))
        start = max(start, ends)
    if start < window.end:
        yield Window(start=start, end=window.end)


def _occasion(venue: Venue, calendar: Calendar, day: date) -> Occasion:
    is_workday = any(one.holds(day) for one in calendar.workday)
    is_holiday = any(one.holds(day) for one in calendar.holiday)
    market = any(is_meant(one.venues, venue) and parse_day_rule(one.days).picks(day) for one in calendar.market)
    holiday = False if is_workday else True if is_holiday else None
    return occasion_at(venue, day, calendar.spans, holiday=holiday, market=market)


def _wanted_day(venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo) -> WantedDay:
    midnight = moment(day, 0, zone)
    occasion = _occasion(venue, calendar, day)
    closed = closed_reason(calendar, venue, day)
    quiet = quiet_times(venue, calendar, day, zone)
    if closed is not None:
        return WantedDay(day, midnight, occasion, (), (), closed, quiet)
    windows = wanted_windows(venue, calendar, day, zone)
    held, refused = _events(venue, calendar, day, zone)
    return WantedDay(day, midnight, occasion, windows, held, None, quiet, refused)


def _events(
    venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo
) -> tuple[tuple[WantedEvent, ...], tuple[WantedEvent, ...]]:
    """What is held, and what quiet forbids, by time."""
    _, taken, _ = _asked(venue, calendar, day - timedelta(days=1), zone, ())
    night = [(begins - DAY_MINUTES, ends - DAY_MINUTES) for begins, ends in taken if ends > DAY_MINUTES]
    held, _, refused = _asked(venue, calendar, day, zone, night)
    return tuple(sorted(held, key=lambda one: one.at)), tuple(sorted(refused, key=lambda one: one.at))


def _asked(
    venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo, night: Sequence[tuple[int, int]]
) -> tuple[list[WantedEvent], list[tuple[int, int]], list[WantedEvent]]:
    """The rarer of two that collide keeps its time, the other begins when it ends; what lasts over midnight goes on.

    Args:
        night: minutes after midnight that events of the evening before take.

    Returns:
        The events that are held, the minutes that they and the night take, and the events that quiet forbids.
    """
    asked = list(_asked_in_evening(venue, calendar, day, zone))
    quiet = quiet_times(venue, calendar, day, zone) if asked else ()
    taken, wanted, refused = list(night), list[WantedEvent](), list[WantedEvent]()
    for kind, event, wished in sorted(asked, key=lambda one: (one[1].rarity, one[2])):
        starts = _first_free(taken, wished, event.minutes)
        at = moment(day, starts, zone)
        one = WantedEvent(kind, event.printed, at, event.minutes * 60, event.speaker)
        if any(hush.start < one.end and at < hush.end for hush in quiet):
            refused.append(one)
        else:
            taken.append((starts, starts + event.minutes))
            wanted.append(one)
    return wanted, taken, refused


def _asked_in_evening(
    venue: Venue, calendar: Calendar, day: date, zone: ZoneInfo
) -> Iterator[tuple[str, Event, int]]:
    """What begins on the day or in the night that its evening runs into, but not what the evening before holds.

    Returns:
        For each the kind, and the minutes after midnight at which it is to begin.
    """
    eve = wanted_windows(venue, calendar, day - timedelta(days=1), zone)
    evening = wanted_windows(venue, calendar, day, zone)
    for kind, events in (("activity", calendar.activity), ("lecture", calendar.lecture)):
        for event in events:
            if not is_meant(event.venues, venue):
                continue
            if event.falls_on(day) and not _is_open(eve, moment(day, event.starts, zone)):
                yield kind, event, event.starts
            if event.falls_on(day + timedelta(days=1)):
                late = DAY_MINUTES + event.starts
                if _is_open(evening, moment(day, late, zone)):
                    yield kind, event, late


def _is_open(windows: Iterable[Window], at: datetime) -> bool:
    return any(one.start <= at < one.end for one in windows)


def _first_free(taken: Iterable[tuple[int, int]], starts: int, minutes: int) -> int:
    for begins, ends in sorted(taken):
        if begins < starts + minutes and starts < ends:
            starts = ends
    return starts
