"""Real lessons made twice over, by one computer and by a farm of it, with the time and processor that each takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil

from cli import make_console
from render.farm.address import find_place
from render.farm.office.opening import farm_hands
from render.making.batch import lots_for, render_all
from render.pieces.hands import Hands
from render.plan.order import Order
from render.plan.profiles import profile_named
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from tests.bench.machines import Machines
from tests.conftest import run_ffmpeg
from tests.render.samples import ORDER

_PROFILES = ("led-320x160", "station-tv-720")
_LESSONS, _SECONDS, THREADS = 2, 30, 2


def lay_lessons(folder: Path) -> list[Order]:
    """Lessons with moving pictures and sound."""
    orders = []
    for number in range(_LESSONS):
        source = folder / f"{number}.mp4"
        picture = f"testsrc2=s=1280x720:r=25:d={_SECONDS},hue=h={40 * number},noise=alls=12:allf=t"
        tone = f"sine=f={300 + number}:d={_SECONDS}"
        run_ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone, "-preset", "veryfast", str(source))
        orders.append(replace(ORDER, lesson=f"lesson-{number}", source=source))
    return orders


def plain_run(folder: Path, orders: Sequence[Order]) -> tuple[float, float]:
    """Seconds by the clock and of the processor, on this computer."""
    return _run(open_workshop(find_ffmpeg(), folder / "cache"), orders, folder, None, ())


def farm_run(folder: Path, orders: Sequence[Order], machines: Machines) -> tuple[float, float]:
    """The same with the workers' pieces; their processor time counts."""
    workshop = open_workshop(find_ffmpeg(), folder / "cache")
    with farm_hands(find_place(machines.farm[0], "--on"), workshop, make_console("en"), THREADS) as hands:
        return _run(workshop, orders, folder, hands, [one.pid for one in machines.running.values()])


def _run(
    workshop: Workshop, orders: Sequence[Order], folder: Path, hands: Hands | None, others: Sequence[int]
) -> tuple[float, float]:
    lots = lots_for(orders, [profile_named(name, "bench") for name in _PROFILES], folder)
    started, used_s = time.monotonic(), _used_s(others)
    outcomes = render_all(workshop, lots, make_console("en"), threads=THREADS, hands=hands)
    assert {one.state for one in outcomes} == {"made"}
    return time.monotonic() - started, _used_s(others) - used_s


def _used_s(others: Sequence[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in others]
    times.append(psutil.Process().cpu_times())
    return float(sum(one.user + one.system + one.children_user + one.children_system for one in times))
