"""Put showings into a stretch, block after block, exact to the second. Pure; the arithmetic is fill's.

What is exact but breaks the hard separation is put together again, one showing at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import NamedTuple

from playlists.planning.fill import Candidate, Filled, History, Task, fill, most_fillable
from playlists.planning.layout import Part, Pool, Showing, Stretch
from playlists.planning.own import mostly_own, neglects
from playlists.planning.standing import Standing, stand
from playlists.planning.sums import sums_of

# Steps of the search that keeps lessons apart.
_MOST_STEPS = 1000
# Showings in a stretch beyond which the search would be too deep.
_DEEPEST = 400


class Order(NamedTuple):
    """How a stretch is to be filled.

    Attributes:
        rotation: where in the circle of lessons to begin.
        wanted: lessons that come first, because they were asked for.
        shares: lesson → how often it should come compared with others; empty for equally often.
        later: lesson → start of its next showing that stands already; what is chosen keeps apart from it.
        firm: those of them that cannot be given up, even where time stays empty.
    """

    rotation: int
    wanted: frozenset[str] = frozenset()
    shares: Mapping[str, int] | None = None
    later: Mapping[str, int] | None = None
    firm: Mapping[str, int] | None = None

    def before(self, showings: Iterable[Showing], *, firm: bool) -> Order:
        """The same before these showings, too."""
        later, held = dict(self.later or {}), dict(self.firm or {})
        for starts in (later, held) if firm else (later,):
            for one in showings:
                lesson = one.candidate.lesson
                starts[lesson] = min(one.start, starts.get(lesson, one.start))
        return Order(self.rotation, self.wanted, self.shares, later, held)


def weave(stretch: Stretch, parts: Sequence[Part], pool: Pool, history: History, order: Order) -> list[Showing]:
    """Fill block after block; while that is not exact, or a lesson follows itself, the last blocks are merged.

    At worst all are one: then the stretch is filled exactly whenever the lessons allow it at all.
    """
    total = sum([part.seconds for part in parts])
    standing = stand(pool.candidates, history, order.rotation, order.wanted, pool.members)
    possible = most_fillable(total, pool.lengths)
    best: list[Showing] = []
    quality, joined = (-1, 0), 1
    for merged in range(1, len(parts) + 1):
        some = [*parts[:-merged], _merge(parts[-merged:])]
        tried = _fill_parts(stretch.start, some, pool, history, order, standing)
        if (found := _quality(tried)) > quality:
            best, quality, joined = tried, found, merged
        if quality == (possible, 0):
            break
    labelled = _labelled(best, stretch.start, parts, pool, joined)
    apart = pool.programme.rules.separation_minutes * 60
    if apart and not keeps_apart(labelled, history.last, apart, order.later):
        return _one_by_one(stretch, parts, pool, history, apart, order)
    return labelled


def keeps_apart(
    showings: Iterable[Showing], last: Mapping[str, int], apart: int, later: Mapping[str, int] | None = None
) -> bool:
    """Whether each lesson starts at least `apart` seconds after its showing before, and before its next one."""
    latest, coming = dict(last), later or {}
    for one in showings:
        lesson = one.candidate.lesson
        if lesson in latest and one.start - latest[lesson] < apart:
            return False
        if lesson in coming and coming[lesson] - one.start < apart:
            return False
        latest[lesson] = one.start
    return True


def fill_part(task: Task, pool: Pool, history: History, standing: Standing | None = None, *, final: bool) -> Filled:
    """From the block's own lessons and the fillers; from all lessons where that is clearly better."""
    standing = standing or stand(pool.candidates, history, task.rotation, task.wanted, pool.members)
    pure = fill(task if final else task._replace(exact=False), history, standing)
    if pure.varied and pure.spaced and not (final and pure.missing):
        best = pure
    else:
        mixed = fill(task._replace(tiers=(*task.tiers, pool.candidates)), history, standing)
        # max() keeps the first among equals.
        best = max(pure, mixed, key=lambda one: one.rank if final else one.rank[1:])
    if len(task.tiers[0]) == len(pool.candidates) or not neglects(task, best):
        return best
    return mostly_own(
        task, best, [one for tier in task.tiers[1:] for one in tier], pool.candidates, history, standing
    )


def task_of(start: int, seconds: int, own: tuple[Candidate, ...], pool: Pool, order: Order) -> Task:
    """The task to fill so many seconds with a block's own lessons and the fillers."""
    gap = max(pool.programme.repeat_gap_minutes, pool.programme.rules.separation_minutes) * 60
    return Task(start, seconds, (own, *pool.fillers), gap, order.rotation, order.wanted, shares=order.shares or {})


