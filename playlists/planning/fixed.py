"""Showings whose time is given: pinned or swapped by the office, kept of the former plan, repeated by programme.

Fills nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.almanac.days import clock_at, moment
from playlists.files.edits import Edits, Swap
from playlists.planning.layout import BlockSpan
from playlists.planning.shelf import Pool
from playlists.planning.showings import Candidate, FreeStretch, PlannedShowing, busy_with
from playlists.schedules.causes import cause
from playlists.schedules.schedule import Day, Gap, Relaxed, Slot, Window, holds

_RULE = "板块重播"


def place_pins(
    edits: Edits,
    day: date,
    windows: Sequence[Window],
    events: Sequence[Slot],
    pool: Pool,
    zone: ZoneInfo,
    until: int = 0,
    eve: Sequence[Window] = (),
) -> tuple[list[PlannedShowing], list[Relaxed]]:
    """The showings that the office fixed on that day, and those of its wishes that cannot be met, with the reason.

    Args:
        until: seconds since 1970; wishes for an earlier moment were met, or come too late.
        eve: the windows of the day before; what lies in them after midnight belongs to that day.
    """
    if not (edits.pin or edits.swap):
        return [], []
    lessons = {candidate.lesson: candidate for candidate in pool.candidates}
    open_at = [(int(window.start.timestamp()), int(window.end.timestamp())) for window in windows]
    taken = busy_with(events)
    placed, refused = list[PlannedShowing](), list[Relaxed]()

    def is_here(at: datetime) -> bool:
        start = clock_at(epoch_of(at, zone), zone)
        return not holds(eve, start) and (holds(windows, start) or at.date() == day)

    for at, name, block in _wishes(edits, is_here, {key: candidate.seconds for key, candidate in lessons.items()}):
        start = epoch_of(at, zone)
        if start < until:
            continue
        lesson = lessons.get(name)
        reason = ""
        if lesson is None:
            reason = "not_shown"
        elif not any(begins <= start and start + lesson.seconds <= ends for begins, ends in open_at):
            reason = "shut"
        elif any(begins < start + lesson.seconds and start < ends for begins, ends in taken):
            reason = "taken"
        if reason or lesson is None:
            refused.append(Relaxed(rule="pin", start=clock_at(start, zone), lesson=name, reason=cause(reason)))
            continue
        taken.append((start, start + lesson.seconds))
        placed.append(PlannedShowing(start, lesson, block or _block_at(pool), "pin"))
    return sorted(placed), refused


def _wishes(
    edits: Edits, is_here: Callable[[datetime], bool], seconds: dict[str, int]
) -> Iterable[tuple[datetime, str, str]]:
    """When which lesson is wished, and in which block if any: pins, and both sides of a swap.

    The later side is moved as the other's length asks.
    """
    for pin in edits.pin:
        if is_here(pin.at):
            yield pin.at, pin.lesson, pin.block
    for swap in edits.swap:
        if is_here(swap.first.at):
            yield swap.first.at, swap.second.lesson, ""
            longer = seconds.get(swap.second.lesson, 0) - seconds.get(swap.first.lesson, 0)
            yield swap.second.at + timedelta(seconds=longer), swap.first.lesson, ""


def _block_at(pool: Pool) -> str:
    return pool.programme.block[0].name


def swap_back(day: Day, edits: Edits, venue: str) -> tuple[Slot, ...]:
    """The day's slots with its swaps carried out; one that is carried out already changes nothing."""
    slots = list(day.slots)
    for swap in edits.swap:
        if swap.venue == venue:
            slots = _swapped(slots, swap)
    return tuple(slots)


def _swapped(slots: list[Slot], swap: Swap) -> list[Slot]:
    """The slots with the two exchanged and those between moved; as they were where one of the two is gone."""
    places = [_place_of(slots, side.at, side.lesson) for side in (swap.first, swap.second)]
    first, second = places
    if first is None or second is None:
        return slots
    earlier, later = slots[first], slots[second]
    shift = timedelta(seconds=later.seconds - earlier.seconds)
    between = [slot.model_copy(update={"start": slot.start + shift}) for slot in slots[first + 1 : second]]
    if any(slot.kind != "lesson" for slot in between):
        # People come to an event at its time; it does not move for a swap.
        return slots
    return [
        *slots[:first],
        later.model_copy(update={"start": earlier.start, "block": earlier.block}),
        *between,
        earlier.model_copy(update={"start": later.start + shift, "block": later.block}),
        *slots[second + 1 :],
    ]


def _place_of(slots: Sequence[Slot], at: datetime, lesson: str) -> int | None:
    for place, slot in enumerate(slots):
        if slot.lesson == lesson and slot.start.replace(tzinfo=None) == at:
            return place
    return None


def epoch_of(at: datetime, zone: ZoneInfo) -> int:
    """Seconds since 1970 of a local time."""
    return int(moment(at.date(), at.hour * 60 + at.minute, zone).timestamp()) + at.second


@dataclass(frozen=True, slots=True)
class FormerDay:
    """A day as it stood before.

    Attributes:
        showings: what of it may still be shown, in order of time.
        blocks: start → block, of everything that stood there, kept or not; empty when the programme was another one.
        gaps: (start, end) of the time that was left empty.
        opened: where a showing was taken out so that a request can be met; None when none is waiting.
    """

    showings: tuple[PlannedShowing, ...]
    blocks: Mapping[int, str]
    gaps: frozenset[tuple[int, int]]
    opened: int | None = None

    def inside(self, stretch: FreeStretch) -> FormerDay:
        """The same of one stretch: the showings that lie wholly in it."""
        here = (each for each in self.showings if stretch.start <= each.start and each.end <= stretch.end)
        return replace(self, showings=tuple(here))


