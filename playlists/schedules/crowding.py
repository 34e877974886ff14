"""How often one lesson comes within an hour. Plans nothing."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from courseware.errors import Text, text
from playlists.schedules.schedule import Slot

# Every five minutes is more than anybody watches.
MOST_AN_HOUR = 12
_HOUR = timedelta(hours=1)


def crowded(slots: Iterable[Slot]) -> tuple[Slot, int] | None:
    """The first showing of the fullest hour of one lesson, and its number there; None while nobody need mind.

    What is made of words alone (slogans, notices, idents) may come as often as it likes.
    """
    lessons = [slot for slot in slots if slot.lesson]
    if max(Counter(slot.lesson for slot in lessons).values(), default=0) <= MOST_AN_HOUR:
        return None
    recent = defaultdict[str, deque[Slot]](deque)
    most: tuple[Slot, int] | None = None
    for slot in sorted((one for one in lessons if not one.is_bare), key=_start):
        hour = recent[slot.lesson]
        hour.append(slot)
        while slot.start - hour[0].start >= _HOUR:
            hour.popleft()
        if len(hour) > (most[1] if most else MOST_AN_HOUR):
            most = hour[0], len(hour)
    return most


def crowding(title: str, count: int) -> Text:
    """What is wrong with that, and the cure."""
    return text(
        "“{title}” is shown {count} times within an hour; make more lessons for this screen, or open for less",
        title=title,
        count=count,
    )


def _start(slot: Slot) -> datetime:
    return slot.start
