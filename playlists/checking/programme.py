"""Rules of the programme: lessons not repeated too soon, blocks at their times with what they ask for, edits.

Wishes that the plan itself says are not met, and why, are not said again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from courseware.errors import Text, text
from courseware.lessons.lesson import Lesson
from playlists.almanac.days import moment
from playlists.checking.facts import Facts, Fault, VenueWeek
from playlists.checking.shown import admits, instant, is_pinned, is_wished, lessons_in, pins_of, slots_in, untold
from playlists.checking.wanted import wanted_windows
from playlists.files.edits import Swap
from playlists.files.programmes import Programme
from playlists.schedules.crowding import crowded, crowding
from playlists.schedules.schedule import Slot

_REFUSED = _PINNED = "pin"
Shown = tuple[datetime, str]
"""An instant and the lesson that begins then."""


def too_soon(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Two showings of a lesson begin at least as far apart as the rules of the workspace demand.

    What the office pinned by hand may break it; that is only worth saying.
    """
    least = week.programme.rules.separation_minutes if week.programme else 0
    for earlier, slot in _repeats(week, least):
        pinned = is_pinned(slot, week, facts) or is_pinned(earlier, week, facts)
        yield Fault(slot.start, _said(earlier, slot, least), hard=not pinned)


def repeats(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """They begin as far apart as the programme wishes."""
    least = week.programme.repeat_gap_minutes if week.programme and is_wished(week, "repeat_gap") else 0
    found = [pair for pair in _repeats(week, least) if not is_pinned(pair[1], week, facts)]
    yield from untold(week, "repeat_gap", [(slot, _said(earlier, slot, least)) for earlier, slot in found])


def shown_too_often(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """No lesson comes every few minutes; told once a day, of its fullest hour."""
    for day in week.sheet.days:
        if found := crowded(day.slots):
            slot, count = found
            yield Fault(slot.start, crowding(slot.title, count), hard=False)


def blocks_foreign(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """A block shows what it asks for, on such a day, or what may fill it."""
    if week.programme is None or not is_wished(week, "blocks"):
        return
    found = []
    programmes = {day.date: week.programme.on(day.occasion) for day in week.wanted}
    for wanted, slot in lessons_in(week):
        lesson = facts.lessons.get(slot.lesson)
        if lesson and not slot.why and not _is_own(programmes[wanted.date], slot.block, lesson, wanted.date):
            what = text(
                "“{title}” does not fit the block “{block}”; choose another lesson",
                title=slot.title,
                block=slot.block,
            )
            found.append((slot, what))
    yield from untold(week, "blocks", found)


def blocks_unknown(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """Every lesson stands in a block that the programme of such a day has."""
    if week.programme is None:
        return
    names = {day.date: {block.name for block in week.programme.on(day.occasion).block} for day in week.wanted}
    for wanted, slot in lessons_in(week):
        if slot.block not in names[wanted.date] and slot.why != _PINNED:
            what = text("the programme of this day has no block “{block}”; plan the week again", block=slot.block)
            yield Fault(slot.start, what, hard=False)


def blocks_late(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """A block with a clock time begins at it, unless something is held then."""
    if week.programme is None:
        return
    starts = {slot.start for _, slot in slots_in(week)} | {gap.start for gap in week.sheet.gaps}
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
    met = _shown(week) | _refused(week)
    for pin in pins_of(week, facts):
        at = instant(pin.at, facts)
        if _is_here(week, at, facts) and (at, pin.lesson) not in met:
            yield Fault(at, text("the lesson “{lesson}”, pinned here by hand, is not shown", lesson=pin.lesson))


def swaps_undone(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Two showings that the office swapped by hand stand in each other's place, or the plan says why not."""
    met = _shown(week) | _refused(week)
    for swap in facts.edits.swap:
        if swap.venue == week.venue.id and _is_here(week, instant(swap.first.at, facts), facts):
            lost = next((one for one in _swapped(swap, week, facts) if one not in met), None)
            if lost:
                what = text("“{lesson}” is not shown here, though it was swapped to here by hand", lesson=lost[1])
                yield Fault(lost[0], what)


def _swapped(swap: Swap, week: VenueWeek, facts: Facts) -> tuple[Shown, Shown]:
    """Where the two of a swap belong; the later one begins later when the one before it is longer now."""
    made = facts.renditions.get(week.venue.profile, {})
    lengths = [made[side.lesson].seconds if side.lesson in made else 0 for side in (swap.first, swap.second)]
    longer = timedelta(seconds=lengths[1] - lengths[0])
    first, second = instant(swap.first.at, facts), instant(swap.second.at, facts)
    return (first, swap.second.lesson), (second + longer, swap.first.lesson)


def _shown(week: VenueWeek) -> set[Shown]:
    slots = (*week.before, *(slot for _, slot in lessons_in(week)))
    return {(slot.start, slot.lesson) for slot in slots if slot.lesson}


def _refused(week: VenueWeek) -> set[Shown]:
    return {(one.start, one.lesson) for one in week.sheet.relaxed if one.rule == _REFUSED}


def _is_here(week: VenueWeek, at: datetime, facts: Facts) -> bool:
    """Whether the moment lies in this week's programme, which may end after midnight."""
    if any(window.start <= at < window.end for day in week.wanted for window in day.windows):
        return True
    monday = week.wanted[0].date
    before = wanted_windows(week.venue, facts.calendar, monday - timedelta(days=1), facts.zone)
    return monday <= at.date() <= week.wanted[-1].date and not any(one.start <= at < one.end for one in before)


def _repeats(week: VenueWeek, minutes: int) -> Iterator[tuple[Slot, Slot]]:
    last = {slot.lesson: slot for slot in sorted(week.before, key=lambda one: one.start)}
    for _, slot in sorted(slots_in(week), key=lambda pair: pair[1].start):
        if slot.kind == "lesson":
            earlier = last.get(slot.lesson)
            if earlier and (slot.start - earlier.start).total_seconds() < minutes * 60:
                yield earlier, slot
            last[slot.lesson] = slot


def _said(earlier: Slot, slot: Slot, minutes: int) -> Text:
    return text(
        "“{title}” was shown at {start} already; at least {minutes} minutes must lie between",
        title=slot.title,
        start=f"{earlier.start:%m-%d %H:%M:%S}",
        minutes=minutes,
    )


def _is_own(programme: Programme, name: str, lesson: Lesson, day: date) -> bool:
    blocks = [block for block in programme.block if block.name == name]
    return not blocks or any(admits(one, lesson, day) for one in (*blocks, *programme.filler))


def _is_busy(week: VenueWeek, at: datetime, facts: Facts) -> bool:
    """Whether an event, or a lesson pinned by hand, is on at that moment."""
    on = (slot for _, slot in slots_in(week) if slot.start <= at < slot.end)
    return any(slot.kind != "lesson" or is_pinned(slot, week, facts) for slot in on)
