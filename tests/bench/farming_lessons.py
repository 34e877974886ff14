"""Real lessons made twice over, by one computer and by a farm of it, with the time and processor that each takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from cli import make_console
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.farm.address import find_place
from render.farm.office.opening import farm_hands
from render.making.batch import lots_for, render_all
from render.pieces.hands import Hands
from render.plan.order import Order
from render.plan.profiles import profile_named
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from tests.bench.farming import SENTENCES, unmarked
from tests.bench.machines import Machines
from tests.conftest import run_ffmpeg
from tests.render.samples import ORDER

PROFILES = ("led-320x160", "station-tv-720")
_CUE_MS = 4000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took.

    Attributes:
        wall_s: by the clock.
        own_s: of the processor, by the programs of yuanjiao themselves, the office's, workers and scheduler.
        ffmpeg_s: of the processor, by what they started.
    """

    wall_s: float
    own_s: float
    ffmpeg_s: float

    @property
    def processor_s(self) -> float:
        """All of the processor."""
        return self.own_s + self.ffmpeg_s

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s, processor: {self.own_s:.2f} s own, {self.ffmpeg_s:.2f} s ffmpeg"

    def beside(self, plain: Spent) -> str:
        """How much more it is than a plain run."""
        clock, processor = self.wall_s / plain.wall_s, self.processor_s / plain.processor_s
        more_s = self.own_s - plain.own_s
        share = more_s / plain.processor_s
        return f"clock {clock:.3f}, processor {processor:.3f}; {more_s:.2f} s more of its own, {share:.3f}"


def lay_lessons(folder: Path, lessons: int, seconds: int, video: Path | None) -> list[Order]:
    """Lessons with a sentence every four seconds.

    Args:
        video: shown again and again; moving pictures and a tone when None.
    """
    orders = []
    folder.mkdir(exist_ok=True)
    for number in range(lessons):
        source = folder / f"{number}.mp4"
        picture = f"testsrc2=s=1280x720:r=25:d={seconds},hue=h={40 * number},noise=alls=12:allf=t"
        tone = f"sine=f={300 + number}:d={seconds}"
        drawn = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone, "-preset", "veryfast")
        copied = ("-stream_loop", "-1", "-i", str(video), "-t", str(seconds), "-c", "copy")
        run_ffmpeg(*(copied if video else drawn), "-metadata", f"comment={number}", str(source))
        times = range(0, seconds * 1000 - _CUE_MS, _CUE_MS)
        cues = (
            Cue(Span(at, at + _CUE_MS - 200), unmarked(SENTENCES[place % len(SENTENCES)]))
            for place, at in enumerate(times)
        )
        orders.append(replace(ORDER, lesson=f"{folder.name}-{number}", source=source, cues=tuple(cues)))
    return orders


def plain_run(folder: Path, batches: Sequence[Sequence[Order]], threads: int) -> list[Spent]:
    """One batch after the other, on this computer."""
    workshop = open_workshop(find_ffmpeg(), folder / "cache")
    return [_run(workshop, orders, folder, None, threads, ()) for orders in batches]


def farm_run(folder: Path, batches: Sequence[Sequence[Order]], machines: Machines, threads: int) -> list[Spent]:
    """The same with the workers' pieces; their processor time counts."""
    workshop, others = open_workshop(find_ffmpeg(), folder / "cache"), [one.pid for one in machines.running.values()]
    with farm_hands(find_place(machines.farm[0], "--on"), workshop, make_console("en"), threads) as hands:
        return [_run(workshop, orders, folder, hands, threads, others) for orders in batches]


def _run(
    workshop: Workshop,
    orders: Sequence[Order],
    folder: Path,
    hands: Hands | None,
    threads: int,
    others: Sequence[int],
) -> Spent:
    lots = lots_for(orders, [profile_named(name, "bench") for name in PROFILES], folder)
    processes = [psutil.Process(), *map(psutil.Process, others)]
    started, before = time.monotonic(), _used_s(processes)
    outcomes = render_all(workshop, lots, make_console("en"), threads=threads, hands=hands)
    assert {one.state for one in outcomes} == {"made"}
    own_s, ffmpeg_s = (after - ago for after, ago in zip(_used_s(processes), before, strict=True))
    return Spent(time.monotonic() - started, own_s, ffmpeg_s)


def _used_s(processes: Sequence[psutil.Process]) -> tuple[float, float]:
    times = [one.cpu_times() for one in processes]
    return (
        sum(one.user + one.system for one in times),
        sum(one.children_user + one.children_system for one in times),
    )
