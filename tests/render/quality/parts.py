"""The parts of a rendition whose timeline is known; `qc` knows finished files only by their length."""

from __future__ import annotations

from courseware.times import Span
from render.plan.timeline import Timeline
from render.quality.checks.expected import TimelinePart


def parts_of(timeline: Timeline) -> tuple[TimelinePart, ...]:
    """As they are made, to the millisecond."""
    return tuple(
        TimelinePart(one.name, Span(*(round(at * 1000 / timeline.fps) for at in (one.start, one.start + one.frames))))
        for one in timeline.segments
        if one.frames
    )
