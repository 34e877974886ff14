"""What a file should be, and what is where in it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from courseware.subtitles import cue_rules
from courseware.times import Span
from render.plan.profiles import Profile
from render.plan.timeline import END_MIN_MS, IDENT_MS, TITLE_MS, SegmentName


@dataclass(frozen=True, slots=True)
class TimelinePart:
    """A stretch of a rendition."""

    name: SegmentName
    span: Span


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file should be.

    Attributes:
        profile: gives loudness, peak, canvas; None when nothing is known of the file.
        fps: pictures a second of the file.
        seconds: whole length; None when it is not known.
        slides: the picture may stand still.
        silent: the lesson has no sound of its own.
        song: what is heard is music.
        stills: where pictures and cards are shown between videos; they may stand still.
        quiet: where nothing is to be heard.
        parts: what is where; empty when all of it is body.
        cues: what courseware.subtitles.cue_rules found, in the body's time.
        shown: when there are subtitles, in the body's time; None when it is not known whether there are any.
        shape: width to height of a source that is shown whole, with black beside it; None for any other.
    """

    profile: Profile | None
    fps: Fraction = Fraction(25)
    seconds: int | None = None
    slides: bool = False
    silent: bool = False
    song: bool = False
    stills: tuple[Span, ...] = ()
    quiet: tuple[Span, ...] = ()
    parts: tuple[TimelinePart, ...] = ()
    cues: tuple[cue_rules.CueFinding, ...] = ()
    shown: tuple[Span, ...] | None = None
    shape: Fraction | None = None

    def spans_of(self, name: SegmentName) -> tuple[Span, ...]:
        """Where the parts of that name are; nowhere when no parts are known."""
        return tuple(part.span for part in self.parts if part.name == name)


def assumed_parts(seconds: int) -> tuple[TimelinePart, ...]:
    """The parts of a finished rendition of which only the length is known.

    The end card may be up to 1 s longer than it must; that second is taken for neither.
    """
    total_ms, before_ms = seconds * 1000, IDENT_MS + TITLE_MS
    after_ms = END_MIN_MS + 1000
    if total_ms <= before_ms + after_ms:
        return ()
    return (
        TimelinePart("ident", Span(0, IDENT_MS)),
        TimelinePart("title", Span(IDENT_MS, before_ms)),
        TimelinePart("body", Span(before_ms, total_ms - after_ms)),
        TimelinePart("end", Span(total_ms - END_MIN_MS, total_ms)),
    )
