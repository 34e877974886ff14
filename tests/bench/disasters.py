"""What befalls offices, made on purpose: cables that are pulled, disks that are full, another ffmpeg. Takes root."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

from render.work.ffmpeg import find_ffmpeg

_TESTING = IPv4Network("198.18.0.0/15")  # the range for testing networks (RFC 2544)
_NETWORKS = 2**15  # of four addresses each


@dataclass(frozen=True, slots=True)
class FarNetwork:
    """A network namespace whose only way out is a cable to here.

    Attributes:
        name: of the namespace, and of the cable's end that is here.
        office: this computer's address on the cable.
    """

    name: str
    office: str

    @property
    def within(self) -> tuple[str, ...]:
        """Words before a command that is to run there."""
        return "ip", "netns", "exec", self.name

    def pull(self) -> None:
        """Take the cable out."""
        do("ip", "link", "set", self.name, "down")

    def plug(self) -> None:
        """Put it in again."""
        do("ip", "link", "set", self.name, "up")


@contextmanager
def far_network() -> Iterator[FarNetwork]:
    """One that no other process makes."""
    number = os.getpid() % _NETWORKS
    here, there = (_TESTING.network_address + 4 * number + place for place in (1, 2))
    far = FarNetwork(f"yj{number}", str(here))
    do("ip", "netns", "add", far.name)
    try:
        do("ip", "link", "add", far.name, "type", "veth", "peer", "name", "far", "netns", far.name)
        do("ip", "address", "add", f"{here}/30", "dev", far.name)
        far.plug()
        for words in (("address", "add", f"{there}/30", "dev", "far"), ("link", "set", "far", "up")):
            do("ip", "-n", far.name, *words)
        do("ip", "-n", far.name, "link", "set", "lo", "up")
        yield far
    finally:
        do("ip", "netns", "delete", far.name)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own."""
    folder.mkdir()
    do("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        do("umount", "--lazy", str(folder))


def fill_up(folder: Path, piece_bytes: int) -> Path:
    """Leave room for notes, and for no piece.

    Returns:
        The file that takes the room.
    """
    status = os.statvfs(folder)
    left = status.f_bavail * status.f_frsize - piece_bytes // 2
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(max(0, left)))
    return ballast


def old_ffmpeg(folder: Path) -> Path:
    """Ours, but for what it says of itself."""
    path = folder / "old-ffmpeg"
    path.write_text(
        f"#!{sys.executable}\nimport subprocess, sys\n"
        f"if '-version' in sys.argv: sys.exit(print('ffmpeg version n4.1 of old'))\n"
        f"sys.exit(subprocess.call([{find_ffmpeg().path!r}, *sys.argv[1:]]))\n",
        encoding="utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def do(*words: str) -> None:
    """Run a tool of the system's."""
    subprocess.run(words, check=True, capture_output=True)
