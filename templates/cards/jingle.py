"""The jingle of an ident: a few plucked notes and a chord, another melody for each motif, made with pydub.

Loudness is brought near -20 LUFS here; the renderer brings the whole programme to its exact target.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from courseware.files import replacing

if TYPE_CHECKING:
    from types import ModuleType

    from pydub import AudioSegment

RATE = 48_000
_SCRIPT_MS = 3000
_RING_MS = 2400
# RMS over the whole: for plucked notes that die away the gated, weighted loudness lies 4 LU above it.
_TARGET_DBFS = -24.0
_CEILING_DBFS = -4.0
# Partials of a plucked string: multiple of the pitch, strength, milliseconds until a third of it is left.
_PARTIALS = ((1.0, 1.0, 620), (2.0, 0.42, 430), (3.0, 0.20, 260), (4.0, 0.09, 170), (5.4, 0.05, 90))


class _JingleNote(NamedTuple):
    """A key of the piano by its MIDI number, and when in a three-second script it is struck."""

    key: int
    at_ms: int


# All pentatonic, so that no two of them jar when series follow one another.
_MELODIES: Mapping[str, Sequence[_JingleNote]] = {
    "sunrise": (
        _JingleNote(60, 0),
        _JingleNote(67, 260),
        _JingleNote(72, 520),
        _JingleNote(76, 780),
        *(_JingleNote(k, 1170) for k in (60, 67, 79)),
    ),
    "road": (
        _JingleNote(62, 0),
        _JingleNote(66, 195),
        _JingleNote(69, 390),
        _JingleNote(66, 585),
        *(_JingleNote(k, 975) for k in (62, 69, 74)),
    ),
    "sprout": (
        _JingleNote(76, 0),
        _JingleNote(79, 180),
        _JingleNote(84, 360),
        _JingleNote(81, 720),
        *(_JingleNote(k, 1080) for k in (60, 72, 79)),
    ),
    "terraces": (
        _JingleNote(81, 0),
        _JingleNote(79, 220),
        _JingleNote(76, 440),
        _JingleNote(74, 660),
        *(_JingleNote(k, 1100) for k in (57, 69, 76)),
    ),
    "wave": (
        _JingleNote(65, 0),
        _JingleNote(72, 300),
        _JingleNote(69, 600),
        _JingleNote(77, 900),
        *(_JingleNote(k, 1350) for k in (53, 65, 72)),
    ),
}


def write_melody(motif: str, duration_ms: int, target: Path) -> None:
    """Write the motif's jingle: WAV, 48 kHz, stereo, 16 bit, exactly `duration_ms`; all or nothing."""
    with replacing(target, lasting=False) as scratch:
        scratch.write_bytes(_melody(motif, duration_ms))


@lru_cache(maxsize=8)
def _melody(motif: str, duration_ms: int) -> bytes:
    """The file; the lessons of a series all begin with it, and to make it takes as long as to make their cards."""
    pydub = pydub_quietly()
    notes = _MELODIES[motif]
    track = pydub.AudioSegment.silent(duration_ms, frame_rate=RATE).set_channels(2)
    for index, note in enumerate(notes):
        at_ms = note.at_ms * duration_ms // _SCRIPT_MS
        sound = _pluck(pydub, note.key).pan(-0.3 + 0.6 * index / len(notes))
        # Nothing is clipped: all of them together stay below full scale.
        track = track.overlay(sound - 18, position=at_ms)
    track = track.fade_in(5).fade_out(duration_ms // 3)
    gain = min(_TARGET_DBFS - track.dBFS, _CEILING_DBFS - track.max_dBFS)
    file = BytesIO()
    track.apply_gain(gain).export(file, format="wav")
    return file.getvalue()


def _pluck(pydub: ModuleType, key: int) -> AudioSegment:
    """One note, mono, ringing out."""
    import numpy as np

    pitch = 440 * 2 ** ((key - 69) / 12)
    seconds = np.arange(RATE * _RING_MS // 1000) / RATE
    wave = sum(
        strength * np.sin(2 * np.pi * pitch * multiple * seconds) * np.exp(-seconds * 1000 / decay_ms)
        for multiple, strength, decay_ms in _PARTIALS
    )
    # A string that is plucked does not jump: without the 4 ms the note begins with a click.
    wave = wave * np.minimum(1, seconds / 0.004) / sum(strength for _, strength, _ in _PARTIALS)
    samples = np.round(wave * 32_000).astype("<i2")
    return pydub.AudioSegment(samples.tobytes(), frame_rate=RATE, sample_width=2, channels=1)


def pydub_quietly() -> ModuleType:
    """The library, without what it says about ffmpeg and old syntax when it is first imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("pydub")
