"""Rules of the programme that are wishes: variety, premieres, requests, inserts, shares, fairness.

Wishes that the plan itself says are not met, and why, are not said again. What a person pinned breaks no wish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from courseware.errors import Text, text
from courseware.lessons.lesson import Lesson
from playlists.almanac.days import moment
from playlists.checking.facts import Facts, Fault, VenueWeek, WantedDay
from playlists.checking.shown import (
    admits,
    available,
    is_pinned,
    is_wished,
    lessons_by_day,
    pinned_on,
    told_of,
    untold,
    untold_series,
)
from playlists.files.blocks import LessonChoice
from playlists.files.programmes import Programme
from playlists.schedules.schedule import Slot

_INSERT, _PIN = "insert", "pin"
_ALL = "*"


def series_in_a_row(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """No two lessons of a series follow each other, unless their block asks for one series only."""
    if week.programme is None or not is_wished(week, "series_in_a_row"):
        return
    found: list[tuple[Slot, Text]] = []
    for wanted, slots in lessons_by_day(week):
        for one, other in pairwise(slots):
            if not one.series or one.series != other.series or one.end != other.start:
                continue
            if _by_hand(other, week, facts) or any(_is_aside(slot, week, facts, wanted) for slot in (one, other)):
                continue
            if one.block != other.block or not _is_single(other.block, week, facts, wanted):
                what = text("“{title}” follows another lesson of “{series}”", title=other.title, series=other.series)
                found.append((other, what))
    yield from untold(week, "series_in_a_row", found)


def days_alike(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """No two days of a week show the same lessons in the same order."""
    if not is_wished(week, "days_alike"):
        return
    seen: dict[tuple[str, ...], date] = {}
    found = []
    for wanted, slots in lessons_by_day(week):
        order = tuple(slot.lesson for slot in slots)
        if order and order in seen:
            found.append((slots[0], text("this day shows what {day} shows, in the same order", day=seen[order])))
        seen.setdefault(order, wanted.date)
    yield from untold(week, "days_alike", found)


def premieres_late(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """A lesson that the venue has never shown is first shown in the best hours, where the venue is open then."""
    if week.programme is None or not is_wished(week, "premieres") or not (week.past and week.past.last):
        # Where nothing was ever shown, everything is new.
        return
    known, found = set(week.past.last), list[tuple[Slot, Text]]()
    for wanted, slots in lessons_by_day(week):
        first, last = (moment(wanted.date, minutes, facts.zone) for minutes in week.programme.rules.best)
        is_open = any(window.start < last and first < window.end for window in wanted.windows)
        for slot in slots:
            lesson = facts.lessons.get(slot.lesson)
            if lesson is None or lesson.is_bare or slot.lesson in known:
                continue
            known.add(slot.lesson)
            if is_open and not first <= slot.start < last and not _by_hand(slot, week, facts):
                hours = week.programme.rules.best_hours
                what = text(
                    "“{title}” is new here, and not shown at the best hour {hours}", title=slot.title, hours=hours
                )
                found.append((slot, what))
    yield from untold(week, "premieres", found)


def inserts_due(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """After so many showings comes one of those that the programme puts in between."""
    if week.programme is None or not is_wished(week, "inserts") or not week.programme.insert_every:
        return
    every, insert = week.programme.insert_every, week.programme.insert
    found: list[tuple[Slot, Text]] = []
    for wanted, slots in lessons_by_day(week):
        since, due = 0, list[Slot]()
        for slot in slots:
            since = 0 if slot.why == _INSERT and _is_one(slot, insert, wanted, facts) else since + 1
            if since > every:
                due.append(slot)
                since = 0
        if due and _choice_of(insert, week, facts, wanted):
            what = text("{count} showings without an insert; the programme asks for one then", count=every)
            found += ((slot, what) for slot in due if not _by_hand(slot, week, facts))
    yield from untold(week, "inserts", found)


def requests_unmet(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """What somebody asked for is shown within the days that the rules give."""
    if week.programme is None or not is_wished(week, "requests"):
        return
    told = {one.lesson for one in told_of(week, "requests")}
    days = {day.date: day for day in week.wanted}
    for request in facts.requests:
        due = request.due(week.programme.rules.request_days)
        if request.venue not in (_ALL, week.venue.id) or due not in days or request.lesson in told:
            continue
        if not _is_met(week, facts, request.lesson, request.on, due):
            what = text(
                "the lesson “{lesson}” was asked for on {day} and is not shown by then",
                lesson=request.lesson,
                day=request.on,
            )
            yield Fault(days[due].begins, what, hard=False)


def shares_off(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """Each series has its share of the week, as near as the rules demand."""
    if week.programme is None or not is_wished(week, "share"):
        return
    rules, seconds = week.programme.rules, Counter[str]()
    for _, slots in lessons_by_day(week):
        for slot in slots:
            if not slot.is_bare:
                seconds[slot.series] += slot.seconds
    total, weights = sum(seconds[series] for series in rules.share), sum(rules.share.values())
    found = []
    for series, weight in rules.share.items() if total else ():
        wished, got = 100 * weight / weights, 100 * seconds[series] / total
        if abs(got - wished) > rules.tolerance_percent:
            values = {"series": series, "got": round(got), "wished": round(wished)}
            found.append((series, text("“{series}” has {got} % of the week, not {wished} %", **values)))
    yield from untold_series(week, "share", found)


def shown_unevenly(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Of each series, no lesson has two showings more than another this month."""
    if not is_wished(week, "fresh") or week.past is None:
        return
    uses = _uses(week)
    counts: dict[str, list[int]] = {}
    for lesson in _always(week, facts):
        # What was not shown before this week, while others were, could not keep up.
        if not lesson.is_bare and (not week.past.last or lesson.id in week.past.last):
            counts.setdefault(lesson.series, []).append(uses[lesson.id])
    found = [
        (series, text("lessons of “{series}” have {least} to {most} showings this month", **values))
        for series, some in counts.items()
        if (values := {"series": series, "least": min(some), "most": max(some)}) and max(some) - min(some) > 1
    ]
    yield from untold_series(week, "fresh", found)


