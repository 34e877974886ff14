"""How long a large kit is verified, against sha256sum and against reading alone, each from the disk.

Run as `python -m tests.bench.bench_verifying [--gigabytes 8] [--folder DIR]`; Linux, sha256sum. The files are put out
of the system's memory before each turn.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playlists.kits.keys import OfficeKey
from playlists.kits.writing import write_kit
from tests.playlists.kits.sticks import contents, office, old_plan, verified

_PIECE = 2**20
_GIGABYTE = 10**9


def main() -> None:
    """Build, then take turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gigabytes", type=int, default=8)
    parser.add_argument("--folder", default=None)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        root = Path(name)
        key = office(root)
        large = root / "large.bin"
        with large.open("wb") as stream:
            for _ in range(_GIGABYTE // _PIECE):
                stream.write(os.urandom(_PIECE))
        made = contents(old_plan(), root / "videos", key)
        papers = {f"fallback/large-{number}.bin": large for number in range(chosen.gigabytes)}
        kit = root / "远教"
        write_kit(kit, replace(made, papers={**made.papers, **papers}), key)
        turns: dict[str, Callable[[], object]] = {
            "reading alone": lambda: _read(kit),
            "sha256sum -c": lambda: subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=kit, check=True),
            "kit verify": lambda: _verify(kit, key),
        }
        for _ in range(2):
            for turn, act in turns.items():
                _forget(kit)
                started = time.monotonic()
                act()
                took = time.monotonic() - started
                load = os.getloadavg()[0]
                speed = chosen.gigabytes * 1000 / took
                sys.stdout.write(f"{turn:14} {took:6.1f} s, {speed:5.0f} MB/s, load {load:.1f}\n")
                sys.stdout.flush()


def _verify(kit: Path, key: OfficeKey) -> None:
    assert verified(kit, key).is_good


def _read(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as stream:
                while stream.read(_PIECE):
                    pass


def _forget(folder: Path) -> None:
    """Put the files out of the system's memory."""
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


if __name__ == "__main__":
    main()
