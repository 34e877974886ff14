"""Many publications and pins at the same moment, by processes behind a barrier: is one of them ever lost?

Run as `python -m tests.bench.bench_at_once`. Takes about two minutes.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.playlists import test_at_once

_ROUNDS = 50


def main() -> None:
    """Say how many were kept; an assertion fails when one was lost."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        test_at_once.check_publications(Path(name), people=3, rounds=_ROUNDS)
    print(f"{_ROUNDS} times 3 publications at once: all kept, {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        test_at_once.check_pins(Path(name), people=6, rounds=5)
    print(f"5 times 6 pins at once: all kept, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
