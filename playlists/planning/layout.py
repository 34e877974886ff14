"""Lay a day's blocks over its open time: which part of which stretch belongs to which block. Chooses no lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from courseware.lessons.lesson import Lesson
from playlists.files.blocks import Block, LessonChoice, Moment, admits
from playlists.files.programmes import Programme
from playlists.planning.standing import Members, members_of
from playlists.planning.tasks import Candidate, History, lesson_of, seconds_of
from playlists.schedules.schedule import Slot, Window

# Printed times of blocks are whole minutes.
_GRAIN_S = 60
# No block has this name.
_SINGLE = ""
# Days of other lengths that are remembered for a pool.
_MOST_LAID = 4096
_EVERYTHING = Block(name="滚动播出")


class Stretch(NamedTuple):
    """Time between events inside a window, in seconds since 1970; the end is excluded.

    Attributes:
        block: the block that was given this time by the clock; None for the others.
    """

    start: int
    end: int
    block: Block | None = None

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.end - self.start


class Span(NamedTuple):
    """When a block is meant to be on; lessons do not end on the second, so it may be a little off."""

    start: int
    end: int
    block: str


class Showing(NamedTuple):
    """A lesson at its time, in seconds since 1970; `why` as in a slot."""

    start: int
    candidate: Candidate
    block: str
    why: str = ""

    @property
    def end(self) -> int:
        """When the next may begin."""
        return self.start + self.candidate.seconds


class Part(NamedTuple):
    """A block, or what is left of it, inside one stretch."""

    name: str
    seconds: int
    own: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """What a day may be filled from; what it remembers changes no answer.

    Attributes:
        lessons: by id, valid on the day and rendered for the screen.
        programme: names the blocks.
        moment: what the choice of some blocks depends on; where none does, that of another day of the same lessons.
        memories: what is worth remembering as long as the pool, by what it is.
    """

    lessons: Mapping[str, Lesson]
    candidates: tuple[Candidate, ...]
    programme: Programme
    moment: Moment
    chosen: dict[LessonChoice, tuple[Candidate, ...]] = field(default_factory=dict, compare=False)
    asked: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    named: dict[int, tuple[tuple[Candidate, ...], frozenset[str]]] = field(default_factory=dict, compare=False)
    laid: dict[tuple[int, ...], tuple[tuple[Part, ...], ...]] = field(default_factory=dict, compare=False)
    memories: dict[str, object] = field(default_factory=dict, compare=False)

    def of(self, choice: LessonChoice) -> tuple[Candidate, ...]:
        """What a block, filler or insert admits."""
        if choice not in self.chosen:
            own = tuple(one for one in self.candidates if admits(choice, self.lessons[one.lesson], self.moment))
            self.chosen[choice] = own
            self.named[id(own)] = own, frozenset(map(lesson_of, own))
        return self.chosen[choice]

    @property
    def lengths(self) -> frozenset[int]:
        """The lengths that its lessons have, in seconds."""
        found = self.memories.get("lengths")
        if not isinstance(found, frozenset):
            found = self.memories["lengths"] = frozenset(map(seconds_of, self.candidates))
        return found

    def names(self, own: tuple[Candidate, ...]) -> frozenset[str]:
        """The lessons among these."""
        known = self.named.get(id(own))
        return known[1] if known and known[0] is own else frozenset(map(lesson_of, own))

    @property
    def members(self) -> Members:
        """Its lessons by series."""
        found = self.memories.get("members")
        if not isinstance(found, tuple):
            found = self.memories["members"] = members_of(self.candidates)
        return found

    @property
    def fillers(self) -> tuple[tuple[Candidate, ...], ...]:
        """What closes the seconds a block leaves, in the order in which it is tried."""
        found = self.memories.get("fillers")
        if not isinstance(found, tuple):
            found = self.memories["fillers"] = tuple(self.of(filler) for filler in self.programme.filler)
        return found

    @property
    def inserts(self) -> tuple[Candidate, ...]:
        """What comes after every so many showings."""
        found = self.memories.get("inserts")
        if not isinstance(found, tuple):
            found = self.of(self.programme.insert) if self.programme.insert_every else ()
            self.memories["inserts"] = found
        return found

    def own(self, block: str) -> frozenset[str]:
        """The lessons that the blocks of that name ask for, and the fillers."""
        if block not in self.asked:
            self.asked[block] = self._asked(block) | {one.lesson for tier in self.fillers for one in tier}
        return self.asked[block]

    def _asked(self, block: str) -> frozenset[str]:
        blocks = [one for one in self.programme.block if one.name == block]
        return frozenset([one.lesson for each in blocks for one in self.of(each)] if blocks else self.lessons)

    def aside(self, block: str) -> frozenset[str]:
        """Fillers that the block of that name does not ask for: there they fill time, as lessons of no series."""
        found = self.memories.get(f"aside {block}")
        if not isinstance(found, frozenset):
            found = self.memories[f"aside {block}"] = self.own(block) - self._asked(block)
        return found

    @property
    def single(self) -> frozenset[str]:
        """The blocks that ask for lessons of one series only."""
        if _SINGLE not in self.asked:
            blocks = self.programme.block
            of_one = (b.name for b in blocks if len({one.series for one in self.of(b)} - {""}) == 1)
            self.asked[_SINGLE] = frozenset(of_one)
        return self.asked[_SINGLE]


def stretches(
    windows: Iterable[Window], busy: Iterable[tuple[int, int]], programme: Programme, clock: Callable[[int], int]
) -> tuple[Stretch, ...]:
    """The windows without the time that is taken, cut where a block has a clock time of its own.

    Args:
        busy: (start, end) of events and pinned showings.
        clock: minutes after midnight → seconds since 1970.
    """
    taken = sorted(busy)
    free = []
    for window in windows:
        start, end = int(window.start.timestamp()), int(window.end.timestamp())
        for begins, ends in taken:
            if begins < end and start < ends:
                free.append(Stretch(start, begins))
                start = max(start, ends)
        free.append(Stretch(start, end))
    whole = tuple(one for one in free if one.start < one.end)
    return _cut(whole, programme, clock)


def lay_out(some: Sequence[Stretch], pool: Pool) -> tuple[tuple[Part, ...], ...]:
    """Lay the day's blocks over its stretches, in order; a block may end in a later stretch than it began."""
    lengths = tuple([one.end - one.start for one in some if one.block is None])
    if len(lengths) < len(some):
        return _laid(some, pool)
    # Without clock times it is the same on every day that is open for as long.
    found = pool.laid.get(lengths)
    if found is None:
        if len(pool.laid) >= _MOST_LAID:
            pool.laid.clear()
        found = pool.laid[lengths] = _laid(some, pool)
    return found


