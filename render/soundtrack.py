"""Makes the sound of a lesson whole, once for a loudness: jingle, body, silence to the end, as AAC in an MP4 box.

It is later muxed beside the picture by stream copy. Every figure in `SoundFacts` is measured on the encoded file.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from courseware.errors import Problem, Text, ToolError, text
from render.ffmpeg import Ffmpeg, run
from render.levels import (
    Got,
    Heard,
    Setting,
    first_setting,
    jingle_lkfs,
    last_setting,
    level_notes,
    next_setting,
)
from render.loudness import SILENT_LKFS, Reading, load_reading, meter_file, metered
from render.noise import LISTEN_S, dbfs, find_noise, write_noise
from render.soundgraph import NOISE_SAMPLES, Balance, Stream, sides, steady
from render.soundmix import NOISE, Extra, Materials, even, programme, run_outputs, speech, whole
from render.soundplan import RECIPE, Soundtrack, heard_key, plan_soundtrack, soundtrack_key

__all__ = [
    "RECIPE",
    "Heard",
    "SoundFacts",
    "Soundtrack",
    "hear",
    "heard_key",
    "make_soundtrack",
    "plan_soundtrack",
    "soundtrack_key",
]

_TRIES = 4
_ONE_SIDED_DB = 20.0
_OPPOSED_DB = 10.0
_STEREO = 2
_METER, _RAW = "meter.txt", "listen.raw"
# What decoders say when they had to guess.
_DAMAGE_SIGNS = ("rror while decoding", "Error submitting packet", "nvalid data found", "corrupt")
_NOTHING = Heard(SILENT_LKFS, SILENT_LKFS, 0, SILENT_LKFS)


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What was measured of the encoded sound; of its body, but for the peak.

    Attributes:
        lkfs: integrated loudness, SILENT_LKFS when there is nothing to hear.
        peak_dbtp: true peak of the whole.
        lra_before, lra_after: loudness range before and after gain and limiter, LU; 0 when too short to have one.
        gain_db: of the body.
        limited: whether a limiter holds peaks down.
        notes: what a person should know of it although it was made.
    """

    lkfs: float
    peak_dbtp: float
    lra_before: float
    lra_after: float
    gain_db: float
    limited: bool
    silent: bool
    notes: tuple[Text, ...] = ()


def hear(tool: Ffmpeg, plan: Soundtrack, work: Path, stop: threading.Event | None = None) -> Heard | None:
    """Measure the source's sound once, whatever loudness it is to have; None when there is none.

    Raises:
        ToolError: it cannot be decoded.
    """
    if not plan.source:
        return None
    with _private(work) as folder:
        made_of = Materials(plan, noise_dbfs=_learn_noise(tool, plan, folder, stop))
        outputs = [one.output("-", format="null") for one in _heard_from(even(plan), made_of)]
        try:
            said = run_outputs(tool, outputs, folder, stop, "info")
        except ToolError as error:
            what = text(
                "the source's sound cannot be decoded; save the video again as MP4 ({reason})",
                reason=error.problems[0].what,
            )
            raise ToolError(Problem("", what)) from error
        damaged = any(sign in said for sign in _DAMAGE_SIGNS)
        if not (folder / _METER).stat().st_size:
            # Announced, but not one moment of it is there.
            return replace(_NOTHING, damaged=damaged)
        return replace(_heard(load_reading(folder / _METER), said, plan), damaged=damaged)


