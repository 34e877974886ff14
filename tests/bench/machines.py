"""A farm of processes of this computer, for benchmarks and tests: started, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Machines:
    """Scheduler and workers, each a process with a folder of its own.

    Attributes:
        farm: how workers and office find it: an address, or passports.
        module: of workers: `cli`, `tests.bench.eager` or `tests.bench.sleeping`.
        within: words before the command of a worker, by its name: a network of its own, another clock.
    """

    folder: Path
    port: int
    farm: Sequence[str]
    module: str = "cli"
    environment: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def open(self, *words: str) -> None:
        """Start the scheduler, or start it again."""
        ports = ("--port", str(self.port), "--dashboard", str(self.port + 1))
        self._start("scheduler", ["farm", "start", *words, *ports], "cli")

    def join(self, name: str, *words: str, **environment: str) -> None:
        """Start a worker, or start it again."""
        cache = self.folder / name
        self._start(
            name, ["worker", *self.farm, "--cache", str(cache), "--name", name, *words], self.module, environment
        )

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End one, by default as a power cut does."""
        process = self.running.pop(name)
        process.send_signal(number)
        process.wait()

    def close(self) -> None:
        """End all."""
        for name in list(self.running):
            self.kill(name)

    def said(self, name: str) -> str:
        """What one has said so far."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def await_word(self, name: str, word: str, patience_s: float = 120, times: int = 1) -> None:
        """Wait until one has said it, so many times."""
        until = time.monotonic() + patience_s
        while self.said(name).count(word) < times:
            if time.monotonic() > until or self.running[name].poll() is not None:
                raise TimeoutError(f"{name}: {self.said(name)}")
            time.sleep(0.1)

    def _start(self, name: str, words: list[str], module: str, environment: Mapping[str, str] | None = None) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                [*self.within.get(name, ()), sys.executable, "-m", module, "--lang", "en", *words],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment, **(environment or {})},
            )
