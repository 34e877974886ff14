"""Loudness, peak and loudness range of encoded sound over varied material, beside an independent meter.

    python -m tests.bench.bench_sound [FOLDER]

Without FOLDER, on sounds made here; with it, on every sound and video in it. What cannot reach the loudness wanted
must say so: it is counted apart. CPU time is of all processes; the figures of docs/sound.md come from here.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from pyloudnorm import Meter

from courseware.errors import YuanjiaoError
from render.sound.track import EncodedSound, Soundtrack, hear, make_soundtrack
from render.work.ffmpeg import Ffmpeg, find_ffmpeg
from templates.cards.jingle import write_melody
from tests.render.sounds import TALK, make_sound, samples_of

RATE = 48_000
BEFORE_S = 7
_AIMS = ((-24, -2), (-15, -1))
_CLICKS = "aevalsrc='0.8*lt(mod(t,3),0.0004)':s=48000"
_HISS = "anoisesrc=amplitude=0.02:seed=1:sample_rate=48000"
_CHORD = "aevalsrc='0.2*(sin(2*PI*262*t)+sin(2*PI*330*t)+sin(2*PI*392*t))*exp(-mod(t,0.8)*2)':s=48000"
_SOUNDS = {
    "speech": (TALK, 1, ()),
    "speech, stereo": (TALK, 2, ()),
    "speech, left only": (TALK, 2, ("pan=stereo|c0=c0|c1=0*c0",)),
    "speech, opposed": (TALK, 2, ("pan=stereo|c0=c0|c1=-1*c0",)),
    "speech, centre of 5.1": (TALK, 6, ("pan=5.1|FC=c0",)),
    "speech, 25 dB down": (TALK, 1, ("volume=-25dB",)),
    "speech with clicks": (f"{TALK}[t];{_CLICKS}[c];[t][c]amix=normalize=0", 1, ()),
    "speech in hiss": (f"{TALK},volume=-6dB[t];{_HISS}[n];[t][n]amix=normalize=0", 1, ()),
    "music": (_CHORD, 2, ()),
    "loud and clipped": (TALK, 1, ("volume=30dB", "alimiter=level=0")),
    "soft and loud by turns": (TALK, 1, ("volume=eval=frame:volume='0.1+0.9*lt(mod(t,12),3)'",)),
    "empty room": ("anoisesrc=amplitude=0.0005:seed=1:sample_rate=48000", 1, ()),
    "silence": ("anullsrc", 2, ()),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One sound at one loudness; `theirs` is the independent meter's reading of the body."""

    name: str
    plan: Soundtrack
    facts: EncodedSound
    theirs: float
    cpu_s: float

    @property
    def short(self) -> bool:
        """Can be heard, but stays under the loudness wanted."""
        return not self.facts.silent and self.facts.lkfs < self.plan.loudness_lkfs - 0.5

    @property
    def wrong(self) -> bool:
        """Not as promised: too loud, too high, another range, or too soft without a word."""
        loud = self.facts.lkfs > self.plan.loudness_lkfs + 0.5
        high = self.facts.peak_dbtp > self.plan.true_peak_dbtp
        squeezed = abs(self.facts.lra_after - self.facts.lra_before) > 1
        return loud or high or squeezed or (self.short and not self.facts.notes)


def plan_of(path: Path) -> Soundtrack | None:
    """A plan for the first sound track of a file; None when it has none."""
    import av

    try:
        with av.open(str(path)) as container:
            tracks = [one for one in container.streams.audio if getattr(one, "codec_context", None) is not None]
            if not tracks:
                return None
            stream = tracks[0]
            seconds = Fraction(container.duration or 0, 1_000_000)
            channels, index = stream.codec_context.channels, stream.index
            origin_us = container.start_time or 0
    except (av.error.FFmpegError, ValueError, OSError):
        return None
    before, body = BEFORE_S * RATE, max(RATE, int(seconds * 25) * RATE // 25)
    return Soundtrack(
        source=str(path.absolute()),
        stream=index,
        channels=channels,
        origin_us=origin_us,
        jingle=True,
        loudness_lkfs=-24,
        true_peak_dbtp=-2,
        rate=RATE,
        kbps=128,
        before_samples=before,
        body_samples=body,
        total_samples=-(-(before + body + 4 * RATE) // RATE) * RATE,
    )


def main() -> None:
    """Print the table."""
    tool = find_ffmpeg()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_melody("sunrise", 3000, work / "jingle.wav")
        print(f"{'sound':42} {'aim':>4} {'LKFS':>7} {'theirs':>7} {'dBTP':>6} {'LRA':>5} {'→':>5} {'CPU s':>6}")
        for label, path in _sources(work):
            plan = plan_of(path)
            if plan is None:
                continue
            for loudness, peak in _AIMS:
                try:
                    row = _measure(label, replace(plan, loudness_lkfs=loudness, true_peak_dbtp=peak), tool, work)
                except YuanjiaoError as error:
                    print(f"{label[:42]:42} {loudness:4}  {str(error)[:80]}")
                    continue
                rows.append(row)
                print(_line(row), flush=True)
    _sum_up(rows)


def _sources(work: Path) -> Iterator[tuple[str, Path]]:
    if len(sys.argv) > 1:
        for path in sorted(Path(sys.argv[1]).rglob("*")):
            if path.is_file() and path.stat().st_size > 0:
                yield path.name, path
        return
    for number, (label, (source, channels, filters)) in enumerate(_SOUNDS.items()):
        yield label, make_sound(work / f"{number}.flac", source, *filters, seconds=30, channels=channels)


def _measure(label: str, plan: Soundtrack, tool: Ffmpeg, work: Path) -> Row:
    began = _cpu_s()
    heard = hear(tool, plan, work)
    target = work / "out.m4a"
    facts = make_soundtrack(tool, plan, work / "jingle.wav", work, target, heard=heard)
    spent = _cpu_s() - began
    body = samples_of(target, channels=2)[plan.before_samples : plan.before_samples + plan.body_samples]
    theirs = Meter(RATE).integrated_loudness(body.astype(np.float64)) if len(body) > 3 * RATE else float("nan")
    return Row(label, plan, facts, theirs, spent)


def _line(row: Row) -> str:
    facts = row.facts
    marks = " ".join((*["limited"] * facts.limited, *["SHORT"] * row.short, *["WRONG"] * row.wrong))
    figures = (
        f"{facts.lkfs:7.2f} {row.theirs:7.2f} {facts.peak_dbtp:6.2f} {facts.lra_before:5.1f} {facts.lra_after:5.1f}"
    )
    return f"{row.name[:42]:42} {row.plan.loudness_lkfs:4} {figures} {row.cpu_s:6.1f} {marks}"


def _sum_up(rows: list[Row]) -> None:
    heard = [row for row in rows if not row.facts.silent]
    apart = [abs(row.facts.lkfs - row.theirs) for row in heard if np.isfinite(row.theirs)]
    wrong, short = sum(row.wrong for row in heard), sum(row.short for row in heard)
    print(f"{len(rows)} made, {len(rows) - len(heard)} silent, {short} softer than wanted (said), {wrong} wrong")
    print(f"largest distance to the other meter {max(apart, default=0):.2f} LU")


def _cpu_s() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
