"""Turns anything that can be heard into a WAV file of a wanted loudness: recordings, music, the sound of a video.

Uses the same measuring, cleaning, gain and limiter as the sound of renditions.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from courseware.errors import InputError, MediaError, Problem, Text, text
from courseware.media.facts import sound_index
from render.sound.levels import Aim
from render.sound.mix import even_source, of_one_shape
from render.sound.track import Soundtrack, make_soundtrack
from render.work.ffmpeg import Ffmpeg, run
from render.work.wav import length_of

RATE = 48_000
_ROOM_DB = 6.0  # decoded sound may lie above full scale; the gain gives it back


@dataclass(frozen=True, slots=True)
class Sized:
    """Something to be heard.

    Attributes:
        name: for people.
        samples: its length.
        file: where it is.
    """

    name: str
    samples: int
    file: str


@dataclass(frozen=True, slots=True)
class Kitchen:
    """With what and where pieces are made.

    Attributes:
        folder: theirs alone; gone afterwards.
    """

    tool: Ffmpeg
    folder: Path
    stop: threading.Event | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """Something to be heard, as it was given.

    Attributes:
        name: for people.
        path: a sound or a video.
        track: sound track of it, counted from 1; None for the first.
        song: it is music, which keeps its sides and its dynamics.
        longest_s: how long it may last; None: as long as it likes.
    """

    name: str
    path: Path
    track: int | None = None
    denoise: bool = False
    song: bool = False
    longest_s: int | None = None


@dataclass(frozen=True, slots=True)
class LevelledSound:
    """A WAV file of the right loudness; `notes` are what a person should know of it.

    Attributes:
        lkfs: how loud it became; less than wanted when it was recorded too softly.
    """

    sized: Sized
    lkfs: float
    notes: tuple[Text, ...] = ()


def levelled(kitchen: Kitchen, raw: Raw, label: str, aim: Aim) -> LevelledSound:
    """Make a WAV file.

    Args:
        label: ASCII, names the files.

    Raises:
        InputError: it lasts longer than it may.
        MediaError: there is no sound in it.
        ToolError: it cannot be decoded.
    """
    decoded, ready = kitchen.folder / f"{label}.flac", kitchen.folder / f"{label}.wav"
    _decode(kitchen, raw, sound_index(raw.path, raw.track, raw.name), decoded)
    plan = _plan(decoded, _samples(decoded, raw), aim, raw)
    facts = make_soundtrack(kitchen.tool, plan, None, kitchen.folder, ready, kitchen.stop)
    decoded.unlink()
    if facts.silent:
        raise MediaError(Problem(raw.name, text("there is nothing to hear in it")))
    return LevelledSound(Sized(raw.name, length_of(ready), str(ready)), facts.lkfs, facts.notes)


def _decode(kitchen: Kitchen, raw: Raw, stream: int, target: Path) -> None:
    alike = target.with_suffix(".nut")
    source = of_one_shape(kitchen.tool, (str(raw.path.absolute()), stream, 0), RATE, alike, kitchen.stop)
    even = even_source(*source, RATE).filter("volume", volume=f"{-_ROOM_DB}dB")
    options = {"c:a": "flac", "sample_fmt": "s32", "compression_level": 2, "map_metadata": -1, "loglevel": "warning"}
    run(
        kitchen.tool,
        even.output(target.name, **options).overwrite_output().get_args(),
        kitchen.folder,
        stop=kitchen.stop,
    )
    alike.unlink(missing_ok=True)


def _samples(decoded: Path, raw: Raw) -> int:
    import av

    with av.open(str(decoded)) as container:
        stream = container.streams.audio[0]
        samples = round((stream.duration or 0) * Fraction(stream.time_base or 0) * RATE)
    if samples < RATE // 2:
        raise MediaError(Problem(raw.name, text("there is nothing to hear in it")))
    if raw.longest_s and samples > raw.longest_s * RATE:
        what = text("lasts {seconds} seconds; a notice may have {most}", seconds=samples // RATE, most=raw.longest_s)
        raise InputError(Problem(raw.name, what))
    return samples


def _plan(decoded: Path, samples: int, aim: Aim, raw: Raw) -> Soundtrack:
    return Soundtrack(
        source=str(decoded.absolute()),
        stream=0,
        channels=2,
        origin_us=0,
        jingle=False,
        loudness_lkfs=round(aim.lkfs),
        true_peak_dbtp=round(aim.ceiling_dbtp),
        rate=RATE,
        kbps=0,
        before_samples=0,
        body_samples=samples,
        total_samples=samples,
        denoise=raw.denoise,
        song=raw.song,
    )
