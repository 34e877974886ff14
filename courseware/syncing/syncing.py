"""Subtitles moved to where somebody speaks: by one line, or part by part where a stretch was cut out.

What does not fit is refused; nothing is moved that would not be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from courseware.errors import Text, text
from courseware.subtitles.cue import Cue
from courseware.subtitles.moving import moved
from courseware.syncing.fit import FEWEST, LineFit, fit_line
from courseware.syncing.parts import SyncedPart, parts_of
from courseware.syncing.pattern import CuePattern, voice_in
from courseware.times import Span, clock

if TYPE_CHECKING:
    from courseware.speech.sound import Sound
    from courseware.syncing.pattern import VoiceHeard

_WINDOW = 12  # subtitles that must fit by themselves, too
_HARDLY = 0.5  # of the agreement at their best place
_POOR = 0.4  # of the agreement that the better windows have
_FEW = 0.2  # windows that hardly fit, of all


@dataclass(frozen=True, slots=True)
class Synced:
    """Subtitles at their new times.

    Attributes:
        parts: usually one.
        why_not: why nothing was moved; then there are no cues.
    """

    cues: tuple[Cue, ...]
    parts: tuple[SyncedPart, ...]
    why_not: Text | None = None


def synchronise(cues: Sequence[Cue], sound: Sound) -> Synced:
    """The cues, in order of time, moved to where they are spoken in the recording."""
    pattern, voice = CuePattern.of([cue.span for cue in cues]), voice_in(sound)
    whole = fit_line(pattern, voice)
    if whole is None:
        what = text(
            "fewer than {fewest} subtitles with pauses between them: the sound does not tell where they belong",
            fewest=FEWEST,
        )
        return Synced((), (), what)
    parts = parts_of(pattern, voice, whole)
    if not parts and not whole.is_sure:
        what = text("they fit nowhere better than by chance; are they of this video, and does somebody speak in it?")
        return Synced((), (), what)
    stray = None if parts else first_stray(pattern, voice, whole)
    if stray is not None:
        what = text(
            "they fit, but not everywhere: those from {moment} on belong elsewhere; divide the file there with "
            "“yuanjiao subtitle split” and move the parts one by one",
            moment=clock(round(stray) // 1000),
        )
        return Synced((), (), what)
    parts = parts or (SyncedPart(cues[0].span.start_ms, whole),)
    return Synced(moved_by_parts(cues, parts), parts)


def moved_by_parts(cues: Sequence[Cue], parts: Sequence[SyncedPart]) -> tuple[Cue, ...]:
    """Each cue by the line of its part; what would be before the start is left out, and none runs into the next."""
    placed: list[Cue] = []
    for cue in cues:
        part = max((one for one in parts if one.from_ms <= cue.span.start_ms), key=lambda one: one.from_ms)
        placed += moved([cue], part.fit.line)
    follows = [*(cue.span.start_ms for cue in placed[1:]), None]
    return tuple(
        cue
        if next_ms is None or not cue.span.start_ms < next_ms < cue.span.end_ms
        else replace(cue, span=Span(cue.span.start_ms, next_ms))
        for cue, next_ms in zip(placed, follows, strict=True)
    )


def first_stray(pattern: CuePattern, voice: VoiceHeard, fit: LineFit) -> float | None:
    """Where the first subtitles begin that hardly fit where they are put; None where few do."""
    import numpy as np

    size = max(FEWEST, min(_WINDOW, len(pattern.starts) // 3))
    windows = [pattern[first : first + size] for first in range(0, len(pattern.starts) - size + 1, max(1, size // 2))]
    put = np.array([float(fit.offset_ms)])
    fits = [float(window.agreement(voice, float(fit.rate), put)[0]) for window in windows]
    least = _POOR * float(np.percentile(fits, 75))
    stray = [
        float(window.starts[0])
        for window, here in zip(windows, fits, strict=True)
        if here < least or here < _HARDLY * float(window.coarse(voice, float(fit.rate))[0].max(initial=0))
    ]
    return stray[0] if len(stray) > _FEW * len(windows) else None
