"""Plan a day again and keep all of it that can be kept: only what must go is replaced, to the second. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from playlists.planning.fill import Candidate, Filled, History
from playlists.planning.layout import Part, Pool, Showing, Span, Stretch, counted, shown
from playlists.planning.slots import holds
from playlists.planning.weave import Order, fill_part, keeps_apart, task_of, weave
from playlists.schedules.schedule import Day, Gap

# Other orders that are tried before a neighbour is given up.
_TURNS = 4


@dataclass(frozen=True, slots=True)
class Base:
    """A day as it stood before.

    Attributes:
        showings: what of it may still be shown, in order of time.
        blocks: start → block, of everything that stood there, kept or not; empty when the programme was another one.
        gaps: (start, end) of the time that was left empty.
        opened: where a showing was taken out so that a request can be met; None when none is waiting.
    """

    showings: tuple[Showing, ...]
    blocks: Mapping[int, str]
    gaps: frozenset[tuple[int, int]]
    opened: int | None = None


@dataclass(frozen=True, slots=True)
class _Scene:
    """A stretch that is planned again, with all that its holes are filled from."""

    stretch: Stretch
    parts: Sequence[Part]
    pool: Pool
    base: Base
    history: History
    order: Order

    @property
    def apart(self) -> int:
        """The hard least time between two starts of a lesson, in seconds."""
        return self.pool.programme.rules.separation_minutes * 60

    def rested(self, start: int, end: int, kept: Sequence[Showing]) -> Pool:
        """What may be shown between these moments among what is kept, as far as each lesson by itself goes."""
        if not self.apart:
            return self.pool
        starts = dict[str, list[int]]()
        known = (self.history.last.items(), (self.order.later or {}).items())
        for lesson, at in (*chain(*known), *((one.candidate.lesson, one.start) for one in kept)):
            starts.setdefault(lesson, []).append(at)
        some = tuple(
            one
            for one in self.pool.candidates
            if all(
                at + self.apart <= end - one.seconds or start + self.apart <= at for at in starts.get(one.lesson, ())
            )
        )
        lessons = {one.lesson: self.pool.lessons[one.lesson] for one in some}
        return Pool(lessons, some, self.pool.programme, self.pool.moment)

    def block_at(self, start: int) -> str:
        """The block of what stood there, or there last; by the clock where the programme is another one."""
        earlier = [begins for begins in self.base.blocks if begins <= start]
        if earlier:
            return self.base.blocks[max(earlier)]
        now = self.stretch.start
        for part in self.parts:
            now += part.seconds
            if start < now:
                return part.name
        return ""


def base_of(
    day: Day, gaps: Iterable[Gap], pool: Pool, taken: Sequence[tuple[int, int]], spans: Sequence[Span]
) -> Base:
    """What of a day as it stood may still be shown.

    Args:
        gaps: of its week.
        taken: (start, end) of what now lies in its way.
        spans: when the blocks of the day are; asked only when the programme is another one.
    """
    same = day.programme in ("", pool.programme.mark)
    lessons = {one.lesson: one for one in pool.candidates}
    showings, blocks, until = list[Showing](), dict[int, str](), 0
    for slot in sorted(day.slots, key=lambda slot: slot.start):
        start = int(slot.start.timestamp())
        if slot.lesson and same:
            blocks[start] = slot.block
        one = lessons.get(slot.lesson)
        if one is None or one.seconds != slot.seconds or slot.why == "pin":
            continue
        # An edit by hand may have put two over each other: the earlier stays.
        free = until <= start and not any(start < ends and begins < start + one.seconds for begins, ends in taken)
        if free and (same or _belongs(start, one, slot.block, pool, spans)):
            showings.append(Showing(start, one, slot.block, slot.why))
            until = start + one.seconds
    empty = (
        (int(gap.start.timestamp()), int(gap.start.timestamp()) + gap.seconds)
        for gap in gaps
        if holds(day.windows, gap.start)
    )
    return Base(tuple(showings), blocks, frozenset(empty))


def open_up(base: Base, seconds: int) -> Base:
    """The day with a showing of about that length taken out, to make room for a request."""
    plain = [one for one in base.showings if not one.why] or list(base.showings)
    if not plain:
        return base
    victim = min(plain, key=lambda one: (abs(one.candidate.seconds - seconds), one.start))
    kept = tuple(one for one in base.showings if one != victim)
    return replace(base, showings=kept, opened=victim.start)


def _belongs(start: int, one: Candidate, block: str, pool: Pool, spans: Sequence[Span]) -> bool:
    """Whether the block of that name still admits the lesson and is still on at that time."""
    here = any(name == block and begins < start + one.seconds and start < ends for begins, ends, name in spans)
    return here and one.lesson in pool.own(block)


def keep(
    stretches: Sequence[Stretch],
    parts: Sequence[Sequence[Part]],
    pool: Pool,
    base: Base,
    history: History,
    order: Order,
    fixed: Sequence[Showing] = (),
) -> list[Showing]:
    """The day with its showings where they were; what lies empty between them is filled anew.

    Args:
        fixed: what lies between the stretches and is not changed, in order of time.
    """
    day: list[Showing] = []
    history = counted(history, fixed)
    for stretch, own_parts in zip(stretches, parts, strict=True):
        old = [one for one in base.showings if stretch.start <= one.start and one.end <= stretch.end]
        scene = _Scene(stretch, own_parts, pool, replace(base, showings=tuple(old)), history, order)
        if scene.apart:
            scene = _among(scene, fixed, [one for one in base.showings if one.start >= stretch.end])
        found = _restore(scene)
        history = shown(history, found)
        day += found
    return day


def _among(scene: _Scene, fixed: Sequence[Showing], coming: Iterable[Showing]) -> _Scene:
    """The stretch between all else that is shown: its showings that are too close to any of that are given up."""
    earlier = [one for one in fixed if one.start < scene.stretch.start]
    later = [one for one in fixed if one.start >= scene.stretch.end]
    last = dict(scene.history.last)
    for one in earlier:
        last[one.candidate.lesson] = max(one.start, last.get(one.candidate.lesson, one.start))
    order = scene.order.before(later, firm=True)
    kept = list[Showing]()
    for one in scene.base.showings:
        if keeps_apart([*kept, one], last, scene.apart, order.firm):
            kept.append(one)
    return replace(
        scene,
        base=replace(scene.base, showings=tuple(kept)),
        history=History(scene.history.uses, last, scene.history.previous),
        order=order.before(coming, firm=False),
    )


def _restore(scene: _Scene) -> list[Showing]:
    base, order = scene.base, scene.order
    kept = list(base.showings)
    for hole in _holes(scene.stretch, kept):
        # Inside a hole that was widened before there is nothing left to do.
        if any(one.start < hole[1] and hole[0] < one.end for one in kept):
            continue
        here = base.opened is not None and hole[0] <= base.opened < hole[1]
        wanted = order if here else order._replace(wanted=frozenset())
        closed = _close(hole, kept, replace(scene, order=wanted))
        if closed is None:
            return weave(scene.stretch, scene.parts, scene.pool, scene.history, order)
        kept = closed
    return kept


def _holes(stretch: Stretch, kept: Iterable[Showing]) -> list[tuple[int, int]]:
    holes, now = [], stretch.start
    for one in kept:
        if now < one.start:
            holes.append((now, one.start))
        now = one.end
    return [*holes, (now, stretch.end)] if now < stretch.end else holes


def _close(hole: tuple[int, int], kept: list[Showing], scene: _Scene) -> list[Showing] | None:
    """The showings with the hole filled; its neighbours are given up one by one until it can be. None: all are."""
    before = [one for one in kept if one.end <= hole[0]]
    after = [one for one in kept if one.start >= hole[1]]
    was_empty = hole in scene.base.gaps
    take_right = True
    while True:
        filled = _fill_between(before, after, scene)
        if filled is not None:
            return [*before, *filled, *after]
        if was_empty:
            return kept
        if not before and not after:
            return None
        if after and (take_right or not before):
            after.pop(0)
        else:
            before.pop()
        take_right = not take_right


def _fill_between(before: list[Showing], after: list[Showing], scene: _Scene) -> list[Showing] | None:
    """The time filled exactly, no lesson beside itself, every wish in it met; None when that is not possible."""
    parts, order = scene.parts, scene.order
    start = before[-1].end if before else scene.stretch.start
    end = after[0].start if after else scene.stretch.end
    pool = scene.rested(start, end, [*before, *after])
    # What is kept behind the hole is shown too, and counts.
    so_far = counted(shown(scene.history, before), after)
    block = scene.block_at(start)
    own = next((part.own for part in parts if part.name == block), parts[0].own if parts else ())
    own = own if pool is scene.pool else tuple(one for one in own if one.lesson in pool.lessons)
    musts = [one for one in pool.candidates if one.lesson in order.wanted]
    room = end - start - sum(one.seconds for one in musts)
    if room < 0 or len(musts) < len(order.wanted):
        return None
    for turn in range(_TURNS):
        task = task_of(start, room, own, pool, order._replace(rotation=order.rotation + turn, wanted=frozenset()))
        found = fill_part(task, pool, so_far, final=True) if room else Filled((), 0, varied=True, spaced=True)
        showings = _placed([*musts, *found.showings], start, block, order)
        if not found.missing and _fits([*before, *showings, *after], showings, scene):
            return showings
    return None


def _fits(day: list[Showing], showings: Sequence[Showing], scene: _Scene) -> bool:
    """Whether the new showings may stand where they do in that day."""
    new = set(showings)
    beside = any(one.candidate == other.candidate and {one, other} & new for one, other in pairwise(day))
    later = scene.order.later
    return not beside and (not scene.apart or keeps_apart(day, scene.history.last, scene.apart, later))


def _placed(some: Iterable[Candidate], start: int, block: str, order: Order) -> list[Showing]:
    showings = []
    for one in some:
        showings.append(Showing(start, one, block, "request" if one.lesson in order.wanted else ""))
        start += one.seconds
    return showings