def _quality(showings: Sequence[Showing]) -> tuple[int, int]:
    """Seconds filled, then how few lessons follow themselves; greater is better."""
    total = repeats = 0
    before = None
    for _, one, _, _ in showings:
        total += one[2]
        repeats += one == before
        before = one
    return total, -repeats


def _merge(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    own = {one.lesson: one for part in parts for one in part.own}
    return Part(parts[0].name, sum(part.seconds for part in parts), tuple(own.values()))


def _fill_parts(
    start: int, parts: Sequence[Part], pool: Pool, history: History, order: Order, standing: Standing
) -> list[Showing]:
    """What a block leaves is carried to the next, so that the stretch as a whole comes out even."""
    showings: list[Showing] = []
    carry = 0
    for number, part in enumerate(parts, 1):
        task = task_of(start, part.seconds + carry, part.own, pool, order)
        filled = _fill_with_inserts(task, pool, history, standing, final=number == len(parts))
        if number < len(parts):
            shown = [one for one, _ in filled]
            history, standing = history.after(shown, start), standing.after(shown)
        if order.wanted:
            order = order._replace(wanted=order.wanted - {one.lesson for one, _ in filled})
        ends = start + task.seconds
        for one, why in filled:
            showings.append(Showing(start, one, part.name, why))
            start += one[2]
        carry = ends - start
    return showings


def _fill_with_inserts(
    task: Task, pool: Pool, history: History, standing: Standing, *, final: bool
) -> list[tuple[Candidate, str]]:
    """The part with one of the inserts after every so many showings; without them where they cannot be fitted in."""
    plain = fill_part(task, pool, history, standing, final=final)
    every, inserts = pool.programme.insert_every, pool.inserts
    if not inserts:
        return _with_reason(plain.showings, task.wanted)
    ordered = sorted(inserts, key=lambda one: (history.uses.get(one.lesson, 0), one.lesson))
    kept = {one.lesson for one in inserts}
    without = tuple(tuple(one for one in tier if one.lesson not in kept) for tier in task.tiers)
    number = max(0, len(plain.showings) - 1) // (every + 1)
    best, most = _with_reason(plain.showings, task.wanted), 0
    for tried in (number, number + 1, number - 1, number + 2, number - 2):
        coming = [one for one, _ in zip(cycle(ordered), range(tried), strict=False)]
        room = task.seconds - sum(one.seconds for one in coming)
        if tried < 1 or room <= 0:
            continue
        filled = fill_part(task._replace(seconds=room, tiers=without), pool, history, standing, final=final)
        fitting = max(0, len(filled.showings) - 1) // every
        if most < tried <= fitting and filled.missing <= plain.missing:
            best, most = _inserted(filled.showings, coming, every, task.wanted), tried
            if tried == fitting:
                break
    return best


def _with_reason(showings: Iterable[Candidate], wanted: frozenset[str]) -> list[tuple[Candidate, str]]:
    if not wanted:
        return [(one, "") for one in showings]
    met = set[str]()
    found = []
    for one in showings:
        found.append((one, "request" if one.lesson in wanted and one.lesson not in met else ""))
        met.add(one.lesson)
    return found


def _inserted(
    showings: Sequence[Candidate], coming: Sequence[Candidate], every: int, wanted: frozenset[str]
) -> list[tuple[Candidate, str]]:
    found = list[tuple[Candidate, str]]()
    queue = list(coming)
    for number, pair in enumerate(_with_reason(showings, wanted), 1):
        found.append(pair)
        if number % every == 0 and queue:
            found.append((queue.pop(0), "insert"))
    return found


def _labelled(
    showings: Sequence[Showing], start: int, parts: Sequence[Part], pool: Pool, joined: int
) -> list[Showing]:
    """What a block does not admit belongs to the one of its time.

    Args:
        joined: so many blocks, the last ones, were filled as one: a showing in these belongs to the block of its
            time if that admits it, else to the one beside it that does, so that no block is torn apart.
    """
    if len(parts) == 1:
        return list(showings)
    names: dict[str, frozenset[str]] = {}
    for part in parts:
        own = pool.names(part.own)
        names[part.name] = names[part.name] | own if part.name in names else own
    if joined == 1 and all(one[1][0] in names[one[2]] for one in showings):
        return list(showings)
    ends = list[tuple[int, str]]()
    for part in parts:
        start += part.seconds
        ends.append((start, part.name))
    merged = {part.name for part in parts[-joined:]} if joined > 1 else set[str]()
    at = [next(name for end, name in ends if one.start < end) for one in showings]
    blocks = list[str]()
    for one, now in zip(showings, at, strict=True):
        name = now if {one.block, now} <= merged else one.block
        blocks.append(name if one.candidate.lesson in names[name] else "")
    for places, step in ((range(1, len(at)), -1), (range(len(at) - 2, -1, -1), 1)):
        for place in places:
            one, beside = showings[place], blocks[place + step]
            if not blocks[place] and {one.block, beside} <= merged and one.candidate.lesson in names[beside]:
                blocks[place] = beside
    return [one._replace(block=block or now) for one, block, now in zip(showings, blocks, at, strict=True)]


def _one_by_one(
    stretch: Stretch, parts: Sequence[Part], pool: Pool, history: History, apart: int, order: Order
) -> list[Showing]:
    """The stretch with every lesson kept apart: exactly filled where a search finds how, else with pauses."""
    later, firm = order.later or {}, order.firm or {}
    for coming in (later,) if later == firm else (later, firm):
        found = _Search(stretch, parts, pool, apart, coming).exact(dict(history.last), history.uses)
        if found is not None:
            return found
    return _Search(stretch, parts, pool, apart, firm).with_pauses(dict(history.last))


@dataclass(slots=True)
class _Search:
    """Showing after showing, the most rested first, and back again where that leads nowhere."""

    stretch: Stretch
    parts: Sequence[Part]
    pool: Pool
    apart: int
    later: Mapping[str, int]
    steps: int = 0

    def exact(self, last: dict[str, int], uses: Mapping[str, int]) -> list[Showing] | None:
        """A way to fill all of it; None when there is none, or none was found in time."""
        total = self.stretch.seconds
        shortest = min((one.seconds for one in self.pool.candidates), default=0)
        if not shortest or total // shortest > _DEEPEST:
            return None
        reachable = sums_of(total, self.pool.lengths, every=True)
        ordered = sorted(self.pool.candidates, key=lambda one: (uses.get(one.lesson, 0), one.lesson))
        path: list[Showing] = []
        return path if reachable >> total & 1 and self._extend(path, last, reachable, ordered) else None

    def _extend(self, path: list[Showing], last: dict[str, int], reachable: int, ordered: list[Candidate]) -> bool:
        now = path[-1].end if path else self.stretch.start
        left = self.stretch.end - now
        if not left:
            return True
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return False
        for one in self._rested(now, last, ordered):
            if one.seconds > left or not reachable >> (left - one.seconds) & 1:
                continue
            before = last.get(one.lesson)
            path.append(Showing(now, one, self._block_at(now)))
            last[one.lesson] = now
            if self._extend(path, last, reachable, ordered):
                return True
            path.pop()
            if before is None:
                del last[one.lesson]
            else:
                last[one.lesson] = before
            if self.steps > _MOST_STEPS:
                return False
        return False

    def with_pauses(self, last: dict[str, int]) -> list[Showing]:
        """The most rested lesson that fits, again and again; nothing while none may be shown."""
        path, now = list[Showing](), self.stretch.start
        while True:
            fitting = [one for one in self.pool.candidates if one.seconds <= self.stretch.end - now]
            rested = list(self._rested(now, last, fitting))
            if rested:
                path.append(Showing(now, rested[0], self._block_at(now)))
                last[rested[0].lesson] = now
                now += rested[0].seconds
                continue
            again = [last[one.lesson] + self.apart for one in fitting if one.lesson in last]
            again = [at for at in again if at > now]
            if not again or min(again) >= self.stretch.end:
                return path
            now = min(again)

    def _rested(self, now: int, last: Mapping[str, int], some: Iterable[Candidate]) -> list[Candidate]:
        own = self._own_at(now)
        rested = [
            one
            for one in some
            if now - last.get(one.lesson, now - self.apart) >= self.apart
            and self.later.get(one.lesson, now + self.apart) - now >= self.apart
        ]
        return sorted(rested, key=lambda one: (one.lesson not in own, last.get(one.lesson, 0)))

    def _own_at(self, now: int) -> set[str]:
        return next(({one.lesson for one in part.own} for part in self._parts_from(now)), set())

    def _block_at(self, now: int) -> str:
        return next(part.name for part in self._parts_from(now))

    def _parts_from(self, now: int) -> Iterable[Part]:
        end = self.stretch.start
        for part in self.parts:
            end += part.seconds
            if now < end:
                yield part
