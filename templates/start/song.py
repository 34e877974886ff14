"""The song of the sample county: a short tune of our own, and its words timed as they are sung.

Both are written from one list of notes, so that each word is filled as its note begins.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

RATE = 48_000
BEAT_MS = 500
BEATS = 24
_PEAK = 0.6
_VOICE = (1.0, 0.55, 0.4, 0.3, 0.12, 0.06)  # partials of a voice that sings "a"
_STRING = (1.0, 0.45, 0.22, 0.1)


class SungNote(NamedTuple):
    """A key of the piano by its MIDI number, sung for so many beats; a rest has key 0."""

    word: str
    key: int
    beats: float


# 宫 mode on D; a bar of four beats comes before.
LINES: Sequence[Sequence[SungNote]] = (
    tuple(map(SungNote, "春风吹绿双河岸", (69, 69, 74, 76, 78, 76, 74), (1, 1, 1, 1, 1, 1, 2))),
    tuple(map(SungNote, "家家门前花满山", (78, 76, 74, 71, 69, 71, 74), (1, 1, 1, 1, 1, 1, 2))),
)
_BEFORE = 4
_CHORDS = ((62, 66, 69), (62, 66, 69), (67, 71, 74), (62, 66, 69), (64, 67, 71), (62, 66, 69))  # one a bar


def write_lyrics(target: Path) -> None:
    """Write the words as LRC, each with its time."""
    lines = ["[ti:双河谣]", f"[length:{_stamp(BEATS * BEAT_MS)}]"]
    for line in _timed():
        (first, _), *_ = line
        lines.append(f"[{_stamp(first)}]" + "".join(f"<{_stamp(at)}>{note.word}" for at, note in line))
    lines += [f"[{_stamp(BEATS * BEAT_MS - 1500)}]", ""]
    target.write_text("\n".join(lines), encoding="utf-8")


def write_song(target: Path) -> None:
    """Write the song as WAV: plucked strings on both sides, a drum on the beat, and a voice in the middle."""
    import numpy as np

    whole = np.zeros((BEATS * BEAT_MS * RATE // 1000, 2))
    for bar, chord in enumerate(_CHORDS):
        for beat in range(4):
            at_ms = (bar * 4 + beat) * BEAT_MS
            _lay(whole, at_ms, _drum(60 if beat % 2 == 0 else 95), 0.5, 0.5)
            _lay(whole, at_ms, _plucked(chord[0] - 12 if beat % 2 == 0 else chord[1]), 0.5, 0.25)
            _lay(whole, at_ms + BEAT_MS // 2, _plucked(chord[2]), 0.2, 0.45)
    for line in _timed():
        for at_ms, note in line:
            _lay(whole, at_ms, _sung(note.key, round(note.beats * BEAT_MS)), 0.55, 0.55)
    whole *= _PEAK / np.abs(whole).max()
    with target.open("wb") as stream, wave.open(stream, "wb") as out:
        out.setparams((2, 2, RATE, 0, "NONE", ""))
        out.writeframes(np.round(whole * 32767).astype("<i2").tobytes())


def _timed() -> Iterator[list[tuple[int, SungNote]]]:
    """Each line's notes with the milliseconds at which they begin."""
    at = float(_BEFORE)
    for line in LINES:
        found = []
        for note in line:
            found.append((round(at * BEAT_MS), note))
            at += note.beats
        yield found


def _stamp(ms: int) -> str:
    return f"{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000 // 10:02}"


def _lay(whole: Samples, at_ms: int, sound: Samples, left: float, right: float) -> None:
    first = at_ms * RATE // 1000
    part = sound[: len(whole) - first, None] * (left, right)
    whole[first : first + len(part)] += part


def _tone(key: int, seconds: float, partials: Sequence[float], vibrato: float = 0) -> Samples:
    import numpy as np

    time = np.arange(round(seconds * RATE)) / RATE
    pitch = 440 * 2 ** ((key - 69) / 12)
    phase = 2 * np.pi * pitch * time + vibrato * pitch / 5.5 * np.sin(2 * np.pi * 5.5 * time)
    return sum((part * np.sin((number + 1) * phase) for number, part in enumerate(partials)), np.zeros(len(time)))


def _plucked(key: int) -> Samples:
    import numpy as np

    tone = _tone(key, 0.9, _STRING)
    time = np.arange(len(tone)) / RATE
    return 0.5 * tone * np.exp(-4 * time) * np.minimum(1, time / 0.004)


def _sung(key: int, lasting_ms: int) -> Samples:
    import numpy as np

    tone = _tone(key, lasting_ms / 1000, _VOICE, vibrato=0.006)
    time = np.arange(len(tone)) / RATE
    rest = time[::-1]
    return 0.55 * tone * np.minimum(1, time / 0.05) * np.minimum(1, rest / 0.09)


def _drum(hertz: float) -> Samples:
    import numpy as np

    time = np.arange(RATE // 4) / RATE
    thud: Samples = 0.9 * np.sin(2 * np.pi * hertz * time * (1 + np.exp(-40 * time))) * np.exp(-18 * time)
    return thud
