"""Where somebody speaks, as far as that is heard without understanding a word. Judges nothing.

A voice is what rises above the noise around it, holds no notes, and changes its colour all the time: traffic, rain
and music do one or the other, but not all three.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import MediaError
from courseware.speech.activity import activity, tunes
from courseware.speech.sound import HOP_MS, Sound, load_sound
from courseware.streaks import streaks_of
from courseware.times import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LAG = 100 // HOP_MS  # frames over which a voice has changed its colour
_AROUND = 2500 // HOP_MS  # frames before and after that tell whether it is a voice
_CHANGE = 1.3  # of the bands, natural logarithm of energy; speech has 1.4 to 2.5, music and engines less
_TUNE = 0.5
_FILLED = 0.2  # of the frames around, lest a clatter be a voice
_PAUSE_MS, _SHORTEST_MS = 600, 300


def find_speech(path: Path) -> tuple[Span, ...] | None:
    """Stretches of speech in the first sound of a file, in order; None where it cannot be decoded."""
    try:
        return speech_of(load_sound(path))
    except MediaError:
        return None


def speech_of(sound: Sound) -> tuple[Span, ...]:
    """Stretches of speech, in order."""
    active = activity(sound.bands)
    voice = (active > 0) & (tunes(sound.steady, active) < _TUNE)
    return tuple(span for span in _joined(voice & _is_lively(sound, voice)) if span.duration_ms >= _SHORTEST_MS)


def _is_lively(sound: Sound, voice: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether what is loud around a frame changes as a voice does."""
    import numpy as np

    colour = sound.bands - sound.bands.mean(axis=1, keepdims=True)
    change = np.zeros(len(colour))
    change[_LAG:] = np.abs(colour[_LAG:] - colour[:-_LAG]).mean(axis=1)
    frames = np.arange(len(colour))
    low, high = np.maximum(frames - _AROUND, 0), np.minimum(frames + _AROUND, len(colour))
    changes, counts = (np.concatenate(([0], np.cumsum(one))) for one in (change * voice, voice))
    loud = counts[high] - counts[low]
    mean = (changes[high] - changes[low]) / np.maximum(loud, 1)
    return np.asarray((mean >= _CHANGE) & (loud >= _FILLED * (high - low)), np.bool_)


def _joined(voice: NDArray[np.bool_]) -> list[Span]:
    """Stretches of frames that are set; short pauses are within."""
    found: list[Span] = []
    for start, end in streaks_of(voice):
        span = Span(start * HOP_MS, end * HOP_MS)
        if found and span.start_ms - found[-1].end_ms <= _PAUSE_MS:
            span = Span(found.pop().start_ms, span.end_ms)
        found.append(span)
    return found
