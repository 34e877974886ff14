"""The queue of a desk, waited for."""

from __future__ import annotations

import time

from desk.session.state import Desk


def finish(desk: Desk) -> str:
    """How the last task ended."""
    task = desk.work.tasks()[-1]
    while not task.is_over:
        time.sleep(0.01)
    return task.state
