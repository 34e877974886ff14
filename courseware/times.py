"""Media time: whole milliseconds, always an int, always named *_ms.

Wall-clock time is a different thing: see playlists/schedules/schedule.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_SHIFT = re.compile(r"([+-]?)(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})(?:\.(\d{1,3}))?")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open stretch of media time: start_ms is inside, end_ms is not."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError(f"span must satisfy 0 <= start < end, got {self.start_ms}..{self.end_ms}")

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return self.end_ms - self.start_ms

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one millisecond."""
        return self.start_ms < other.end_ms and other.start_ms < self.end_ms

    def shifted(self, by_ms: int) -> Span:
        """The same length, `by_ms` later."""
        return Span(self.start_ms + by_ms, self.end_ms + by_ms)


def frames_for_ms(duration_ms: int, fps: Fraction) -> int:
    """How many frames show at least `duration_ms` (rounded up: nothing is cut)."""
    return -(-duration_ms * fps.numerator // (1000 * fps.denominator))


def clock(seconds: int) -> str:
    """Whole seconds as "3:05" or "1:02:05", for people."""
    hours, rest = divmod(seconds, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def parse_shift(said: str) -> int | None:
    """Milliseconds of "-1:00:00", "+0:02.5" or "-2.5" (seconds); None when it is no such thing."""
    found = _SHIFT.fullmatch(said.strip().replace("−", "-").replace("：", ":"))
    if found is None:
        return None
    hours, minutes, seconds, fraction = (part or "0" for part in found.group(2, 3, 4, 5))
    ms = (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))
    return -ms if found[1] == "-" else ms
