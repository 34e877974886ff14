"""What a week shows, what may be shown in it, and which wishes the plan itself calls unmet. No rule lives here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from courseware.errors import Text
from courseware.lessons.lesson import Lesson
from playlists.almanac.days import moment
from playlists.almanac.farming import suits
from playlists.checking.facts import Facts, Fault, VenueWeek, WantedDay
from playlists.files.blocks import LessonChoice
from playlists.files.edits import Pin
from playlists.files.rules import Soft, rule_called
from playlists.schedules.schedule import Relaxed, Slot

Found = Sequence[tuple[Slot, Text]]


def slots_in(week: VenueWeek) -> Iterator[tuple[WantedDay, Slot]]:
    """Everything that stands on a day of the week."""
    days = {day.date: day for day in week.wanted}
    for day in week.sheet.days:
        if day.date in days:
            yield from ((days[day.date], slot) for slot in day.slots)


def lessons_in(week: VenueWeek) -> Iterator[tuple[WantedDay, Slot]]:
    """What is played on a day of the week."""
    return ((wanted, slot) for wanted, slot in slots_in(week) if slot.kind == "lesson")


def lessons_by_day(week: VenueWeek) -> list[tuple[WantedDay, list[Slot]]]:
    """The days of the file that belong to the week, each with what it plays, in order of time."""
    days = {day.date: day for day in week.wanted}
    return [
        (days[day.date], sorted((slot for slot in day.slots if slot.kind == "lesson"), key=lambda one: one.start))
        for day in week.sheet.days
        if day.date in days
    ]


def is_wished(week: VenueWeek, rule: Soft) -> bool:
    """Whether the programme asks for that soft rule."""
    return week.programme is not None and rule in week.programme.rules.soft


def told_of(week: VenueWeek, rule: Soft) -> tuple[Relaxed, ...]:
    """What the plan says of that rule."""
    return tuple(one for one in week.sheet.relaxed if rule_called(one.rule) == rule)


def untold(week: VenueWeek, rule: Soft, found: Found) -> Iterator[Fault]:
    """Those of days on which there are more than the plan tells of."""
    told: Counter[date] = Counter()
    for wish in told_of(week, rule):
        # The plan tells breaches of one rule and reason once a day, with their number.
        told[_day_of(week, wish.start)] += wish.times
    counts = Counter(_day_of(week, slot.start) for slot, _ in found)
    for slot, what in found:
        if counts[_day_of(week, slot.start)] > told[_day_of(week, slot.start)]:
            yield Fault(slot.start, what, hard=False)


def untold_series(week: VenueWeek, rule: Soft, found: Sequence[tuple[str, Text]]) -> Iterator[Fault]:
    """The series of which the plan does not tell that the rule gave way for them that week."""
    told = {one.reason.values.get("series") for one in told_of(week, rule)}
    # A person who edited the file tells it in words, which name no series.
    yield from (
        Fault(week.wanted[0].midnight, what, hard=False)
        for series, what in found
        if None not in told and series not in told
    )


def available(week: VenueWeek, facts: Facts, day: date) -> tuple[Lesson, ...]:
    """The lessons that the venue may show on that day: made for its screen, approved, valid, not forbidden."""
    forbidden = facts.edits.forbidden(week.venue.id, day)
    made = facts.renditions.get(week.venue.profile, {})
    return tuple(
        lesson
        for lesson in facts.lessons.values()
        if lesson.id in made
        and lesson.id not in forbidden
        and lesson.is_valid_on(day)
        and facts.approval.allows(made[lesson.id].sha256)
    )


def admits(choice: LessonChoice, lesson: Lesson, day: date) -> bool:
    """By what a lesson is; whether it was asked for, or never shown before, is not looked at."""
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
    fits = all(met for given, met in asked if given) and bool(named or not is_bare)
    return fits and (not choice.season or suits(lesson.season, day))


def pins_of(week: VenueWeek, facts: Facts) -> tuple[Pin, ...]:
    """What the office pinned at the venue by hand, and what its takeovers come to in this week."""
    edits = facts.edits
    if not edits.takeover:
        return tuple(pin for pin in edits.pin if pin.venue == week.venue.id)
    days = [day for day in week.wanted if day.windows]
    windows = [_local(window.start, window.end, facts) for day in days for window in day.windows]
    busy = [_local(event.at, event.end, facts) for day in week.wanted for event in day.events]
    made = facts.renditions.get(week.venue.profile, {})
    seconds = {lesson: one.seconds for lesson, one in made.items() if facts.approval.allows(one.sha256)}
    return edits.of(week.venue).carried_out(week.venue.id, windows, sorted(busy), seconds).pin


def _local(start: datetime, end: datetime, facts: Facts) -> tuple[datetime, datetime]:
    """By the venue's clock, as edits.toml has it."""
    first, last = (at.astimezone(facts.zone).replace(tzinfo=None) for at in (start, end))
    return first, last


def is_pinned(slot: Slot, week: VenueWeek, facts: Facts) -> bool:
    """Whether a pin or a swap of the office put it where it is."""
    return slot.lesson in pinned_on(_day_of(week, slot.start.astimezone(facts.zone)), week, facts)


def pinned_on(day: date, week: VenueWeek, facts: Facts) -> frozenset[str]:
    """The lessons that a pin or a swap of the office puts somewhere into the programme of that day."""
    if not (facts.edits.pin or facts.edits.swap or facts.edits.takeover):
        return frozenset()
    venue = week.venue.id

    def is_here(at: datetime) -> bool:
        return _day_of(week, instant(at, facts)) == day

    pins = (pin.lesson for pin in pins_of(week, facts) if is_here(pin.at))
    swaps = (swap for swap in facts.edits.swap if swap.venue == venue and is_here(swap.first.at))
    return frozenset((*pins, *(side.lesson for swap in swaps for side in (swap.first, swap.second))))


def instant(at: datetime, facts: Facts) -> datetime:
    """The instant of a local time, as edits.toml has it."""
    minute = moment(at.date(), at.hour * 60 + at.minute, facts.zone)
    return minute + timedelta(seconds=at.second)


def _day_of(week: VenueWeek, at: datetime) -> date:
    """The day whose programme is on then; what begins after midnight may belong to the evening before."""
    for day in week.sheet.days:
        if any(window.start <= at < window.end for window in day.windows):
            return day.date
    return at.date()
