"""Many sheets typeset at once, in processes of Python's own: Typst holds the one lock that threads share."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field

from courseware.terminal.threads import usable_cores
from templates.pages.typeset import Sheet, typeset

# A process takes a second to start, and typesetting as long as this many sheets.
_WORTH_IT = 12
# Each holds the fonts and what Typst remembers, about 150 MB.
_MOST_PROCESSES = 4
_AT_ONCE = 8
_IDLE_S = 60.0
_SPAWN = multiprocessing.get_context("spawn")


def typeset_all(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Each sheet's bytes, in order.

    Raises:
        ToolError: as `typeset`.
    """
    done = 0
    processes = min(_MOST_PROCESSES, usable_cores(), len(sheets) // _WORTH_IT)
    if processes > 1:
        # Where no process can be started, or one is ended from outside, the rest is set here.
        with suppress(BrokenProcessPool, OSError):
            for content in _in_processes(sheets, processes):
                done += 1
                yield content
    yield from map(typeset, sheets[done:])


def _in_processes(sheets: Sequence[Sheet], processes: int) -> Iterator[bytes]:
    with ProcessPoolExecutor(processes, _SPAWN, initializer=end_with_parent) as pool:
        try:
            yield from pool.map(typeset, sheets, chunksize=_AT_ONCE)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@dataclass(slots=True)
class KeptPress:
    """Processes that typeset now and then for a long while: begun with the first sheet, ended when there is none.

    Attributes:
        processes: how many; none beside this one where it is one.
    """

    processes: int
    _pool: ProcessPoolExecutor | None = None
    _used_at: float = 0.0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def typeset_all(self, sheets: Sequence[Sheet]) -> Iterator[bytes]:
        """Each sheet's bytes, in order; raises as `typeset`."""
        done = 0
        if self.processes > 1:
            # Where no process can be started, or one is ended from outside, the rest is set here.
            with suppress(BrokenProcessPool, OSError):
                for content in self._begun(sheets):
                    done += 1
                    yield content
        yield from map(typeset, sheets[done:])

    def _begun(self, sheets: Sequence[Sheet]) -> Iterator[bytes]:
        with self._guard:
            self._used_at = time.monotonic()
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self.processes, _SPAWN, initializer=end_with_parent)
                self._look_after(self._pool, _IDLE_S)
            try:
                return self._pool.map(typeset, sheets)
            except BrokenProcessPool:
                self._pool = None
                raise

    def _look_after(self, pool: ProcessPoolExecutor, wait_s: float) -> None:
        timer = threading.Timer(wait_s, self._rest, (pool,))
        timer.daemon = True
        timer.start()

    def _rest(self, pool: ProcessPoolExecutor) -> None:
        """End the processes when nothing was set for a while."""
        with self._guard:
            left_s = self._used_at + _IDLE_S - time.monotonic()
            if self._pool is pool and left_s > 0:
                self._look_after(pool, left_s)
            elif self._pool is pool:
                pool.shutdown(wait=False)
                self._pool = None


def end_with_parent() -> None:
    """End this process when the one that began it has ended, in whatever way: an executor's would wait for ever."""
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101  (whoever calls end_with_parent is a child)
    parent.join()
    os._exit(1)