def _by_hand(slot: Slot, week: VenueWeek, facts: Facts) -> bool:
    return slot.why == _PIN or is_pinned(slot, week, facts)


def _is_single(block: str, week: VenueWeek, facts: Facts, wanted: WantedDay) -> bool:
    """Whether a block asks for one series; who asked for what, and what is new, may leave only one, too."""
    return any(
        part.requests
        or part.premiere
        or len({one.series for one in _choice_of(part, week, facts, wanted)} - {""}) <= 1
        for part in _programme_on(week, wanted).block
        if part.name == block
    )


def _is_aside(slot: Slot, week: VenueWeek, facts: Facts, wanted: WantedDay) -> bool:
    """Whether it only fills time, or is put in between: there it is no lesson of its series."""
    if slot.why == _INSERT or slot.is_bare:
        return True
    lesson, programme = facts.lessons.get(slot.lesson), _programme_on(week, wanted)
    blocks = [one for one in programme.block if one.name == slot.block]
    if lesson is None or not blocks:
        return False
    asked = any(admits(one, lesson, wanted.date) for one in blocks if not (one.requests or one.premiere))
    return not asked and any(admits(one, lesson, wanted.date) for one in programme.filler)


def _choice_of(choice: LessonChoice, week: VenueWeek, facts: Facts, wanted: WantedDay) -> list[Lesson]:
    """What a block or an insert can choose from; what is pinned that day may be no choice."""
    pinned = pinned_on(wanted.date, week, facts)
    some = available(week, facts, wanted.date)
    return [one for one in some if one.id not in pinned and admits(choice, one, wanted.date)]


def _is_one(slot: Slot, choice: LessonChoice, wanted: WantedDay, facts: Facts) -> bool:
    lesson = facts.lessons.get(slot.lesson)
    return lesson is not None and admits(choice, lesson, wanted.date)


def _programme_on(week: VenueWeek, wanted: WantedDay) -> Programme:
    assert week.programme is not None  # noqa: S101  (who asks has looked)
    return week.programme.on(wanted.occasion)


def _is_met(week: VenueWeek, facts: Facts, lesson: str, asked: date, due: date) -> bool:
    if asked < week.wanted[0].date:
        if week.past is None:
            # It may have been shown in a week of which nothing is known.
            return True
        if week.past.last.get(lesson, 0) >= moment(asked, 0, facts.zone).timestamp():
            return True
    shown = (wanted.date for wanted, slots in lessons_by_day(week) for slot in slots if slot.lesson == lesson)
    return any(asked <= day <= due for day in shown)


def _uses(week: VenueWeek) -> Counter[str]:
    """Showings since the month began, or began anew in this week."""
    uses = Counter(dict(week.past.uses) if week.past else {})
    for wanted, slots in lessons_by_day(week):
        if wanted.date.day == 1:
            uses.clear()
        uses.update(slot.lesson for slot in slots)
    return uses


def _always(week: VenueWeek, facts: Facts) -> list[Lesson]:
    """The lessons that can be shown on every day on which the venue is open."""
    found: dict[str, Lesson] | None = None
    for day in (one.date for one in week.wanted if one.windows):
        some = {one.id: one for one in available(week, facts, day)}
        found = some if found is None else {name: one for name, one in found.items() if name in some}
    return list((found or {}).values())
