"""Carries out tasks on a few threads: in their order, each as soon as what it needs is there. Knows no video."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from threading import Event
from typing import Generic, TypeAlias, TypeVar

# Not without a limit: on Windows a wait without a timeout does not hear Ctrl-C.
_TICK_S = 0.5


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Task(Generic[Result]):
    """Something to be done.

    Attributes:
        needs: names of things that have to be there first.
        gives: names of things that are there afterwards; what nobody gives is there already.
        run: does it; what it raises is handed on to all that need it.
    """

    name: str
    run: Callable[[], Result] = field(compare=False)
    needs: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """A task that was done, and what `run` returned."""

    task: Task[Result]
    result: Result


@dataclass(frozen=True, slots=True)
class Failed(Generic[Result]):
    """A task that failed, or lacked what a failed one should have given."""

    task: Task[Result]
    error: BaseException


Ended: TypeAlias = Done[Result] | Failed[Result]


@contextmanager
def pool_of(threads: int, stop: Event) -> Iterator[ThreadPoolExecutor]:
    """Threads to work on. When the block fails, by Ctrl-C too, `stop` is set and what has not begun is dropped."""
    pool = ThreadPoolExecutor(max(1, threads), thread_name_prefix="render")
    try:
        yield pool
    except BaseException:
        # Ctrl-C reaches only the main thread; the others look at the event, end their process and clear up.
        stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def in_order(futures: Iterable[Future[Result]]) -> Iterator[Result]:
    """What each of them gives, in their order."""
    for future in futures:
        while not wait([future], timeout=_TICK_S).done:
            continue
        yield future.result()


class PartlyError(Exception):
    """Raised by a task that gave some of its things all the same.

    Attributes:
        lost: names of the things that it did not give, and why not.
    """

    def __init__(self, lost: Mapping[str, BaseException]) -> None:
        super().__init__(*lost.values())
        self.lost = lost


def work_through(tasks: Sequence[Task[Result]], pool: ThreadPoolExecutor, hands: int) -> Iterator[Ended[Result]]:
    """Do all tasks, at most `hands` at a time; the earliest that can be done comes first.

    A failure ends only the tasks that need what it should have given.

    Raises:
        graphlib.CycleError: tasks need each other, so that none of them could begin.
    """
    order, place = _in_order(tasks), {task: number for number, task in enumerate(tasks)}
    ready: list[int] = []
    lost: dict[str, BaseException] = {}
    running: dict[Future[Result], Task[Result]] = {}
    while order.is_active():
        for task in _ready(order):
            heappush(ready, place[task])
        while ready and len(running) < hands:
            task = tasks[heappop(ready)]
            error = next((lost[name] for name in sorted(task.needs) if name in lost), None)
            if error is None:
                running[pool.submit(task.run)] = task
                continue
            lost |= dict.fromkeys(task.gives, error)
            order.done(task)
            yield Failed(task, error)
        for future in wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED).done if running else ():
            task = running.pop(future)
            raised = future.exception()
            if raised is not None:
                lost |= raised.lost if isinstance(raised, PartlyError) else dict.fromkeys(task.gives, raised)
            order.done(task)
            yield Done(task, future.result()) if raised is None else Failed(task, raised)


def _in_order(tasks: Sequence[Task[Result]]) -> TopologicalSorter[Task[Result] | str]:
    """Tasks and the things between them: a thing is there when all that give it are done."""
    order: TopologicalSorter[Task[Result] | str] = TopologicalSorter()
    for task in tasks:
        order.add(task, *task.needs)
        for thing in task.gives:
            order.add(thing, task)
    order.prepare()
    return order


def _ready(order: TopologicalSorter[Task[Result] | str]) -> Iterator[Task[Result]]:
    """The tasks that can be begun now and were not told before."""
    while nodes := order.get_ready():
        things = [node for node in nodes if isinstance(node, str)]
        yield from (node for node in nodes if isinstance(node, Task))
        order.done(*things)
