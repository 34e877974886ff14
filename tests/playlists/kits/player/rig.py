"""A stick with tiny coloured clips, and mpv with the player on it; for the tests of this folder and its benchmark."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from playlists.kits.mpv import HEADLESS, Mpv, player_command
from tests.conftest import run_ffmpeg

PLAYER = Path(__file__).parents[4] / "playlists" / "kits" / "player"
CHINA = timezone(timedelta(hours=8))
EVENING = datetime(2026, 11, 30, 18, 30, tzinfo=CHINA)
BUILT = datetime(2026, 11, 28, 18, 0, tzinfo=CHINA)
COLOURS = ("red", "lime", "blue", "yellow", "fuchsia")
KEY = ec.derive_private_key(20261130, ec.SECP256R1())
Plan = dict[str, Any]
NOTHING: Mapping[str, str] = {}
VENUE = {"id": "square-01", "name": "文化广场", "kind": "square", "town": "", "county": "", "width": 64, "height": 36}


def make_clips(folder: Path, seconds: int = 4, size: str = "64x36") -> list[Path]:
    """A clip for each colour, an ident and two pictures."""
    source = "color=c={}:s={}:r=25:d={},format=yuv420p"
    tone = "sine=frequency=440:sample_rate=48000:duration={}"
    for name, colour, length in [*((one, one, seconds) for one in COLOURS), ("ident", "white", 2)]:
        video = ("-f", "lavfi", "-i", source.format(colour, size, length), "-f", "lavfi", "-i", tone.format(length))
        run_ffmpeg(
            *video,
            "-c:v",
            "libx264",
            "-g",
            "25",
            "-c:a",
            "aac",
            "-movflags",
            "+faststart",
            str(folder / f"{name}.mp4"),
        )
    for name, colour in (("card", "gray"), ("idle", "navy")):
        run_ffmpeg("-f", "lavfi", "-i", f"color=c={colour}:s={size}", "-frames:v", "1", str(folder / f"{name}.png"))
    return [folder / f"{colour}.mp4" for colour in COLOURS]


def iso(second: int, zone: timezone = CHINA) -> str:
    """A moment as plans write it."""
    return datetime.fromtimestamp(second, zone).isoformat()


def slot(start: datetime, seconds: int, sha16: str | None, **changes: Any) -> Plan:
    """One slot; an event when there is no file."""
    values = {
        "id": f"{start:%Y%m%dT%H%M%S}-000",
        "start": start.isoformat(),
        "start_s": int(start.timestamp()),
        "seconds": seconds,
        "kind": "lesson" if sha16 else "lecture",
        "block": "轮播",
        "lesson": None,
        "series": "扶贫实用技术",
        "title": "玉米秋收" if sha16 else "农家夜话",
        "who": None if sha16 else "李老师",
        "file": sha16,
        "volume": 100,
    }
    return values | changes


def opening(start: datetime, seconds: int) -> Plan:
    """A window."""
    end = start + timedelta(seconds=seconds)
    stamps = {"start": start.isoformat(), "start_s": int(start.timestamp())}
    return stamps | {"end": end.isoformat(), "end_s": int(end.timestamp())}


@dataclass
class Stick:
    """A kit on disk, and what the player needs beside it."""

    root: Path
    clips: Sequence[Path]
    seconds: int = 4
    plan: Plan = field(default_factory=dict)

    @property
    def kit(self) -> Path:
        """The kit's folder."""
        return self.root / "kit"

    @property
    def state(self) -> Path:
        """Where the player keeps its small files."""
        return self.root / "state"

    @property
    def asrun(self) -> Path:
        """Where the record goes."""
        return self.root / "asrun"

    def fill(self) -> None:
        """Copy clips and pictures."""
        for folder in (self.kit / "media", self.kit / "fallback", self.state, self.asrun):
            folder.mkdir(parents=True, exist_ok=True)
        for name in ("ident.mp4", "card.png", "idle.png"):
            shutil.copy(self.clips[0].with_name(name), self.kit / "fallback" / name)
        for clip in self.clips:
            shutil.copy(clip, self.media(sha16_of(clip)))

    def media(self, sha16: str) -> Path:
        """Where a clip lies."""
        return self.kit / "media" / f"{sha16}.mp4"

    def files(self) -> dict[str, Plan]:
        """The plan's table of files."""
        return {
            sha16_of(clip): {
                "path": f"media/{sha16_of(clip)}.mp4",
                "size": clip.stat().st_size,
                "sha256": _sum(clip),
                "seconds": self.seconds,
            }
            for clip in self.clips
        }

    def write(self, slots: Iterable[Plan], *, folder: Path | None = None, **changes: Any) -> None:
        """Write and sign the plan of these slots."""
        entries = list(slots)
        begin = datetime.fromisoformat(entries[0]["start"]).replace(hour=0, minute=0, second=0)
        end = begin + timedelta(days=7)
        plan: Plan = {
            "schema": "yuanjiao-plan/1",
            "kit": "square-01_2026-W49_r3",
            "revision": 3,
            "built": BUILT.isoformat(),
            "venue": {
                "id": "square-01",
                "name": "文化广场",
                "kind": "square",
                "town": "",
                "county": "",
                "width": 64,
                "height": 36,
            },
            "zone": "Asia/Shanghai",
            "valid": {
                "from": begin.isoformat(),
                "from_s": int(begin.timestamp()),
                "to": end.isoformat(),
                "to_s": int(end.timestamp()),
            },
            "interrupts": False,
            "idle": "card",
            "windows": [opening(EVENING, 7200)],
            "files": self.files(),
            "substitutes": {},
            "fallback": {"ident": "fallback/ident.mp4", "card": "fallback/card.png", "idle": "fallback/idle.png"},
            "slots": entries,
        }
        self.plan = plan | changes
        target = folder or self.kit
        target.mkdir(parents=True, exist_ok=True)
        (target / "plan.json").write_text(json.dumps(self.plan, ensure_ascii=False), encoding="utf-8")
        sign(target)

    def sha16(self, number: int) -> str:
        """Of a clip."""
        return sha16_of(self.clips[number])


