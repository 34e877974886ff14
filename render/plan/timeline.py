"""Where each segment of a rendition lies, in frames. Pure: knows neither files nor ffmpeg."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Segments without gap; together a whole number of seconds."""

    fps: Fraction
    segments: tuple[Segment, ...]

    def __getitem__(self, name: SegmentName) -> Segment:
        return next(one for one in self.segments if one.name == name)

    def span(self, name: SegmentName) -> tuple[int, int]:
        """First frame of a segment and the one after its last; twice the end when there is no such segment."""
        found = next((one for one in self.segments if one.name == name), Segment(name, self.frames, 0))
        return found.start, found.start + found.frames

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


def plan_timeline(body: int, fps: Fraction, exactly_s: int | None = None) -> Timeline:
    """Ident, title card, so many frames of body, end card, which is held until the whole is whole seconds.

    Args:
        exactly_s: how many seconds all of it lasts; cards for which there is no room are left out.

    Raises:
        ValueError: the body is longer than that; courseware.lessons.clipping.exact says so before.
    """
    ident, title, end = (frames_for_ms(ms, fps) for ms in (IDENT_MS, TITLE_MS, END_MIN_MS))
    if exactly_s is not None:
        total = _whole_seconds(int(exactly_s * fps), fps)
        room = total - body - end
        title = title if room >= title else 0
        ident = ident if title and room >= ident + title else 0
        return _laid_out(
            fps, (("ident", ident), ("title", title), ("body", body), ("end", total - ident - title - body))
        )
    before = ident + title + body
    total = _whole_seconds(before + end, fps)
    return _laid_out(fps, (("ident", ident), ("title", title), ("body", body), ("end", total - before)))


def plan_bare_timeline(frames: int, fps: Fraction, name: SegmentName = "body") -> Timeline:
    """One segment alone, for what is shown without the others; made longer to whole seconds."""
    return _laid_out(fps, ((name, _whole_seconds(frames, fps)),))


def _whole_seconds(frames: int, fps: Fraction) -> int:
    # At 30000/1001 frames a second only 1001 seconds are both whole frames and whole seconds.
    unit = fps.numerator
    return -(-frames // unit) * unit


def _laid_out(fps: Fraction, lengths: Sequence[tuple[SegmentName, int]]) -> Timeline:
    segments, start = [], 0
    for name, frames in lengths:
        if frames < 0:
            raise ValueError("longer than the whole")
        if frames:
            segments.append(Segment(name, start, frames))
        start += frames
    return Timeline(fps, tuple(segments))
