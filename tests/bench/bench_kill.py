"""Kills a batch at random moments, again and again: is anything half done under a final name, how much is repeated?

Run as `python -m tests.bench.bench_kill [--kills 50]`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import LESSON, run_ffmpeg
from tests.render.killing import Running, faults, in_flight, pieces, start, states_of

_SETTINGS = """\
[office]
name = "安康市远教办"
county = "汉滨区"

[render]
profiles = ["led-192x128", "led-128x96"]
"""
_LESSONS, _SECONDS = 4, 45


def main() -> None:
    """Kill, look, go on; then let it finish."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        workspace = _workspace(Path(name))
        whole_s = _whole_run(workspace)
        _say(f"a batch that is left alone works for {whole_s:.1f} s")
        repeated, lost, partial, batches = [], 0, 0, 0
        for number in range(options.kills):
            before = pieces(workspace)
            seen, finished = _killed(workspace, chance.uniform(0, whole_s / 2))
            partial += seen + len(faults(workspace))
            after = pieces(workspace)
            # What was there before the run must be there as it was: neither gone nor made again.
            lost += sum(after.get(key) != moment for key, moment in before.items())
            repeated.append(in_flight(workspace))
            _say(f"{number + 1}: {len(after)} pieces stored, {repeated[-1]} chunks begun and lost")
            if finished:
                batches += 1
                _forget(workspace)
        states = states_of(start(workspace))
        partial += len(faults(workspace))
    _say(f"kills: {options.kills}, of these too late, since the batch had ended: {batches}")
    _say(f"chunks repeated after a kill: at most {max(repeated)}, {sum(repeated) / len(repeated):.1f} on the average")
    _say(f"stored pieces lost or made again: {lost}")
    _say(f"partial files under a final name: {partial}")
    _say(f"the run after the last kill: {len(states)} renditions, {sorted(set(states))}")
    sys.exit(1 if partial or lost else 0)


def _workspace(root: Path) -> Path:
    for number in range(_LESSONS):
        folder = root / "courseware" / f"lesson{number}"
        folder.mkdir(parents=True)
        (folder / "lesson.toml").write_text(LESSON.format(title=f"第{number + 1}课"), encoding="utf-8")
        picture = f"testsrc2=size=320x180:rate=25:duration={_SECONDS},hue=h={number * 60}"
        tone = f"sine=frequency={300 + number * 50}:duration={_SECONDS}"
        inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone)
        run_ffmpeg(*inputs, "-preset", "ultrafast", "-g", "50", str(folder / "raw.mp4"))
    (root / "yuanjiao.toml").write_text(_SETTINGS, encoding="utf-8")
    return root


def _whole_run(workspace: Path) -> float:
    """How long a batch works, from when it first encodes to its end; nothing of it is kept."""
    running, begun = start(workspace), 0.0
    while not begun:
        begun = time.monotonic() if in_flight(workspace) else 0.0
    states_of(running)
    _forget(workspace)
    return time.monotonic() - begun


def _forget(workspace: Path) -> None:
    shutil.rmtree(workspace / ".yuanjiao")
    shutil.rmtree(workspace / "renditions", ignore_errors=True)


def _killed(workspace: Path, after_s: float) -> tuple[int, bool]:
    """Start, wait until it has begun to work and a while longer, kill.

    Returns:
        How many partial files bore a final name meanwhile, and whether it had finished before.
    """
    running = start(workspace)
    found = _watched(running, workspace, after_s)
    finished = running.process.poll() is not None
    if not finished:
        running.power_cut()
    assert running.process.stdout is not None
    running.process.stdout.close()
    return found, finished


def _watched(running: Running, workspace: Path, after_s: float) -> int:
    begun: float | None = None
    found = 0
    while running.process.poll() is None:
        if begun is None and in_flight(workspace):
            begun = time.monotonic()
        if begun is not None and time.monotonic() - begun > after_s:
            break
        found += len(faults(workspace, thorough=False))
        time.sleep(0.02)
    return found


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    main()
