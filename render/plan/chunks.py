"""Cuts the timeline of a rendition into chunks: the pieces that are encoded, kept and joined. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from courseware.times import frames_for_ms
from render.plan.timeline import SegmentName, Timeline

CHUNK_MS = 10_000
_SHORTEST_MS = 2_000  # a shorter rest is not worth a process of its own; it goes with the chunk before


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one segment, encoded as a closed group of pictures that depends on nothing outside.

    Attributes:
        start: its first frame, counted from the beginning of the segment.
        last: whether the segment ends with it.
    """

    segment: SegmentName
    start: int
    frames: int
    last: bool

    @property
    def end(self) -> int:
        """The frame after its last one."""
        return self.start + self.frames


def cut(timeline: Timeline) -> tuple[Chunk, ...]:
    """The chunks of all segments, in order and without gap. Cards and the ident are one chunk each."""
    most = frames_for_ms(CHUNK_MS, timeline.fps)
    rest = frames_for_ms(_SHORTEST_MS, timeline.fps)
    found: list[Chunk] = []
    for segment in timeline.segments:
        borders = list(_borders(segment.frames, most, rest)) if segment.name == "body" else [0]
        ends = [*borders[1:], segment.frames]
        found += [
            Chunk(segment.name, start, end - start, end == segment.frames)
            for start, end in zip(borders, ends, strict=True)
        ]
    return tuple(found)


def _borders(frames: int, most: int, rest: int) -> Iterator[int]:
    yield 0
    yield from range(most, frames - rest + 1, most)
