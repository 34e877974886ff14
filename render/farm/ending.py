"""How what runs until told ends: once told it leaves in order, told again at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from courseware.errors import Text, text


async def until_told(
    work: Callable[[asyncio.Event], Coroutine[Any, Any, None]], tell: Callable[[Text], None]
) -> None:
    """Do it until it ends, or Ctrl-C or a shutdown sets the event; the second of them cancels it."""
    leave = asyncio.Event()
    task = asyncio.create_task(work(leave))
    loop = asyncio.get_running_loop()

    def told() -> None:
        if leave.is_set():
            task.cancel()
            return
        tell(text("ending what is begun; Ctrl-C again ends at once"))
        leave.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        if os.name == "nt":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(told))
        else:
            loop.add_signal_handler(number, told)
    with suppress(asyncio.CancelledError):
        await task
