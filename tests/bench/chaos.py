"""All that befalls an office in one run: power cuts, a pulled cable, a full disk, spoilt objects, another ffmpeg.

Jobs sleep. What is judged at the end: the bytes are one computer's, no death cost more than one encode, nothing was
left half done, and everything was told.
"""

from __future__ import annotations

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli import make_console
from render.farm.address import find_place
from render.farm.office.opening import farm_hands
from render.farm.passport import issue, make_farm
from render.work.ffmpeg import find_ffmpeg
from render.work.jobs import Job
from render.work.workshop import Workshop, open_workshop
from tests.bench.disasters import FarNetwork, far_network, fill_up, old_ffmpeg, small_disk
from tests.bench.machines import Machines
from tests.bench.sleeping import BYTES, LOG, SECONDS, make_all, sleep_job, sleeping_jobs

_PIECE_BYTES, _SLEEP_S, _SPOILT, _SCHEDULER_DEATHS = 20_000, 0.5, 5, 3
_FAR, _FULL, _OTHER, _OLD = "wang", "zhang", "li", "old"
# What a person must have been told, by whom.
_TOLD = {
    "office": (
        f"{_OLD}-",
        "its ffmpeg is n4.1",
        "the disk is full",
        "the farm's scheduler is gone",
    ),
    "scheduler": (f"{_FAR}-", "has gone"),
}


@dataclass(slots=True)
class Chaos:
    """A farm that is being disturbed.

    Attributes:
        kills: of each worker.
        happened: what was done to it, counted.
    """

    machines: Machines
    far: FarNetwork
    kills: int
    seed: int
    happened: Counter[str] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)
    scheduler_said: list[str] = field(default_factory=list)

    def befall(self) -> Sequence[Callable[[], None]]:
        """What goes on at once."""
        workers = [lambda name=name, at=at: self._kill_on(name, at) for at, name in enumerate((_FAR, _FULL, _OTHER))]
        return [*workers, self._kill_scheduler, self._spoil_on]

    def _kill_on(self, name: str, number: int) -> None:
        chance = random.Random(self.seed + number)
        for count in range(self.kills):
            self.machines.await_word(name, "working for")  # only who works can lose something
            if self.ended.wait(chance.uniform(0.3, 2)):
                return
            if count == self.kills // 2:
                self._disturb(name)
            self.machines.kill(name)
            self.happened[f"{name} killed"] += 1
            self.machines.join(name, "--jobs", "1")

    def _disturb(self, name: str) -> None:
        """Half way one worker's cable is pulled until the farm has seen that it is gone; another's disk fills up."""
        if name == _FAR:
            self.far.pull()
            self.happened["cable pulled"] += 1
            self.ended.wait(75)  # who has not been heard of for 60 s is gone
            self.far.plug()
        elif name == _FULL:
            ballast = fill_up(self.machines.folder / name, _PIECE_BYTES)
            self.happened["disk filled"] += 1
            self.ended.wait(10)
            ballast.unlink()

    def _kill_scheduler(self) -> None:
        chance = random.Random(self.seed - 1)
        for _ in range(_SCHEDULER_DEATHS):
            if self.ended.wait(chance.uniform(20, 40)):
                return
            self.scheduler_said.append(self.machines.said("scheduler"))
            self.machines.kill("scheduler")
            self.happened["scheduler killed"] += 1
            self.machines.open()
            self.machines.await_word("scheduler", "the farm is open")

    def _spoil_on(self) -> None:
        """Other bytes, as many, in the newest object, which is hardly fetched yet."""
        chance, folder = random.Random(self.seed - 2), self.machines.folder / "shared" / "content"
        while self.happened["objects spoilt"] < _SPOILT and not self.ended.wait(chance.uniform(2, 8)):
            files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
            with contextlib.suppress(OSError, ValueError):
                path = max(files, key=lambda one: one.stat().st_mtime_ns)
                path.write_bytes(chance.randbytes(path.stat().st_size))
                self.happened["objects spoilt"] += 1


