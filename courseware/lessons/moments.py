"""From a lesson's own time, in which its subtitles and script stand, to a finished video of it, and back.

They differ by ident and title, and where stretches of the video were left out, or shown faster.
"""

from __future__ import annotations

from courseware.errors import Problem
from courseware.lessons.clips import unheard
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from courseware.subtitles import load_shown
from courseware.subtitles.cue import Cue
from courseware.times import Span


def kept_cues(lesson: Lesson) -> tuple[tuple[Cue, ...], tuple[Problem, ...]]:
    """The subtitles of what the lesson shows, in its own time, and what is wrong with others; none of what is cut.

    Raises:
        InputError: as load_shown.
    """
    cues, skipped = load_shown(lesson.subtitles_path) if lesson.subtitles_path else ((), ())
    gaps = unheard(lesson.clips) if lesson.is_of_one_video else ()
    middles = ((cue, (cue.span.start_ms + cue.span.end_ms) // 2) for cue in cues)
    kept = [cue for cue, at in middles if not any(gap.start_ms <= at < gap.end_ms for gap in gaps)]
    return tuple(kept), skipped


def lesson_moment(made: Rendition, at_ms: int) -> int | None:
    """What of the lesson is seen at a moment of the finished video; None on a card, or where nobody knows."""
    for video, own in _stretches(made):
        if video.start_ms <= at_ms < video.end_ms:
            return _carried(at_ms, video, own)
    return None


def shown_spans(made: Rendition, span: Span) -> tuple[Span, ...]:
    """Where a span of the lesson is seen in the finished video; none where it was left out."""
    found = []
    for video, own in _stretches(made):
        first, last = max(span.start_ms, own.start_ms), min(span.end_ms, own.end_ms)
        start, end = _carried(first, own, video), _carried(last, own, video)
        if start < end:
            found.append(Span(start, end))
    return tuple(sorted(found))


def _carried(at_ms: int, here: Span, there: Span) -> int:
    """The moment that lies in one stretch where another lies in its own."""
    return there.start_ms + (at_ms - here.start_ms) * there.duration_ms // here.duration_ms


def _stretches(made: Rendition) -> tuple[tuple[Span, Span], ...]:
    """Stretches of the video and what they show of the lesson; all of the body where nothing else was written."""
    if made.stretches:
        return tuple((Span(one.start_ms, one.end_ms), Span(one.from_ms, one.to_ms)) for one in made.stretches)
    bodies = (Span(part.start_ms, part.end_ms) for part in made.parts if part.name == "body")
    return tuple((body, body.shifted(-body.start_ms)) for body in bodies)
