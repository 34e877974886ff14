"""Puts the graph of a planned sound together: source, cleaning, music, gain, jingle, silence. Decides nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from courseware.media.facts import PROTOCOLS
from courseware.media.reading import changes_midway
from render.plan.picture import Stream
from render.sound.graph import (
    SPEECH_KEY_LKFS,
    bed,
    cleaned,
    gained,
    lasting,
    limited,
    mended,
    steady,
    together,
)
from render.sound.levels import GainTry
from render.sound.loudness import SILENT_LKFS
from render.sound.mends import Mends
from render.sound.plan import Soundtrack
from render.work.ffmpeg import Ffmpeg, run

# A sound: its file, the stream in it, and what is 0 for its picture, in microseconds.
Recorded: TypeAlias = tuple[str, int, int]

NOISE = "noise.wav"
EARS = 2
_BED_LU = 8.0  # under the speech in its pauses; the ducking takes some 11 more while it lasts
_JINGLE_ROOM_DB = 1.0  # under the ceiling: its attacks are what a coder gets wrong first


@dataclass(frozen=True, slots=True)
class Extra:
    """A jingle or a piece of music, measured."""

    path: Path
    lkfs: float
    peak_dbtp: float


@dataclass(frozen=True, slots=True)
class Materials:
    """What a planned sound is put together from.

    Attributes:
        audible: whether the source has any sound.
        speech_lkfs: of the source alone, SILENT_LKFS when it has none.
        mends: of the source; their curve lies in the folder where ffmpeg runs.
        noise_dbfs: level of NOISE, which lies in the folder where ffmpeg runs; None without cleaning.
    """

    plan: Soundtrack
    mends: Mends = field(default_factory=Mends)
    audible: bool = True
    speech_lkfs: float = SILENT_LKFS
    noise_dbfs: float | None = None
    music: Extra | None = None
    jingle: Extra | None = None


def even(plan: Soundtrack) -> Stream:
    """The source's sound in stereo, in step with its time stamps and so with the picture."""
    return even_source(plan.source, plan.stream, plan.origin_us, plan.rate)


def even_source(source: str, stream: int, origin_us: int, rate: int) -> Stream:
    """The same of any source; arguments as in a Soundtrack."""
    return steady(_heard(source, stream, origin_us), rate)


def _heard(source: str, stream: int, origin_us: int) -> Stream:
    """A source's sound with times from the moment that is 0 for its picture."""
    if not origin_us:
        return _file(source)[str(stream)]
    # In MPEG-TS, ffmpeg takes the first stream in use for time 0: without the picture the sound would move.
    return _file(source, copyts=None)[str(stream)].filter("asetpts", expr=f"PTS-({origin_us})/1000000/TB")


def of_one_shape(
    tool: Ffmpeg, source: Recorded, rate: int, target: Path, stop: threading.Event | None = None
) -> Recorded:
    """A sound that changes its channels or its rate midway, decoded into `target`; any other as it is.

    At such a change ffmpeg begins its graph anew, and with it every count of samples.
    """
    path, stream, origin_us = source
    if not path or not changes_midway(Path(path), stream):
        return source
    heard = _heard(path, stream, origin_us).filter("aresample", sample_rate=rate)
    even = heard.filter("aformat", sample_fmts="fltp", sample_rates=rate, channel_layouts="stereo")
    # Its times stay as they are: what lies between them is put in order afterwards, as of any source.
    options = {"c:a": "pcm_f32le", "format": "nut"}
    output = even.filter("atrim", start=0).output(f"file:{target.absolute()}", **options).overwrite_output()
    run_outputs(tool, [output], target.parent, stop, "warning")
    return str(target.absolute()), 0, 0


def speech(heard: Stream, made_of: Materials) -> Stream:
    """What `even` gives, mended, and cleaned when that is wanted."""
    import ffmpeg

    heard = mended(heard, made_of.mends, made_of.plan.rate)
    if made_of.noise_dbfs is None:
        return heard
    noise = steady(ffmpeg.input(NOISE).audio, made_of.plan.rate)
    return cleaned(heard, noise, made_of.noise_dbfs)


