"""Cuts the timeline of a rendition into chunks: the pieces that are encoded, kept and joined. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from courseware.times import frames_for_ms
from render.plan.timeline import Segment, SegmentName, Timeline

CHUNK_MS = 10_000
_SHORTEST_MS = 2_000  # a shorter rest is not worth a process of its own; it goes with the chunk before


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one segment, encoded as a closed group of pictures that depends on nothing outside.

    Attributes:
        start: its first frame, counted from the beginning of what it shows: of the segment, or of a video's grid.
        last: whether that ends with it.
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
    """The chunks of all segments, in order and without gap; all but the body are one chunk each."""
    found: list[Chunk] = []
    for segment in timeline.segments:
        if segment.name == "body":
            found += cut_stretch(0, segment.frames, segment.frames, timeline.fps)
        else:
            found.append(Chunk(segment.name, 0, segment.frames, last=True))
    return tuple(found)


def cut_standing(segment: Segment, unit: int) -> tuple[Chunk, ...]:
    """The chunks of a picture that stands: alike up to the last, so that one is encoded however long it stands.

    Args:
        unit: frames of a chunk; where key frames are anyway, so that nothing else becomes of them.
    """
    borders = [*range(0, segment.frames, unit), segment.frames]
    return tuple(
        Chunk(segment.name, first, then - first, then == segment.frames) for first, then in pairwise(borders)
    )


def cut_stretch(start: int, end: int, whole: int, fps: Fraction) -> tuple[Chunk, ...]:
    """The chunks of a stretch of something: where it is cut inside depends on nothing but the place.

    Args:
        whole: how many frames there are of it, so that the last chunk knows that it is.
    """
    most, rest = frames_for_ms(CHUNK_MS, fps), frames_for_ms(_SHORTEST_MS, fps)
    inside = range(-(-(start + rest) // most) * most, end - rest + 1, most)
    borders = [start, *(border for border in inside if border > start), end]
    return tuple(Chunk("body", first, then - first, then == whole) for first, then in pairwise(borders))
