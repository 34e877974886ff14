"""Speakers whom calendar.toml sends to several venues at the same time. Plans nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from courseware.errors import Problem, Text, text
from playlists.almanac.days import DAY_MINUTES
from playlists.files.calendar import FILE_NAME, Calendar, Event, is_meant
from playlists.files.venues import Venue

_DAY = timedelta(days=1)
_MOST_SHOWN = 5


def speakers_twice(calendar: Calendar, venues: Sequence[Venue], days: Sequence[date]) -> tuple[Problem, ...]:
    """Lectures of one speaker at several venues at once that do not say that they are relayed.

    Args:
        days: those on which two entries are held against each other.
    """
    lectures = [(number, one) for number, one in enumerate(calendar.lecture, 1) if one.speaker and not one.relayed]
    meant = {number: [venue for venue in venues if is_meant(one.venues, venue)] for number, one in lectures}
    alone = (
        Problem(_place(number), _at_once(one, meant[number])) for number, one in lectures if len(meant[number]) > 1
    )
    return (*alone, *_collisions(lectures, meant, days))


def _at_once(event: Event, venues: Sequence[Venue]) -> Text:
    return text(
        "{name} cannot speak at {venues} at the same time; write one entry with a time of its own for each, or"
        " “relayed = true” where the lecture is held at one and shown live at the others",
        name=event.speaker,
        venues=_named(venues),
    )


def _collisions(
    lectures: Sequence[tuple[int, Event]], meant: dict[int, list[Venue]], days: Sequence[date]
) -> Iterator[Problem]:
    for (first, one), (second, other) in combinations(lectures, 2):
        names = sorted(_names(one) & _names(other))
        places = {venue.id: venue for venue in (*meant[first], *meant[second])}
        if not names or len(places) <= 1 or not (meant[first] and meant[second]):
            continue
        day = next((day for day in days if _collide(one, other, day)), None)
        if day:
            what = text(
                "{name} speaks at {venues} at the same time on {day}, as {other} says; change one of the two",
                name="、".join(names),
                venues=_named(list(places.values())),
                day=day,
                other=_place(first),
            )
            yield Problem(_place(second), what)


def _collide(one: Event, other: Event, day: date) -> bool:
    """Whether the one, held on that day, is on while the other is, which may begin the day before or after."""
    if not one.falls_on(day):
        return False
    return any(
        one.starts < starts + other.minutes and starts < one.starts + one.minutes
        for shift in (-1, 0, 1)
        if other.falls_on(day + shift * _DAY)
        for starts in (other.starts + shift * DAY_MINUTES,)
    )


def _names(event: Event) -> set[str]:
    return {part.strip() for part in event.speaker.split("、")}


def _named(venues: Sequence[Venue]) -> str:
    return "、".join(one.id for one in venues[:_MOST_SHOWN]) + ("…" if len(venues) > _MOST_SHOWN else "")


def _place(number: int) -> str:
    return f"{FILE_NAME}: lecture.{number}"