def sha16_of(path: Path) -> str:
    """How a file of a kit is called."""
    return _sum(path)[:16]


def whole_sums(folder: Path) -> bytes:
    """SHA256SUMS of all files, as kits have it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("SHA256SUMS"))
    kept = [path for path in paths if path.name != "key.pub"]
    return "".join(f"{_sum(path)}  {path.relative_to(folder).as_posix()}\n" for path in kept).encode()


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sign(folder: Path, key: ec.EllipticCurvePrivateKey = KEY, listed: bytes = b"") -> None:
    """SHA256SUMS, of the plan alone when nothing else is told, and what is signed for PCs without Python."""
    sums = listed or f"{_sum(folder / 'plan.json')}  plan.json\n".encode()
    (folder / "SHA256SUMS").write_bytes(sums)
    (folder / "SHA256SUMS.sig").write_text("{}", encoding="utf-8")
    r, s = decode_dss_signature(key.sign(sums, ec.ECDSA(hashes.SHA256())))
    (folder / "SHA256SUMS.p256").write_bytes(base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")) + b"\n")
    point = key.public_key().public_numbers()
    both = base64.b64encode(point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")).decode()
    (folder / "key.pub").write_text(json.dumps({"p256": both}), encoding="utf-8")


def row(stick: Stick, count: int, start: datetime = EVENING, seconds: int | None = None) -> list[Plan]:
    """So many slots in a row, clip after clip."""
    length = seconds or stick.seconds
    moments = (start + timedelta(seconds=length * number) for number in range(count))
    return [slot(one, length, stick.sha16(number % len(stick.clips))) for number, one in enumerate(moments)]


def with_moved_clock(mpv: Mpv, clock: Path) -> Mpv:
    """The mpv, on a clock off by as much as the file says; time passes as always."""
    library = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")))
    path = clock.with_name("mpv-later")
    told = f"LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE={clock} FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1"
    path.write_text(f'#!/bin/sh\nexec env {told} {mpv.path} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return Mpv(str(path), mpv.version)


class Running:
    """A player that runs, and the wire to it."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path, asrun: Path) -> None:
        self.process, self.folder, self._path = process, asrun, path
        self._wire: socket.socket | None = None
        self._rest = b""
        self.last_pos = 0.0

    def wait_until(self, holds: Callable[[], bool], patience_s: float = 12) -> None:
        """Until it holds: mpv carries out a command a moment after it is recorded."""
        deadline = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < deadline, "it never held"
            time.sleep(0.03)

    def ask(self, *command: Any, patience_s: float = 20) -> Any:
        """Send a command; its answer's data."""
        wire = self._wire or self._connect(patience_s)
        wire.sendall(json.dumps({"command": command, "request_id": 7}).encode() + b"\n")
        while True:
            while b"\n" not in self._rest:
                self._rest += wire.recv(65536)
            line, self._rest = self._rest.split(b"\n", 1)
            answer = json.loads(line)
            if answer.get("request_id") == 7:
                return answer.get("data")

    def _connect(self, patience_s: float) -> socket.socket:
        deadline = time.monotonic() + patience_s
        while True:
            wire = socket.socket(socket.AF_UNIX)
            try:
                wire.connect(str(self._path))
            except OSError:
                wire.close()
                assert time.monotonic() < deadline, "mpv does not listen"
                time.sleep(0.02)
            else:
                wire.settimeout(patience_s)
                self._wire = wire
                return wire

    def hang_up(self) -> None:
        """Leave the wire."""
        if self._wire:
            self._wire.close()

    def lines(self) -> list[Plan]:
        """The record so far."""
        return read_record(self.folder)

    def wait_for(self, event: str, patience_s: float = 12, **fields: Any) -> Plan:
        """The first line of the record with that event and those fields."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            for line in self.lines():
                if line["event"] == event and all(line[name] == value for name, value in fields.items()):
                    return line
            assert self.process.poll() is None, f"mpv ended: {self.lines()}"
            time.sleep(0.03)
        raise AssertionError(f"no {event} {fields} in {[(one['event'], one['reason']) for one in self.lines()]}")


def read_record(folder: Path) -> list[Plan]:
    """All whole lines of a folder's records, file after file."""
    paths = sorted(folder.glob("*.jsonl"), key=lambda one: one.stat().st_mtime_ns)
    return [json.loads(line) for path in paths for line in path.read_bytes().split(b"\n")[:-1]]