def make_soundtrack(
    tool: Ffmpeg,
    plan: Soundtrack,
    jingle: Path | None,
    work: Path,
    target: Path,
    stop: threading.Event | None = None,
    *,
    heard: Heard | None = None,
) -> SoundFacts:
    """Write the sound to `target`, a scratch path of the caller's that ends in ".m4a", or ".wav" for plain samples.

    Args:
        jingle: a sound file for the ident; needed when the plan wants one.
        work: ffmpeg runs in a folder of its own inside.
        heard: of `hear`, when it is known already.

    Raises:
        ToolError: it cannot be made.
        StorageError: the disk is full.
        StoppedError: `stop` was set.
    """
    source = heard or hear(tool, plan, work, stop) or _NOTHING
    with _private(work) as folder:
        made_of = Materials(
            plan,
            source.balance,
            audible=source.peak_dbtp > SILENT_LKFS,
            speech_lkfs=source.lkfs,
            noise_dbfs=_learn_noise(tool, plan, folder, stop),
            music=_extra(tool, Path(plan.music), folder, stop) if plan.music else None,
            jingle=_extra(tool, jingle, folder, stop) if plan.jingle and jingle else None,
        )
        mixed = _mixed(tool, made_of, source, folder, stop) if made_of.music else source
        facts = _approach(_Maker(tool, made_of, mixed, folder, target, stop))
        _check_length(target, plan)
        return facts


@dataclass(frozen=True, slots=True)
class _Maker:
    """What every try needs; `heard` is the programme, with its music."""

    tool: Ffmpeg
    made_of: Materials
    heard: Heard
    folder: Path
    target: Path
    stop: threading.Event | None

    def attempt(self, setting: Setting, body_lkfs: float) -> Got:
        """Encode and measure what came out."""
        plan = self.made_of.plan
        output = whole(self.made_of, setting, jingle_lkfs(body_lkfs, plan.aim), self.target)
        run_outputs(self.tool, [output], self.folder, self.stop, "warning")
        reading = meter_file(self.tool, self.target, self.folder, _METER, self.stop)
        part = plan.body_ms
        return Got(reading.loudness(*part), reading.peak_dbtp, reading.range(*part))


def _approach(maker: _Maker) -> SoundFacts:
    """Encode, measure, correct, until it is right or as near as may be."""
    plan, heard = maker.made_of.plan, maker.heard
    setting = first_setting(heard, plan.aim)
    got = maker.attempt(setting, heard.lkfs + setting.gain_db)
    for _ in range(_TRIES - 1):
        following = next_setting(setting, got, heard, plan.aim)
        if following is None:
            break
        expected = got.lkfs + following.gain_db - setting.gain_db
        setting, got = following, maker.attempt(following, expected)
    last = last_setting(setting, got, heard, plan.aim)
    if last is not None:
        setting, got = last, maker.attempt(last, got.lkfs)
    notes = (*_source_notes(maker), *level_notes(got, heard, setting, plan.aim, cleaned=plan.denoise))
    return SoundFacts(
        lkfs=round(got.lkfs, 2),
        peak_dbtp=round(got.peak_dbtp, 2),
        lra_before=round(heard.lra, 2),
        lra_after=round(got.lra, 2),
        gain_db=round(setting.gain_db + setting.trim_db, 2),
        limited=setting.limit_dbtp is not None,
        silent=heard.silent,
        notes=notes,
    )


def _source_notes(maker: _Maker) -> Iterator[Text]:
    plan, heard = maker.made_of.plan, maker.heard
    if heard.damaged:
        yield text("the source's sound is damaged in places; listen to the result before you use it")
    if plan.source and maker.made_of.speech_lkfs <= SILENT_LKFS:
        yield text("the source has a sound track, but there is nothing to hear in it")
    if plan.denoise and maker.made_of.noise_dbfs is None and not heard.silent:
        yield text(
            "no pause was found in which the noise could be learnt, or it is clean already; nothing was taken out"
        )
    match heard.balance:
        case "left":
            yield text("only the left side of the source has sound; both sides have it now")
        case "right":
            yield text("only the right side of the source has sound; both sides have it now")
        case "opposed":
            yield text(
                "the two sides of the source's sound cancel each other, as with a wrongly wired microphone; one of"
                " them was turned round"
            )


def _heard_from(source: Stream, made_of: Materials) -> list[Stream]:
    """What is measured in one go: the speech, and in stereo both sides of it."""
    if made_of.plan.channels != _STEREO:
        return [metered(speech(source, made_of), _METER)]
    twice = source.filter_multi_output("asplit")
    return [metered(speech(twice[0], made_of), _METER), sides(twice[1])]


