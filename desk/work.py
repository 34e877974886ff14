"""Long work, done one thing after the other by a worker; it goes on when the browser's tab is closed.

What is urgent has a worker of its own: a notice does not wait until the night's lessons are made.

A task runs what a command runs, with a console that keeps what is said. What is cancelled stops as after Ctrl-C.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from courseware.errors import Problem, Text, YuanjiaoError, reason_of, text
from courseware.storage.locks import doing
from courseware.terminal.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

TaskState = Literal["waiting", "running", "done", "failed", "cancelled"]
TaskRun = Callable[["TaskConsole", threading.Event], None]
Then = Callable[[Sequence[object]], None]
Ended = tuple[TaskState, tuple[Problem, ...]]
_KEPT = 50  # tasks that have ended are remembered
MOST_LINES = 200  # of what a task said


@dataclass(frozen=True, slots=True)
class TaskConsole(Console):
    """A console that keeps what is said, for a page to show.

    Attributes:
        told: how much is done, as another process tells it; the last counts.
    """

    lines: list[str] = field(default_factory=list)
    bars: list[Any] = field(default_factory=list)
    told: list[float | None] = field(default_factory=list)

    def say(self, sentence: Text | str) -> None:
        """Keep a line of the result."""
        self._keep(self.tr(sentence) if isinstance(sentence, Text) else sentence)

    def note(self, sentence: Text) -> None:
        """Keep a message beside the result."""
        self._keep(self.tr(sentence))

    def problems(self, problems: Sequence[Problem]) -> None:
        """Keep each problem."""
        for problem in problems:
            self._keep(problem.render(self.translate))

    def document(self, value: Any) -> None:  # noqa: ANN401  (anything JSON can hold)
        """Keep the result."""
        self.documents.append(value)

    def table(self, headings: Sequence[Text], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """Pages have tables of their own."""

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Bars that nobody draws; `share` reads them."""
        from rich.console import Console as RichConsole
        from rich.progress import Progress

        bars = Progress(console=RichConsole(file=io.StringIO()), disable=True)
        self.bars.append(bars)
        try:
            yield bars
        finally:
            self.bars.remove(bars)

    def share(self) -> float | None:
        """How much is done, from 0 to 1; None when that is not known."""
        if self.told:
            return self.told[-1]
        tasks = [task for bars in tuple(self.bars) for task in tuple(bars.tasks) if task.total]
        return max((min(1.0, task.completed / task.total) for task in tasks[:1]), default=None)

    def _keep(self, line: str) -> None:
        if len(self.lines) < MOST_LINES:
            self.lines.append(line)


@dataclass(slots=True)
class DeskTask:
    """A piece of long work.

    Attributes:
        run: does it, told a console and the sign to stop.
        link: the page on which its result can be seen.
        by: the name of the person who asked for it; "" where nobody logs in.
        is_urgent: whether it waits for nothing but other urgent work.
        then: told what the task wrote as its documents, once it is over.
    """

    number: int
    name: Text
    run: TaskRun
    console: TaskConsole
    link: str = ""
    by: str = ""
    is_urgent: bool = False
    then: Then = lambda _documents: None
    state: TaskState = "waiting"
    problems: tuple[Problem, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in {"done", "failed", "cancelled"}

    @property
    def percent(self) -> int | None:
        """How much is done; None when that is not known."""
        share = self.console.share()
        return None if share is None else int(share * 100)


class WorkBoard:
    """What waits, runs and has ended, newest last. A worker begins with the first task for it.

    Attributes:
        after: called when a task has ended.
    """

    def __init__(self, carry: Callable[[DeskTask], Ended] | None = None) -> None:
        """Empty.

        Args:
            carry: carries a task out; in a thread of this process when not given.
        """
        self.after: Callable[[], None] = lambda: None
        self._carry = carry or carried_out
        self._tasks: list[DeskTask] = []
        self._change = threading.Condition()
        self._workers: dict[bool, threading.Thread] = {}
        self._closed = False

    def add(
        self,
        name: Text,
        run: TaskRun,
        console: Console,
        *,
        link: str = "",
        by: str = "",
        urgent: bool = False,
        then: Then = lambda _documents: None,
    ) -> DeskTask:
        """Put a task at the end of the queue."""
        with self._change:
            number = self._tasks[-1].number + 1 if self._tasks else 1
            own = TaskConsole(console.language, console.translate)
            task = DeskTask(number, name, run, own, link, by, urgent, then)
            over = [one for one in self._tasks if one.is_over]
            self._tasks = [one for one in self._tasks if one not in over[: max(0, len(over) - _KEPT)]] + [task]
            if urgent not in self._workers:
                self._workers[urgent] = threading.Thread(target=self._work, args=(urgent,), name="desk", daemon=True)
                self._workers[urgent].start()
            self._change.notify_all()
        return task

    def tasks(self) -> tuple[DeskTask, ...]:
        """All of them, the newest last."""
        with self._change:
            return tuple(self._tasks)

    def find(self, number: int) -> DeskTask | None:
        """The task of that number."""
        return next((task for task in self.tasks() if task.number == number), None)

    def cancel(self, number: int) -> None:
        """Let a task stop, or not begin; what it has finished so far is kept."""
        with self._change:
            for task in self._tasks:
                if task.number == number and not task.is_over:
                    task.stop.set()
                    if task.state == "waiting":
                        self._end(task, "cancelled")
            self._change.notify_all()

    def close(self) -> None:
        """Cancel everything and wait until nothing runs any more."""
        with self._change:
            self._closed = True
            for task in self._tasks:
                task.stop.set()
            self._change.notify_all()
        for worker in self._workers.values():
            worker.join()

    def _work(self, urgent: bool) -> None:  # noqa: FBT001  (a thread's argument)
        while (task := self._next(urgent)) is not None:
            state, problems = self._carry(task)
            task.then(task.console.documents)
            with self._change:
                task.problems = problems
                self._end(task, state)
            self.after()

    def _next(self, urgent: bool) -> DeskTask | None:  # noqa: FBT001  (as its caller's)
        """The next task, waited for; None when the desk is closed."""
        with self._change:
            while not self._closed:
                waiting = next(
                    (task for task in self._tasks if task.state == "waiting" and task.is_urgent == urgent), None
                )
                if waiting is not None:
                    waiting.state = "running"
                    return waiting
                self._change.wait()
        return None

    def _end(self, task: DeskTask, state: TaskState) -> None:
        task.state, task.ended = state, datetime.now(UTC)


def until(stop: threading.Event) -> Callable[[], None]:
    """Ends what calls it, as Ctrl-C does, once the task is cancelled."""

    def check() -> None:
        if stop.is_set():
            raise KeyboardInterrupt

    return check


def carried_out(task: DeskTask) -> Ended:
    """Run it; a fault of ours ends the task, not the worker."""
    try:
        with doing(f"yuanjiao desk · {task.console.tr(task.name)}"):
            task.run(task.console, task.stop)
    except KeyboardInterrupt:
        return "cancelled", ()
    except YuanjiaoError as error:
        return "cancelled" if task.stop.is_set() else "failed", error.problems
    except OSError as error:
        what = text("cannot be read or written: {reason}", reason=reason_of(error))
        return "failed", (Problem(str(error.filename or ""), what),)
    except Exception as error:  # noqa: BLE001  (the worker must live on, and the user be told)
        return "failed", (Problem("", text("an unexpected fault: {reason}; please report it", reason=repr(error))),)
    return "cancelled" if task.stop.is_set() else "done", ()
