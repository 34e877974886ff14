"""A render in a process of its own, killed as a power cut or a full memory does it; is what it left whole?"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from courseware.files import sha256
from render.work.verify import is_intact

ROOT = Path(__file__).parents[2]
_RUN = "import sys; from cli import main; main(sys.argv[1:])"
_SHORT = "from render.plan import chunks; chunks.CHUNK_MS, chunks._SHORTEST_MS = 1000, 200; "


_HELD = b"held\n"


@dataclass(frozen=True, slots=True)
class Running:
    """A render that goes on beside us."""

    process: subprocess.Popen[bytes]

    def power_cut(self) -> None:
        """Everything ends at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill(self) -> None:
        """Only the program itself ends; what it has started does not know."""
        self.process.kill()
        self.process.wait()


def hold_after(count: int) -> None:
    """In a render's own process: store so many pieces; say so and stand still when the next is half stored."""
    from render.work import store

    stored = 0

    def move(source: Path, target: Path) -> None:
        nonlocal stored
        shutil.move(source, target)
        if stored == count:
            os.write(1, _HELD)
            threading.Event().wait()
        stored += 1

    vars(store)["shutil"] = SimpleNamespace(move=move)


def watch_until_held(running: Running, workspace: Path) -> list[str]:
    """Look at every file that bears its final name until the render stands still; what was ever not whole."""
    held = threading.Event()
    said: list[bytes] = []

    def listen() -> None:
        assert running.process.stdout is not None
        said.append(running.process.stdout.readline())
        held.set()

    threading.Thread(target=listen, daemon=True).start()
    found = []
    while not held.wait(0.01):
        found += faults(workspace, thorough=False)
    assert said == [_HELD], "ended by itself"
    return found


def start(
    workspace: Path, *, short_chunks: bool = False, hold: int | None = None, more: Sequence[str] = ()
) -> Running:
    """Begin to render everything.

    Args:
        hold: stand still when so many pieces are stored and the next half is.
    """
    held = "" if hold is None else f"from tests.render.killing import hold_after; hold_after({hold}); "
    code = (_SHORT if short_chunks else "") + held + _RUN
    args = ["--lang", "en", "render", "--workspace", str(workspace), "--jobs", "2", "--json", *more]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *args],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return Running(process)


def states_of(running: Running) -> list[str]:
    """How a render that is left alone ends."""
    said, _ = running.process.communicate(timeout=300)
    assert running.process.returncode == 0, said.decode()
    return [one["state"] for one in json.loads(said)]


def pieces(workspace: Path) -> dict[str, int]:
    """The pieces that the store has, each with the moment it was written."""
    found = {}
    for note in (workspace / ".yuanjiao" / "store").glob("*/*.json"):
        if not note.name.startswith("."):
            made = [path for path in note.parent.glob(f"{note.stem}.*") if path != note]
            found[note.stem] = made[0].stat().st_mtime_ns if made else 0
    return found


def in_flight(workspace: Path) -> int:
    """Chunks that were begun and not stored."""
    return sum(1 for _ in (workspace / ".yuanjiao" / "work").glob(".part-*/*.mp4"))


def faults(workspace: Path, *, thorough: bool = True) -> list[str]:
    """Files that bear their final name and are not whole.

    Args:
        thorough: compare checksums; else only lengths, which is quick enough to be done all the time.
    """
    return [*_store_faults(workspace, thorough=thorough), *_rendition_faults(workspace, thorough=thorough)]


def _store_faults(workspace: Path, *, thorough: bool) -> list[str]:
    found = []
    for note in (workspace / ".yuanjiao" / "store").glob("*/*.json"):
        if note.name.startswith("."):
            continue
        values = json.loads(note.read_text(encoding="utf-8"))
        (piece,) = set(note.parent.glob(f"{note.stem}.*")) - {note}
        if piece.stat().st_size != values["size"] or (thorough and sha256(piece) != values["sha256"]):
            found.append(str(piece))
    return found


def _rendition_faults(workspace: Path, *, thorough: bool) -> list[str]:
    found = []
    for path in (workspace / "renditions").glob("*/*.mp4"):
        if path.name.startswith("."):
            continue
        description = path.with_suffix(".json")
        if not is_intact(path):
            found.append(str(path))
        elif thorough and description.is_file():
            values = json.loads(description.read_text(encoding="utf-8"))
            if values["sha256"] != sha256(path):
                found.append(str(path))
    return found
