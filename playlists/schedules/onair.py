"""What is on at a moment, and what comes next, by a venue's planned weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from playlists.schedules.schedule import Schedule, Slot


class OnAir(NamedTuple):
    """The slot that is on, and the one that comes next; None where there is none."""

    now: Slot | None
    next: Slot | None


def on_air(schedules: Iterable[Schedule], at: datetime) -> OnAir:
    """What a venue shows at a moment; an event outside the windows counts as well."""
    slots = sorted((slot for one in schedules for day in one.days for slot in day.slots), key=lambda slot: slot.start)
    now = next((slot for slot in reversed(slots) if slot.start <= at < slot.end), None)
    return OnAir(now, next((slot for slot in slots if slot.start > at), None))
