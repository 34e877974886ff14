"""Listens to a source once, whatever loudness it is to have: what is to be mended of it, and how loud it is then."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.errors import Problem, ToolError, text
from courseware.speech.sound import RATE as VOICE_RATE
from render.plan.picture import Stream
from render.sound.bursts import VoiceFound, find_spoken, is_almost_nothing, is_doubtful, usual_lkfs
from render.sound.graph import NOISE_SAMPLES, gained, mended, sides
from render.sound.levels import MeasuredProgramme
from render.sound.loudness import SILENT_LKFS, MeterReading, load_reading, measure, metered
from render.sound.mends import CURVE, Mends, write_curve
from render.sound.mix import NOISE, Materials, even, run_outputs, speech
from render.sound.noise import LISTEN_S, dbfs, find_noise, write_noise
from render.sound.plan import Soundtrack
from render.sound.sides import judge_sides, load_steps
from render.work.ffmpeg import Ffmpeg

NOTHING = MeasuredProgramme(SILENT_LKFS, SILENT_LKFS, 0, SILENT_LKFS)
METER = "meter.txt"
_SIDES, _RAW = "sides.txt", "listen.raw"
_STEREO = 2
_VOICE_LKFS = -24.0  # what a voice is brought to before it is looked for; bangs may be clipped by that
_LIFT_DB = 40.0
_AFTER_MS = 2000  # a curve is longer than the sound: none of it may be lost
# What decoders say when they had to guess.
_DAMAGE_SIGNS = ("rror while decoding", "Error submitting packet", "nvalid data found", "corrupt")


def hear(tool: Ffmpeg, plan: Soundtrack, work: Path, stop: threading.Event | None = None) -> MeasuredProgramme | None:
    """Measure the source's sound; None when there is none.

    Raises:
        ToolError: it cannot be decoded.
    """
    if not plan.source:
        return None
    with private_folder(work) as folder:
        return _Listener(tool, plan, folder, stop).listen()


def tells_of_damage(said: str, stream: int) -> bool:
    """Whether ffmpeg said that it had to guess at a stream; what it read of others, e.g. the picture, is theirs."""
    others = re.compile(rf"Packet corrupt \(stream = (?!{stream},)")
    return any(sign in line for line in said.splitlines() if not others.search(line) for sign in _DAMAGE_SIGNS)


@dataclass(frozen=True, slots=True)
class _Listener:
    """Passes over one source; `folder` is where ffmpeg runs."""

    tool: Ffmpeg
    plan: Soundtrack
    folder: Path
    stop: threading.Event | None

    def listen(self) -> MeasuredProgramme:
        """One pass over a recording in order; another for each thing that has to be mended."""
        said, length_us = self._first_pass()
        damaged = tells_of_damage(said, self.plan.stream)
        steps = load_steps(self.folder / _SIDES, length_us)
        if not steps:
            # Announced, but not one moment of it is there.
            return replace(NOTHING, damaged=damaged)
        mends = judge_sides(steps, stereo=self.plan.channels == _STEREO)
        if self.plan.song:
            mends = replace(mends, stretches=())  # an instrument on one side for a while is meant so
        fresh = mends != Mends() or self.plan.denoise
        reading = self._meter(mends) if fresh else load_reading(self.folder / METER, length_us)
        voice_lkfs = None
        if is_doubtful(reading) and not self.plan.song:
            spoken = self._voice(reading, mends)
            better = _with_voice(mends, spoken)
            if better != mends:
                mends, reading = better, self._meter(better)
            if not spoken.voiced and is_almost_nothing(reading):
                return replace(NOTHING, damaged=damaged)
            voice_lkfs = spoken.lkfs + mends.lift_db if spoken.voiced else None
        return replace(_heard(reading, mends), damaged=damaged, voice_lkfs=voice_lkfs)

    def _first_pass(self) -> tuple[str, int]:
        """What ffmpeg said, and how many microseconds of sound there are."""
        if self.plan.denoise:
            # What has to be cleaned is metered afterwards.
            outputs = [sides(even(self.plan), _SIDES).output("-", format="null")]
        else:
            twice = even(self.plan).filter_multi_output("asplit")
            outputs = [one.output("-", format="null") for one in (metered(twice[0], METER), sides(twice[1], _SIDES))]
        length: list[int] = []
        try:
            said = run_outputs(self.tool, outputs, self.folder, self.stop, "info", length.append)
        except ToolError as error:
            what = text(
                "the source's sound cannot be decoded; save the video again as MP4 ({reason})",
                reason=error.problems[0].what,
            )
            raise ToolError(Problem("", what)) from error
        return said, length[-1]

    def _mended(self, mends: Mends) -> Materials:
        lay_curve(self.plan, mends, self.folder)
        noise = learn_noise(self.tool, self.plan, mends, self.folder, self.stop)
        return Materials(self.plan, mends, noise_dbfs=noise)

    def _meter(self, mends: Mends) -> MeterReading:
        heard = metered(speech(even(self.plan), self._mended(mends)), METER)
        return measure(self.tool, heard.output("-", format="null"), self.folder, METER, self.stop)

    def _voice(self, reading: MeterReading, mends: Mends) -> VoiceFound:
        """Look for a voice in the sound, brought to _VOICE_LKFS, as mono at the rate of the detector."""
        louder = gained(speech(even(self.plan), self._mended(mends)), _VOICE_LKFS - usual_lkfs(reading))
        mono = louder.filter("aresample", sample_rate=VOICE_RATE).filter("pan", args="mono|c0=0.5*c0+0.5*c1")
        output = mono.output(_RAW, format="s16le").overwrite_output()
        run_outputs(self.tool, [output], self.folder, self.stop, "warning")
        try:
            return find_spoken(reading, self.folder / _RAW)
        finally:
            (self.folder / _RAW).unlink()


def _with_voice(mends: Mends, spoken: VoiceFound) -> Mends:
    """With bursts made softer, and with what lies below all meters lifted to where they read it."""
    lift = _LIFT_DB if spoken.voiced and spoken.lkfs <= SILENT_LKFS else 0.0
    return replace(mends, bursts=spoken.bursts, lift_db=lift)


def _heard(reading: MeterReading, mends: Mends) -> MeasuredProgramme:
    return MeasuredProgramme(
        lkfs=reading.loudness(without=mends.noises),
        peak_dbtp=reading.peak_dbtp,
        lra=reading.range(without=mends.noises),
        floor_lkfs=reading.floor(),
        mends=mends,
    )


def lay_curve(plan: Soundtrack, mends: Mends, folder: Path) -> None:
    """Write the curve that `mends` needs, if any, to where ffmpeg will run."""
    if mends.curved:
        write_curve(mends, plan.body_samples * 1000 // plan.rate + _AFTER_MS, folder / CURVE)


def learn_noise(
    tool: Ffmpeg, plan: Soundtrack, mends: Mends, folder: Path, stop: threading.Event | None
) -> float | None:
    """Put a second of the recording's own noise into the folder; its DBFS, None when there is nothing to clean."""
    if not (plan.denoise and plan.source):
        return None
    heard: Stream = mended(even(plan), mends, plan.rate)
    run_outputs(tool, [heard.output(_RAW, t=LISTEN_S, format="s16le").overwrite_output()], folder, stop, "warning")
    noise = find_noise(folder / _RAW, plan.rate, NOISE_SAMPLES)
    (folder / _RAW).unlink()
    if noise is not None:
        write_noise(noise, plan.rate, folder / NOISE)
    return dbfs(noise) if noise is not None else None


@contextmanager
def private_folder(work: Path) -> Iterator[Path]:
    """A folder inside `work` for what is written on the way; gone afterwards."""
    prefix = f".part-{os.getpid()}-sound-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=work, ignore_cleanup_errors=True) as name:
        yield Path(name)
