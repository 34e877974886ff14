"""What the calendar can tell venues by: those with the same traits have the same hours and events on every day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from playlists.files.calendar import Calendar
from playlists.files.venues import Kind, Venue


class VenueTraits(NamedTuple):
    """All of a venue that its days depend on.

    Attributes:
        named: the venue's id, where the calendar names it; "" otherwise.
    """

    kind: Kind
    windows: str
    study_day: str
    market_day: str
    groups: tuple[str, ...]
    named: str


def traits_of(venue: Venue, named: frozenset[str]) -> VenueTraits:
    """The venue's.

    Args:
        named: what `names_in` found in the calendar.
    """
    own = venue.id if venue.id in named else ""
    return VenueTraits(venue.kind, venue.windows, venue.study_day, venue.market_day, venue.groups, own)


def names_in(calendar: Calendar) -> frozenset[str]:
    """The ids and groups by which the calendar names venues anywhere."""
    events = (event.venues for event in (*calendar.lecture, *calendar.activity))
    days = (each.venues for part in (calendar.closed, calendar.market) for each in part)
    return frozenset(chain.from_iterable((*events, *days)))


def with_first_alike(calendar: Calendar, venues: Iterable[Venue]) -> Iterator[tuple[Venue, Venue]]:
    """Each venue with the first one of its traits: what is found of that holds for it, too."""
    named, first = names_in(calendar), dict[VenueTraits, Venue]()
    for venue in venues:
        yield venue, first.setdefault(traits_of(venue, named), venue)
