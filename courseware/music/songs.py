"""The beats of recorded songs, each found once for its bytes and remembered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import sha256
from courseware.music.beats import find_beats
from courseware.speech.sound import load_sound
from courseware.storage.sealed import read_sealed, write_sealed

_FORM = 2  # raise when beats are found otherwise


@dataclass(frozen=True, slots=True)
class Song:
    """A recording; its length and its beats in milliseconds. `beats` is empty when it has no steady one."""

    name: str
    length_ms: int
    beats: tuple[int, ...]


def hear_songs(paths: Sequence[Path], cache_dir: Path) -> tuple[Song, ...]:
    """Listen to songs that were not heard before.

    Raises:
        MediaError: one is no sound.
    """
    return tuple(_remembered(path, cache_dir) for path in paths)


def without_beat(songs: Sequence[Song]) -> tuple[Problem, ...]:
    """What is to be told of songs that pictures cannot follow."""
    what = text("no steady beat is heard in it; remove “beat”, or say with “seconds” how long each picture stays")
    return tuple(Problem(f"narration ({song.name})", what) for song in songs if not song.beats)


def beats_of(songs: Sequence[Song], pause_ms: int) -> tuple[int, ...]:
    """The beats of songs that are heard one after the other, in milliseconds of the whole.

    Raises:
        InputError: songs have no steady beat; all of them at once.
    """
    if deaf := without_beat(songs):
        raise InputError(*deaf)
    starts_ms = accumulate((song.length_ms + pause_ms for song in songs[:-1]), initial=0)
    return tuple(
        start_ms + beat_ms for start_ms, song in zip(starts_ms, songs, strict=True) for beat_ms in song.beats
    )


def _remembered(path: Path, cache_dir: Path) -> Song:
    record = cache_dir / "sources" / f"beats-{_FORM}-{sha256(path)[:32]}.json"
    with suppress(ValueError, TypeError):
        length_ms, beats = json.loads(read_sealed(record) or "")
        return Song(path.name, length_ms, tuple(beats))
    sound = load_sound(path)
    song = Song(path.name, sound.duration_ms, find_beats(sound))
    with suppress(OSError):  # only to be quicker the next time
        write_sealed(record, json.dumps([song.length_ms, song.beats]))
    return song
