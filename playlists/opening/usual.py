"""What venues.csv alone says of a day at a venue: what kind of day it is there, and its windows on such a day.

Whether the calendar closes any of them is told by `playlists.opening.windows`; the checker works that out for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from playlists.almanac.days import moment
from playlists.almanac.occasions import SEASONS, Occasion, Span, in_span, public_holiday
from playlists.files.hours import Hours
from playlists.files.venues import Venue
from playlists.schedules.schedule import Window


def usual_windows(venue: Venue, day: date, zone: ZoneInfo, occasion: Occasion | None = None) -> tuple[Window, ...]:
    """The windows that venues.csv gives the venue on such a day; none on a day that is not a study day.

    Args:
        occasion: what kind of day it is by the county's calendar; by the state's when not given.
    """
    if venue.study and not venue.study.picks(day):
        return ()
    return windows_on(venue.hours, day, zone, occasion or occasion_at(venue, day))


def windows_on(
    hours: Iterable[Hours], day: date, zone: ZoneInfo, occasion: Occasion | None = None
) -> tuple[Window, ...]:
    """The windows that open on `day`, in order; one that a clock change leaves nothing of is dropped.

    Hours for a season, a part of the year or a holiday replace those for any day; hours of a market day are added.
    """
    spans = _spans(tuple(hours), occasion or Occasion(day))
    windows = (Window(start=moment(day, opens, zone), end=moment(day, closes, zone)) for opens, closes in spans)
    return tuple(window for window in windows if window.seconds > 0)


def occasion_at(
    venue: Venue,
    day: date,
    seasons: Mapping[str, Span] = SEASONS,
    *,
    holiday: bool | None = None,
    market: bool = False,
) -> Occasion:
    """What kind of day it is at the venue by what is said of it.

    Args:
        holiday: what the county's calendar says; when it says nothing, the state's holidays are asked.
        market: whether the county's calendar calls it a market day.
    """
    if holiday is None:
        holiday = public_holiday(day)
    lasting = frozenset(name for name, span in seasons.items() if in_span(span, day))
    return Occasion(day, holiday, market or bool(venue.market and venue.market.picks(day)), lasting)


def _spans(hours: tuple[Hours, ...], occasion: Occasion) -> list[tuple[int, int]]:
    """Minutes after midnight from and to which it is open on such a day."""
    fitting = [one for one in hours if occasion.day.isoweekday() in one.weekdays and one.when.holds(occasion)]
    if any(not one.when.plain and not one.when.market for one in fitting):
        fitting = [one for one in fitting if not one.when.plain]
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted((one.opens, one.closes) for one in fitting):
        if joined and opens <= joined[-1][1] and not all(one.when.plain for one in fitting):
            joined[-1] = joined[-1][0], max(joined[-1][1], closes)
        else:
            joined.append((opens, closes))
    return joined
