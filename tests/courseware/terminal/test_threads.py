"""A process that starts another by a fork must not be one whose numpy computes on threads of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# The command line, whatever it runs; then two sounds are looked at while ffmpeg is started again and again.
CODE = """
import threading
import cli
import psutil
cli.main(["doctor", "--help"], standalone_mode=False)
import numpy as np
from pathlib import Path
from render.work.ffmpeg import find_ffmpeg, run
power, bands = np.ones((1500, 257), np.float32), np.ones((257, 40), np.float32)
power @ bands
print(psutil.Process().num_threads())
done = threading.Event()
def listen():
    while not done.is_set():
        power @ bands
for _ in range(2):
    threading.Thread(target=listen, daemon=True).start()
for _ in range(20):
    run(find_ffmpeg(), ["-f", "lavfi", "-i", "nullsrc=s=16x16:d=0.04", "-f", "null", "-"], Path.cwd())
done.set()
"""


def test_ffmpeg_is_started_while_sounds_are_looked_at_and_neither_waits_for_the_other() -> None:
    clean = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=clean, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "1"
