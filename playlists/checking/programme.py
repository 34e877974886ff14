"""Rules of the programme: lessons not repeated too soon, blocks at their times with what they ask for, pins in place.

Wishes that the plan itself says are not met, and why, are not said again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from courseware.errors import Text, text
from courseware.lesson import Lesson
from playlists.almanac.days import moment
from playlists.checking.facts import Facts, Fault, VenueWeek, WantedDay
from playlists.files.programmes import Choice, Programme
from playlists.files.rules import SOFT_NAMES, Soft
from playlists.schedules.schedule import Slot

_REFUSED = "pin"


def too_soon(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Two showings of a lesson begin at least as far apart as the rules of the workspace demand.

    What the office pinned by hand may break it; that is only worth saying.
    """
    least = week.programme.rules.separation_minutes if week.programme else 0
    for earlier, slot in _repeats(week, least):
        pinned = _is_pinned(slot, week, facts) or _is_pinned(earlier, week, facts)
        yield Fault(slot.start, _said(earlier, slot, least), hard=not pinned)


def repeats(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """They begin as far apart as the programme wishes."""
    least = week.programme.repeat_gap_minutes if week.programme and _is_wished(week, "repeat_gap") else 0
    found = [pair for pair in _repeats(week, least) if not _is_pinned(pair[1], week, facts)]
    yield from _untold(week, "repeat_gap", [(slot, _said(earlier, slot, least)) for earlier, slot in found])


def blocks_foreign(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """A block shows what it asks for, or what may fill it."""
    if week.programme is None or not _is_wished(week, "blocks"):
        return
    found = []
    programmes = {day.date: week.programme.on(day.occasion) for day in week.wanted}
    for wanted, slot in _lessons(week):
        lesson = facts.lessons.get(slot.lesson)
        if lesson and not slot.why and not _is_own(programmes[wanted.date], slot.block, lesson):
            what = text("“{title}” is nothing that the block “{block}” asks for", title=slot.title, block=slot.block)
            found.append((slot, what))
    yield from _untold(week, "blocks", found)


def blocks_late(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """A block with a clock time begins at it, unless something is held then."""
    if week.programme is None:
        return
    starts = {slot.start for _, slot in _all(week)} | {gap.start for gap in week.sheet.gaps}
    for wanted in week.wanted:
        if all(day.date != wanted.date for day in week.sheet.days):
            continue
        for block in week.programme.on(wanted.occasion).block:
            for at in (moment(wanted.date, minutes, facts.zone) for minutes in block.times):
                is_open = any(window.start <= at < window.end for window in wanted.windows)
                if is_open and at not in starts and not _is_busy(week, at, facts):
                    yield Fault(
                        at, text("the block “{block}” does not begin at its time", block=block.name), hard=False
                    )


def pins_unmet(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """What the office pinned by hand is shown at its moment, or the plan says why not."""
    shown = {(slot.start.astimezone(facts.zone).replace(tzinfo=None), slot.lesson) for _, slot in _lessons(week)}
    refused = {one.lesson for one in week.sheet.relaxed if one.rule == _REFUSED}
    dates = {day.date for day in week.wanted}
    for pin in facts.edits.pin:
        is_here = pin.venue == week.venue.id and pin.at.date() in dates
        if is_here and pin.lesson not in refused and (pin.at, pin.lesson) not in shown:
            at = moment(pin.at.date(), pin.at.hour * 60 + pin.at.minute, facts.zone)
            yield Fault(at, text("the lesson “{lesson}”, pinned here by hand, is not shown", lesson=pin.lesson))


def _repeats(week: VenueWeek, minutes: int) -> Iterator[tuple[Slot, Slot]]:
    last = {slot.lesson: slot for slot in sorted(week.before, key=lambda one: one.start)}
    for _, slot in sorted(_all(week), key=lambda pair: pair[1].start):
        if slot.kind == "lesson":
            earlier = last.get(slot.lesson)
            if earlier and (slot.start - earlier.start).total_seconds() < minutes * 60:
                yield earlier, slot
            last[slot.lesson] = slot


def _said(earlier: Slot, slot: Slot, minutes: int) -> Text:
    return text(
        "“{title}” was shown at {start} already; at least {minutes} minutes must lie between",
        title=slot.title,
        start=f"{earlier.start:%H:%M:%S}",
        minutes=minutes,
    )


def _is_wished(week: VenueWeek, rule: Soft) -> bool:
    return week.programme is not None and rule in week.programme.rules.soft


def _untold(week: VenueWeek, rule: Soft, found: list[tuple[Slot, Text]]) -> Iterator[Fault]:
    """Those of days on which there are more than the plan tells of."""
    told: Counter[date] = Counter()
    for one in week.sheet.relaxed:
        if one.rule == SOFT_NAMES[rule]:
            # The plan tells breaches of one rule and reason once a day, with their number.
            told[_day_of(week, one.start)] += one.times
    counts = Counter(_day_of(week, slot.start) for slot, _ in found)
    for slot, what in found:
        if counts[_day_of(week, slot.start)] > told[_day_of(week, slot.start)]:
            yield Fault(slot.start, what, hard=False)


def _day_of(week: VenueWeek, at: datetime) -> date:
    """The day whose programme is on then; what begins after midnight may belong to the evening before."""
    for day in week.sheet.days:
        if any(window.start <= at < window.end for window in day.windows):
            return day.date
    return at.date()


def _is_own(programme: Programme, name: str, lesson: Lesson) -> bool:
    blocks = [block for block in programme.block if block.name == name]
    return not blocks or any(_admits(one, lesson) for one in (*blocks, *programme.filler))


def _admits(choice: Choice, lesson: Lesson) -> bool:
    """By what a lesson is; whether it was asked for, or never shown before, cannot be seen from the week."""
    asked = (
        (choice.series, lesson.series in choice.series),
        (choice.forms, lesson.form in choice.forms),
        (choice.tags, not set(choice.tags).isdisjoint(lesson.tags)),
        (choice.lessons, lesson.id in choice.lessons),
        (choice.slogans, bool(lesson.slogan)),
        (choice.notices, bool(lesson.notice)),
        (choice.idents, lesson.ident),
    )
    named = choice.lessons or choice.tags or choice.slogans or choice.notices or choice.idents
    is_bare = bool(lesson.slogan or lesson.notice or lesson.ident)
    return all(met for given, met in asked if given) and bool(named or not is_bare)


def _is_pinned(slot: Slot, week: VenueWeek, facts: Facts) -> bool:
    """Whether a pin or a swap of the office put it where it is."""
    day = slot.start.astimezone(facts.zone).date()
    own = facts.edits.of(week.venue.id) if facts.edits.pin or facts.edits.swap else facts.edits
    pins = (pin.lesson for pin in own.pin if pin.at.date() == day)
    sides = (side.lesson for swap in own.swap if swap.first.at.date() == day for side in (swap.first, swap.second))
    return slot.lesson in {*pins, *sides}


def _is_busy(week: VenueWeek, at: datetime, facts: Facts) -> bool:
    """Whether an event, or a lesson pinned by hand, is on at that moment."""
    on = (slot for _, slot in _all(week) if slot.start <= at < slot.end)
    return any(slot.kind != "lesson" or _is_pinned(slot, week, facts) for slot in on)


def _lessons(week: VenueWeek) -> Iterator[tuple[WantedDay, Slot]]:
    return ((wanted, slot) for wanted, slot in _all(week) if slot.kind == "lesson")


def _all(week: VenueWeek) -> Iterator[tuple[WantedDay, Slot]]:
    days = {day.date: day for day in week.wanted}
    for day in week.sheet.days:
        if day.date in days:
            yield from ((days[day.date], slot) for slot in day.slots)
