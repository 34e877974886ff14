"""Put showings into a stretch, block after block, exact to the second. Pure; the arithmetic is fill's.

A block that fillers or borrowed lessons would mostly fill gets as many of its own first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, cycle, islice

from playlists.planning.fill import Filled, arrange, chosen_for, fill, judged
from playlists.planning.search import fill_apart
from playlists.planning.shelf import Pool
from playlists.planning.showings import (
    BlockPart,
    Candidate,
    FillOrder,
    FillTask,
    FreeStretch,
    History,
    PlannedShowing,
    QueueStanding,
    lesson_of,
    stand,
)
from playlists.planning.sums import most_fillable, sums_of

# Divisions of the time that are tried, those with the most of the block's own first.
_MOST_DIVISIONS = 12


def weave(
    stretch: FreeStretch, parts: Sequence[BlockPart], pool: Pool, history: History, order: FillOrder
) -> list[PlannedShowing]:
    """Fill block after block; while that is not exact, or a lesson follows itself, the last blocks are merged.

    At worst all are one: then the stretch is filled exactly whenever the lessons allow it at all.
    """
    total = sum([part.seconds for part in parts])
    standing = stand(pool.candidates, history, order.rotation, order.wanted, pool.members)
    possible = most_fillable(total, pool.lengths)
    best: list[PlannedShowing] = []
    quality, joined = (-1, 0), 1
    for merged in range(1, len(parts) + 1):
        some = [*parts[:-merged], _merge(parts[-merged:])]
        tried = _fill_parts(stretch.start, some, pool, history, order, standing)
        if (found := _quality(tried)) > quality:
            best, quality, joined = tried, found, merged
        if quality == (possible, 0):
            break
    labelled = _labelled(best, stretch.start, parts, joined)
    apart = pool.programme.rules.separation_minutes * 60
    if apart and not keeps_apart(labelled, history.last, apart, order.later):
        return fill_apart(stretch, parts, pool, history, apart, order)
    return labelled


def keeps_apart(
    showings: Iterable[PlannedShowing], last: Mapping[str, int], apart: int, later: Mapping[str, int] | None = None
) -> bool:
    """Whether each lesson starts at least `apart` seconds after its showing before, and before its next one."""
    latest, coming = dict(last), later or {}
    for showing in showings:
        lesson = showing.candidate.lesson
        if lesson in latest and showing.start - latest[lesson] < apart:
            return False
        if lesson in coming and coming[lesson] - showing.start < apart:
            return False
        latest[lesson] = showing.start
    return True


def fill_part(
    task: FillTask, pool: Pool, history: History, standing: QueueStanding | None = None, *, final: bool
) -> Filled:
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
        task, best, [candidate for tier in task.tiers[1:] for candidate in tier], pool.candidates, history, standing
    )


def task_of(start: int, seconds: int, own: tuple[Candidate, ...], pool: Pool, order: FillOrder) -> FillTask:
    """The task to fill so many seconds with a block's own lessons and the fillers."""
    gap = max(pool.programme.repeat_gap_minutes, pool.programme.rules.separation_minutes) * 60
    return FillTask(
        start, seconds, (own, *pool.fillers), gap, order.rotation, order.wanted, strides=order.strides or {}
    )


def _quality(showings: Sequence[PlannedShowing]) -> tuple[int, int]:
    """Seconds filled, then how few lessons follow themselves; greater is better."""
    total = repeats = 0
    before = None
    for _, candidate, _, _ in showings:
        total += candidate.seconds
        repeats += candidate == before
        before = candidate
    return total, -repeats


def _merge(parts: Sequence[BlockPart]) -> BlockPart:
    if len(parts) == 1:
        return parts[0]
    own = {candidate.lesson: candidate for part in parts for candidate in part.own}
    return BlockPart(parts[0].name, sum(part.seconds for part in parts), tuple(own.values()))


