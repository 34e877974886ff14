"""Fill a stretch of time with whole lessons, exact to the second, and put them in order. Pure.

First it is decided how often each lesson is shown (choose.py), then in which order: spaced evenly, with series
alternating. A lesson is never cut; what cannot be filled is returned as missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from playlists.planning.choose import Tiers, TierSearch, choose, choose_fairly, choose_nearly
from playlists.planning.showings import (
    Candidate,
    FillTask,
    History,
    QueueStanding,
    lesson_of,
    seconds_of,
    stand,
)

_MANY = 12
# So many seconds may be left rather than show one lesson again and again.
LITTLE = 10


class Filled(NamedTuple):
    """The showings in order and the seconds that stay empty at the end.

    Attributes:
        varied: no lesson has to follow itself.
        spaced: no lesson is shown more often than its gap allows.
    """

    showings: tuple[Candidate, ...]
    missing: int
    varied: bool
    spaced: bool

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Greater is better: full, then varied, then spaced."""
        return (not self.missing, self.varied, self.spaced)


def fill(task: FillTask, history: History, standing: QueueStanding | None = None) -> Filled:
    """Fill the stretch as far as arithmetic allows: exactly, whenever any combination of the candidates is exact.

    Only where one lesson would have to follow itself, though there are others, a few seconds may be left.
    Where several combinations do, one is preferred in which no lesson follows itself, then one that keeps the gap,
    then one that needs the later tiers least, then one that is fair within each series.

    Args:
        standing: of all lessons of the task, where it is known already.
    """
    if standing is None:
        every = sorted({candidate for tier in task.tiers for candidate in tier})
        standing = stand(every, history, task.rotation, task.wanted)
    best = chosen_for(task, history, standing)
    return best._replace(showings=arrange(best.showings, task, history, standing.order))


def chosen_for(task: FillTask, history: History, standing: QueueStanding) -> Filled:
    """What `fill` chooses, in no order yet."""
    best = _loosely(task, standing, history) if not task.exact else None
    return best or _exactly(task, tuple(_in_order(task, standing)), standing, history)


def _in_order(task: FillTask, standing: QueueStanding) -> Iterator[tuple[Candidate, ...]]:
    """Each lesson in its first tier only; those longer than the stretch, and empty tiers, are gone."""
    order, seconds = standing.order, task.seconds
    seen: set[str] = set()
    for number, tier in enumerate(task.tiers):
        if len(seen) == len(order):
            return
        if not tier:
            continue
        fits = max(map(seconds_of, tier)) <= seconds
        if fits and not number and len(tier) == len(order):
            yield order
            return
        fresh = set(map(lesson_of, tier)) if fits else {lesson for lesson, _, length in tier if length <= seconds}
        fresh -= seen
        if fresh:
            seen |= fresh
            yield tuple([candidate for candidate in order if candidate.lesson in fresh])


def _exactly(task: FillTask, tiers: Tiers, standing: QueueStanding, history: History) -> Filled:
    """As full as can be; a few seconds less where else a lesson has to follow itself."""
    best = _fullest(task, tiers, standing, history)
    number = sum(map(len, tiers))
    if best.varied or number == 1:
        return best
    instead: Filled | None = None
    longest = max([candidate.seconds for tier in tiers for candidate in tier])
    for less in range(best.missing + 1, min(best.missing + LITTLE, task.seconds - 1) + 1):
        shorter = task._replace(seconds=task.seconds - less)
        fitting = tiers if longest <= shorter.seconds else tuple(_in_order(shorter, standing))
        tried = _fullest(shorter, fitting, standing, history)
        if tried.missing or not tried.varied:
            continue
        instead = instead or tried._replace(missing=less)
        # A second more or less is nothing against many more lessons.
        if 2 * len(set(tried.showings)) >= min(number, len(tried.showings)):
            return tried._replace(missing=less)
    return instead or best


def _fullest(task: FillTask, tiers: Tiers, standing: QueueStanding, history: History) -> Filled:
    """The best of the attempts by rank: full, then varied, then spaced; the first one that is all three ends them."""
    if not tiers:
        return Filled((), task.seconds, varied=True, spaced=True)
    best: Filled | None = None
    for attempt, cap in _attempts(tiers, task):
        chosen = choose(TierSearch(task, attempt, standing, history.uses, cap))
        if chosen is None:
            continue
        found = judged(chosen, task, history.previous)
        if best is None or found.rank > best.rank:
            best = found
        if all(best.rank):
            break
    assert best is not None  # noqa: S101  (the attempt without a cap always finds one)
    return best


