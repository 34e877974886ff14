"""What the computer can do at once, and how much of it we take."""

from __future__ import annotations

import ctypes
import os
import sys

_BYTES_PER_WORKER = 700 * 1024 * 1024  # measured: a full HD and an LED encoder with their decoder, and some room
_MOST = 16
_AWAKE = 0x80000001  # ES_CONTINUOUS | ES_SYSTEM_REQUIRED
_LOW = 0x4000 if os.name == "nt" else 10  # BELOW_NORMAL_PRIORITY_CLASS, which only exists on Windows


def workers() -> int:
    """How many pieces are made side by side: one for each core, as far as the memory that is free allows."""
    import psutil

    cores = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count() or 1
    room = psutil.virtual_memory().available // _BYTES_PER_WORKER
    return int(max(1, min(cores, room, _MOST)))


def stay_awake() -> None:
    """Keep Windows from going to sleep while this thread lives; other systems sleep when a person says so."""
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetThreadExecutionState(_AWAKE)


def lower_priority(wanted: bool) -> None:  # noqa: FBT001  (an option's word)
    """Let other programs go first; what we start inherits it."""
    import psutil

    if wanted:
        psutil.Process().nice(_LOW)
