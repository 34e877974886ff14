"""A country's week planned through the farm's engine, by processes of this computer, and what a city would take.

Run as `python -m tests.bench.bench_country [--counties 80]`. A county of a hundred squares, each with hours and a
history of its own, is a task and answers with the hash of its weeks; 490,000 squares are 4,900 of them. The clock is
true on a quiet computer only; beside it stands what it would show there, by the processor time of workers and engine.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass

import dask.config
from distributed import Client, LocalCluster

from render.farm.trust import WATCHING
from tests.bench.bench_planner import LIBRARIES, planned_weeks

SQUARES, COUNTRY = 100, 490_000
_LIBRARY = "120 lessons of 3-15 min"


@dataclass(frozen=True, slots=True)
class PlannedCountry:
    """What so many workers took.

    Attributes:
        engine_s: of the processor, by the process that hands out the tasks and gathers the answers.
    """

    workers: int
    parts: tuple[PlannedPart, ...]
    took_s: float
    engine_s: float

    @property
    def used_s(self) -> float:
        """Of the processor, by the workers."""
        return sum(one.seconds for one in self.parts)

    @property
    def quiet_s(self) -> float:
        """What the clock would show were nothing else running: each worker its share, the engine beside them."""
        return (self.used_s + self.engine_s) / self.workers

    def __str__(self) -> str:
        half = max(one.memory_mb for one in self.parts[: len(self.parts) // 2])
        return (
            f"{self.workers} workers: {len(self.parts) * SQUARES} weeks in {self.took_s:.1f} s by the clock;"
            f" {self.used_s:.1f} s of processor by them, {self.engine_s:.2f} s by the engine;"
            f" {half} MB half way, {max(one.memory_mb for one in self.parts)} MB at the end"
        )


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A county's weeks.

    Attributes:
        memory_mb: the most that its worker has had so far.
    """

    sha256: str
    seconds: float
    memory_mb: int


def plan_part(number: int) -> PlannedPart:
    """Plan a county."""
    started, digest = time.process_time(), hashlib.sha256()
    for week in planned_weeks(_LIBRARY, *LIBRARIES[_LIBRARY], range(number * SQUARES, (number + 1) * SQUARES)):
        digest.update(week.encode())
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return PlannedPart(digest.hexdigest(), time.process_time() - started, memory_mb)


def sleep_part(number: int, seconds: float) -> PlannedPart:
    """In the place of planning, to play more computers than there are."""
    time.sleep(seconds)
    return PlannedPart(str(number), seconds, 0)


def main() -> None:
    """One worker, two; then sleeping ones."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--counties", type=int, default=80)
    parser.add_argument("--most", type=int, default=20, help="sleeping workers: ten computers of two cores")
    asked = parser.parse_args()
    dask.config.set(WATCHING)
    alone, both = (_planned(count, range(asked.counties)) for count in (1, 2))
    print(alone, both, sep="\n", flush=True)
    same = [one.sha256 for one in alone.parts] == [one.sha256 for one in both.parts]
    print(
        f"the same bytes: {same}; from one to two the clock shows {both.took_s / alone.took_s:.3f},"
        f" by the processor {both.quiet_s / alone.quiet_s:.3f}",
        flush=True,
    )
    each_s = alone.quiet_s / asked.counties
    print(f"a country: {COUNTRY / SQUARES * each_s / 3600:.1f} h of one core")
    _sleep(each_s, asked.most)


def _planned(workers: int, numbers: Sequence[int]) -> PlannedCountry:
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        client.gather(client.map(plan_part, range(-workers, 0), pure=False))  # modules are loaded
        started, engine_s = time.monotonic(), time.process_time()
        parts = client.gather(client.map(plan_part, numbers, pure=False))
        return PlannedCountry(workers, tuple(parts), time.monotonic() - started, time.process_time() - engine_s)


def _sleep(each_s: float, most: int) -> None:
    base = 0.0
    for workers in (1, 2, most // 2, most):
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
            Client(cluster) as client,
        ):
            client.wait_for_workers(workers)
            started = time.monotonic()
            client.gather(client.map(sleep_part, range(8 * workers), seconds=each_s, pure=False))
            took_s = time.monotonic() - started
        base = base or took_s
        print(f"{workers:3} sleeping workers, {8 * workers} counties: {took_s:.1f} s, {base / took_s:.2f} of linear")
    hours = COUNTRY / SQUARES * each_s / most / 3600
    print(f"ten computers of {most // 10} cores: {hours * 60:.0f} minutes at {base / took_s:.2f} of linear")


if __name__ == "__main__":
    main()
