"""Carries out tasks on a few threads: in their order, each as soon as what it needs is there. Knows no video."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

# Not without a limit: on Windows a wait without a timeout does not hear Ctrl-C.
_TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done.

    Attributes:
        needs: names of things that have to be there first.
        gives: names of things that are there afterwards; what nobody gives is there already.
        run: does it; what it raises is handed on to all that need it.
    """

    name: str
    run: Callable[[], object] = field(compare=False)
    needs: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ended:
    """A task that was done, that failed, or that lacked what a failed one should have given.

    Attributes:
        result: what `run` returned.
    """

    task: Task
    result: object = None
    error: BaseException | None = None


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


def work_through(tasks: Sequence[Task], pool: ThreadPoolExecutor, hands: int) -> Iterator[Ended]:
    """Do all tasks, at most `hands` at a time; the earliest that can be done comes first.

    A failure ends only the tasks that need what it should have given.
    """
    waiting = list(tasks)
    missing = Counter(name for task in tasks for name in task.gives)
    failed: dict[str, BaseException] = {}
    running: dict[Future[object], Task] = {}
    while waiting or running:
        for task in [one for one in waiting if one.needs & failed.keys()]:
            waiting.remove(task)
            error = next(failed[name] for name in sorted(task.needs) if name in failed)
            failed |= dict.fromkeys(task.gives, error)
            yield Ended(task, error=error)
        while len(running) < hands:
            ready = next((one for one in waiting if not any(missing[name] for name in one.needs)), None)
            if ready is None:
                break
            waiting.remove(ready)
            running[pool.submit(ready.run)] = ready
        if not running:
            continue
        for future in wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED).done:
            task = running.pop(future)
            raised = future.exception()
            if raised is None:
                missing.subtract(task.gives)
                yield Ended(task, result=future.result())
            else:
                failed |= dict.fromkeys(task.gives, raised)
                yield Ended(task, error=raised)
