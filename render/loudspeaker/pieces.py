"""Turns anything that can be heard into a WAV file as loud as a loudspeaker wants it: lessons, recordings, notices.

Uses the same measuring, gain and limiter as the sound of renditions.
"""

from __future__ import annotations

import threading
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from courseware.errors import InputError, MediaError, Problem, Text, text
from courseware.media.facts import PROTOCOLS
from render.loudspeaker.layout import RATE, Sized
from render.loudspeaker.tape import length_of
from render.sound.graph import steady
from render.sound.track import Soundtrack, make_soundtrack
from render.work.ffmpeg import Ffmpeg, run

# GY/T 377-2023: -15 LKFS where listeners stand in noise, at most -1 dBTP; one more is left to the MP3 coder.
LOUDNESS_LKFS = -15
CEILING_DBTP = -1
_PIECE_DBTP = -2
_FOLLOWED_LU = 1.0
_ROOM_DB = 6.0  # decoded sound may lie above full scale; the gain gives it back


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
        longest_s: how long it may last; None: as long as it likes.
    """

    name: str
    path: Path
    track: int | None = None
    denoise: bool = False
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


def prepare(kitchen: Kitchen, raw: Raw, label: str) -> LevelledSound:
    """Make a piece.

    Args:
        label: ASCII, names the files.

    Raises:
        InputError: it lasts longer than it may.
        MediaError: there is no sound in it.
        ToolError: it cannot be decoded.
    """
    decoded, ready = kitchen.folder / f"{label}.flac", kitchen.folder / f"{label}.wav"
    _decode(kitchen, raw, _stream_of(raw), decoded)
    plan = _plan(decoded, _samples(decoded, raw), denoise=raw.denoise)
    facts = make_soundtrack(kitchen.tool, plan, None, kitchen.folder, ready, kitchen.stop)
    decoded.unlink()
    if facts.silent:
        raise MediaError(Problem(raw.name, text("there is nothing to hear in it")))
    return LevelledSound(Sized(raw.name, length_of(ready), str(ready)), facts.lkfs, facts.notes)


def softened(kitchen: Kitchen, chime: Sized, piece: LevelledSound) -> Sized:
    """A chime no louder than a piece that stayed soft: nobody is to be startled by it."""
    import ffmpeg

    under = LOUDNESS_LKFS - piece.lkfs
    if under < _FOLLOWED_LU:
        return chime
    softer = kitchen.folder / f"softer-{Path(chime.file).name}"
    heard = ffmpeg.input(f"file:{Path(chime.file).absolute()}").audio.filter("volume", volume=f"{-under:.2f}dB")
    output = heard.output(softer.name, **{"c:a": "pcm_s16le", "map_metadata": -1, "loglevel": "warning"})
    run(kitchen.tool, output.overwrite_output().get_args(), kitchen.folder, stop=kitchen.stop)
    return Sized(chime.name, chime.samples, str(softer))


def read_out(kitchen: Kitchen, name: str, words: str, label: str) -> Raw:
    """A text in the computer's Mandarin voice, slow enough to be followed outdoors."""
    from courseware.speech.voice import voice

    with voice() as speaker:
        speech = speaker.say(words, "cmn")
    spoken = kitchen.folder / f"{label}-voice.wav"
    with wave.open(str(spoken), "wb") as out:
        out.setparams((1, 2, speech.rate, 0, "NONE", "not compressed"))
        out.writeframes(speech.samples.astype("<i2").tobytes())
    return Raw(name, spoken)


def _stream_of(raw: Raw) -> int:
    """Index of the sound wanted."""
    import av

    try:
        with av.open(f"file:{raw.path.absolute()}", options={"protocol_whitelist": PROTOCOLS}) as container:
            tracks = [one.index for one in container.streams.audio]
    except (av.error.FFmpegError, ValueError, OSError) as error:
        what = text("this is neither a sound nor a video, or only a part of one; copy it again")
        raise MediaError(Problem(raw.name, what)) from error
    if len(tracks) < (raw.track or 1):
        what = text("it has no sound") if not tracks else text("it has no sound track {number}", number=raw.track)
        raise MediaError(Problem(raw.name, what))
    return tracks[(raw.track or 1) - 1]


def _decode(kitchen: Kitchen, raw: Raw, stream: int, target: Path) -> None:
    import ffmpeg

    source = ffmpeg.input(f"file:{raw.path.absolute()}", protocol_whitelist=PROTOCOLS)
    even = steady(source[str(stream)], RATE).filter("volume", volume=f"{-_ROOM_DB}dB")
    options = {"c:a": "flac", "sample_fmt": "s32", "compression_level": 2, "map_metadata": -1, "loglevel": "warning"}
    run(
        kitchen.tool,
        even.output(target.name, **options).overwrite_output().get_args(),
        kitchen.folder,
        stop=kitchen.stop,
    )


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


def _plan(decoded: Path, samples: int, *, denoise: bool) -> Soundtrack:
    return Soundtrack(
        source=str(decoded.absolute()),
        stream=0,
        channels=2,
        origin_us=0,
        jingle=False,
        loudness_lkfs=LOUDNESS_LKFS,
        true_peak_dbtp=_PIECE_DBTP,
        rate=RATE,
        kbps=0,
        before_samples=0,
        body_samples=samples,
        total_samples=samples,
        denoise=denoise,
    )