def _fill_parts(
    start: int, parts: Sequence[BlockPart], pool: Pool, history: History, order: FillOrder, standing: QueueStanding
) -> list[PlannedShowing]:
    """What a block leaves is carried to the next, so that the stretch as a whole comes out even."""
    showings: list[PlannedShowing] = []
    carry = 0
    for number, part in enumerate(parts, 1):
        task = task_of(start, part.seconds + carry, part.own, pool, order)
        filled = _fill_with_inserts(task, pool, history, standing, final=number == len(parts))
        if number < len(parts):
            shown = [candidate for candidate, _ in filled]
            history, standing = history.after(shown, start), standing.after(shown)
        if order.wanted:
            order = order._replace(wanted=order.wanted - {candidate.lesson for candidate, _ in filled})
        ends = start + task.seconds
        for candidate, why in filled:
            showings.append(PlannedShowing(start, candidate, part.name, why))
            start += candidate.seconds
        carry = ends - start
    return showings


def _fill_with_inserts(
    task: FillTask, pool: Pool, history: History, standing: QueueStanding, *, final: bool
) -> list[tuple[Candidate, str]]:
    """The part with one of the inserts after every so many showings; without them where they cannot be fitted in."""
    plain = fill_part(task, pool, history, standing, final=final)
    every, inserts = pool.programme.insert_every, pool.inserts
    if not inserts:
        return _with_reason(plain.showings, task.wanted)
    ordered = sorted(inserts, key=lambda one: (history.uses.get(one.lesson, 0), one.lesson))
    kept = {candidate.lesson for candidate in inserts}
    without = tuple(tuple(candidate for candidate in tier if candidate.lesson not in kept) for tier in task.tiers)
    number = max(0, len(plain.showings) - 1) // (every + 1)
    best, most = _with_reason(plain.showings, task.wanted), 0
    for tried in (number, number + 1, number - 1, number + 2, number - 2):
        coming = [candidate for candidate, _ in zip(cycle(ordered), range(tried), strict=False)]
        room = task.seconds - sum(candidate.seconds for candidate in coming)
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
    """Each lesson with why it is shown: the first showing of a wanted one was asked for."""
    if not wanted:
        return [(candidate, "") for candidate in showings]
    met = set[str]()
    found = []
    for candidate in showings:
        found.append((candidate, "request" if candidate.lesson in wanted and candidate.lesson not in met else ""))
        met.add(candidate.lesson)
    return found


def _inserted(
    showings: Sequence[Candidate], coming: Sequence[Candidate], every: int, wanted: frozenset[str]
) -> list[tuple[Candidate, str]]:
    """The showings with what is coming put in after every so many."""
    found = list[tuple[Candidate, str]]()
    queue = list(coming)
    for number, pair in enumerate(_with_reason(showings, wanted), 1):
        found.append(pair)
        if number % every == 0 and queue:
            found.append((queue.pop(0), "insert"))
    return found


def _labelled(
    showings: Sequence[PlannedShowing], start: int, parts: Sequence[BlockPart], joined: int
) -> list[PlannedShowing]:
    """What a block does not admit belongs to the one of its time.

    Args:
        joined: so many blocks, the last ones, were filled as one: a showing in these belongs to the block of its
            time if that admits it, else to the one beside it that does, so that no block is torn apart.
    """
    if len(parts) == 1:
        return list(showings)
    names: dict[str, frozenset[str]] = {}
    for part in parts:
        own = frozenset(map(lesson_of, part.own))
        names[part.name] = names[part.name] | own if part.name in names else own
    if joined == 1 and all(showing.candidate.lesson in names[showing.block] for showing in showings):
        return list(showings)
    ends = list[tuple[int, str]]()
    for part in parts:
        start += part.seconds
        ends.append((start, part.name))
    merged = {part.name for part in parts[-joined:]} if joined > 1 else set[str]()
    at = [next(name for end, name in ends if showing.start < end) for showing in showings]
    blocks = list[str]()
    for showing, now in zip(showings, at, strict=True):
        name = now if {showing.block, now} <= merged else showing.block
        blocks.append(name if showing.candidate.lesson in names[name] else "")
    for places, step in ((range(1, len(at)), -1), (range(len(at) - 2, -1, -1), 1)):
        for place in places:
            one, beside = showings[place], blocks[place + step]
            if not blocks[place] and {one.block, beside} <= merged and one.candidate.lesson in names[beside]:
                blocks[place] = beside
    return [showing._replace(block=block or now) for showing, block, now in zip(showings, blocks, at, strict=True)]


