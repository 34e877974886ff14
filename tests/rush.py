"""Several processes that do the same at the same moment, again and again, for tests of what must not be lost."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

_LONGEST_S = 120


def rush(processes: int, rounds: int, act: Callable[..., None], *given: object) -> None:
    """Call `act(process, round, *given)` in each process, all of them let go at once in each round.

    Args:
        act: a function at the top of a module; what it raises fails the test.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes)
    running = [
        context.Process(target=_run, args=(barrier, number, rounds, act, given)) for number in range(processes)
    ]
    for one in running:
        one.start()
    for one in running:
        one.join(_LONGEST_S)
    assert [one.exitcode for one in running] == [0] * processes


def _run(barrier: Barrier, number: int, rounds: int, act: Callable[..., None], given: tuple[object, ...]) -> None:
    try:
        for turn in range(rounds):
            barrier.wait(_LONGEST_S)
            act(number, turn, *given)
    except BaseException:
        barrier.abort()
        raise
