"""Put chosen showings in order: none after itself, the gap kept, series alternating, all evenly spaced. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from playlists.planning.tasks import Candidate, History, Task


@dataclass(slots=True)
class _Waiting:
    """A lesson, or a series, that has showings left to place; `due` is when the next one would be evenly spaced."""

    left: int
    every: int
    due: int


def arrange(
    chosen: Sequence[Candidate], task: Task, history: History, rank: Mapping[str, int]
) -> tuple[Candidate, ...]:
    """Order the showings: no lesson after itself, the gap kept, no series after itself, all evenly spaced.

    Earlier wishes go before later ones. Spacing is by due times, series first, then lessons in the series.
    """
    kinds = {one.lesson: one for one in chosen}
    lessons = _waiting(Counter(one.lesson for one in chosen), task, history.last)
    series = _waiting(Counter(one.series for one in chosen), task, {})
    members: dict[str, list[str]] = {}
    for lesson in sorted(kinds, key=lambda name: rank[name]):
        members.setdefault(kinds[lesson].series, []).append(lesson)
    last, previous, now = dict(history.last), history.previous, task.start
    ordered = []
    for left in range(len(chosen), 0, -1):
        pick = _forced(lessons, left, previous)
        if pick is None:
            pick = _next(_series_order(series, left, previous), members, lessons, last, previous, now, task.gap)
        one = kinds[pick]
        for waiting in (lessons[one.lesson], series[one.series]):
            waiting.left -= 1
            waiting.due = max(now, waiting.due) + waiting.every
        last[pick] = now
        ordered.append(one)
        previous, now = one, now + one.seconds
    return tuple(ordered)


def _waiting(counts: Mapping[str, int], task: Task, last: Mapping[str, int]) -> dict[str, _Waiting]:
    waiting = {}
    for name, number in counts.items():
        every = task.seconds // number
        waiting[name] = _Waiting(number, every, max(task.start, last[name] + every if name in last else 0))
    return waiting


def _forced(lessons: Mapping[str, _Waiting], left: int, previous: Candidate | None) -> str | None:
    """A lesson with more than half of the showings left: unless it comes now, it must follow itself later."""
    for lesson, waiting in lessons.items():
        if 2 * waiting.left > left and (previous is None or lesson != previous.lesson):
            return lesson
    return None


def _series_order(series: Mapping[str, _Waiting], left: int, previous: Candidate | None) -> list[str]:
    """Most urgent first; the one just shown last."""

    def urgency(name: str) -> tuple[bool, bool, int]:
        waiting = series[name]
        just_shown = previous is not None and name == previous.series
        return just_shown, 2 * waiting.left <= left, waiting.due

    return sorted((name for name, waiting in series.items() if waiting.left), key=urgency)


def _next(
    order: Iterable[str],
    members: Mapping[str, list[str]],
    lessons: Mapping[str, _Waiting],
    last: Mapping[str, int],
    previous: Candidate | None,
    now: int,
    gap: int,
) -> str:
    """The lesson to show now: the most urgent rested one of the first series that has any, else the most rested."""
    tired: list[str] = []
    just_shown = previous.lesson if previous else None
    for series in order:
        left = [name for name in members[series] if lessons[name].left and name != just_shown]
        rested = [name for name in left if name not in last or now - last[name] >= gap]
        if rested:
            # min() keeps the order of the rotation among equals.
            return min(rested, key=lambda name: lessons[name].due)
        tired += left
    if not tired:
        # Nothing but the lesson just shown is left.
        return next(name for name, waiting in lessons.items() if waiting.left)
    return min(tired, key=lambda name: last[name])
