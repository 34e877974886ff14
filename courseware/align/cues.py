"""From timed units to timed cues: where each is shown, how sure that is, and what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from courseware.align.confidence import SURE, Doubt, doubts_of, first_units, overall
from courseware.align.engine import STEP_MS, Timing
from courseware.align.second import look_again
from courseware.speech.sound import HOP_MS
from courseware.speech.spoken import syllables
from courseware.streaks import streaks_of
from courseware.times import Span

if TYPE_CHECKING:
    from courseware.align.cutting import CueText
    from courseware.speech.reading import ReadScript, Spot
    from courseware.speech.sound import Floats, Sound

SHORTEST_MS, LONGEST_MS = 1_000, 7_000
HOLD_MS = 300  # a cue may stay after the voice, so that its end does not clip the last word
GAP_MS = 80  # two frames at 25 a second between cues, or none that one sees
_CLOSE_MS = 480  # shorter gaps flicker and are closed to GAP_MS
_LEAST_MS = 500  # of something unscripted that is worth telling
_REACH = 15  # frames about a found start in which the sound's onset is looked for


@dataclass(frozen=True, slots=True)
class TimedCue:
    """A cue with its time.

    Attributes:
        text: what is shown.
        line: index of the script's line it comes from.
        opens: whether a sentence begins with it.
        span: when it is shown; None if it was not heard.
        confidence: percent; below SURE a person should look.
        doubts: why, when it is low.
        speaker: who says it, "" when the script does not tell.
    """

    text: str
    line: int
    opens: bool
    span: Span | None
    confidence: int
    doubts: tuple[Doubt, ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A script in a recording.

    Attributes:
        cues: all of the script, in order, also what was not heard.
        confidence: percent, of the whole; below SURE it is probably another script.
        unscripted: stretches in which something is said or played that is not in the script.
    """

    cues: tuple[TimedCue, ...]
    confidence: int
    duration_ms: int
    unscripted: tuple[Span, ...]

    @property
    def shown(self) -> tuple[TimedCue, ...]:
        """The cues that were heard."""
        return tuple(cue for cue in self.cues if cue.span is not None)

    @property
    def doubtful(self) -> tuple[TimedCue, ...]:
        """The cues that a person should look at."""
        return tuple(cue for cue in self.cues if cue.confidence < SURE)


def timed_cues(pieces: Sequence[CueText], reading: ReadScript, timing: Timing, sound: Sound) -> Alignment:
    """Put the pieces at the times of their units, and judge how sure these are."""
    ranges = list(_unit_ranges(pieces, reading.spots))
    raw = [_heard(units, timing) for units in ranges]
    spans = _arranged(raw, sound.duration_ms)
    second = look_again(sound, reading, timing, first_units(ranges, timing))
    sure = doubts_of(ranges, reading, timing, second)
    cues = tuple(
        TimedCue(piece.text, piece.line, piece.opens, span, *((percent, why) if span else (0, ("unheard",))))
        for piece, span, (percent, why) in zip(pieces, spans, sure, strict=True)
    )
    unscripted = tuple(_unscripted(timing, sound.duration_ms))
    return Alignment(cues, overall(timing, second), sound.duration_ms, unscripted)


def evenly_timed(alignment: Alignment) -> Alignment:
    """A draft for a person to correct: each cue where it would be if the script were read evenly from end to end."""
    counts = [max(1, syllables(cue.text)) for cue in alignment.cues]
    ends = [total * alignment.duration_ms // sum(counts) for total in accumulate(counts)]
    cues = []
    for cue, start, end in zip(alignment.cues, [0, *ends], ends, strict=False):
        until = min(end - GAP_MS, start + LONGEST_MS)
        cues.append(replace(cue, span=Span(start, until) if until > start else None))
    return replace(alignment, cues=tuple(cues))


def with_speakers(alignment: Alignment, speakers: Sequence[str]) -> Alignment:
    """Say whose each cue is; `speakers` has one name for each line of the script."""
    cues = tuple(replace(cue, speaker=speakers[cue.line]) for cue in alignment.cues)
    return replace(alignment, cues=cues)


def _unit_ranges(pieces: Sequence[CueText], spots: Sequence[Spot]) -> Iterator[range]:
    """The units of each piece."""
    at = 0
    for piece in pieces:
        while at < len(spots) and spots[at] < (piece.line, piece.start):
            at += 1
        first = at
        while at < len(spots) and spots[at] < (piece.line, piece.end):
            at += 1
        yield range(first, at)


def _heard(units: range, timing: Timing) -> tuple[int, int] | None:
    """When the voice begins and ends, in ms."""
    heard = [unit for unit in units if timing.start[unit] >= 0]
    if not heard:
        return None
    start = int(timing.start[heard[0]]) * STEP_MS // HOP_MS
    end = int(timing.end[heard[-1]]) * STEP_MS
    return min(_onset(timing.activity, start) * HOP_MS, end - STEP_MS), end


def _onset(active: Floats, frame: int) -> int:
    """The frame near `frame` where a pause turns into voice; `frame` itself when there is none."""
    first, last = max(1, frame - _REACH), min(len(active), frame + _REACH)
    rises = [at for at in range(first, last) if active[at] > 0 >= active[at - 1]]
    # A frame looks 25 ms ahead and so hears an onset one frame early.
    return min(rises, key=lambda at: abs(at - frame)) + 1 if rises else frame


def _arranged(raw: Sequence[tuple[int, int] | None], duration_ms: int) -> list[Span | None]:
    """Spans to be shown: long enough to be read where there is room, never overlapping, no flicker between."""
    spans: list[Span | None] = []
    for index, times in enumerate(raw):
        if times is None:
            spans.append(None)
            continue
        start, end = times
        following = next((other[0] for other in raw[index + 1 :] if other), duration_ms + GAP_MS)
        limit = following - GAP_MS
        end = min(max(end + HOLD_MS, start + SHORTEST_MS), start + LONGEST_MS)
        end = limit if end > limit - (_CLOSE_MS - GAP_MS) and following <= duration_ms else min(end, limit)
        spans.append(Span(start, max(end, start + STEP_MS)))
    return _in_turn(spans)


def _in_turn(spans: Sequence[Span | None]) -> list[Span | None]:
    """Cues that would touch the next one end where that begins; one for which no time is left is not shown."""
    kept: list[Span | None] = []
    limit: int | None = None
    for span in reversed(spans):
        one = span
        if one is not None and limit is not None and one.end_ms > limit:
            start = min(one.start_ms, limit - STEP_MS)
            one = Span(start, limit) if start >= 0 else None
        limit = limit if one is None else one.start_ms
        kept.append(one)
    return kept[::-1]


def _unscripted(timing: Timing, duration_ms: int) -> Iterator[Span]:
    """Stretches long enough to be told."""
    for start, end in streaks_of(timing.other):
        span = Span(start * STEP_MS, max(start * STEP_MS + 1, min(end * STEP_MS, duration_ms)))
        if span.duration_ms >= _LEAST_MS:
            yield span
