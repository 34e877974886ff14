"""What reports tell beside venues and duties: coverage by series and lesson, who came, what no plan knows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from playlists.asrun.reconcile import SlotOutcome
from playlists.files.venues import Venue
from playlists.reports.played import CountyRecord, VenueRecord, at_once, shown_ms


@dataclass(frozen=True, slots=True)
class SeriesCoverage:
    """A series and what of it was shown.

    Attributes:
        series: its name; "" for lessons of none.
        titles, stock: how many of its lessons were shown, and how many there are.
        venues: how many have seen any of it.
    """

    series: str
    titles: int
    stock: int
    times: int
    ms: int
    venues: int


@dataclass(frozen=True, slots=True)
class LessonCoverage:
    """A lesson, how often it was shown, and at how many venues."""

    lesson: str
    title: str
    series: str
    times: int
    venues: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came, as far as somebody counted: to an event, or, where `title` is empty, to an opening."""

    venue: Venue
    start: datetime
    title: str
    people: int


@dataclass(frozen=True, slots=True)
class Unplanned:
    """What was on and stands in no slot: an emergency notice, or what a log calls it."""

    venue: Venue
    what: str
    times: int


def series_coverage(record: CountyRecord) -> tuple[SeriesCoverage, ...]:
    """Every series that there is, or that was planned."""
    stock: dict[str, int] = defaultdict(int)
    for lesson in record.lessons.values():
        stock[lesson.series] += 1
    planned: dict[str, list[tuple[str, SlotOutcome]]] = defaultdict(list)
    for venue, outcome in _of_lessons(record):
        planned[outcome.slot.series].append((venue, outcome))
    return tuple(_series(name, stock[name], planned[name]) for name in dict.fromkeys((*stock, *planned)))


def _series(name: str, stock: int, planned: list[tuple[str, SlotOutcome]]) -> SeriesCoverage:
    shown = [(venue, outcome) for venue, outcome in planned if outcome.is_shown]
    titles = len({outcome.slot.lesson for _, outcome in shown})
    venues = len({venue for venue, _ in shown})
    return SeriesCoverage(name, titles, stock, len(shown), sum(shown_ms(one) for _, one in planned), venues)


def lesson_coverage(record: CountyRecord) -> tuple[LessonCoverage, ...]:
    """Every lesson that there is, or that was shown; what was shown most often first."""
    times: dict[str, int] = defaultdict(int)
    venues: dict[str, set[str]] = defaultdict(set)
    titles = {lesson.id: (lesson.title, lesson.series) for lesson in record.lessons.values()}
    for venue, outcome in _of_lessons(record):
        if outcome.is_shown:
            name = outcome.slot.lesson
            times[name] += 1
            venues[name].add(venue)
            titles.setdefault(name, (outcome.slot.title, outcome.slot.series))
    ordered = sorted(titles, key=lambda name: (-times[name], titles[name]))
    return tuple(LessonCoverage(name, *titles[name], times[name], len(venues[name])) for name in ordered)


def _of_lessons(record: CountyRecord) -> Iterator[tuple[str, SlotOutcome]]:
    for venue in record.venues:
        for outcome in venue.outcomes:
            if outcome.slot.kind == "lesson" and outcome.slot.lesson:
                yield venue.venue.id, outcome


def attendance(record: CountyRecord) -> tuple[Attendance, ...]:
    """Each event and opening of which somebody counted the people, venue by venue."""
    return tuple(_attendance(record))


def _attendance(record: CountyRecord) -> Iterator[Attendance]:
    for venue in record.venues:
        for day in venue.days:
            found = [
                Attendance(venue.venue, one.slot.start, one.slot.title, one.people)
                for one in day.outcomes
                if one.people is not None
            ]
            at_openings = ((window.start, at_once(day.gatherings, window)) for window in day.day.windows)
            found += [Attendance(venue.venue, start, "", people) for start, people in at_openings if people]
            yield from sorted(found, key=lambda one: one.start)


def silent_days(record: VenueRecord) -> tuple[date, ...]:
    """The days of which nothing at all is reported, though something was planned."""
    silent = (day for day in record.days if day.outcomes and all(one.state == "silent" for one in day.outcomes))
    return tuple(day.day.date for day in silent)


def unplanned(record: CountyRecord) -> tuple[Unplanned, ...]:
    """What no plan knows, counted, venue by venue."""
    found: list[Unplanned] = []
    for venue in record.venues:
        times: dict[str, int] = defaultdict(int)
        for showing in venue.unplanned:
            what = showing.name or showing.content or showing.slot
            times[f"紧急通知第{showing.notice}号" if showing.notice else what] += 1
        found += (Unplanned(venue.venue, what, count) for what, count in sorted(times.items()))
    return tuple(found)
