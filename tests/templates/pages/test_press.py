"""Sheets set by many processes at once."""

from __future__ import annotations

import subprocess
import sys

_BEGINS_ONE = """
import multiprocessing, os
from concurrent.futures import ProcessPoolExecutor
from templates.pages import press
with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=press.end_with_parent) as pool:
    pool.submit(print, "at work", flush=True).result()
    os._exit(9)
"""


def test_a_press_that_is_killed_leaves_no_process_behind() -> None:
    """Whoever reads what it prints sees the end of it only when all of them have ended."""
    done = subprocess.run([sys.executable, "-c", _BEGINS_ONE], capture_output=True, timeout=60, check=False)
    assert done.stdout == b"at work\n"
    assert done.returncode == 9
