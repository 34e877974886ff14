"""Rules of time: every open second is filled, nothing overlaps, nothing plays when the venue is shut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from courseware.errors import text
from playlists.almanac.days import clock_at, moment
from playlists.checking.facts import Facts, Fault, Hush, SheetDay, VenueWeek, WantedDay
from playlists.schedules.schedule import TRAINING, Slot
from playlists.schedules.words import told_hours


def days_missing(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """Every day of the week is in the file."""
    found = {day.date for day in week.sheet.days}
    for day in week.wanted:
        if day.date not in found:
            yield Fault(day.begins, text("this day is missing"), hard=bool(day.windows or day.events))


def days_wrong(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """The days are those of the week, each once and in order, and each showing stands on its own day."""
    dates = [day.date for day in week.wanted]
    last = None
    for day in week.sheet.days:
        at = moment(day.date, 0, facts.zone)
        if day.date not in dates:
            yield Fault(at, text("{day} is no day of the week {week}", day=day.date, week=week.sheet.week))
        elif last is not None and day.date <= last:
            yield Fault(at, text("{day} is listed twice or out of order; correct it", day=day.date))
        last = day.date
        for slot in day.slots:
            # What begins after midnight still belongs to the evening before.
            if not 0 <= (slot.start.astimezone(facts.zone).date() - day.date).days <= 1:
                yield Fault(slot.start, text("stands on {day}, but begins on another", day=day.date))


def windows_changed(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """The opening windows are those that venues.csv and calendar.toml ask for."""
    for day, wanted in _days(week):
        expected = [(one.start, one.end) for one in wanted.windows]
        found = [(one.start, one.end) for one in day.windows]
        if expected == found:
            continue
        at = next((one for one, other in zip(expected, found, strict=False) if one != other), (wanted.begins,))[0]
        shown = "、".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in expected) or "—"
        yield Fault(at, text("the opening windows are not those of the workspace: {windows}", windows=shown))


def slots_unsorted(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """The showings of a day stand in order of time."""
    for day in week.sheet.days:
        for one, other in pairwise(day.slots):
            if other.start < one.start:
                yield Fault(other.start, text("stands behind a later showing; put them in order of time"))


def overlaps(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """No two showings or events overlap, not even over midnight or from the week before."""
    running: Slot | None = None
    for slot in sorted((*week.before, *_slots(week)), key=lambda one: one.start):
        if running and slot.start < running.end:
            what = text("begins before “{title}” ends at {end}", title=running.title, end=f"{running.end:%H:%M:%S}")
            yield Fault(slot.start, what)
        running = slot if running is None or slot.end > running.end else running


def outside_windows(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """A lesson lies wholly within an opening window; on a closed day and in quiet hours nothing is held either."""
    for day, wanted in _days(week):
        for slot in day.slots:
            if wanted.closed is not None:
                what = text("the venue is closed on this day: {reason}", reason=wanted.closed or "—")
                yield Fault(slot.start, what)
            elif slot.kind == "lesson":
                yield from _outside(slot, wanted, week)
            elif hush := _hush(slot.start, slot.end, wanted):
                what = text("“{title}” is held in quiet hours: {reason}", title=slot.title, reason=hush.reason or "—")
                yield Fault(slot.start, what)
        yield from _events_in_vain(day, wanted)


def _events_in_vain(day: SheetDay, wanted: WantedDay) -> Iterator[Fault]:
    """What the calendar asks for and cannot get, or not when anybody could come."""
    planned = {(slot.kind, slot.title, slot.start) for slot in day.slots}
    for event in wanted.refused:
        hush = _hush(event.at, event.end, wanted)
        if (event.kind, event.title, event.at) not in planned:
            reason = hush.reason if hush else ""
            what = text(
                "“{title}” is not held: these are quiet hours ({reason}); change its time in the calendar",
                title=event.title,
                reason=reason or "—",
            )
            yield Fault(event.at, what, hard=False)
    # People may meet on a day without a programme; beside one they would meet before a dark screen.
    for event in wanted.events if wanted.windows else ():
        is_open = any(window.start < event.end and event.at < window.end for window in wanted.windows)
        if not is_open and not event.title.startswith(TRAINING):
            hours = told_hours(wanted.windows)
            what = text("“{title}” lies outside the opening hours; open {hours} then", title=event.title, hours=hours)
            yield Fault(event.at, what, hard=False)


def _hush(start: datetime, end: datetime, wanted: WantedDay) -> Hush | None:
    return next((one for one in wanted.quiet if one.start < end and start < one.end), None)


def _outside(slot: Slot, wanted: WantedDay, week: VenueWeek) -> Iterator[Fault]:
    if any(window.start <= slot.start and slot.end <= window.end for window in wanted.windows):
        return
    entered = next((window for window in wanted.windows if window.start <= slot.start < window.end), None)
    if entered:
        yield Fault(slot.start, text("runs beyond the closing time {end}", end=f"{entered.end:%H:%M:%S}"))
    elif week.venue.study and not week.venue.study.picks(wanted.date):
        yield Fault(slot.start, text("is not a study day of this venue ({days})", days=week.venue.study_day))
    else:
        yield Fault(slot.start, text("the venue is not open at this time"))


def unfilled(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Something plays in every second of every window, or the file says why not."""
    told = {(int(gap.start.timestamp()), gap.seconds): gap for gap in week.sheet.gaps}
    evening = week.before
    for day, wanted in _days(week):
        # What the evening before holds may last into a window of this day.
        near, evening = (*evening, *day.slots), day.slots
        if day.slots == () and day.windows == () and wanted.windows:
            yield Fault(wanted.begins, text("nothing plays on this day, though the venue is open"))
            continue
        busy = sorted((int(slot.start.timestamp()), int(slot.end.timestamp())) for slot in near)
        for window in wanted.windows:
            for start, end in _holes(int(window.start.timestamp()), int(window.end.timestamp()), busy):
                at = clock_at(start, facts.zone)
                if gap := told.get((start, end - start)):
                    what = text("{seconds} seconds stay empty: {reason}", seconds=gap.seconds, reason=gap.reason.said)
                    yield Fault(at, what, hard=False)
                else:
                    yield Fault(at, text("nothing plays for {seconds} seconds", seconds=end - start))


def _holes(start: int, end: int, busy: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for begins, ends in busy:
        if start < begins and start < end:
            yield start, min(begins, end)
        start = max(start, ends)
    if start < end:
        yield start, end


def gaps_untrue(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """What the file calls empty is empty."""
    slots = list(_slots(week))
    for gap in week.sheet.gaps:
        start = gap.start.timestamp()
        playing = [one for one in slots if one.start.timestamp() < start + gap.seconds and gap.start < one.end]
        if playing:
            what = text("the file calls this time empty, but “{title}” plays", title=playing[0].title)
            yield Fault(gap.start, what, hard=False)


def _days(week: VenueWeek) -> Iterator[tuple[SheetDay, WantedDay]]:
    """The days of the file that belong to the week, with what is asked of them."""
    wanted = {day.date: day for day in week.wanted}
    seen = set()
    for day in week.sheet.days:
        if day.date in wanted and day.date not in seen:
            seen.add(day.date)
            yield day, wanted[day.date]


def _slots(week: VenueWeek) -> Iterator[Slot]:
    for day in week.sheet.days:
        yield from day.slots
