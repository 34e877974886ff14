"""The player for hours: how late slots begin, what it costs, how it comes back after being killed.

python -m tests.bench.bench_player evening --minutes 20     in real time; 15 slots a minute
python -m tests.bench.bench_player fast                     287 slots, ten times as fast
python -m tests.bench.bench_player days --days 30           an evening a day; libfaketime leaps over the nights
python -m tests.bench.bench_player kills --count 100        killed at random moments
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from playlists.kits.mpv import Mpv, find_mpv
from tests.playlists.kits.player.rig import (
    CHINA,
    EVENING,
    Plan,
    Running,
    Stick,
    make_clips,
    opening,
    play_through,
    playing,
    read_record,
    row,
    with_moved_clock,
)

WITH_SOUND = ("--no-terminal", "--vo=null", "--ao=null", "--fullscreen=no", "--force-window=no")


def make_stick(folder: Path) -> Stick:
    """A filled stick with clips of the size of an LED screen."""
    clips = folder / "clips"
    clips.mkdir()
    stick = Stick(folder, make_clips(clips, size="512x320"))
    stick.fill()
    return stick


def say(line: str) -> None:
    """At once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def lateness(lines: list[Plan], speed: float = 1) -> str:
    """How late starts were, in real milliseconds, and whether it grew."""
    late = [line["late"] / speed for line in lines if line["event"] == "start" and line["pos"] == 0]
    quarter = max(1, len(late) // 4)
    first, last = statistics.median(late[:quarter]), statistics.median(late[-quarter:])
    ordered = sorted(late)
    most_of_them = ordered[int(len(late) * 0.95)]
    return (
        f"{len(late)} starts; late median {statistics.median(late):.0f} ms, 95 % {most_of_them:.0f} ms,"
        f" most {ordered[-1]:.0f} ms; first quarter {first:.0f} ms, last quarter {last:.0f} ms"
    )


def cost(player: Running) -> tuple[int, int]:
    """Resident megabytes, open files."""
    process = psutil.Process(player.process.pid)
    return process.memory_info().rss // 2**20, process.num_fds()


def evening(mpv: Mpv, stick: Stick, minutes: int) -> None:
    """An evening in real time, and beside it a bare mpv that changes its file as often, with nothing of ours."""
    stick.write(row(stick, minutes * 15), windows=[opening(EVENING, minutes * 60)])
    first = Mpv(str(prompt_mpv(mpv, stick.root)), "")
    loads: list[float] = []
    with (
        bare_switching(first, stick) as bare,
        playing(first, stick, EVENING - timedelta(seconds=3), options=WITH_SOUND) as player,
    ):
        player.wait_for("start")
        costs = []
        for _ in range(minutes * 12 - 2):
            time.sleep(5)
            costs.append(cost(player))
            loads.append(os.getloadavg()[0])
        lines = player.lines()
    say(
        f"load of the machine: median {statistics.median(loads):.1f}, most {max(loads):.1f} on {os.cpu_count()} cores"
    )
    say(f"memory and files after a minute {costs[11]}, at the end {costs[-1]}")
    say(f"first pictures after their slots' seconds: {spread(lags(lines, stick))}")
    asked = [float(line) for line in bare.read_text().split()]
    say(f"a bare mpv, from being asked to its first picture: {spread(asked)}")


def prompt_mpv(mpv: Mpv, folder: Path) -> Path:
    """Where the system lets us: mpv before what else runs, as on a PC that has nothing else to do."""
    path = folder / "prompt-mpv"
    priority = "nice -n -10 " if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    path.write_text(f'#!/bin/sh\nexec {priority}{mpv.path} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


@contextmanager
def bare_switching(mpv: Mpv, stick: Stick) -> Iterator[Path]:
    """An mpv that loads a file every four seconds; the path to its milliseconds from asking to the first picture."""
    times = stick.root / "bare.txt"
    names = " ".join(str(stick.media(stick.sha16(number))) for number in range(len(stick.clips)))
    script = Path(__file__).with_name("bare_switching.lua")
    told = os.environ | {"BARE_FILES": names, "BARE_TIMES": str(times)}
    command = [mpv.path, "--no-config", "--idle", "--keep-open", *WITH_SOUND, f"--script={script}"]
    process = subprocess.Popen(
        command, env=told, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield times
    finally:
        process.terminate()
        process.wait()


def lags(lines: list[Plan], stick: Stick) -> list[float]:
    """Milliseconds from a slot's second to its first picture; below zero where it came early."""
    begins = {one["id"]: one["start_s"] for one in stick.plan["slots"]}
    starts = [line for line in lines if line["event"] == "start" and line["pos"] == 0]
    return [1000 * (datetime.fromisoformat(line["wall"]).timestamp() - begins[line["slot"]]) for line in starts]


def spread(values: list[float]) -> str:
    """How they lie, and whether they grew."""
    ordered, quarter = sorted(values), max(1, len(values) // 4)
    first, last = statistics.median(values[:quarter]), statistics.median(values[-quarter:])
    return (
        f"{len(values)}; least {ordered[0]:.0f} ms, median {statistics.median(values):.0f} ms,"
        f" 95 % {ordered[int(len(values) * 0.95)]:.0f} ms, most {ordered[-1]:.0f} ms;"
        f" over 150 ms: {sum(one > 150 for one in values)}; first quarter {first:.0f} ms, last quarter {last:.0f} ms"
    )


def fast(mpv: Mpv, stick: Stick, speed: float = 10) -> None:
    """287 slots, sped up."""
    stick.write(row(stick, 287), windows=[opening(EVENING, 287 * 4)])
    lines = play_through(mpv, stick, EVENING - timedelta(seconds=12), 287 * 4 + 20, speed=speed)
    say(lateness(lines, speed))
    ends = [line["reason"] for line in lines if line["event"] == "end"]
    say(f"ends: {ends.count('done')} whole of {len(ends)}")


def days(mpv: Mpv, stick: Stick, count: int) -> None:
    """An evening of eight slots for each day, by the system's own clock, which libfaketime moves over the nights."""
    begin = datetime.now(CHINA).replace(microsecond=0) + timedelta(seconds=8)
    slots = [one for day in range(count) for one in row(stick, 8, begin + timedelta(days=day))]
    end = begin + timedelta(days=count + 1)
    valid = {"from": begin.isoformat(), "from_s": int(begin.timestamp())}
    valid |= {"to": end.isoformat(), "to_s": int(end.timestamp())}
    stick.write(slots, built=(begin - timedelta(days=1)).isoformat(), valid=valid, windows=[])
    clock, costs = stick.root / "clock", []
    clock.write_text("+0", encoding="ascii")
    # The first evening begins later, on a clock that was never moved.
    with playing(with_moved_clock(mpv, clock), stick, begin, more={"start": "0"}) as player:
        for day in range(count):
            player.wait_for("end", patience_s=90, slot=slots[day * 8 + 7]["id"])
            costs.append(cost(player))
            # To six seconds before the next evening: 32 seconds of each were lived through.
            clock.write_text(f"+{(day + 1) * (86400 - 38)}", encoding="ascii")
        lines = player.lines()
    shown = {line["slot"] for line in lines if line["event"] == "start"}
    ends = [line["reason"] for line in lines if line["event"] == "end"]
    faults = [line["reason"] for line in lines if line["event"] in {"clock", "damaged", "missing"}]
    say(f"{count} days: {len(shown)} of {len(slots)} slots shown, {ends.count('done')} whole; faults {faults}")
    say(f"first pictures after their slots' seconds: {spread(lags(lines, stick))}")
    say(f"memory and files: first day {costs[0]}, half {costs[count // 2]}, last {costs[-1]}")


def kills(mpv: Mpv, stick: Stick, count: int) -> None:
    """Killed at random moments: how long until it is back, how far off, what the record lost."""
    stick.write(row(stick, 400), windows=[opening(EVENING, 1600)])
    generator = random.Random(1)
    back, off, torn = [], [], 0
    # In order: a clock that went back would not be believed.
    moments = sorted(generator.randrange(0, 1500) for _ in range(count))
    for number, moment in enumerate(moments):
        at = EVENING + timedelta(seconds=moment)
        known = len(read_record(stick.asrun))
        started = time.monotonic()
        with playing(mpv, stick, at, more={"alone": "yes"}) as player:
            while not [line for line in player.lines()[known:] if line["event"] == "start"]:
                time.sleep(0.02)
            back.append(time.monotonic() - started)
            time.sleep(generator.random() * 3)
            os.kill(player.process.pid, signal.SIGKILL)
        first = next(line for line in read_record(stick.asrun)[known:] if line["event"] == "start")
        if first["pos"]:
            begun = next(one["start"] for one in stick.plan["slots"] if one["id"] == first["slot"])
            passed = datetime.fromisoformat(first["wall"]) - datetime.fromisoformat(begun)
            off.append(abs(first["pos"] - passed / timedelta(milliseconds=1)))
        torn += sum(not path.read_bytes().endswith(b"\n") for path in stick.asrun.glob("*.jsonl"))
        if number % 25 == 24:
            say(f"{number + 1} kills")
    say(f"back after {statistics.median(back):.2f} s, at most {max(back):.2f} s")
    say(f"off by {statistics.median(off):.0f} ms, at most {max(off):.0f} ms; torn lines {torn}")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["evening", "fast", "days", "kills"])
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--count", type=int, default=100)
    chosen = parser.parse_args()
    mpv = find_mpv()
    with tempfile.TemporaryDirectory() as folder:
        stick = make_stick(Path(folder))
        acts: dict[str, Callable[[], None]] = {
            "evening": lambda: evening(mpv, stick, chosen.minutes),
            "fast": lambda: fast(mpv, stick),
            "days": lambda: days(mpv, stick, chosen.days),
            "kills": lambda: kills(mpv, stick, chosen.count),
        }
        acts[chosen.what]()


if __name__ == "__main__":
    main()
