"""Where each segment of a rendition lies, in frames. Pure: knows neither files nor ffmpeg."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from courseware.times import frames_for_ms

IDENT_MS = 3000
TITLE_MS = 4000
END_MIN_MS = 4000  # the office, the reviewer and a QR code take that long to read

SegmentName = Literal["ident", "title", "body", "end"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the output: from frame `start` on, `frames` of them."""

    name: SegmentName
    start: int
    frames: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Ident, title card, body, end card, without gap; together a whole number of seconds."""

    fps: Fraction
    segments: tuple[Segment, ...]

    def __getitem__(self, name: SegmentName) -> Segment:
        return next(one for one in self.segments if one.name == name)

    @property
    def frames(self) -> int:
        """All frames."""
        return sum(one.frames for one in self.segments)

    @property
    def seconds(self) -> int:
        """Length; exact."""
        return int(self.frames / self.fps)

    def samples(self, frames: int, rate: int) -> int:
        """How many samples of sound last as long as so many frames; exact for the whole timeline."""
        return round(frames * rate / self.fps)


def plan_timeline(body_ms: int, fps: Fraction) -> Timeline:
    """Lay out a rendition whose body lasts `body_ms`; the end card is held until the whole is whole seconds."""
    ident, title, body, end = (frames_for_ms(ms, fps) for ms in (IDENT_MS, TITLE_MS, body_ms, END_MIN_MS))
    before = ident + title + body
    # At 30000/1001 frames a second only 1001 seconds are both whole frames and whole seconds.
    unit = fps.numerator
    total = -(-(before + end) // unit) * unit
    lengths: tuple[tuple[SegmentName, int], ...] = (
        ("ident", ident),
        ("title", title),
        ("body", body),
        ("end", total - before),
    )
    segments, start = [], 0
    for name, frames in lengths:
        segments.append(Segment(name, start, frames))
        start += frames
    return Timeline(fps, tuple(segments))
