"""A planned day as obligations see it, and what a kind of obligation is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from playlists.schedules.schedule import Slot, Window


@dataclass(frozen=True, slots=True)
class DayCount:
    """What a planned day holds.

    Attributes:
        windows: length in seconds of each opening window, and of what is shown or held in it.
        seconds: of all showings and events.
        openings, slots: what was counted.
    """

    lessons: int
    lectures: int
    activities: int
    windows: tuple[tuple[int, int], ...]
    seconds: int
    openings: tuple[Window, ...] = ()
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyKind:
    """What an obligation counts.

    Attributes:
        word: for it in obligations.toml.
        amount: how much a day holds; told how many seconds an opening must have to count.
        unit: so much of the amount is one: hours are counted in seconds.
        from_trainings: people are counted, by trainings.csv; the schedule does not know them.
    """

    word: str
    amount: Callable[[DayCount, int], int]
    unit: int = 1
    from_trainings: bool = False


def count_day(windows: Iterable[Window], slots: Sequence[Slot]) -> DayCount:
    """What a day of a schedule holds."""
    openings, kinds = tuple(windows), [slot.kind for slot in slots]
    filled = tuple(
        (window.seconds, sum(_shared(window, slot) for slot in slots if slot.start < window.end))
        for window in openings
    )
    return DayCount(
        kinds.count("lesson"),
        kinds.count("lecture"),
        kinds.count("activity"),
        filled,
        sum(slot.seconds for slot in slots),
        openings,
        tuple(slots),
    )


def _shared(window: Window, slot: Slot) -> int:
    """Seconds of the showing that lie in the window."""
    start, end = max(window.start, slot.start), min(window.end, slot.end)
    return max(0, int((end - start).total_seconds()))