def neglects(task: FillTask, found: Filled) -> bool:
    """Whether what is no lesson of the first tier takes more than half, and one of these would have fitted there."""
    asked = set(task.tiers[0])
    others = sum(candidate.seconds for candidate in found.showings if candidate not in asked)
    own = [candidate.seconds for candidate in task.tiers[0] if candidate.seconds <= task.seconds] if others else []
    if not own:
        return False
    # One lesson alone can only be every other showing.
    most = task.seconds if len(own) > 1 else task.seconds // 2
    shown = task.seconds - found.missing - others
    return others > min(task.seconds // 2, *own) and 2 * shown < most


def mostly_own(
    task: FillTask, found: Filled, fillers: Sequence[Candidate], others: Sequence[Candidate], history: History,
    standing: QueueStanding,
) -> Filled:  # fmt: skip
    """As full and as varied as what was found, with clearly more of the first tier; that, where nothing has.

    Of the ways to do so, the one with the lesson whose turn it is.

    Args:
        fillers: what closes the rest, where that is less than half and less than any lesson of the block.
        others: what else may do so.
    """
    own = tuple(candidate for candidate in task.tiers[0] if candidate.seconds <= task.seconds)
    total, shown = task.seconds - found.missing, _seconds_of(found.showings, own)
    fill_up = tuple(candidate for candidate in fillers if candidate not in own)
    rest = tuple(candidate for candidate in others if candidate not in own and candidate not in fill_up)
    little = min(task.seconds // 2, *(candidate.seconds for candidate in own))
    place = standing.place
    for tiers, least in (((fill_up,), max(shown, total - little - 1)), ((rest, fill_up), shown)):
        best: tuple[int, list[tuple[FillTask, Filled]]] | None = None
        for seconds in _divisions(total, own, [candidate for tier in tiers for candidate in tier], least):
            part = _part_of_task(task, seconds, (own,))
            mine = chosen_for(part, history, standing)
            turn = min([place[candidate.lesson] for candidate in mine.showings])
            if best is not None and turn >= best[0]:
                continue
            other = _part_of_task(task, total - seconds, tiers)
            rest_of_it = chosen_for(other, history, standing)
            if judged((*mine.showings, *rest_of_it.showings), task, history.previous).rank >= found.rank:
                best = turn, [(part, mine), (other, rest_of_it)]
        if best is not None:
            # Only what is taken is put in order: part by part, then all of it.
            parts = [arrange(some.showings, of, history, standing.order) for of, some in best[1]]
            ordered = arrange([*chain.from_iterable(parts)], task, history, standing.order)
            return judged(ordered, task, history.previous)
    return found


def _divisions(total: int, own: Sequence[Candidate], rest: Sequence[Candidate], least: int) -> Iterator[int]:
    """How many seconds of a block's own can be closed by the rest: more than the least, and half of the most."""
    mine = sums_of(total, [candidate.seconds for candidate in own], every=True)
    theirs = sums_of(total, [candidate.seconds for candidate in rest], every=True)
    ways = (each for each in range(total, least, -1) if mine >> each & 1 and theirs >> (total - each) & 1)
    most = 0
    for seconds in islice(ways, _MOST_DIVISIONS):
        most = most or seconds
        if 2 * seconds >= most:
            yield seconds


def _part_of_task(task: FillTask, seconds: int, tiers: tuple[tuple[Candidate, ...], ...]) -> FillTask:
    wanted = task.wanted & {candidate.lesson for tier in tiers for candidate in tier}
    return FillTask(task.start, seconds, tiers, task.gap, task.rotation, wanted, strides=task.strides)


def _seconds_of(showings: Sequence[Candidate], own: Sequence[Candidate]) -> int:
    return sum(candidate.seconds for candidate in showings if candidate in own)