def _attempts(tiers: Tiers, task: FillTask) -> Iterator[tuple[Tiers, int | None]]:
    """Ways to try, best first: with the gap kept, then without; tiers apart, then more and more of them as one.

    Between these, a block of few lessons is kept from taking more than every other showing.
    """
    numbers = range(len(tiers))
    if task.gap:
        cap = _most_often(task)
        yield from ((_merged(tiers, number), cap) for number in numbers)
    yield tiers, None
    yield tiers, max(1, task.seconds // (2 * max(candidate.seconds for tier in tiers for candidate in tier)))
    yield from ((_merged(tiers, number), None) for number in numbers[1:])


def _merged(tiers: Tiers, more: int) -> Tiers:
    """The first tier and so many more as one."""
    return (sum(tiers[: more + 1], ()), *tiers[more + 1 :]) if more else tiers


def judged(chosen: Sequence[Candidate], task: FillTask, previous: Candidate | None) -> Filled:
    """These showings, in no order, as a filling of the stretch after the one right before."""
    counts = dict[str, int]()
    missing = task.seconds
    for lesson, _, seconds in chosen:
        counts[lesson] = counts.get(lesson, 0) + 1
        missing -= seconds
    most = max(counts.values(), default=0)
    again = counts.get(previous.lesson, 0) if previous else 0
    return Filled(
        tuple(chosen),
        missing,
        varied=2 * most <= len(chosen) + 1 and 2 * again <= len(chosen),
        spaced=not task.gap or most <= _most_often(task),
    )


def _most_often(task: FillTask) -> int:
    """How often one lesson may begin in the stretch, its gap kept; what begins at its end is no part of it."""
    return (task.seconds - 1) // task.gap + 1


def _loosely(task: FillTask, standing: QueueStanding, history: History) -> Filled | None:
    """Whole rounds of the first tier and of the next one what nearly fills the rest; each lesson within its gap.

    Of many lessons those are taken that fill it exactly. Of few, always the same would; so some seconds may be left.
    """
    tier = next(_in_order(task, standing), None)
    if tier is None:
        return None
    cap = _most_often(task) if task.gap else None
    search = TierSearch(task, (tier,), standing, history.uses, cap)
    found = choose_fairly(search, task.seconds) if len(tier) >= _MANY else None
    if found is None:
        found = choose_nearly(search)
    loose = judged(found, task, history.previous) if found is not None else None
    return loose if loose and loose.varied and loose.spaced else None


@dataclass(slots=True)
class _DueLesson:
    """A lesson with the showings of it that are left to place; `due` is when the next would be evenly spaced.

    Attributes:
        last: start of its latest showing; None before the first.
    """

    candidate: Candidate
    left: int
    every: int
    due: int
    last: int | None


@dataclass(slots=True)
class _DueSeries:
    """The same of a series, with its lessons in the order of the standing."""

    left: int
    every: int
    due: int
    lessons: list[_DueLesson] = field(default_factory=list)


def arrange(
    chosen: Sequence[Candidate], task: FillTask, history: History, order: Iterable[Candidate]
) -> tuple[Candidate, ...]:
    """Order the showings: no lesson after itself, the gap kept, no series after itself, all evenly spaced.

    Earlier wishes go before later ones. Spacing is by due times, series first, then lessons in the series.

    Args:
        order: of all lessons; decides among equals.
    """
    lessons, series = _waiting(chosen, task, history, order)
    most = max((due.left for due in lessons), default=0)
    previous, now = history.previous, task.start
    ordered = []
    for left in range(len(chosen), 0, -1):
        # Only then can one of them have more than half of what is left.
        pick = _forced(lessons, left, previous) if left < 2 * most else None
        if pick is None:
            pick = _next(lessons, series, left, previous, now, task.gap)
        previous = pick.candidate
        for waiting in (pick, series[previous.series]):
            waiting.left -= 1
            waiting.due = max(now, waiting.due) + waiting.every
        pick.last = now
        ordered.append(previous)
        now += previous.seconds
    return tuple(ordered)


def _waiting(
    chosen: Sequence[Candidate], task: FillTask, history: History, order: Iterable[Candidate]
) -> tuple[list[_DueLesson], dict[str, _DueSeries]]:
    """The lessons and the series in the order in which they were chosen."""
    lessons, by_series = dict[str, _DueLesson](), dict[str, int]()
    start, seconds, shown = task.start, task.seconds, history.last
    for candidate in chosen:
        lesson, name, _ = candidate
        if lesson in lessons:
            lessons[lesson].left += 1
        else:
            lessons[lesson] = _DueLesson(candidate, 1, 0, start, shown.get(lesson))
        by_series[name] = by_series.get(name, 0) + 1
    for waiting in lessons.values():
        waiting.every = seconds // waiting.left
        if waiting.last is not None and waiting.last + waiting.every > start:
            waiting.due = waiting.last + waiting.every
    series = {name: _DueSeries(number, seconds // number, start) for name, number in by_series.items()}
    for lesson, name, _ in order:
        if lesson in lessons:
            series[name].lessons.append(lessons[lesson])
    return [*lessons.values()], series


def _forced(lessons: Iterable[_DueLesson], left: int, previous: Candidate | None) -> _DueLesson | None:
    """A lesson with more than half of the showings left: unless it comes now, it must follow itself later."""
    for waiting in lessons:
        if 2 * waiting.left > left and (previous is None or waiting.candidate.lesson != previous.lesson):
            return waiting
    return None


def _next(
    lessons: Iterable[_DueLesson],
    series: dict[str, _DueSeries],
    left: int,
    previous: Candidate | None,
    now: int,
    gap: int,
) -> _DueLesson:
    """The lesson to show now: the most urgent rested one of the first series that has any, else the most rested."""
    just_shown, before = previous[:2] if previous else (None, None)
    # The most urgent first, the one just shown last; the number keeps the order among equals.
    urgent = [
        (name == before, 2 * waiting.left <= left, waiting.due, number, waiting.lessons)
        for number, (name, waiting) in enumerate(series.items())
        if waiting.left
    ]
    urgent.sort()
    tired: list[_DueLesson] = []
    for _, _, _, _, some in urgent:
        found = None
        for waiting in some:
            if waiting.left and waiting.candidate.lesson != just_shown:
                if waiting.last is not None and now - waiting.last < gap:
                    tired.append(waiting)
                elif found is None or waiting.due < found.due:
                    found = waiting
        if found is not None:
            return found
    if not tired:
        # Nothing but the lesson just shown is left.
        return next(waiting for waiting in lessons if waiting.left)
    return min(tired, key=lambda waiting: waiting.last or 0)