def _heard(reading: Reading, said: str, plan: Soundtrack) -> Heard:
    balance = _balance(said) if plan.channels == _STEREO else "both"
    both_ears = 3.01 if balance in {"left", "right"} else 0.0
    return Heard(
        lkfs=_more(reading.loudness(), both_ears),
        peak_dbtp=reading.peak_dbtp,
        lra=reading.range(),
        floor_lkfs=reading.floor() + both_ears,
        balance=balance,
    )


def _mixed(tool: Ffmpeg, made_of: Materials, source: Heard, folder: Path, stop: threading.Event | None) -> Heard:
    """The programme with its music, measured; what is known of the source stays known."""
    output = metered(programme(made_of), _METER).output("-", format="null")
    run_outputs(tool, [output], folder, stop, "warning")
    reading = load_reading(folder / _METER)
    # How far it may be raised depends on the recording's noise, not on the music that hides it.
    floor = reading.loudness() - (source.lkfs - source.floor_lkfs) if not source.silent else SILENT_LKFS
    return Heard(reading.loudness(), reading.peak_dbtp, reading.range(), floor, source.balance, source.damaged)


def _learn_noise(tool: Ffmpeg, plan: Soundtrack, folder: Path, stop: threading.Event | None) -> float | None:
    """Put a second of the recording's own noise into the folder; its DBFS, None when there is nothing to clean."""
    if not (plan.denoise and plan.source):
        return None
    output = even(plan).output(_RAW, t=LISTEN_S, format="s16le").overwrite_output()
    run_outputs(tool, [output], folder, stop, "warning")
    noise = find_noise(folder / _RAW, plan.rate, NOISE_SAMPLES)
    (folder / _RAW).unlink()
    if noise is not None:
        write_noise(noise, plan.rate, folder / NOISE)
    return dbfs(noise) if noise is not None else None


def _extra(tool: Ffmpeg, path: Path, folder: Path, stop: threading.Event | None) -> Extra:
    """A jingle or a piece of music, as it will sound in stereo, measured."""
    import ffmpeg

    heard = steady(ffmpeg.input(f"file:{path.absolute()}", protocol_whitelist="file").audio, NOISE_SAMPLES)
    args = metered(heard, _METER).output("-", format="null", loglevel="error").get_args()
    run(tool, args, folder, stop=stop)
    reading = load_reading(folder / _METER)
    return Extra(path, reading.loudness(), reading.peak_dbtp)


def _balance(said: str) -> Balance:
    """Which side carries the sound, by the strengths that `sides` had the log say."""
    words = re.findall(r"RMS level dB: (-?[\d.]+|-?inf|nan)", said)[-4:]
    if len(words) < 4:  # noqa: PLR2004
        return "both"
    left, right, middle, across = (max(float(word), -120.0) if word != "nan" else -120.0 for word in words)
    if max(left, right) <= SILENT_LKFS:
        return "both"
    if left - right >= _ONE_SIDED_DB:
        return "left"
    if right - left >= _ONE_SIDED_DB:
        return "right"
    return "opposed" if across - middle >= _OPPOSED_DB else "both"


def _more(lkfs: float, by_db: float) -> float:
    return lkfs + by_db if lkfs > SILENT_LKFS else SILENT_LKFS


@contextmanager
def _private(work: Path) -> Iterator[Path]:
    """A folder inside `work` for what is written on the way; gone afterwards."""
    prefix = f".part-{os.getpid()}-sound-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=work, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _check_length(target: Path, plan: Soundtrack) -> None:
    """Refuse a file that a player would not play for exactly as long as planned."""
    import av

    with av.open(f"file:{target.absolute()}") as container:
        stream = container.streams.audio[0]
        samples = round((stream.duration or 0) * Fraction(stream.time_base or 0) * plan.rate)
    if samples != plan.total_samples:
        what = text(
            "the sound lasts {samples} samples instead of {wanted}", samples=samples, wanted=plan.total_samples
        )
        raise ToolError(Problem("", what))