def settings(
    stick: Stick, at: datetime, *, until_s: int = 0, speed: float = 1, more: Mapping[str, str] = NOTHING
) -> dict[str, str]:
    """What the script is told."""
    told = {"kit": ".", "state": str(stick.state), "asrun": str(stick.asrun), "start": str(int(at.timestamp()))}
    if until_s:
        told["until"] = str(int(at.timestamp()) + until_s)
    return told | {"speed": str(speed)} | dict(more)


@contextmanager
def playing(
    mpv: Mpv,
    stick: Stick,
    at: datetime,
    *,
    speed: float = 1,
    options: Sequence[str] = (),
    more: Mapping[str, str] = NOTHING,
) -> Iterator[Running]:
    """A player that is on while the block runs."""
    wire = stick.root / f"ipc-{time.monotonic_ns() % 10**9}"
    told = settings(stick, at, speed=speed, more=more)
    chosen = options or (*HEADLESS, "--aid=no")
    command = player_command(mpv, str(PLAYER / "conf"), told, (*chosen, f"--input-ipc-server={wire}"))
    log = (stick.root / "mpv.log").open("ab")
    process = subprocess.Popen(command, cwd=stick.kit, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        running = Running(process, wire, stick.asrun)
        yield running
    finally:
        running.hang_up()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def play_through(
    mpv: Mpv, stick: Stick, at: datetime, seconds: int, *, speed: float = 1, more: Mapping[str, str] = NOTHING
) -> list[Plan]:
    """Play so many seconds; the record of it."""
    told = settings(stick, at, until_s=seconds, speed=speed, more=more)
    command = player_command(mpv, str(PLAYER / "conf"), told, (*HEADLESS, "--aid=no"))
    with (stick.root / "mpv.log").open("ab") as log:
        patience_s = seconds / speed + 60
        subprocess.run(command, cwd=stick.kit, stdin=subprocess.DEVNULL, stdout=log, timeout=patience_s, check=True)
    return read_record(stick.asrun)
