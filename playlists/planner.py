"""Plan a venue's week: opening windows, events at their clock times, blocks of lessons in between. Pure.

Reads no clock and no file, and draws no lots: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

from courseware.lesson import Lesson
from courseware.rendition import Rendition
from playlists.calendar import Calendar, Held, closed_because, events_on
from playlists.days import clock_at, moment
from playlists.fill import Candidate, Filled, History, Task, fill, most_fillable
from playlists.programmes import Block, Programme, admits
from playlists.schedule import Day, Gap, Schedule, Slot, Window, monday_of
from playlists.venues import Venue

# A prime, so that the days of a week begin far apart in the circle of lessons whatever its size.
_STRIDE = 7919
_MOST_TRIES = 8
# Printed times of blocks are whole minutes.
_GRAIN_S = 60
_EVERYTHING = Block(name="滚动播出")
_NO_RENDITION = "没有适合本屏幕（{profile}）的成片"
_NO_LESSON = "当天没有在有效期内的课件"
_NO_SUM = "现有课件的时长凑不满，差{seconds}秒"


class Stretch(NamedTuple):
    """Time between events inside a window, in seconds since 1970; the end is excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A block, or what is left of it, inside one stretch."""

    name: str
    seconds: int
    own: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a day may be filled from.

    Attributes:
        lessons: by id, valid on the day and rendered for the screen.
        programme: names the blocks.
    """

    lessons: Mapping[str, Lesson]
    candidates: tuple[Candidate, ...]
    programme: Programme

    def of(self, block: Block) -> tuple[Candidate, ...]:
        """The block's own."""
        return tuple(one for one in self.candidates if admits(block, self.lessons[one.lesson]))

    @property
    def fillers(self) -> tuple[Candidate, ...]:
        """What closes the seconds a block leaves."""
        return tuple(one for one in self.candidates if admits(self.programme.filler, self.lessons[one.lesson]))


class _Showing(NamedTuple):
    start: int
    candidate: Candidate
    block: str


class _DayPlan(NamedTuple):
    showings: tuple[_Showing, ...]
    gaps: tuple[Stretch, ...]
    history: History


def plan_week(
    venue: Venue,
    programme: Programme,
    calendar: Calendar,
    renditions: Mapping[str, Rendition],
    lessons: Iterable[Lesson],
    week: str,
    zone: ZoneInfo,
    seed: int = 0,
) -> Schedule:
    """The venue's schedule of an ISO week, every window filled to the second where arithmetic allows.

    Args:
        renditions: by lesson id, of the venue's profile; a lesson without one is not shown.
        week: like 2026-W48.
        seed: another one gives another order.

    Raises:
        InputError: `week` is not a week.
    """
    usable = sorted((one for one in lessons if one.id in renditions), key=lambda one: one.id)
    rotation = crc32(venue.id.encode()) + seed
    history = History()
    days, gaps, seen = list[Day](), list[Gap](), set[tuple[str, ...]]()
    for day in (monday_of(week) + timedelta(days=n) for n in range(7)):
        reason = closed_because(calendar, venue, day)
        windows = venue.windows_on(day, zone) if reason is None else ()
        held = events_on(calendar, venue, day) if reason is None else ()
        events = tuple(_event_slot(one, day, zone) for one in held)
        choice = _choice(usable, renditions, programme, day)
        plan = _plan_unlike(seen, _stretches(windows, events), choice, history, rotation + day.toordinal() * _STRIDE)
        history = plan.history
        slots = (*events, *(_slot(one, renditions, zone) for one in plan.showings))
        would_open = reason is not None and venue.windows_on(day, zone)
        days.append(
            Day(
                date=day,
                windows=windows,
                slots=tuple(sorted(slots, key=lambda slot: slot.start)),
                closed=(reason or "休息") if would_open else "",
            )
        )
        gaps += (_gap(one, choice, renditions, venue.profile, zone) for one in plan.gaps)
    return Schedule(
        venue=venue.id,
        venue_name=venue.name,
        kind=venue.kind,
        town=venue.town,
        county=venue.county,
        week=week,
        profile=venue.profile,
        days=tuple(days),
        gaps=tuple(gaps),
    )


def _choice(
    usable: Sequence[Lesson], renditions: Mapping[str, Rendition], programme: Programme, day: date
) -> _Choice:
    valid = {
        one.id: one
        for one in usable
        if (one.valid_from is None or one.valid_from <= day) and (one.valid_until is None or day <= one.valid_until)
    }
    candidates = tuple(Candidate(one.id, one.series, renditions[one.id].seconds) for one in valid.values())
    return _Choice(valid, candidates, programme)


