"""How this process computes: on how many threads and cores, and how often it looks for what nobody needs any more."""

from __future__ import annotations

import gc
import os


def compute_on_one_thread() -> None:
    """Let numpy compute on the thread that asks. Says nothing to a numpy that is loaded already: call it first.

    What we do side by side are our own threads; OpenBLAS's beside them gain nothing. And they lock up: a process that
    starts another by a fork waits for them to rest, and one that computes meanwhile waits for the fork.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def collect_seldom() -> None:
    """For a command that makes much, keeps it and ends: Python would look through all of it again and again."""
    gc.set_threshold(20_000, 20, 20)


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
