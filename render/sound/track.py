"""Makes the sound of a lesson whole, once for a loudness: jingle, body, silence to the end, as AAC in an MP4 box.

It is later muxed beside the picture by stream copy. Every figure in `SoundFacts` is measured on the encoded file.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from courseware.errors import MediaError, Problem, Text, ToolError, text
from render.sound.graph import NOISE_SAMPLES, steady
from render.sound.hearing import METER, NOTHING, hear, lay_curve, learn_noise, private_folder
from render.sound.levels import (
    GainTry,
    Got,
    MeasuredProgramme,
    first_setting,
    is_inaudible,
    jingle_lkfs,
    last_setting,
    level_notes,
    next_setting,
)
from render.sound.loudness import SILENT_LKFS, measure, meter_file, metered
from render.sound.mix import Extra, Materials, programme, run_outputs, whole
from render.sound.notes import inaudible, source_notes
from render.sound.plan import RECIPE, Soundtrack, heard_key, plan_soundtrack, soundtrack_key
from render.work.ffmpeg import Ffmpeg

__all__ = [
    "RECIPE",
    "EncodedSound",
    "MeasuredProgramme",
    "Soundtrack",
    "hear",
    "heard_key",
    "make_soundtrack",
    "plan_soundtrack",
    "soundtrack_key",
]

_TRIES = 4
# What speech is taken for that is not measured: as loud as television wants it.
AS_RECORDED = MeasuredProgramme(lkfs=-24.0, peak_dbtp=-2.0, lra=0, floor_lkfs=-60.0)


@dataclass(frozen=True, slots=True)
class EncodedSound:
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


def make_soundtrack(
    tool: Ffmpeg,
    plan: Soundtrack,
    jingle: Path | None,
    work: Path,
    target: Path,
    stop: threading.Event | None = None,
    *,
    heard: MeasuredProgramme | None = None,
) -> EncodedSound:
    """Write the sound to `target`, a scratch path of the caller's that ends in ".m4a", or ".wav" for plain samples.

    Args:
        jingle: a sound file for the ident; needed when the plan wants one.
        work: ffmpeg runs in a folder of its own inside.
        heard: of `hear`, when it is known already.

    Raises:
        MediaError: somebody speaks in it, but nobody would hear it.
        ToolError: it cannot be made.
        StorageError: the disk is full.
        StoppedError: `stop` was set.
    """
    source = AS_RECORDED if plan.quick else heard or hear(tool, plan, work, stop) or NOTHING
    with private_folder(work) as folder:
        lay_curve(plan, source.mends, folder)
        made_of = Materials(
            plan,
            source.mends,
            audible=source.peak_dbtp > SILENT_LKFS,
            speech_lkfs=source.lkfs,
            noise_dbfs=learn_noise(tool, plan, source.mends, folder, stop),
            music=_extra(tool, Path(plan.music), folder, stop) if plan.music else None,
            jingle=_extra(tool, jingle, folder, stop) if plan.jingle and jingle else None,
        )
        if plan.quick:
            facts = _as_recorded(_Maker(tool, made_of, source, folder, target, stop))
        else:
            mixed = _mixed(tool, made_of, source, folder, stop) if made_of.music else source
            facts = _approach(_Maker(tool, made_of, mixed, folder, target, stop))
        _check_length(target, plan)
        return facts


@dataclass(frozen=True, slots=True)
class _Maker:
    """What every try needs; `heard` is the programme, with its music."""

    tool: Ffmpeg
    made_of: Materials
    heard: MeasuredProgramme
    folder: Path
    target: Path
    stop: threading.Event | None

    def encode(self, setting: GainTry, body_lkfs: float) -> None:
        """Write the target."""
        output = whole(self.made_of, setting, jingle_lkfs(body_lkfs, self.made_of.plan.aim), self.target)
        run_outputs(self.tool, [output], self.folder, self.stop, "warning")

    def attempt(self, setting: GainTry, body_lkfs: float) -> Got:
        """Encode and measure what came out."""
        plan = self.made_of.plan
        self.encode(setting, body_lkfs)
        reading = meter_file(self.tool, self.target, self.folder, METER, self.stop)
        start_ms, end_ms = plan.body_ms
        noises = tuple(span.shifted(start_ms) for span in self.heard.mends.noises)
        lkfs, lra = (measure(start_ms, end_ms, noises) for measure in (reading.loudness, reading.range))
        return Got(lkfs, reading.peak_dbtp, lra)


def _as_recorded(maker: _Maker) -> EncodedSound:
    """Encode it once, no louder and no softer than it is; of its loudness nothing is known."""
    heard = maker.heard
    maker.encode(GainTry(0.0, None, 0.0), heard.lkfs)
    return EncodedSound(
        heard.lkfs, heard.peak_dbtp, lra_before=0, lra_after=0, gain_db=0, limited=False, silent=False
    )


def _approach(maker: _Maker) -> EncodedSound:
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
    if is_inaudible(got, heard, plan.aim):
        raise MediaError(Problem("", inaudible(got, heard, plan.aim)))
    notes = (
        *source_notes(maker.made_of, heard),
        *level_notes(got, heard, setting, plan.aim, cleaned=plan.denoise, song=plan.song),
    )
    return EncodedSound(
        lkfs=round(got.lkfs, 2),
        peak_dbtp=round(got.peak_dbtp, 2),
        lra_before=round(heard.lra, 2),
        lra_after=round(got.lra, 2),
        gain_db=round(setting.gain_db + setting.trim_db, 2),
        limited=setting.limit_dbtp is not None,
        silent=heard.silent,
        notes=notes,
    )


def _mixed(
    tool: Ffmpeg, made_of: Materials, source: MeasuredProgramme, folder: Path, stop: threading.Event | None
) -> MeasuredProgramme:
    """The programme with its music, measured; what is known of the source stays known."""
    output = metered(programme(made_of), METER).output("-", format="null")
    reading = measure(tool, output, folder, METER, stop)
    # How far it may be raised depends on the recording's noise, not on the music that hides it.
    floor = reading.loudness() - (source.lkfs - source.floor_lkfs) if not source.silent else SILENT_LKFS
    noises = source.mends.noises
    lkfs, lra = reading.loudness(without=noises), reading.range(without=noises)
    return replace(source, lkfs=lkfs, peak_dbtp=reading.peak_dbtp, lra=lra, floor_lkfs=floor)


def _extra(tool: Ffmpeg, path: Path, folder: Path, stop: threading.Event | None) -> Extra:
    """A jingle or a piece of music, as it will sound in stereo, measured."""
    import ffmpeg

    heard = steady(ffmpeg.input(f"file:{path.absolute()}", protocol_whitelist="file").audio, NOISE_SAMPLES)
    reading = measure(tool, metered(heard, METER).output("-", format="null"), folder, METER, stop)
    return Extra(path, reading.loudness(), reading.peak_dbtp)


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