def _stretches(windows: Iterable[Window], events: Iterable[Slot]) -> tuple[Stretch, ...]:
    """The windows without the time of the events."""
    busy = sorted((int(event.start.timestamp()), int(event.end.timestamp())) for event in events)
    free = []
    for window in windows:
        start, end = int(window.start.timestamp()), int(window.end.timestamp())
        for begins, ends in busy:
            if begins < end and start < ends:
                free.append(Stretch(start, begins))
                start = max(start, ends)
        free.append(Stretch(start, end))
    return tuple(one for one in free if one.start < one.end)


def _plan_unlike(
    seen: set[tuple[str, ...]], stretches: Sequence[Stretch], choice: _Choice, history: History, rotation: int
) -> _DayPlan:
    """The day's plan; begun elsewhere in the rotation while it is the same as an earlier day's."""
    parts = _lay_out(stretches, choice)
    for turn in range(min(_MOST_TRIES, max(1, len(choice.candidates)))):
        plan = _plan_day(stretches, parts, choice, history, rotation + turn)
        order = tuple(one.candidate.lesson for one in plan.showings)
        if order not in seen:
            break
    seen.add(order)
    return plan


def _plan_day(
    stretches: Sequence[Stretch], parts: Sequence[Sequence[_Part]], choice: _Choice, history: History, rotation: int
) -> _DayPlan:
    showings: list[_Showing] = []
    gaps: list[Stretch] = []
    for stretch, own_parts in zip(stretches, parts, strict=True):
        filled = _fill_stretch(stretch.start, own_parts, choice, history, rotation)
        history = history.after([one.candidate for one in filled], stretch.start)
        showings += filled
        end = filled[-1].start + filled[-1].candidate.seconds if filled else stretch.start
        if end < stretch.end:
            gaps.append(Stretch(end, stretch.end))
    return _DayPlan(tuple(showings), tuple(gaps), history)


def _lay_out(stretches: Sequence[Stretch], choice: _Choice) -> tuple[tuple[_Part, ...], ...]:
    """Lay the day's blocks over its stretches, in order; a block may end in a later stretch than it began."""
    total = sum(one.end - one.start for one in stretches)
    queue = [_Part(block.name, seconds, choice.of(block)) for block, seconds in _lengths(choice.programme, total)]
    laid = []
    for stretch in stretches:
        room, parts = stretch.end - stretch.start, list[_Part]()
        while room:
            part = queue.pop(0)
            used = min(room, part.seconds)
            parts.append(_Part(part.name, used, part.own))
            if used < part.seconds:
                queue.insert(0, _Part(part.name, part.seconds - used, part.own))
            room -= used
        laid.append(_without_empty(parts, choice))
    return tuple(laid)


def _lengths(programme: Programme, total: int) -> Iterator[tuple[Block, int]]:
    """Blocks with their seconds, `total` in all: fixed ones as far as there is time, elastic ones by share."""
    left = total
    fixed = []
    for block in programme.block:
        fixed.append(min(left, (block.minutes or 0) * 60))
        left -= fixed[-1]
    weights = [block.weight for block in programme.block]
    if not any(weights):
        yield from zip(programme.block, fixed, strict=True)
        yield _EVERYTHING, left
        return
    passed = begun = 0
    for block, seconds, weight in zip(programme.block, fixed, weights, strict=True):
        passed += weight
        # The last elastic block ends where the time does; the others end on a whole minute.
        ends = left if passed == sum(weights) else left * passed // sum(weights) // _GRAIN_S * _GRAIN_S
        yield block, ends - begun if weight else seconds
        begun = ends if weight else begun


def _without_empty(parts: Sequence[_Part], choice: _Choice) -> tuple[_Part, ...]:
    """The time of a block that no lesson fits goes to the next block, or to the one before when it is the last."""
    kept: list[_Part] = []
    spare = 0
    for part in parts:
        if part.own:
            kept.append(_Part(part.name, part.seconds + spare, part.own))
            spare = 0
        else:
            spare += part.seconds
    if not kept:
        return (_Part(parts[0].name, spare, choice.candidates),) if spare else ()
    kept[-1] = _Part(kept[-1].name, kept[-1].seconds + spare, kept[-1].own)
    return tuple(kept)


