"""What is computed for long beside the pages: in a process of its own that goes last, so that none waits for it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from render.work.machine import lower_priority

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


def in_process() -> Executor:
    """One process, begun with the first work."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=lower_priority, initargs=(True,))


def in_thread() -> Executor:
    """One thread, for a desk that serves nobody but a test."""
    return ThreadPoolExecutor(1, "apart")


@dataclass(slots=True)
class Apart:
    """Does one thing after the other; when its process was killed, the next work begins another."""

    begin: Callable[[], Executor] = in_thread
    _executor: Executor | None = field(default=None)

    def submit(self, work: Callable[Args, Answer], *args: Args.args, **kwargs: Args.kwargs) -> Future[Answer]:
        """Put work in the queue.

        Args:
            work: a function of a module: another process may have to find it.
        """
        try:
            self._executor = self._executor or self.begin()
            return self._executor.submit(work, *args, **kwargs)
        except BrokenExecutor:
            self._executor = self.begin()
            return self._executor.submit(work, *args, **kwargs)

    def close(self) -> None:
        """Begin nothing more."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
