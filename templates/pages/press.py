"""Many sheets typeset at once, in processes of Python's own: Typst holds the one lock that threads share."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from courseware.terminal.threads import usable_cores
from templates.pages.typeset import Sheet, typeset

# A process takes a second to start, and typesetting as long as this many sheets.
_WORTH_IT = 12
# Each holds the fonts and what Typst remembers, about 150 MB.
_MOST_PROCESSES = 4
_AT_ONCE = 8
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


def end_with_parent() -> None:
    """End this process when the one that began it has ended, in whatever way: an executor's would wait for ever."""
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101  (whoever calls end_with_parent is a child)
    parent.join()
    os._exit(1)