def run_chaos(folder: Path, port: int, count: int, kills: int, seed: int) -> None:
    """Make many jobs while all of it happens, and judge.

    Args:
        port: for the scheduler.
        count: of jobs.
        kills: of each worker.

    Raises:
        AssertionError: it is not as it should be.
    """
    jobs, workshop = sleeping_jobs(count), open_workshop(find_ffmpeg(), folder / "office")
    (folder / "shared").mkdir()
    with pytest.MonkeyPatch.context() as patch, far_network() as far, small_disk(folder / _FULL, 64):
        patch.setenv("YUANJIAO_KEYS", str(folder / "keys"))
        patch.setenv(BYTES, str(_PIECE_BYTES))
        patch.setenv(LOG, str(folder / "compared.log"))
        machines = _farm(folder, port, far, patch)
        chaos = Chaos(machines, far, kills, seed)
        try:
            took_s = _make(chaos, jobs, workshop)
            chaos.scheduler_said.append(machines.said("scheduler"))
        finally:
            machines.close()
        happened = ", ".join(f"{what} {times}" for what, times in sorted(chaos.happened.items()))
        print(f"{len(jobs)} jobs in {took_s:.0f} s; {happened}")
        patch.delenv(LOG)
        _judge(chaos, jobs, workshop, folder)


def _farm(folder: Path, port: int, far: FarNetwork, patch: pytest.MonkeyPatch) -> Machines:
    """Three workers with stores of their own, and one that cannot be used."""
    patch.setattr("render.farm.passport.PORT", port)
    issue(make_farm(far.office, str(folder / "shared")), "worker", folder / "worker.farm")
    machines = Machines(folder, port, [str(folder / "worker.farm")], "tests.bench.sleeping")
    machines.environment = {SECONDS: str(_SLEEP_S), LOG: str(folder / "begun.log")}
    machines.within = {_FAR: far.within}
    machines.open()
    machines.await_word("scheduler", "the farm is open")
    for name in (_FAR, _FULL, _OTHER):
        machines.join(name, "--jobs", "1")
    machines.join(_OLD, "--jobs", "1", YUANJIAO_FFMPEG=str(old_ffmpeg(folder)))
    return machines


def _make(chaos: Chaos, jobs: Sequence[Job], workshop: Workshop) -> float:
    folder, address = chaos.machines.folder, f"tls://{chaos.far.office}:{chaos.machines.port}"
    with (
        (folder / "office.log").open("w", encoding="utf-8") as log,
        contextlib.redirect_stderr(log),
        farm_hands(find_place(address, "--on"), workshop, make_console("en"), 1) as hands,
        ThreadPoolExecutor(8) as pool,
    ):
        going_on = [pool.submit(what) for what in chaos.befall()]
        try:
            took_s = make_all(hands, jobs)
        finally:
            chaos.ended.set()
        for what in going_on:
            what.result()
    return took_s


def _judge(chaos: Chaos, jobs: Sequence[Job], workshop: Workshop, folder: Path) -> None:
    here, wrong = open_workshop(find_ffmpeg(), folder / "one computer"), 0
    for job in jobs:
        sleep_job(here, job)
        found, right = (shop.store.find(job.outputs[0].key, check=True) for shop in (workshop, here))
        wrong += found is None or right is None or found.sha256 != right.sha256
    begun, compared = (_lines(folder / name) for name in ("begun.log", "compared.log"))
    deaths = sum(chaos.happened.values()) - chaos.happened["disk filled"]
    extra = sum(begun.values()) - len(jobs)
    print(f"pieces missing or of other bytes than one computer's: {wrong}")
    print(
        f"encodes begun {sum(begun.values())}, {extra} more than jobs, for {deaths} deaths, cuts and spoilt objects"
    )
    print(f"made by the office to compare: {sum(compared.values())}")
    print(f"left by killed writers, hidden: {len(list((folder / 'shared').rglob('.part-*')))}")
    said = {"office": (folder / "office.log").read_text(encoding="utf-8"), "scheduler": "".join(chaos.scheduler_said)}
    untold = [word for who, words in _TOLD.items() for word in words if word not in said[who]]
    print(f"not told: {untold or 'nothing'}")
    assert not wrong
    assert extra <= deaths
    assert not untold


def _lines(path: Path) -> Counter[str]:
    return Counter(path.read_text(encoding="utf-8").split()) if path.is_file() else Counter()