def _fill_stretch(
    start: int, parts: Sequence[_Part], choice: _Choice, history: History, rotation: int
) -> list[_Showing]:
    """Fill block after block; while that is not exact, or a lesson follows itself, the last blocks are merged.

    At worst all are one: then the stretch is filled exactly whenever the lessons allow it at all.
    """
    total = sum(part.seconds for part in parts)
    possible = most_fillable(total, (one.seconds for one in choice.candidates if one.seconds <= total))
    best: list[_Showing] = []
    quality = (-1, 0)
    for merged in range(1, len(parts) + 1):
        tried = _fill_parts(start, [*parts[:-merged], _merge(parts[-merged:])], choice, history, rotation)
        if _quality(tried) > quality:
            best, quality = tried, _quality(tried)
        if quality == (possible, 0):
            break
    return _labelled(best, start, parts)


def _quality(showings: Sequence[_Showing]) -> tuple[int, int]:
    """Seconds filled, then how few lessons follow themselves; greater is better."""
    repeats = sum(one.candidate == other.candidate for one, other in pairwise(showings))
    return sum(one.candidate.seconds for one in showings), -repeats


def _merge(parts: Sequence[_Part]) -> _Part:
    own = {one.lesson: one for part in parts for one in part.own}
    return _Part(parts[0].name, sum(part.seconds for part in parts), tuple(own.values()))


def _fill_parts(
    start: int, parts: Sequence[_Part], choice: _Choice, history: History, rotation: int
) -> list[_Showing]:
    """What a block leaves is carried to the next, so that the stretch as a whole comes out even."""
    showings: list[_Showing] = []
    carry = 0
    for number, part in enumerate(parts, 1):
        task = Task(
            start,
            part.seconds + carry,
            (part.own, choice.fillers),
            choice.programme.repeat_gap_minutes * 60,
            rotation,
        )
        filled = _fill_part(task, choice, history, final=number == len(parts))
        history = history.after(filled.showings, start)
        for one in filled.showings:
            showings.append(_Showing(start, one, part.name))
            start += one.seconds
        carry = filled.missing
    return showings


def _fill_part(task: Task, choice: _Choice, history: History, *, final: bool) -> Filled:
    """From the block's own lessons and the fillers; from all lessons where that is clearly better."""
    pure = fill(task, history)
    if pure.varied and pure.spaced and not (final and pure.missing):
        return pure
    mixed = fill(Task(task.start, task.seconds, (*task.tiers, choice.candidates), task.gap, task.rotation), history)
    # max() keeps the first among equals.
    return max(pure, mixed, key=lambda one: one.rank if final else one.rank[1:])


def _labelled(showings: Iterable[_Showing], start: int, parts: Sequence[_Part]) -> list[_Showing]:
    """Where blocks were merged, a showing that the first of them does not admit belongs to the one of its time."""
    names: dict[str, set[str]] = {}
    for part in parts:
        names.setdefault(part.name, set()).update(one.lesson for one in part.own)
    ends, labelled = list[tuple[int, str]](), list[_Showing]()
    for part in parts:
        start += part.seconds
        ends.append((start, part.name))
    for one in showings:
        by_time = next(name for end, name in ends if one.start < end)
        named = one.block if one.candidate.lesson in names[one.block] else by_time
        labelled.append(one._replace(block=named))
    return labelled


def _event_slot(held: Held, day: date, zone: ZoneInfo) -> Slot:
    notes = [f"主讲：{held.event.speaker}" if held.event.speaker else "", "时间顺延" if held.moved else ""]
    return Slot(
        start=moment(day, held.starts, zone),
        seconds=held.event.minutes * 60,
        kind=held.kind,
        title=held.event.printed,
        note="；".join(note for note in notes if note),
    )


def _slot(showing: _Showing, renditions: Mapping[str, Rendition], zone: ZoneInfo) -> Slot:
    made = renditions[showing.candidate.lesson]
    return Slot(
        start=clock_at(showing.start, zone),
        seconds=made.seconds,
        kind="lesson",
        title=made.title,
        block=showing.block,
        lesson=made.lesson,
        series=made.series,
        form=made.form,
        file=f"renditions/{made.profile}/{made.file}",
        sha256=made.sha256,
    )


def _gap(stretch: Stretch, choice: _Choice, renditions: Mapping[str, Rendition], profile: str, zone: ZoneInfo) -> Gap:
    seconds = stretch.end - stretch.start
    if not renditions:
        reason = _NO_RENDITION.format(profile=profile)
    elif not choice.candidates:
        reason = _NO_LESSON
    else:
        reason = _NO_SUM.format(seconds=seconds)
    return Gap(start=clock_at(stretch.start, zone), seconds=seconds, reason=reason)