def programme(made_of: Materials) -> Stream:
    """The body before any gain, exactly as long as it is to be: speech, music, both, or silence."""
    plan, music = made_of.plan, made_of.music
    spoken = bool(plan.source) and made_of.audible and (music is None or made_of.speech_lkfs > SILENT_LKFS)
    if music is None:
        return lasting(speech(even(plan), made_of) if spoken else _silence(plan), plan.body_samples)
    tune = steady(_file(str(music.path), stream_loop=-1).audio, plan.rate)
    if not spoken:
        return bed(tune, None, plan.body_samples, plan.rate)
    twice = lasting(speech(even(plan), made_of), plan.body_samples).filter_multi_output("asplit")
    key = gained(twice[1], SPEECH_KEY_LKFS - made_of.speech_lkfs)
    tune = gained(tune, made_of.speech_lkfs - _BED_LU - music.lkfs + plan.music_gain_db)
    return together(twice[0], bed(tune, key, plan.body_samples, plan.rate))


def whole(made_of: Materials, setting: GainTry, jingle_lkfs: float, target: Path) -> Stream:
    """The output: jingle, silence, body, silence, as AAC in `target`; as 16-bit samples when that ends in ".wav"."""
    import ffmpeg

    plan = made_of.plan
    parts = []
    if plan.before_samples:
        parts.append(lasting(_opening(made_of, jingle_lkfs), plan.before_samples))
    if plan.total_samples > plan.before_samples:
        body = gained(programme(made_of), setting.gain_db)
        if setting.limit_dbtp is not None:
            body = limited(body, setting.limit_dbtp, plan.rate)
        parts.append(lasting(body, plan.total_samples - plan.before_samples))
    sound = ffmpeg.concat(*parts, v=0, a=1) if len(parts) > 1 else parts[0]
    if setting.trim_db:
        sound = gained(sound, setting.trim_db)
    return sound.output(f"file:{target.absolute()}", **_encoder(plan, target)).overwrite_output()


def run_outputs(
    tool: Ffmpeg,
    outputs: list[Stream],
    folder: Path,
    stop: threading.Event | None,
    level: str,
    length: Callable[[int], None] | None = None,
) -> str:
    """Run one or several outputs.

    Args:
        level: how much ffmpeg is to say.
        length: told how many microseconds went out.
    """
    import ffmpeg

    made = ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0]
    return run(tool, ["-loglevel", level, *made.get_args()], folder, stop=stop, length=length)


def _opening(made_of: Materials, lkfs: float) -> Stream:
    """The jingle at the body's loudness."""
    plan, jingle = made_of.plan, made_of.jingle
    if jingle is None or jingle.lkfs <= SILENT_LKFS:
        return _silence(plan, seconds=2)
    gain, ceiling = lkfs - jingle.lkfs, plan.true_peak_dbtp - _JINGLE_ROOM_DB
    played = gained(steady(_file(str(jingle.path)).audio, plan.rate), gain)
    return limited(played, ceiling, plan.rate) if jingle.peak_dbtp + gain > ceiling else played


def _file(path: str, **options: int | None) -> Stream:
    import ffmpeg

    return ffmpeg.input(f"file:{Path(path).absolute()}", protocol_whitelist=PROTOCOLS, **options)


def _silence(plan: Soundtrack, seconds: int = 1) -> Stream:
    """Some silence; of another length where two of them are needed, since ffmpeg-python takes equals for one."""
    import ffmpeg

    silence = ffmpeg.input(f"anullsrc=channel_layout=stereo:sample_rate={plan.rate}", format="lavfi", t=seconds)
    return silence.audio.filter("aformat", sample_fmts="fltp", sample_rates=plan.rate, channel_layouts="stereo")


def _encoder(plan: Soundtrack, target: Path) -> dict[str, Any]:
    """Output options. Bit-exact and without metadata: the same input gives the same bytes."""
    coded = {"c:a": "aac", "b:a": f"{plan.kbps}k", "movflags": "+faststart", "format": "ipod"}
    return {
        **({"c:a": "pcm_s16le", "format": "wav"} if target.suffix == ".wav" else coded),
        "ar": plan.rate,
        "ac": 2,
        "map_metadata": -1,
        "map_chapters": -1,
        "fflags": "+bitexact",
        "flags:a": "+bitexact",
    }
