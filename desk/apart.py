"""What is computed for long beside the pages: in a process of its own that goes last, so that none waits for it.

The queue's tasks, too: a render, or the plan of a county, would hold up whoever only looks at a page.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pickle import PicklingError
from typing import ParamSpec, TypeVar

from cli import make_console
from courseware.errors import Problem, Text, text
from desk.work import MOST_LINES, DeskTask, Ended, TaskConsole, TaskRun, carried_out
from render.work.machine import lower_priority
from templates.pages.press import end_with_parent

Args = ParamSpec("Args")
Answer = TypeVar("Answer")
_SPAWN = multiprocessing.get_context("spawn")
_LOOK_S = 0.2  # so often the two processes tell each other something
_GRACE_S = 10  # a task whose desk is gone may take so long to stop


def in_process() -> Executor:
    """One process, begun with the first work; it ends with the desk, however that ends."""
    return ProcessPoolExecutor(1, _SPAWN, initializer=_begin)


def _begin() -> None:
    lower_priority(wanted=True)
    end_with_parent()


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


def carried_out_apart(task: DeskTask) -> Ended:
    """As carried_out, in a process of the task's own; what is said there is kept here."""
    ours, theirs = _SPAWN.Pipe()
    given = (theirs, task.name, task.run, task.console.language, not task.is_urgent)
    process = _SPAWN.Process(target=_work, args=given, daemon=False)
    try:
        process.start()
        theirs.close()
        return _followed(task, ours)
    except (PicklingError, AttributeError, TypeError) as error:
        return "failed", (Problem("", text("an unexpected fault: {reason}; please report it", reason=repr(error))),)
    except (EOFError, OSError):
        return "failed", (
            Problem("", text("its process was ended from outside; start it again, what was done is kept")),
        )
    finally:
        ours.close()
        if process.pid is not None:
            process.join()


def _followed(task: DeskTask, pipe: Connection) -> Ended:
    """What the process says, until it has ended.

    Raises:
        EOFError, OSError: it was killed.
    """
    is_told = False
    while True:
        if task.stop.is_set() and not is_told:
            pipe.send("stop")
            is_told = True
        if not pipe.poll(_LOOK_S):
            continue
        lines, share, documents, ended = pipe.recv()
        task.console.lines.extend(lines[: MOST_LINES - len(task.console.lines)])
        task.console.documents.extend(documents)
        task.console.told[:] = [share]
        if ended is not None:
            found: Ended = ended
            return found


def _work(pipe: Connection, name: Text, run: TaskRun, language: str, goes_last: bool) -> None:  # noqa: FBT001  (a process's argument)
    """The process of a task."""
    lower_priority(goes_last)
    console = make_console(language)
    task = DeskTask(0, name, run, TaskConsole(language, console.translate))
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(pipe, task, over), daemon=True)
    teller.start()
    ended = carried_out(task)
    over.set()
    teller.join()
    _send(pipe, task, ended)


def _tell(pipe: Connection, task: DeskTask, over: threading.Event) -> None:
    """Say how far it is, and hear when it is to stop; where the desk is gone nobody waits for it any more."""
    try:
        while not over.wait(_LOOK_S):
            if pipe.poll():
                pipe.recv()
                task.stop.set()
            _send(pipe, task, None)
    except (EOFError, OSError):
        task.stop.set()
        if not over.wait(_GRACE_S):
            os._exit(1)


def _send(pipe: Connection, task: DeskTask, ended: Ended | None) -> None:
    """What was said since the last time."""
    console = task.console
    lines, documents = console.lines[:], console.documents[:]
    del console.lines[: len(lines)], console.documents[: len(documents)]
    pipe.send((lines, console.share(), documents, ended))