def _laid(some: Sequence[Stretch], pool: Pool) -> tuple[tuple[Part, ...], ...]:
    total = sum(one.seconds for one in some if one.block is None)
    queue = [Part(block.name, seconds, pool.of(block)) for block, seconds in _lengths(pool.programme, total)]
    laid = []
    for stretch in some:
        if stretch.block:
            laid.append(_without_empty([Part(stretch.block.name, stretch.seconds, pool.of(stretch.block))], pool))
            continue
        room, parts = stretch.seconds, list[Part]()
        while room:
            part = queue.pop(0)
            used = min(room, part.seconds)
            parts.append(Part(part.name, used, part.own))
            if used < part.seconds:
                queue.insert(0, Part(part.name, part.seconds - used, part.own))
            room -= used
        laid.append(_without_empty(parts, pool))
    return tuple(laid)


def spans_of(some: Sequence[Stretch], parts: Sequence[Sequence[Part]]) -> tuple[Span, ...]:
    """When each block is meant to be on."""
    spans = []
    for stretch, own in zip(some, parts, strict=True):
        start = stretch.start
        for part in own:
            spans.append(Span(start, start + part.seconds, part.name))
            start += part.seconds
    return tuple(spans)


def _cut(whole: Sequence[Stretch], programme: Programme, clock: Callable[[int], int]) -> tuple[Stretch, ...]:
    pinned = sorted(
        (clock(minutes), clock(minutes + (block.minutes or 0)), number)
        for number, block in enumerate(programme.block)
        for minutes in block.times
    )
    if not pinned:
        return tuple(whole)
    found: list[Stretch] = []
    for stretch in whole:
        start = stretch.start
        for begins, ends, number in pinned:
            first, last = max(start, begins), min(stretch.end, ends)
            if first < last:
                found += [Stretch(start, first), Stretch(first, last, programme.block[number])]
                start = last
        found.append(Stretch(start, stretch.end))
    return tuple(one for one in found if one.start < one.end)


def _lengths(programme: Programme, total: int) -> Iterator[tuple[Block, int]]:
    """Blocks with their seconds, `total` in all: fixed ones as far as there is time, elastic ones by share."""
    blocks = [one for one in programme.block if not one.at]
    left = total
    fixed = []
    for block in blocks:
        fixed.append(min(left, (block.minutes or 0) * 60))
        left -= fixed[-1]
    weights = [block.weight for block in blocks]
    if not any(weights):
        yield from zip(blocks, fixed, strict=True)
        yield _EVERYTHING, left
        return
    passed = begun = 0
    for block, seconds, weight in zip(blocks, fixed, weights, strict=True):
        passed += weight
        # The last elastic block ends where the time does; the others end on a whole minute.
        ends = left if passed == sum(weights) else left * passed // sum(weights) // _GRAIN_S * _GRAIN_S
        yield block, ends - begun if weight else seconds
        begun = ends if weight else begun


def _without_empty(parts: Sequence[Part], pool: Pool) -> tuple[Part, ...]:
    """The time of a block that no lesson fits goes to the next block, or to the one before when it is the last."""
    kept: list[Part] = []
    spare = 0
    for part in parts:
        if part.own:
            kept.append(Part(part.name, part.seconds + spare, part.own))
            spare = 0
        else:
            spare += part.seconds
    if not kept:
        # Any film, then; slogans and notices only where there is no film at all.
        return (Part(parts[0].name, spare, pool.of(_EVERYTHING) or pool.candidates),) if spare else ()
    kept[-1] = Part(kept[-1].name, kept[-1].seconds + spare, kept[-1].own)
    return tuple(kept)


def busy_with(slots: Iterable[Slot]) -> list[tuple[int, int]]:
    """When events are held."""
    return [(int(slot.start.timestamp()), int(slot.end.timestamp())) for slot in slots]


def shown(history: History, showings: Sequence[Showing]) -> History:
    """The history when these have been shown, each at its own time."""
    if not showings:
        return history
    uses, last = dict(history.uses), dict(history.last)
    for start, (lesson, _, _), _, _ in showings:
        uses[lesson] = uses.get(lesson, 0) + 1
        last[lesson] = start
    return History(uses, last, showings[-1].candidate)


def counted(history: History, showings: Iterable[Showing]) -> History:
    """The history with these counted, wherever in the day they lie."""
    uses = dict(history.uses)
    for one in showings:
        uses[one.candidate.lesson] = uses.get(one.candidate.lesson, 0) + 1
    return History(uses, history.last, history.previous)
