"""WAV files of 16 bits: written so that a disk that takes none is all that is told, and measured."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def writing_wav(target: Path, channels: int, rate: int) -> Iterator[wave.Wave_write]:
    """A file to write samples into.

    Raises:
        OSError: it cannot be written.
    """
    # wave complains, when it is collected, of a file that it could not open itself.
    with target.open("wb") as stream, wave.open(stream, "wb") as out:
        out.setparams((channels, 2, rate, 0, "NONE", "not compressed"))
        yield out


def length_of(path: Path) -> int:
    """Samples of a WAV file."""
    with wave.open(str(path), "rb") as stream:
        return stream.getnframes()
