"""Where a person can be one after the other: stops, and the ways between them, as rows of a program. Assigns nobody.

A tour is a path from stop to stop, so that whoever gives a lecture has had the time to come there. Lectures of one
town at one time are one stop: it does not matter to a tour which of them it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import inf
from typing import NamedTuple

from playlists.files.lecturers import Travel
from playlists.people.lectures import Session
from playlists.people.program import Program


class Stop(NamedTuple):
    """A time at a place.

    Attributes:
        day: the day that it belongs to, also after midnight.
        venue: its id where several lectures are to be held there, with no way between them; else "".
    """

    start: datetime
    end: datetime
    day: date
    town: str
    venue: str = ""


class Ways(NamedTuple):
    """Stops in groups that no tour has to join, by time, and what can follow each stop of its group."""

    groups: tuple[tuple[Stop, ...], ...]
    following: Mapping[Stop, tuple[Stop, ...]]


def stops_of(lectures: Sequence[Sequence[Session]], others: Sequence[Session] = ()) -> list[tuple[Stop, ...]]:
    """For each lecture, given by the times at which it may be held, its stops in order of these.

    Args:
        others: lectures of which it is known who gives them.
    """
    held = Counter([*(one[0].venue.id for one in lectures), *(one.venue.id for one in others)])
    return [
        tuple(
            Stop(one.start, one.end, one.day, one.venue.town, one.venue.id if held[one.venue.id] > 1 else "")
            for one in times
        )
        for times in lectures
    ]


def ways_between(stops: Iterable[Stop], travel: Travel) -> Ways:
    """All that can follow each of these stops on a tour."""
    groups = _apart(sorted(set(stops)), travel)
    following = {
        one: tuple(other for other in group[number + 1 :] if _in_time(one, other, travel))
        for group in groups
        for number, one in enumerate(group)
    }
    return Ways(tuple(map(tuple, groups)), following)


def add_tours(
    problem: Program, held: Mapping[Stop, Sequence[int]], ways: Ways, people: int = 1, more: Sequence[int] = ()
) -> None:
    """No more tours at a time than there are people for them.

    Args:
        held: the columns that stand for a lecture at a stop.
        people: who are alike.
        more: columns for so many more as are taken.
    """
    for group in ways.groups:
        own = [stop for stop in group if stop in held]
        most = people or sum(problem.most_of(held[stop]) for stop in own)
        begun, come, gone = list[int](), defaultdict[Stop, list[int]](list), defaultdict[Stop, list[int]](list)
        for stop in own:
            begun.append(problem.add_column(0, most))
            come[stop].append(begun[-1])
            for other in ways.following[stop]:
                if other in held:
                    gone[stop].append(problem.add_column(0, most))
                    come[other].append(gone[stop][-1])
        for stop in own:
            problem.add_balance(held[stop], come[stop])
            if gone[stop]:
                problem.add_row(held[stop], 0, most, gone[stop])
        problem.add_row(begun, -inf, people, more)


def _apart(stops: Sequence[Stop], travel: Travel) -> list[list[Stop]]:
    """Stops by time, cut where there is time for any way."""
    longest = timedelta(minutes=max([travel.longest, 0]))
    groups: list[list[Stop]] = []
    until = None
    for stop in stops:
        if until is None or until + longest <= stop.start:
            groups.append([])
        groups[-1].append(stop)
        until = max(stop.end, until or stop.end)
    return groups


def _in_time(one: Stop, other: Stop, travel: Travel) -> bool:
    way = 0 if one.venue and one.venue == other.venue else travel.towns(one.town, other.town)
    return (other.start - one.end).total_seconds() >= way * 60