def former_of(
    day: Day, gaps: Iterable[Gap], pool: Pool, taken: Sequence[tuple[int, int]], spans: Sequence[BlockSpan]
) -> FormerDay:
    """What of a day as it stood may still be shown.

    Args:
        gaps: of its week.
        taken: (start, end) of what now lies in its way.
        spans: when the blocks of the day are; asked only when the programme is another one.
    """
    same = day.programme in ("", pool.programme.mark)
    lessons = {candidate.lesson: candidate for candidate in pool.candidates}
    own = {block.name for block in pool.programme.block}
    showings, blocks, until = list[PlannedShowing](), dict[int, str](), 0
    for slot in sorted(day.slots, key=lambda slot: slot.start):
        start = int(slot.start.timestamp())
        # What a takeover was called is no block of the programme.
        if slot.lesson and same and slot.block in own:
            blocks[start] = slot.block
        candidate = lessons.get(slot.lesson)
        if candidate is None or candidate.seconds != slot.seconds or slot.why == "pin":
            continue
        # An edit by hand may have put two over each other: the earlier stays.
        end = start + candidate.seconds
        free = until <= start and not any(start < ends and begins < end for begins, ends in taken)
        if free and (same or _belongs(start, candidate, slot.block, pool, spans)):
            showings.append(PlannedShowing(start, candidate, slot.block, slot.why))
            until = end
    empty = (
        (int(gap.start.timestamp()), int(gap.start.timestamp()) + gap.seconds)
        for gap in gaps
        if holds(day.windows, gap.start)
    )
    return FormerDay(tuple(showings), blocks, frozenset(empty))


def open_up(former: FormerDay, seconds: int) -> FormerDay:
    """The day with a showing of about that length taken out, to make room for a request."""
    plain = [showing for showing in former.showings if not showing.why] or list(former.showings)
    if not plain:
        return former
    victim = min(plain, key=lambda each: (abs(each.candidate.seconds - seconds), each.start))
    kept = tuple(showing for showing in former.showings if showing != victim)
    return replace(former, showings=kept, opened=victim.start)


def _belongs(start: int, candidate: Candidate, block: str, pool: Pool, spans: Sequence[BlockSpan]) -> bool:
    """Whether the block of that name still admits the lesson and is still on at that time."""
    here = any(name == block and begins < start + candidate.seconds and start < ends for begins, ends, name in spans)
    return here and candidate.lesson in pool.own(block)


@dataclass(frozen=True, slots=True)
class Replays:
    """What the repeated blocks of a day show.

    Attributes:
        showings: at all of their times, the first included.
        stretches: the time that these take.
        refused: the later times at which a block is not repeated, since its lessons would come too soon again.
    """

    showings: tuple[PlannedShowing, ...]
    stretches: tuple[FreeStretch, ...]
    refused: tuple[FreeStretch, ...]

    def others(self, showings: Iterable[PlannedShowing]) -> list[PlannedShowing]:
        """Those that lie elsewhere, or are repeated no more."""
        return [
            showing._replace(why="") if showing.why == "replay" and _lies_in(showing, self.refused) else showing
            for showing in showings
            if not _lies_in(showing, self.stretches)
        ]

    def relaxed(self, minutes: int, zone: ZoneInfo) -> Iterable[Relaxed]:
        """The times at which nothing could be repeated, with the reason.

        Args:
            minutes: the hard least time between two starts of a lesson.
        """
        for stretch in self.refused:
            reason = cause("replay_too_soon", block=stretch.block.name if stretch.block else "", minutes=minutes)
            yield Relaxed(rule=_RULE, start=clock_at(stretch.start, zone), reason=reason)


def replays_of(
    planned: Sequence[PlannedShowing],
    free: Iterable[FreeStretch],
    opening: Callable[[int], int],
    fits: Callable[[Sequence[PlannedShowing]], bool],
) -> Replays:
    """What a block showed at its first time, for each of its later times that is as long.

    Args:
        opening: minutes after midnight → seconds since 1970.
        fits: whether these showings, in no order, may all be shown that day.
    """
    repeated = [stretch for stretch in free if stretch.block and stretch.block.replay]
    showings, taken, refused = list[PlannedShowing](), list[FreeStretch](), list[FreeStretch]()
    for stretch in repeated:
        first = next(stretch for stretch in repeated if stretch.block == stretch.block)
        whole = first.block is not None and first.start == opening(first.block.times[0])
        if stretch == first or not whole or stretch.seconds != first.seconds:
            continue
        begun = [showing for showing in planned if _lies_in(showing, (first,))] if first not in taken else []
        source = begun or [showing for showing in showings if _lies_in(showing, (first,))]
        shift = stretch.start - first.start
        again = [showing._replace(start=showing.start + shift, why="replay") for showing in source]
        if fits([*showings, *begun, *again]):
            showings += [*begun, *again]
            taken += [stretch] if first in taken else [first, stretch]
        else:
            refused.append(stretch)
    return Replays(tuple(showings), tuple(taken), tuple(refused))


def _lies_in(showing: PlannedShowing, stretches: Iterable[FreeStretch]) -> bool:
    return any(stretch.start <= showing.start < stretch.end for stretch in stretches)
