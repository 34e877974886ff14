"""Each fault alone or in pairs, with real pictures: what stood on the screen, and how long it was ever black.

Run as `python -m tests.bench.bench_screen ["file missing & clock - 1 hour" …]`; needs mpv and Xvfb. The slots
are red, lime, blue, yellow, fuchsia; white is the ident, gray the card, navy the card of closed hours, dark blue a
drawn card.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from playlists.kits.mpv import Mpv, find_mpv
from tests.playlists.kits.player.rig import EVENING, Running, Stick, make_clips, playing, row, slot

_SIZE = (320, 180)
_NAMES = {
    "red": (255, 0, 0),
    "lime": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "fuchsia": (255, 0, 255),
    "white": (255, 255, 255),
    "gray": (128, 128, 128),
    "navy": (0, 0, 128),
    "drawn card": (20, 46, 74),
    "BLACK": (0, 0, 0),
}
Act = Callable[[Stick, Running], None]


class Watcher(threading.Thread):
    """Looks at the screen every 50 ms: which colour stood near its top, and until when."""

    def __init__(self, frame: Path) -> None:
        super().__init__(daemon=True)
        self._frame, self._ended = frame, threading.Event()
        self.seen: list[tuple[float, str]] = []

    def run(self) -> None:
        """Until told to stop."""
        while not self._ended.wait(0.05):
            self.seen.append((time.monotonic(), _colour_of(self._frame)))

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()

    def runs(self) -> list[tuple[str, float]]:
        """Colour after colour with its seconds; the start of the player, still black, is left out."""
        found: list[tuple[str, float]] = []
        for (moment, colour), (later, _) in zip(self.seen, self.seen[1:], strict=False):
            if found and found[-1][0] == colour:
                found[-1] = (colour, found[-1][1] + later - moment)
            else:
                found.append((colour, later - moment))
        return found[1:] if found and found[0][0] == "BLACK" else found


def _colour_of(frame: Path) -> str:
    """The name of the colour near the top of an X server's picture file (XWD)."""
    content = frame.read_bytes()
    header = struct.unpack(">25I", content[:100])
    line, at = header[12], header[0] + header[19] * 12
    place = at + line * (_SIZE[1] // 8) + 4 * (_SIZE[0] // 2)
    blue, green, red = content[place : place + 3]
    return min(
        _NAMES, key=lambda name: sum(abs(a - b) for a, b in zip(_NAMES[name], (red, green, blue), strict=True))
    )


@contextmanager
def screen(folder: Path) -> Iterator[Path]:
    """An X server in memory; its picture is a file."""
    server = subprocess.Popen(
        ["Xvfb", ":78", "-screen", "0", f"{_SIZE[0]}x{_SIZE[1]}x24", "-fbdir", str(folder)], stderr=subprocess.DEVNULL
    )
    os.environ["DISPLAY"] = ":78"
    try:
        time.sleep(1)
        yield folder / "Xvfb_screen0"
    finally:
        server.terminate()
        server.wait()


def put_clock(seconds: float) -> Act:
    """Set the clock by so much, two seconds after the first slot began."""

    def act(_stick: Stick, player: Running) -> None:
        time.sleep(2)
        player.ask("script-message", "put-clock", str(seconds))

    return act


def pull_out(stick: Stick, _player: Running) -> None:
    """Take the stick away."""
    time.sleep(2)
    stick.kit.rename(stick.root / "gone")


def nothing(_stick: Stick, _player: Running) -> None:
    """Only look."""


def remove(stick: Stick) -> None:
    """The second slot's file."""
    stick.media(stick.sha16(1)).unlink()


def cut(stick: Stick) -> None:
    """The second slot's file."""
    path = stick.media(stick.sha16(1))
    path.write_bytes(path.read_bytes()[:2000])


def spoil(stick: Stick) -> None:
    """The second slot's file, all of it, and the size stays."""
    path = stick.media(stick.sha16(1))
    path.write_bytes(b"\1" * path.stat().st_size)


def spoil_the_middle(stick: Stick) -> None:
    """A third of the second slot's file; its index stays."""
    path = stick.media(stick.sha16(1))
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    path.write_bytes(bytes(content))


def spoil_everything(stick: Stick) -> None:
    """Every file of the kit but the plan."""
    shutil.rmtree(stick.kit / "media")
    shutil.rmtree(stick.kit / "fallback")


def fill_the_disk(stick: Stick) -> None:
    """The folders of the record and of the heartbeat lie on a disk without room; only root can do that."""
    for folder in (stick.asrun, stick.state):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(folder)], check=True)
        with suppress(OSError):
            (folder / "rubbish").write_bytes(bytes(2**16))


