"""A desk in a process of its own, as `yuanjiao desk` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx2

_PATIENCE_S = 300  # a machine that does much else opens it late


class Serving(NamedTuple):
    """The process and where it answers."""

    process: subprocess.Popen[bytes]
    address: str

    def browser(self) -> httpx2.Client:
        """A browser whose page is ours; it follows no redirect by itself."""
        return httpx2.Client(base_url=self.address, headers={"Origin": self.address}, timeout=60)


@contextmanager
def serving(root: Path, *options: str, log: Path | None = None) -> Iterator[Serving]:
    """Serve the workspace until the block ends; what the server says goes to `log`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cli", "--lang", "en", "desk", str(root), "--port", str(port), "--no-browser"]
    with (log or Path(os.devnull)).open("ab") as said:
        at_once = {**os.environ, "PYTHONUNBUFFERED": "1"}  # a killed process writes nothing more
        process = subprocess.Popen([*command, *options], stdout=said, stderr=said, env=at_once)
        try:
            found = Serving(process, f"http://127.0.0.1:{port}")
            _wait_for(found)
            yield found
        finally:
            process.kill()
            process.wait()


def _wait_for(found: Serving) -> None:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end and found.process.poll() is None:
        try:
            httpx2.get(f"{found.address}/static/desk.css")
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the desk did not open")
