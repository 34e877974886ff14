"""How much a farm costs, how far it scales, and what survives when its machines die.

Run as `python -m tests.bench.bench_farm scaling|chaos|overhead [options]`. Jobs of `scaling` and `chaos` sleep (see
sleeping.py), so that one computer can play many; those of `overhead` are real.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from cli import make_console
from render.farm.address import find_place
from render.farm.office import hands as office_hands
from render.farm.office.opening import farm_hands
from render.pieces import hands as piece_hands
from render.pieces.hands import Hands
from render.work.ffmpeg import find_ffmpeg
from render.work.jobs import Job
from render.work.machine import lower_priority
from render.work.workshop import Workshop, open_workshop
from tests.bench.machines import Machines
from tests.bench.sleeping import BYTES, LOG, SECONDS, sleep_job, sleeping_jobs

_SPOILT = 5


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


def _make(hands: Hands, jobs: Sequence[Job]) -> float:
    started = time.monotonic()
    with ThreadPoolExecutor(hands.count) as pool:
        for done in [pool.submit(hands.make_picture, job, lambda _: None) for job in jobs]:
            done.result()
    return time.monotonic() - started


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
                took_s = _make(hands, sleeping_jobs(rounds * count, pieces=4))
                os.environ[SECONDS] = str(asked.seconds)
        base = base or took_s
        print(
            f"{count:3} workers: {rounds * count} jobs in {took_s:.1f} s, {base / took_s:.2f} of linear", flush=True
        )


def _chaos(folder: Path, asked: argparse.Namespace) -> None:
    """Three workers and the scheduler die again and again; objects are spoilt while it runs."""
    _sleep_here()
    chance, log = random.Random(asked.seed), folder / "made.log"
    os.environ[BYTES] = "20000"
    jobs, names = sleeping_jobs(asked.jobs), ["wang", "li", "zhang"]
    with _farm(folder) as machines:
        machines.environment = {SECONDS: "0.3", LOG: str(log)}
        for name in names:
            machines.join(name, "--jobs", "1")
        workshop = open_workshop(find_ffmpeg(), folder / "office")
        deaths: Counter[str] = Counter()
        ended = threading.Event()
        with _office(machines, workshop) as hands:
            killer = threading.Thread(target=_kill_on, args=(machines, names, asked.kills, deaths, ended, chance))
            killer.start()
            took_s = _make(hands, jobs)
            ended.set()
            killer.join()
    _judge(folder, workshop, jobs, deaths, log, took_s)


def _kill_on(
    machines: Machines,
    names: Sequence[str],
    kills: int,
    deaths: Counter[str],
    ended: threading.Event,
    chance: random.Random,
) -> None:
    order = [*list(names) * kills, *["scheduler"] * 3]
    chance.shuffle(order)
    for name in order:
        # Only who works can lose something.
        machines.await_word(name, "the farm is open" if name == "scheduler" else "working for")
        if ended.wait(chance.uniform(0.5, 4)):
            return
        machines.kill(name)
        deaths[name] += 1
        if name == "scheduler":
            machines.open("--alone", "--store", str(machines.folder / "shared"))
        else:
            machines.join(name, "--jobs", "1")
        _spoil(machines.folder / "shared" / "content", deaths, chance)


def _spoil(folder: Path, deaths: Counter[str], chance: random.Random) -> None:
    """Other bytes in the newest object, which is hardly fetched yet, of the same length."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    if files and deaths["spoilt"] < _SPOILT:
        path = max(files, key=lambda one: one.stat().st_mtime_ns)
        path.write_bytes(chance.randbytes(path.stat().st_size))
        deaths["spoilt"] += 1


def _judge(
    folder: Path, workshop: Workshop, jobs: Sequence[Job], deaths: Counter[str], log: Path, took_s: float
) -> None:
    here = open_workshop(find_ffmpeg(), folder / "one computer")
    wrong = 0
    for job in jobs:
        sleep_job(here, job)
        found, right = (shop.store.find(job.outputs[0].key, check=True) for shop in (workshop, here))
        wrong += found is None or right is None or found.sha256 != right.sha256
    made = Counter(log.read_text(encoding="utf-8").split())
    killed = sum(count for name, count in deaths.items() if name not in {"scheduler", "spoilt"})
    print(f"{len(jobs)} jobs in {took_s:.0f} s; workers killed {killed} times, scheduler {deaths['scheduler']}")
    print(f"objects spoilt: {deaths['spoilt']}; made more than once: {sum(made.values()) - len(jobs)}")
    print(f"pieces missing or of other bytes than one computer's: {wrong}")
    print(f"left half done: {len(list((folder / 'shared').rglob('.part-*')))} hidden parts of killed writers")


def _overhead(folder: Path, asked: argparse.Namespace) -> None:
    """Real lessons on one worker against the plain run, turn by turn; its own processor time beside ffmpeg's."""
    from tests.bench.farming_lessons import farm_run, lay_lessons, plain_run

    lower_priority(wanted=True)  # a worker's, or whatever else runs here would slow the one and not the other
    lessons = lay_lessons(folder, asked.lessons, asked.lasting, asked.video)
    for turn in range(asked.turns):
        here = folder / str(turn)
        here.mkdir()
        plain = plain_run(here / "plain", lessons, asked.threads)
        with _farm(here, "cli") as machines:
            machines.join("worker", "--jobs", str(asked.threads))
            machines.await_word("worker", "working for")
            farm = farm_run(here / "farm", lessons, machines, asked.threads)
        for name, spent in (("plain", plain), ("farm", farm)):
            print(f"{name:5} {spent.wall_s:.1f} s, processor: {spent.own_s:.1f} s own, {spent.ffmpeg_s:.1f} s ffmpeg")
        print(
            f"farm to plain: clock {farm.wall_s / plain.wall_s:.3f}, processor"
            f" {farm.processor_s / plain.processor_s:.3f}; more of its own"
            f" {(farm.own_s - plain.own_s) / plain.processor_s:.3f}",
            flush=True,
        )
        shutil.rmtree(here)


if __name__ == "__main__":
    main()
