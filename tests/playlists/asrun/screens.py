"""A player made up: it writes the log that a real one would, of a plan, with what goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.asrun.line import mark_of
from playlists.schedules.schedule import Slot

CHINA = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 30, 18, 30, tzinfo=CHINA)


def slots(count: int = 4, seconds: int = 100, start: datetime = EVENING) -> tuple[tuple[str, Slot], ...]:
    """Lessons one after the other, each with the id that the plan gives it."""
    found = []
    for number in range(count):
        at = start + timedelta(seconds=number * seconds)
        one = Slot(
            start=at,
            seconds=seconds,
            kind="lesson",
            title=f"课件{number}",
            lesson=f"lesson-{number:03}",
            series="实用技术",
            sha256=f"{number:064x}"[::-1],
        )
        found.append((f"{at:%Y%m%dT%H%M%S}-000", one))
    return tuple(found)


def talk(start: datetime, seconds: int = 600) -> tuple[str, Slot]:
    """A lecture."""
    return f"{start:%Y%m%dT%H%M%S}-000", Slot(start=start, seconds=seconds, kind="lecture", title="农家夜话")


@dataclass
class Player:
    """A player that was started; what it writes stands in `lines`, without line feeds."""

    start: datetime = EVENING
    machine: str = "pc1"
    boot: str = "b1"
    kit: str = "square-01_2026-W49_r1"
    lines: list[bytes] = field(default_factory=list)
    mono: int = 0
    shift_ms: int = 0  # by which somebody set the clock

    def write(self, event: str, **said: object) -> None:
        """A line of that kind, now."""
        wall = self.start + timedelta(milliseconds=self.mono + self.shift_ms)
        plain = {
            "v": 1,
            "n": len(self.lines),
            "machine": self.machine,
            "boot": self.boot,
            "mono": self.mono,
            "wall": wall.isoformat(timespec="milliseconds"),
            "event": event,
            "slot": None,
            "kit": self.kit,
            "revision": 1,
            "sha16": None,
            "pos": 0,
            "late": 0,
            "reason": "",
            "prev": mark_of(self.lines[-1] if self.lines else self.boot.encode()),
        }
        self.lines.append(json.dumps(plain | said, ensure_ascii=False, separators=(",", ":")).encode())

    def play(self, named: tuple[str, Slot], from_ms: int = 0, until_ms: int | None = None) -> None:
        """Show a slot from a position to another, with a sign of life every minute."""
        name, slot = named
        said = {"slot": name, "sha16": slot.sha256[:16]}
        until_ms = slot.seconds * 1000 if until_ms is None else until_ms
        began = self.mono
        self.write("start", pos=from_ms, **said)
        for alive in range(60_000, until_ms - from_ms, 60_000):
            self.mono = began + alive
            self.write("alive", pos=from_ms + alive, **said)
        self.mono = began + until_ms - from_ms
        self.write("end", pos=until_ms, reason="done", **said)

    def evening(self, some: Iterable[tuple[str, Slot]]) -> Player:
        """Start, show all of these, each at its time, stop."""
        self.write("boot")
        for one in some:
            self.mono = max(self.mono, round((one[1].start - self.start).total_seconds() * 1000))
            self.play(one)
        self.write("stop")
        return self

    @property
    def content(self) -> bytes:
        """The file."""
        return file_of(self.lines)


def file_of(lines: Sequence[bytes]) -> bytes:
    """Lines as a file holds them."""
    return b"".join(line + b"\n" for line in lines)