def free_the_disk(stick: Stick) -> None:
    """Undo that."""
    for folder in (stick.asrun, stick.state):
        if folder.is_mount():
            subprocess.run(["umount", "-l", str(folder)], check=True)


def start_another(stick: Stick, player: Running) -> None:
    """A second player on the same stick, which leaves by itself."""
    command = [*map(str, player.process.args)]  # type: ignore[arg-type]
    kept = [part for part in command if not part.startswith("--input-ipc-server")]
    subprocess.Popen(kept, cwd=stick.kit, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def renew(stick: Stick, _player: Running) -> None:
    """Copy a newer kit over the one that plays."""
    time.sleep(2)
    same = {name: stick.plan[name] for name in ("substitutes", "valid", "windows")}
    stick.write(stick.plan["slots"], revision=4, kit="square-01_2026-W49_r4", **same)


def leave(_stick: Stick) -> None:
    """All is as it should be."""


CASES: dict[str, tuple[Callable[[Stick], object], Act]] = {
    "nothing is wrong": (leave, nothing),
    "file missing": (remove, nothing),
    "file cut": (cut, nothing),
    "wrong bytes": (spoil, nothing),
    "wrong bytes in the middle": (spoil_the_middle, nothing),
    "no file left at all": (spoil_everything, nothing),
    "stick pulled out": (leave, pull_out),
    "record cannot be written": (lambda stick: shutil.rmtree(stick.asrun), nothing),
    "disk full": (fill_the_disk, nothing),
    "two players": (leave, start_another),
    "newer kit while playing": (leave, renew),
    "clock + 1 hour": (leave, put_clock(3600)),
    "clock - 1 hour": (leave, put_clock(-3600)),
    "clock + 1 day": (leave, put_clock(86400)),
    "clock - 1 day": (leave, put_clock(-86400)),
    "clock + 9 days": (leave, put_clock(9 * 86400)),
    "year 2000": (leave, put_clock(-848_000_000)),
}


def watch(mpv: Mpv, folder: Path, clips: list[Path], name: str, frame: Path) -> str:
    """One fault; a row of the table."""
    stick = Stick(folder, clips)
    stick.fill()
    faults = [CASES[part] for part in name.split(" & ")]
    lecture = slot(EVENING + timedelta(seconds=12), 3, None)
    evening = [*row(stick, 3), lecture, *row(stick, 2, EVENING + timedelta(seconds=15))]
    later = [one for hour in (-24, -1, 1, 24) for one in row(stick, 40, EVENING + timedelta(hours=hour))]
    slots = sorted([*evening, *later], key=lambda one: one["start_s"])
    valid = {"from": slots[0]["start"], "from_s": slots[0]["start_s"]}
    end = EVENING + timedelta(days=6)
    valid |= {"to": end.isoformat(), "to_s": int(end.timestamp())}
    stick.write(slots, substitutes={"扶贫实用技术": [stick.sha16(4)]}, valid=valid, windows=[])
    for spoil_it, _ in faults:
        spoil_it(stick)
    watcher = Watcher(frame)
    try:
        runs = _runs(mpv, stick, watcher, [act for _, act in faults])
    finally:
        free_the_disk(stick)
    black = max((seconds for colour, seconds in runs if colour == "BLACK"), default=0)
    shown = ", ".join(f"{colour} {seconds:.1f}" for colour, seconds in runs if seconds > 0.15)
    return f"{name:44} black at most {black:.2f} s | {shown}"


def _runs(mpv: Mpv, stick: Stick, watcher: Watcher, acts: list[Act]) -> list[tuple[str, float]]:
    """Play, let happen what is to happen, and look."""
    options = ("--vo=x11", "--ao=null", "--aid=no", "--hwdec=no")
    outside = {"kit": str(stick.kit)}
    with playing(mpv, stick, EVENING - timedelta(seconds=1), options=options, more=outside) as player:
        player.ask("get_property", "pid")
        watcher.start()
        time.sleep(2)
        for act in acts:
            act(stick, player)
        time.sleep(13)
        watcher.stop()
    return watcher.runs()


def main() -> None:
    """All faults, or those named."""
    mpv = find_mpv()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "clips").mkdir()
        (folder / "screen").mkdir()
        clips = make_clips(folder / "clips", size=f"{_SIZE[0]}x{_SIZE[1]}")
        with screen(folder / "screen") as frame:
            for number, case in enumerate(sys.argv[1:] or CASES):
                sys.stdout.write(watch(mpv, folder / str(number), clips, case, frame) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
