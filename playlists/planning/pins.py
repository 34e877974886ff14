"""Manual edits in a day: where pinned showings lie, and two showings that change places. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.almanac.days import clock_at, moment
from playlists.files.edits import Edits, Swap
from playlists.planning.layout import Pool, Showing, busy_with
from playlists.planning.slots import holds
from playlists.schedules.causes import cause
from playlists.schedules.schedule import Day, Relaxed, Slot, Window


def place_pins(
    edits: Edits,
    day: date,
    windows: Sequence[Window],
    events: Sequence[Slot],
    pool: Pool,
    zone: ZoneInfo,
    until: int = 0,
    eve: Sequence[Window] = (),
) -> tuple[list[Showing], list[Relaxed]]:
    """The showings that the office fixed on that day, and those of its wishes that cannot be met, with the reason.

    Args:
        until: seconds since 1970; wishes for an earlier moment were met, or come too late.
        eve: the windows of the day before; what lies in them after midnight belongs to that day.
    """
    if not (edits.pin or edits.swap):
        return [], []
    lessons = {one.lesson: one for one in pool.candidates}
    open_at = [(int(one.start.timestamp()), int(one.end.timestamp())) for one in windows]
    taken = busy_with(events)
    placed, refused = list[Showing](), list[Relaxed]()

    def is_here(at: datetime) -> bool:
        start = clock_at(seconds_of(at, zone), zone)
        return not holds(eve, start) and (holds(windows, start) or at.date() == day)

    for at, name in _wishes(edits, is_here, {key: one.seconds for key, one in lessons.items()}):
        start = seconds_of(at, zone)
        if start < until:
            continue
        one = lessons.get(name)
        reason = ""
        if one is None:
            reason = "not_shown"
        elif not any(begins <= start and start + one.seconds <= ends for begins, ends in open_at):
            reason = "shut"
        elif any(begins < start + one.seconds and start < ends for begins, ends in taken):
            reason = "taken"
        if reason or one is None:
            refused.append(Relaxed(rule="pin", start=clock_at(start, zone), lesson=name, reason=cause(reason)))
            continue
        taken.append((start, start + one.seconds))
        placed.append(Showing(start, one, _block_at(pool), "pin"))
    return sorted(placed), refused


def swap_back(day: Day, edits: Edits, venue: str) -> tuple[Slot, ...]:
    """The day's slots with its swaps carried out; one that is carried out already changes nothing."""
    slots = list(day.slots)
    for swap in edits.swap:
        if swap.venue == venue:
            slots = _swapped(slots, swap)
    return tuple(slots)


def seconds_of(at: datetime, zone: ZoneInfo) -> int:
    """Seconds since 1970 of a local time."""
    return int(moment(at.date(), at.hour * 60 + at.minute, zone).timestamp()) + at.second


def _wishes(
    edits: Edits, is_here: Callable[[datetime], bool], seconds: dict[str, int]
) -> Iterable[tuple[datetime, str]]:
    for pin in edits.pin:
        if is_here(pin.at):
            yield pin.at, pin.lesson
    for swap in edits.swap:
        if is_here(swap.first.at):
            yield swap.first.at, swap.second.lesson
            longer = seconds.get(swap.second.lesson, 0) - seconds.get(swap.first.lesson, 0)
            yield swap.second.at + timedelta(seconds=longer), swap.first.lesson


def _swapped(slots: list[Slot], swap: Swap) -> list[Slot]:
    places = [_place(slots, side.at, side.lesson) for side in (swap.first, swap.second)]
    first, second = places
    if first is None or second is None:
        return slots
    one, other = slots[first], slots[second]
    shift = timedelta(seconds=other.seconds - one.seconds)
    between = [slot.model_copy(update={"start": slot.start + shift}) for slot in slots[first + 1 : second]]
    if any(slot.kind != "lesson" for slot in between):
        # People come to an event at its time; it does not move for a swap.
        return slots
    return [
        *slots[:first],
        other.model_copy(update={"start": one.start, "block": one.block}),
        *between,
        one.model_copy(update={"start": other.start + shift, "block": other.block}),
        *slots[second + 1 :],
    ]


def _place(slots: Sequence[Slot], at: datetime, lesson: str) -> int | None:
    for place, slot in enumerate(slots):
        if slot.lesson == lesson and slot.start.replace(tzinfo=None) == at:
            return place
    return None


def _block_at(pool: Pool) -> str:
    return pool.programme.block[0].name
