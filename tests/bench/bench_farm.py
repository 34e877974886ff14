"""How much a farm costs, how far it scales, and what survives when its machines die.

Run as `python -m tests.bench.bench_farm scaling|chaos|overhead [options]`. Jobs of `scaling` and `chaos` sleep (see
sleeping.py), so that one computer can play many; those of `overhead` are real.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import make_console
from render.farm.address import find_place
from render.farm.office import hands as office_hands
from render.farm.office.opening import farm_hands
from render.pieces import hands as piece_hands
from render.pieces.hands import Hands
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from tests.bench.machines import Machines
from tests.bench.sleeping import BYTES, SECONDS, make_all, sleep_job, sleeping_jobs

_SHORT_S = 12


def main() -> None:
    """One of the three."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["scaling", "chaos", "overhead"])
    parser.add_argument("--most", type=int, default=16, help="workers, for scaling")
    parser.add_argument("--seconds", type=float, default=8, help="that a job sleeps")
    parser.add_argument("--rounds", type=int, default=6, help="jobs of each worker, for scaling")
    parser.add_argument("--jobs", type=int, default=600, help="for chaos")
    parser.add_argument("--kills", type=int, default=20, help="of each worker")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lessons", type=int, default=1, help="for overhead")
    parser.add_argument("--lasting", type=int, default=180, help="seconds of each")
    parser.add_argument("--video", type=Path, help="that they show again and again; else moving pictures are drawn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        {"scaling": _scaling, "chaos": _chaos, "overhead": _overhead}[asked.what](Path(name), asked)


@contextmanager
def _farm(folder: Path, module: str = "tests.bench.sleeping") -> Iterator[Machines]:
    port = _free_port()
    machines = Machines(folder, port, [f"tcp://127.0.0.1:{port}"], module)
    (folder / "shared").mkdir()
    machines.open("--alone", "--store", str(folder / "shared"))
    try:
        machines.await_word("scheduler", "the farm is open")
        yield machines
    finally:
        machines.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def _office(machines: Machines, workshop: Workshop) -> Iterator[Hands]:
    place = find_place(machines.farm[0], "--on")
    with farm_hands(place, workshop, make_console("en"), 1) as hands:
        yield hands


def _sleep_here() -> None:
    vars(piece_hands)["run_job"] = sleep_job
    vars(office_hands)["is_steady"] = lambda *_: True


def _scaling(folder: Path, asked: argparse.Namespace) -> None:
    """The same work for each worker, with 1, 2, 4 … of them; pieces as large as those of four screens."""
    _sleep_here()
    os.environ |= {SECONDS: str(asked.seconds), BYTES: "1000000"}
    rounds, base = asked.rounds, 0.0
    for count in itertools.takewhile(lambda count: count <= asked.most, (2**power for power in itertools.count())):
        here = folder / str(count)
        here.mkdir()
        with _farm(here) as machines:
            names = [f"worker-{number}" for number in range(count)]
            for name in names:
                machines.join(name, "--jobs", "1")
            for name in names:
                machines.await_word(name, "working for")
            workshop = open_workshop(find_ffmpeg(), here / "office")
            with _office(machines, workshop) as hands:
                os.environ[SECONDS] = "0"  # what the office makes to compare does not sleep
                took_s = make_all(hands, sleeping_jobs(rounds * count, pieces=4))
                os.environ[SECONDS] = str(asked.seconds)
        base = base or took_s
        print(
            f"{count:3} workers: {rounds * count} jobs in {took_s:.1f} s, {base / took_s:.2f} of linear", flush=True
        )


def _chaos(folder: Path, asked: argparse.Namespace) -> None:
    """All that befalls an office; see chaos.py."""
    from tests.bench.chaos import run_chaos

    _sleep_here()
    run_chaos(folder, _free_port(), asked.jobs, asked.kills, asked.seed)


def _overhead(folder: Path, asked: argparse.Namespace) -> None:
    """Real lessons on one worker against the plain run, turn by turn; its own processor time beside ffmpeg's.

    A short lesson goes first: with it programs are loaded, and the worker is compared with this computer.
    """
    from tests.bench.farming_lessons import farm_run, lay_lessons, plain_run

    batches = [
        lay_lessons(folder / "short", 1, _SHORT_S, asked.video),
        lay_lessons(folder / "long", asked.lessons, asked.lasting, asked.video),
    ]
    for turn in range(asked.turns):
        here = folder / str(turn)
        here.mkdir()
        alone = plain_run(here / "plain", batches, asked.threads)
        with _farm(here, "tests.bench.eager") as machines:
            machines.join("worker", "--jobs", str(asked.threads))
            machines.await_word("worker", "working for")
            shared = farm_run(here / "farm", batches, machines, asked.threads)
        for name, plain, farm in zip(("first", "then"), alone, shared, strict=True):
            print(
                f"{name:5} plain: {plain}\n{name:5} farm:  {farm}\n{name:5} farm to plain: {farm.beside(plain)}",
                flush=True,
            )
        shutil.rmtree(here)


if __name__ == "__main__":
    main()
