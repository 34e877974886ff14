"""A country's week planned through the farm's engine, by processes of this computer, and what a city would take.

Run as `python -m tests.bench.bench_country [--counties 40]`. A county of a hundred squares, each with hours and a
history of its own, is a task and answers with the hash of its weeks; 490,000 squares are 4,900 of them.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass

from distributed import Client, LocalCluster

from tests.bench.bench_planner import LIBRARIES, planned_weeks

SQUARES, COUNTRY = 100, 490_000
_LIBRARY = "120 lessons of 3-15 min"


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
    parser.add_argument("--counties", type=int, default=40)
    parser.add_argument("--most", type=int, default=20, help="sleeping workers: ten computers of two cores")
    asked = parser.parse_args()
    found: dict[int, tuple[float, list[PlannedPart]]] = {}
    for count in (1, 2):
        found[count] = _planned(count, range(asked.counties))
        took_s, parts = found[count]
        used_s = sum(one.seconds for one in parts)
        print(
            f"{count} workers: {asked.counties * SQUARES} weeks in {took_s:.1f} s by the clock, {used_s:.1f} s of"
            f" processor, {max(one.memory_mb for one in parts[: len(parts) // 2])} MB half way,"
            f" {max(one.memory_mb for one in parts)} MB at the end",
            flush=True,
        )
    same = [one.sha256 for one in found[1][1]] == [one.sha256 for one in found[2][1]]
    print(f"the same bytes: {same}; from one to two the clock shows {found[2][0] / found[1][0]:.2f}")
    each_s = sum(one.seconds for one in found[1][1]) / asked.counties
    print(f"a country: {COUNTRY / SQUARES * each_s / 3600:.1f} h of one core")
    _sleep(each_s, asked.most)


def _planned(workers: int, numbers: Sequence[int]) -> tuple[float, list[PlannedPart]]:
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        client.gather(client.map(plan_part, range(-workers, 0), pure=False))  # modules are loaded
        started = time.monotonic()
        parts = client.gather(client.map(plan_part, numbers, pure=False))
        return time.monotonic() - started, list(parts)


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
