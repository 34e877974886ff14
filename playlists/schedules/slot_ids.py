"""What each slot of a plan is called on a stick and in a log: by its start, so that it survives other changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from playlists.schedules.schedule import Slot

_BARE = str.maketrans("", "", "-:")


def with_ids(slots: Iterable[Slot]) -> tuple[tuple[str, Slot], ...]:
    """The slots of one venue in order of time, each with its id, like "20261130T183000-000".

    The id is the local start and a number, which tells apart what begins at the same time by the clock on the wall:
    the two of a night whose hour comes twice. Equal plans have equal ids, and a change elsewhere in the day changes
    none.
    """
    seen: Counter[str] = Counter()
    named = []
    for slot in sorted(slots, key=lambda one: (one.start.timestamp(), one.kind, one.title)):
        at = slot.start.isoformat(timespec="seconds")[:19].translate(_BARE)
        named.append((f"{at}-{seen[at]:03}", slot))
        seen[at] += 1
    return tuple(named)
