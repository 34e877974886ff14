"""Cues moved in time: later, stretched, put after one another, divided. Pure; times stay whole milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from courseware.subtitles.cue import Cue
from courseware.times import Span


@dataclass(frozen=True, slots=True)
class TimeMap:
    """A straight line from the times of a file to those of a video: `rate` times the time, and `offset_ms`."""

    rate: Fraction = Fraction(1)
    offset_ms: Fraction = Fraction(0)

    def __call__(self, ms: int) -> int:
        """The time in the video, to the nearest millisecond."""
        return round(ms * self.rate + self.offset_ms)


def through_points(first: tuple[int, int], last: tuple[int, int]) -> TimeMap:
    """The map that brings two moments of the file to where they are heard.

    Args:
        first, last: (time in the file, time in the video), in milliseconds.

    Raises:
        ValueError: the two lie at one moment, or their order changes.
    """
    (was, then), (was_last, then_last) = first, last
    if was == was_last:
        raise ValueError("one moment")
    rate = Fraction(then_last - then, was_last - was)
    if rate <= 0:
        raise ValueError("backwards")
    return TimeMap(rate, then - was * rate)


def moved(cues: Iterable[Cue], by: TimeMap) -> tuple[Cue, ...]:
    """The cues at their new times; what would be before the start is left out, what would begin there begins at 0."""
    placed = ((cue, max(0, by(cue.span.start_ms)), by(cue.span.end_ms)) for cue in cues)
    return tuple(
        replace(cue, span=Span(start, end), sung=tuple(word._replace(at_ms=by(word.at_ms)) for word in cue.sung))
        for cue, start, end in placed
        if start < end
    )


def joined_at(parts: Sequence[tuple[int, Sequence[Cue]]]) -> tuple[Cue, ...]:
    """The cues of several files as one: each from its moment on, in the order of time.

    Args:
        parts: when each file's time 0 is in the whole, in milliseconds, and its cues.
    """
    every = (cue for at_ms, cues in parts for cue in moved(cues, TimeMap(offset_ms=Fraction(at_ms))))
    return tuple(sorted(every, key=lambda cue: cue.span))


def divided_at(cues: Sequence[Cue], borders_ms: Sequence[int]) -> tuple[tuple[Cue, ...], ...]:
    """The cues of each part, counted from its beginning; one over a border goes where most of it is shown.

    Args:
        borders_ms: between the parts, rising.
    """
    starts, ends = (0, *borders_ms), (*borders_ms, None)
    parts: list[tuple[Cue, ...]] = []
    for start, end in zip(starts, ends, strict=True):
        own = [cue for cue in cues if start <= _middle(cue) and (end is None or _middle(cue) < end)]
        parts.append(moved(own, TimeMap(offset_ms=Fraction(-start))))
    return tuple(parts)


def _middle(cue: Cue) -> Fraction:
    return Fraction(cue.span.start_ms + cue.span.end_ms, 2)
