"""Jobs that sleep instead of encoding, for measuring a farm: `python -m tests.bench.sleeping worker ADDRESS …`.

What a job makes is decided by its key, as with real jobs; how long it sleeps and how large its pieces are is told by
the environment. Each job that is begun is a line in a log, so that those begun twice are counted.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from render.pieces.hands import Hands
from render.work.jobs import Job, Output
from render.work.workshop import Workshop

SECONDS, BYTES, LOG = "SLEEPING_SECONDS", "SLEEPING_BYTES", "SLEEPING_LOG"
_PIXELS = 1920 * 1080


def sleeping_jobs(count: int, pieces: int = 1) -> list[Job]:
    """Jobs with keys of their own."""
    return list(_jobs(range(count), pieces))


def _jobs(numbers: Iterable[int], pieces: int) -> Iterator[Job]:
    for number in numbers:
        keys = [hashlib.sha256(f"{number} {piece}".encode()).hexdigest() for piece in range(pieces)]
        outputs = tuple(Output(f"o{at}.mp4", key, 100, _PIXELS, Fraction(25)) for at, key in enumerate(keys))
        yield Job(f"lesson-{number % 10}", "", "", (), ("-i", "drawn.png"), (), outputs)


def sleep_job(workshop: Workshop, job: Job, progress: Callable[[int], None] = lambda _: None) -> None:
    """In the place of `run_job`."""
    if log := os.environ.get(LOG):
        with open(log, "a", encoding="utf-8") as stream:  # noqa: PTH123  (appended by many processes, a line at once)
            stream.write(f"{job.outputs[0].key}\n")
    _sleep(float(os.environ.get(SECONDS, "0")), workshop)
    with workshop.work_folder() as work:
        for output in job.outputs:
            made = work / output.file
            made.write_bytes(_bytes_of(output.key))
            workshop.store.put(output.key, output.kind, made)
    progress(job.frames)


def make_all(hands: Hands, jobs: Sequence[Job]) -> float:
    """Make jobs as a batch does.

    Returns:
        How many seconds that took.
    """
    started = time.monotonic()
    with ThreadPoolExecutor(hands.count) as pool:
        for done in [pool.submit(hands.make_picture, job, lambda _: None) for job in jobs]:
            done.result()
    return time.monotonic() - started


def _sleep(seconds: float, workshop: Workshop) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not workshop.stop.is_set():
        time.sleep(min(left, 0.2))


def _bytes_of(key: str) -> bytes:
    size = int(os.environ.get(BYTES, "1000"))
    return (hashlib.sha512(key.encode()).digest() * (size // 64 + 1))[:size]


def main() -> None:
    """The command line, with jobs that sleep."""
    import cli
    from render.farm.lending import tasks
    from render.work import machine

    vars(tasks)["run_job"] = sleep_job
    vars(machine)["lower_priority"] = lambda **_: None  # who sleeps takes nothing from others
    cli.main(sys.argv[1:])


if __name__ == "__main__":
    main()
