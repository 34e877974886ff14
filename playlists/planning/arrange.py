"""Put chosen showings in order: none after itself, the gap kept, series alternating, all evenly spaced. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from playlists.planning.tasks import Candidate, History, Task


@dataclass(slots=True)
class _Lesson:
    """A lesson with the showings of it that are left to place; `due` is when the next would be evenly spaced.

    Attributes:
        last: start of its latest showing; None before the first.
    """

    one: Candidate
    left: int
    every: int
    due: int
    last: int | None


@dataclass(slots=True)
class _Series:
    """The same of a series, with its lessons in the order of the standing."""

    left: int
    every: int
    due: int
    lessons: list[_Lesson] = field(default_factory=list)


def arrange(
    chosen: Sequence[Candidate], task: Task, history: History, order: Iterable[Candidate]
) -> tuple[Candidate, ...]:
    """Order the showings: no lesson after itself, the gap kept, no series after itself, all evenly spaced.

    Earlier wishes go before later ones. Spacing is by due times, series first, then lessons in the series.

    Args:
        order: of all lessons; decides among equals.
    """
    lessons, series = _waiting(chosen, task, history, order)
    most = max((one.left for one in lessons), default=0)
    previous, now = history.previous, task.start
    ordered = []
    for left in range(len(chosen), 0, -1):
        # Only then can one of them have more than half of what is left.
        pick = _forced(lessons, left, previous) if left < 2 * most else None
        if pick is None:
            pick = _next(lessons, series, left, previous, now, task.gap)
        one = previous = pick.one
        for waiting in (pick, series[one[1]]):
            waiting.left -= 1
            waiting.due = max(now, waiting.due) + waiting.every
        pick.last = now
        ordered.append(one)
        now += one[2]
    return tuple(ordered)


def _waiting(
    chosen: Sequence[Candidate], task: Task, history: History, order: Iterable[Candidate]
) -> tuple[list[_Lesson], dict[str, _Series]]:
    """The lessons and the series in the order in which they were chosen."""
    lessons, by_series = dict[str, _Lesson](), dict[str, int]()
    start, seconds, shown = task.start, task.seconds, history.last
    for one in chosen:
        lesson, name, _ = one
        if lesson in lessons:
            lessons[lesson].left += 1
        else:
            lessons[lesson] = _Lesson(one, 1, 0, start, shown.get(lesson))
        by_series[name] = by_series.get(name, 0) + 1
    for waiting in lessons.values():
        waiting.every = seconds // waiting.left
        if waiting.last is not None and waiting.last + waiting.every > start:
            waiting.due = waiting.last + waiting.every
    series = {name: _Series(number, seconds // number, start) for name, number in by_series.items()}
    for lesson, name, _ in order:
        if lesson in lessons:
            series[name].lessons.append(lessons[lesson])
    return [*lessons.values()], series


def _forced(lessons: Iterable[_Lesson], left: int, previous: Candidate | None) -> _Lesson | None:
    """A lesson with more than half of the showings left: unless it comes now, it must follow itself later."""
    for waiting in lessons:
        if 2 * waiting.left > left and (previous is None or waiting.one[0] != previous[0]):
            return waiting
    return None


def _next(
    lessons: Iterable[_Lesson],
    series: dict[str, _Series],
    left: int,
    previous: Candidate | None,
    now: int,
    gap: int,
) -> _Lesson:
    """The lesson to show now: the most urgent rested one of the first series that has any, else the most rested."""
    just_shown, before = previous[:2] if previous else (None, None)
    # The most urgent first, the one just shown last; the number keeps the order among equals.
    urgent = [
        (name == before, 2 * waiting.left <= left, waiting.due, number, waiting.lessons)
        for number, (name, waiting) in enumerate(series.items())
        if waiting.left
    ]
    urgent.sort()
    tired: list[_Lesson] = []
    for _, _, _, _, some in urgent:
        found = None
        for waiting in some:
            if waiting.left and waiting.one[0] != just_shown:
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
