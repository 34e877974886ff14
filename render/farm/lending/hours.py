"""Hours in which a computer may be worked: "18:00-07:00", over midnight if need be. By its own clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from courseware.errors import InputError, Problem, text


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """From one time of day to another; the end excluded."""

    start: time
    end: time

    def include(self, now: datetime) -> bool:
        """Whether it may be worked now."""
        clock = now.time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def until_start(self, now: datetime) -> timedelta:
        """How long until it may be worked; nothing when it may."""
        if self.include(now):
            return timedelta()
        start = now.replace(hour=self.start.hour, minute=self.start.minute, second=0, microsecond=0)
        return start - now if start > now else start + timedelta(days=1) - now


def parse_hours(given: str) -> WorkingHours:
    """Hours of "18:00-07:00".

    Raises:
        InputError: they are written another way, or begin when they end.
    """
    found = re.fullmatch(r"(\d{1,2}:\d{2})\s*[-–—~]\s*(\d{1,2}:\d{2})", given.strip().replace("：", ":"), re.ASCII)
    try:
        start, end = (time.fromisoformat(part.zfill(5)) for part in found.groups()) if found else (None, None)
    except ValueError:
        start = end = None
    if start is None or end is None or start == end:
        raise InputError(Problem("--between", text("write it like 18:00-07:00")))
    return WorkingHours(start, end)
