"""Joins the parts of a broadcast to one WAV file with pydub, a minute at a time, so that memory does not bind it.

A WAV file ends at 4 GiB, six hours of stereo; more is refused. Nothing is decoded here: every part is a WAV file of
the same kind already.
"""

from __future__ import annotations

import wave
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text
from render.loudspeaker.layout import BroadcastPart
from render.sound.levelled import RATE
from render.work.wav import writing_wav
from templates.cards.jingle import pydub_quietly

if TYPE_CHECKING:
    from pydub import AudioSegment

_BLOCK = 60 * RATE
_EDGE_MS = 8  # enough that no part begins or ends with a click
_MUSIC_EDGE_MS = 2500
_LONGEST = 6 * 3600 * RATE


def write_tape(parts: Sequence[BroadcastPart], target: Path) -> None:
    """Write all parts, one after the other, exactly as long as they say.

    Raises:
        InputError: longer than a WAV file can be.
    """
    if sum(one.samples for one in parts) > _LONGEST:
        raise InputError(Problem("", text("a broadcast may last six hours at most")))
    write_wav(target, (bytes(block.raw_data) for part in parts for block in _blocks(part)))


def write_wav(target: Path, blocks: Iterable[bytes]) -> None:
    """Write stereo samples of 16 bits; pydub's own export leaves the file to the collector when the disk is full."""
    with writing_wav(target, 2, RATE) as out:
        for block in blocks:
            out.writeframes(block)


def _blocks(part: BroadcastPart) -> Iterator[AudioSegment]:
    """The part in pieces of a minute; music goes round and round until it is long enough."""
    done = 0
    while done < part.samples:
        wanted = min(_BLOCK, part.samples - done)
        block = _read(part.file, done, wanted) if part.file else _silence(wanted)
        yield _edged(block, first=done == 0, last=done + wanted == part.samples, part=part)
        done += wanted


def _edged(block: AudioSegment, *, first: bool, last: bool, part: BroadcastPart) -> AudioSegment:
    """Without clicks. Only whole milliseconds are given to pydub to fade: of others it would drop samples."""
    if not part.file:
        return block
    edge_ms = min(_MUSIC_EDGE_MS if part.kind == "filler" else _EDGE_MS, len(block))
    edge, data = edge_ms * RATE // 1000 * 4, bytes(block.raw_data)
    if first:
        data = _segment(data[:edge]).fade_in(edge_ms).raw_data + data[edge:]
    if last:
        data = data[:-edge] + _segment(data[-edge:]).fade_out(edge_ms).raw_data
    return _segment(data)


def _read(file: str, start: int, samples: int) -> AudioSegment:
    """So many samples from `start` on; after the file's end it begins again."""
    with _opened(file) as stream:
        whole = stream.getnframes()
        data = b""
        while len(data) < 4 * samples:
            at = (start + len(data) // 4) % whole
            stream.setpos(at)
            data += stream.readframes(min(whole - at, samples - len(data) // 4))
    return _segment(data)


@contextmanager
def _opened(file: str) -> Iterator[wave.Wave_read]:
    with wave.open(file, "rb") as stream:
        if (stream.getnchannels(), stream.getsampwidth(), stream.getframerate()) != (2, 2, RATE):
            raise ValueError(f"{file} is not what the tape is made of")
        yield stream


def _silence(samples: int) -> AudioSegment:
    return _segment(bytes(4 * samples))


def _segment(data: bytes) -> AudioSegment:
    return pydub_quietly().AudioSegment(data, frame_rate=RATE, sample_width=2, channels=2)
