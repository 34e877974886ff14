"""Lectures that are alike, and rows of a program that hold for all of a kind together. Assigns nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from math import inf
from typing import NamedTuple

from playlists.almanac.days import week_of
from playlists.files.lecturers import USUAL_PER_WEEK
from playlists.people.program import Program
from playlists.people.tours import Stop, Ways, add_tours

When = Mapping[Stop, int]
"""The columns that say how many lectures of a kind somebody gives at each stop."""


class LectureKind(NamedTuple):
    """What lectures have in common.

    Attributes:
        stops: when and where they may be held.
        topic: that the calendar names; else "".
        worth: what tells them apart by what they cost.
    """

    stops: tuple[Stop, ...]
    topic: str
    worth: Hashable = ()


def add_stops(problem: Program, kinds: Mapping[LectureKind, int]) -> dict[LectureKind, dict[Stop, int]]:
    """Columns for the stops of each kind, each to be taken so often at most."""
    return {kind: {stop: problem.add_column(0, most) for stop in kind.stops} for kind, most in kinds.items()}


def columns_by_stop(when: Mapping[LectureKind, When]) -> dict[Stop, list[int]]:
    """The same, whatever the kind."""
    held = defaultdict[Stop, list[int]](list)
    for at in when.values():
        for stop, column in at.items():
            held[stop].append(column)
    return dict(held)


def add_missing(
    problem: Program, wanting: Mapping[LectureKind, int], kinds: Mapping[LectureKind, int], ways: Ways
) -> tuple[int, dict[LectureKind, dict[Stop, int]]]:
    """The column of further lecturers that it takes to give what nobody gives, and when they would.

    Args:
        wanting: for each kind the column of what nobody gives.
        kinds: how many lectures there are of each.
    """
    missing = problem.add_column(0, sum(kinds.values()))
    when = add_stops(problem, kinds)
    for kind, column in wanting.items():
        problem.add_balance([column], when[kind].values())
    held, weeks = columns_by_stop(when), defaultdict[str, list[int]](list)
    for stop, columns in held.items():
        weeks[week_of(stop.day)] += columns
    add_tours(problem, held, ways, 0, [missing])
    for own in weeks.values():
        problem.add_row([missing] * USUAL_PER_WEEK, 0, inf, own)
    return missing, when


def add_venues(problem: Program, when: Mapping[tuple[LectureKind, int], When]) -> None:
    """One lecture at a time where a venue has several whose times are open."""
    at_venue = defaultdict[str, dict[Stop, list[int]]](lambda: defaultdict(list))
    for (kind, _), at in when.items():
        for stop, column in at.items() if len(kind.stops) > 1 else ():
            at_venue[stop.venue][stop].append(column)
    for venue, held in at_venue.items():
        for stop in held if venue else ():
            on = [column for one in held if one.start <= stop.start < one.end for column in held[one]]
            problem.add_row(on, 0, 1)
