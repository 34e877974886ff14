"""Chimes for the village loudspeaker, drawn with pydub: one to listen up, one between items, one to end, and a tune.

Bells struck softly, low enough for a horn loudspeaker to carry them without shrieking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from courseware.files import replacing
from render.loudspeaker.tape import write_wav
from templates.cards.jingle import pydub_quietly

if TYPE_CHECKING:
    from types import ModuleType

    from pydub import AudioSegment

RATE = 48_000
ChimeName = Literal["opening", "between", "closing", "tune"]
_RING_MS = 1800
# Of a struck tube: multiple of the pitch, strength, milliseconds until a third of it is left.
_PARTIALS = ((0.5, 0.18, 1100), (1.0, 1.0, 900), (2.0, 0.40, 520), (2.76, 0.12, 300), (4.07, 0.05, 150))


class _Note(NamedTuple):
    """A key of the piano by its MIDI number, and when it is struck."""

    key: int
    at_ms: int


_CHIMES: Mapping[ChimeName, Sequence[_Note]] = {
    # Rising: listen.
    "opening": (_Note(60, 0), _Note(64, 450), _Note(67, 900), _Note(72, 1350)),
    "between": (_Note(67, 0), _Note(72, 300)),
    # Falling: that is all.
    "closing": (_Note(72, 0), _Note(67, 450), _Note(64, 900), _Note(60, 1350)),
    # Pentatonic, in eight bars of 2.4 s, to be played round and round.
    "tune": tuple(
        _Note(key, bar * 2400 + at)
        for bar, keys in enumerate(
            (
                (60, 67, 64, 67),
                (62, 69, 67, 64),
                (60, 64, 67, 72),
                (69, 67, 64, 62),
                (57, 64, 60, 64),
                (62, 67, 64, 62),
                (60, 67, 64, 72),
                (67, 64, 62, 60),
            )
        )
        for key, at in zip(keys, (0, 600, 1200, 1800), strict=True)
    ),
}
# Bring each to -15 LKFS; the strokes are so soft that no peak comes near the ceiling.
_GAINS_DB: Mapping[ChimeName, float] = {"opening": 6.3, "between": 6.5, "closing": 6.4, "tune": 5.85}
_LENGTHS_MS: Mapping[ChimeName, int] = {"opening": 3600, "between": 1600, "closing": 3800, "tune": 19_200}


def draw_chime(name: ChimeName, target: Path) -> None:
    """Write a chime of -15 LKFS: WAV, 48 kHz, stereo, 16 bit; all or nothing."""
    pydub = pydub_quietly()
    length_ms = _LENGTHS_MS[name]
    track = pydub.AudioSegment.silent(length_ms, frame_rate=RATE).set_channels(2)
    for note in _CHIMES[name]:
        # Nothing is clipped: all that ring together stay below full scale.
        track = track.overlay(_bell(pydub, note.key) - 14, position=note.at_ms)
    track = track.fade_out(400).apply_gain(_GAINS_DB[name])
    with replacing(target, lasting=False) as scratch:
        write_wav(scratch, [bytes(track.raw_data)])


def _bell(pydub: ModuleType, key: int) -> AudioSegment:
    """One stroke, the same in both ears, ringing out."""
    import numpy as np

    pitch = 440 * 2 ** ((key - 69) / 12)
    seconds = np.arange(RATE * _RING_MS // 1000) / RATE
    wave = sum(
        strength * np.sin(2 * np.pi * pitch * multiple * seconds) * np.exp(-seconds * 1000 / decay_ms)
        for multiple, strength, decay_ms in _PARTIALS
    )
    # A stroke of felt: 12 ms to full strength, and an end without a click.
    shape = np.minimum(1, seconds / 0.012) * np.minimum(1, (seconds[-1] - seconds) / 0.2)
    wave = wave * shape / sum(strength for _, strength, _ in _PARTIALS)
    samples = np.repeat(np.round(wave * 32_000).astype("<i2"), 2)
    return pydub.AudioSegment(samples.tobytes(), frame_rate=RATE, sample_width=2, channels=2)
