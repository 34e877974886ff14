"""Fill an open day: anew, begun at several places of the rotation, or around what is kept; the best counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from playlists.planning.fill import Filled
from playlists.planning.fixed import FormerDay, replays_of
from playlists.planning.judge import Judge, improve, starts_of
from playlists.planning.search import best_of_few
from playlists.planning.shelf import Pool
from playlists.planning.showings import (
    BlockPart,
    Candidate,
    FillOrder,
    FreeStretch,
    History,
    Interval,
    PlannedShowing,
    counted,
    shown,
)
from playlists.planning.weave import fill_part, keeps_apart, task_of, weave
from playlists.schedules.schedule import Relaxed

_MOST_TRIES, _TRIES_FOR_COST = 8, 3
_SHORT_DAY = 30
# Other orders that are tried before a neighbour is given up.
_TURNS = 4


class OpenDay(NamedTuple):
    """The time of a day that is to be filled.

    Attributes:
        fixed: showings that lie between the stretches, in order of time.
        seen: the orders of earlier days, which this one should not repeat.
    """

    free: Sequence[FreeStretch]
    parts: Sequence[Sequence[BlockPart]]
    pool: Pool
    judge: Judge
    history: History
    fixed: Sequence[PlannedShowing] = ()
    seen: AbstractSet[tuple[str, ...]] = frozenset()

    def without(
        self,
        stretches: Container[FreeStretch],
        fixed: Sequence[PlannedShowing],
        around: Mapping[str, Sequence[int]],
    ) -> OpenDay:
        """The day with these stretches filled: what is fixed, and the starts from which lessons keep apart."""
        left = [
            (stretch, own) for stretch, own in zip(self.free, self.parts, strict=True) if stretch not in stretches
        ]
        free, parts = [stretch for stretch, _ in left], [own for _, own in left]
        return OpenDay(free, parts, self.pool, self.judge._replace(around=around), self.history, fixed)

    def is_like_another(self, showings: Sequence[PlannedShowing]) -> bool:
        """Whether the day with these shows what an earlier one did, in the same order."""
        if not self.seen:
            return False
        return tuple([showing.candidate.lesson for showing in sorted((*showings, *self.fixed))]) in self.seen


def plan_open_day(
    day: OpenDay, order: FillOrder, former: FormerDay | None, clock: Callable[[int], int], zone: ZoneInfo
) -> tuple[list[PlannedShowing], bool, list[Relaxed]]:
    """The day with its repeated blocks, and the others again where these would come too close to them.

    Args:
        base: what of the day as it stood may stay.
        clock: minutes after midnight → seconds since 1970.

    Returns:
        The showings, in no order; whether they are known to break no rule that a single day can break; and the times
        at which a block could not be repeated.
    """
    planned, clean = _kept_or_new(day, order, former)
    if not any(stretch.block and stretch.block.replay for stretch in day.free):
        return planned, clean, []
    minutes = day.pool.programme.rules.separation_minutes

    def fits(some: Sequence[PlannedShowing]) -> bool:
        every = sorted((*day.fixed, *some))
        return not minutes or keeps_apart(every, day.history.last, minutes * 60, order.firm)

    replays = replays_of(planned, day.free, clock, fits)
    others = replays.others(planned)
    if replays.showings and not fits([*replays.showings, *others]):
        fixed = sorted((*day.fixed, *replays.showings))
        rest = day.without(replays.stretches, fixed, starts_of(fixed, order.later or {}))
        kept = replace(former, showings=tuple(replays.others(former.showings))) if former else None
        others, _ = _kept_or_new(rest, order, kept)
    return [*others, *replays.showings], False, list(replays.relaxed(minutes, zone))


def _kept_or_new(day: OpenDay, order: FillOrder, former: FormerDay | None) -> tuple[list[PlannedShowing], bool]:
    if former and former.showings:
        due = order._replace(wanted=order.wanted - {showing.candidate.lesson for showing in former.showings})
        return keep(day.free, day.parts, day.pool, former, day.history, due, day.fixed), False
    return best_attempt(day, order)


def best_attempt(day: OpenDay, order: FillOrder) -> tuple[list[PlannedShowing], bool]:
    """The day's plan; begun elsewhere in the rotation while it is like an earlier day's or breaks a soft rule.

    Returns:
        The plan, and whether it is known to break no rule that a single day can break.
    """
    if not day.free:
        return [], True
    best: tuple[int, bool, int] | None = None
    planned, clean = list[PlannedShowing](), False
    judge = day.judge
    for number, turn in enumerate(turns_of(len(day.pool.candidates)), 1):
        turned = order._replace(rotation=order.rotation + turn)
        tried, weight = improve(attempt(day, turned), day.free, judge)
        empty = -sum([showing.candidate.seconds for showing in tried])
        alike = day.is_like_another(tried)
        # In a long day some rule always gives way somewhere.
        cost = weight if len(tried) <= _SHORT_DAY else 0
        if best is None or (empty, alike, cost) < best:
            best, planned, clean = (empty, alike, cost), tried, not weight
        # Another beginning brings other lessons; the best hours stay as short as they are.
        if not alike and (number >= _TRIES_FOR_COST or not cost or not judge.cost(tried, "premieres")):
            break
    if best is not None and best[2]:
        better = best_of_few(planned, day.free, day.pool, judge, day.history, order.wanted, day.seen)
        return better or planned, False
    return planned, clean


def turns_of(lessons: int) -> list[int]:
    """Where in the circle to begin: a third of it further each time, since neighbours mostly bring the same day."""
    tries = range(min(_MOST_TRIES, max(1, lessons)))
    step = lessons // _TRIES_FOR_COST
    far = lessons > _MOST_TRIES
    return [number % _TRIES_FOR_COST * step + number // _TRIES_FOR_COST if far else number for number in tries]


def attempt(day: OpenDay, order: FillOrder) -> list[PlannedShowing]:
    """The stretches filled one after the other, each knowing what was shown before it."""
    history, waiting = day.history, list(day.fixed)
    apart = day.pool.programme.rules.separation_minutes
    showings: list[PlannedShowing] = []
    for number, (stretch, own) in enumerate(zip(day.free, day.parts, strict=True), 1):
        while waiting and waiting[0].start < stretch.start:
            history = shown(history, [waiting.pop(0)])
        here = order
        if order.wanted and (met := order.wanted & {showing.candidate.lesson for showing in showings}):
            here = order._replace(wanted=order.wanted - met)
        if apart and waiting:
            here = here.before(waiting, firm=True)
        woven = weave(stretch, own, day.pool, history, here)
        if number < len(day.free):
            history = shown(history, woven)
        showings += woven
    return showings


def keep(
    stretches: Sequence[FreeStretch],
    parts: Sequence[Sequence[BlockPart]],
    pool: Pool,
    former: FormerDay,
    history: History,
    order: FillOrder,
    fixed: Sequence[PlannedShowing] = (),
) -> list[PlannedShowing]:
    """The day with its showings where they were; what lies empty between them is filled anew.

    Args:
        fixed: what lies between the stretches and is not changed, in order of time.
    """
    day: list[PlannedShowing] = []
    history = counted(history, fixed)
    for stretch, own_parts in zip(stretches, parts, strict=True):
        scene = _Scene(stretch, own_parts, pool, former.inside(stretch), history, order)
        if scene.apart:
            scene = _among(scene, fixed, [showing for showing in former.showings if showing.start >= stretch.end])
        found = _restore(scene)
        history = shown(history, found)
        day += found
    return day


@dataclass(frozen=True, slots=True)
class _Scene:
    """A stretch that is planned again, with all that its holes are filled from."""

    stretch: FreeStretch
    parts: Sequence[BlockPart]
    pool: Pool
    former: FormerDay
    history: History
    order: FillOrder

    @property
    def apart(self) -> int:
        """The hard least time between two starts of a lesson, in seconds."""
        return self.pool.programme.rules.separation_minutes * 60

    def rested(self, start: int, end: int, kept: Sequence[PlannedShowing]) -> Pool:
        """What may be shown between these moments among what is kept, as far as each lesson by itself goes."""
        if not self.apart:
            return self.pool
        starts = dict[str, list[int]]()
        known = (self.history.last.items(), (self.order.later or {}).items())
        for lesson, at in (*chain(*known), *((showing.candidate.lesson, showing.start) for showing in kept)):
            starts.setdefault(lesson, []).append(at)
        rested = []
        for candidate in self.pool.candidates:
            latest, least = end - candidate.seconds - self.apart, start + self.apart
            if all(at <= latest or least <= at for at in starts.get(candidate.lesson, ())):
                rested.append(candidate)
        lessons = {candidate.lesson: self.pool.lessons[candidate.lesson] for candidate in rested}
        return Pool(lessons, tuple(rested), self.pool.programme, self.pool.moment)

    def block_at(self, start: int) -> str:
        """The block of what stood there, or there last; by the clock where the programme is another one."""
        earlier = [begins for begins in self.former.blocks if begins <= start]
        if earlier:
            return self.former.blocks[max(earlier)]
        now = self.stretch.start
        for part in self.parts:
            now += part.seconds
            if start < now:
                return part.name
        return ""


def _among(scene: _Scene, fixed: Sequence[PlannedShowing], coming: Iterable[PlannedShowing]) -> _Scene:
    """The stretch between all else that is shown: its showings that are too close to any of that are given up."""
    earlier = [showing for showing in fixed if showing.start < scene.stretch.start]
    later = [showing for showing in fixed if showing.start >= scene.stretch.end]
    last = dict(scene.history.last)
    for showing in earlier:
        last[showing.candidate.lesson] = max(showing.start, last.get(showing.candidate.lesson, showing.start))
    order = scene.order.before(later, firm=True)
    kept = list[PlannedShowing]()
    for showing in scene.former.showings:
        if keeps_apart([*kept, showing], last, scene.apart, order.firm):
            kept.append(showing)
    return replace(
        scene,
        former=replace(scene.former, showings=tuple(kept)),
        history=History(scene.history.uses, last, scene.history.previous),
        order=order.before(coming, firm=False),
    )


def _restore(scene: _Scene) -> list[PlannedShowing]:
    """What is kept with each hole closed; the stretch anew where one cannot be, even with all neighbours gone."""
    former, order = scene.former, scene.order
    kept = list(former.showings)
    for hole in _holes(scene.stretch, kept):
        # Inside a hole that was widened before there is nothing left to do.
        if any(showing.start < hole.end and hole.start < showing.end for showing in kept):
            continue
        here = former.opened is not None and hole.start <= former.opened < hole.end
        wanted = order if here else order._replace(wanted=frozenset())
        closed = _close(hole, kept, replace(scene, order=wanted))
        if closed is None:
            return weave(scene.stretch, scene.parts, scene.pool, scene.history, order)
        kept = closed
    return kept


def _holes(stretch: FreeStretch, kept: Iterable[PlannedShowing]) -> list[Interval]:
    """The time of the stretch that nothing of what is kept takes."""
    holes, now = [], stretch.start
    for showing in kept:
        if now < showing.start:
            holes.append(Interval(now, showing.start))
        now = showing.end
    return [*holes, Interval(now, stretch.end)] if now < stretch.end else holes


def _close(hole: Interval, kept: list[PlannedShowing], scene: _Scene) -> list[PlannedShowing] | None:
    """The showings with the hole filled; its neighbours are given up one by one until it can be. None: all are."""
    before = [showing for showing in kept if showing.end <= hole.start]
    after = [showing for showing in kept if showing.start >= hole.end]
    was_empty = hole in scene.former.gaps
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


def _fill_between(
    before: list[PlannedShowing], after: list[PlannedShowing], scene: _Scene
) -> list[PlannedShowing] | None:
    """The time filled exactly, no lesson beside itself, every wish in it met; None when that is not possible."""
    parts, order = scene.parts, scene.order
    start = before[-1].end if before else scene.stretch.start
    end = after[0].start if after else scene.stretch.end
    pool = scene.rested(start, end, [*before, *after])
    # What is kept behind the hole is shown too, and counts.
    so_far = counted(shown(scene.history, before), after)
    block = scene.block_at(start)
    own = next((part.own for part in parts if part.name == block), parts[0].own if parts else ())
    own = own if pool is scene.pool else tuple(candidate for candidate in own if candidate.lesson in pool.lessons)
    musts = [candidate for candidate in pool.candidates if candidate.lesson in order.wanted]
    room = end - start - sum(candidate.seconds for candidate in musts)
    if room < 0 or len(musts) < len(order.wanted):
        return None
    for turn in range(_TURNS):
        task = task_of(start, room, own, pool, order._replace(rotation=order.rotation + turn, wanted=frozenset()))
        found = fill_part(task, pool, so_far, final=True) if room else Filled((), 0, varied=True, spaced=True)
        showings = _placed([*musts, *found.showings], start, block, order)
        if not found.missing and _fits([*before, *showings, *after], showings, scene):
            return showings
    return None


def _fits(day: list[PlannedShowing], showings: Sequence[PlannedShowing], scene: _Scene) -> bool:
    """Whether the new showings may stand where they do in that day."""
    new = set(showings)
    beside = any(showing.candidate == other.candidate and {showing, other} & new for showing, other in pairwise(day))
    later = scene.order.later
    return not beside and (not scene.apart or keeps_apart(day, scene.history.last, scene.apart, later))


def _placed(candidates: Iterable[Candidate], start: int, block: str, order: FillOrder) -> list[PlannedShowing]:
    """The lessons one after the other from that moment."""
    showings = []
    for candidate in candidates:
        why = "request" if candidate.lesson in order.wanted else ""
        showings.append(PlannedShowing(start, candidate, block, why))
        start += candidate.seconds
    return showings
