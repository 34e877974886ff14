"""Reads what ffmpeg's filters wrote down moment by moment: all of it, or an error.

ffmpeg ends well though the disk was full, and leaves the beginning; so the numbering and the length have to be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from pathlib import Path

from courseware.errors import Problem, StorageError, text

NOTHING_DB = -120.0  # digital silence, and what meters give no number for
_ROUNDING_MS = 20  # a resampler may keep a few samples back


@dataclass(frozen=True, slots=True)
class Metered:
    """What the filters said of one moment, by the name of the filter's figure."""

    figures: Mapping[str, str]

    def decibels(self, name: str) -> float:
        """A level; NOTHING_DB for what was not said, is no number, or is even quieter."""
        level = float(self.figures.get(name, NOTHING_DB))
        return max(NOTHING_DB, level)

    def share(self, name: str) -> float:
        """A part of full scale; 0 for what was not said, or is no number."""
        found = float(self.figures.get(name, 0))
        return found if isfinite(found) else 0.0


def load_moments(path: Path, step_ms: int, length_us: int) -> tuple[Metered, ...]:
    """What "ametadata=print" wrote of each frame.

    Args:
        step_ms: from frame to frame.
        length_us: how much sound ffmpeg let through.

    Raises:
        StorageError: moments are missing, or the last is not whole.
    """
    content = path.read_text(encoding="ascii", errors="replace")
    found: list[dict[str, str]] = []
    numbers: list[str] = []
    begins = "0"
    for line in content.splitlines():
        if line.startswith("frame:"):
            number, _, begins = line.removeprefix("frame:").partition("pts_time:")
            numbers.append(number.partition(" ")[0])
            found.append({})
        elif found:
            name, _, value = line.partition("=")
            found[-1][name] = value
    whole = content.endswith("\n") or not content
    in_turn = numbers == [str(number) for number in range(len(numbers))]
    even = all(one.keys() == found[0].keys() for one in found)
    if not (whole and in_turn and even and _reaches(begins, step_ms, length_us)):
        raise _broken_off(path, len(found))
    return tuple(map(Metered, found))


def _reaches(last: str, step_ms: int, length_us: int) -> bool:
    """Whether the last moment is that at the end; of what is left there, shorter than a step, nothing is said."""
    return (Fraction(last) * 1000 + 2 * step_ms + _ROUNDING_MS) * 1000 >= length_us


def _broken_off(path: Path, count: int) -> StorageError:
    what = text(
        "what was measured breaks off after {count} steps; is the disk full? Make room and start again", count=count
    )
    return StorageError(Problem(path.name, what))
