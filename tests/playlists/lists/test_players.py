from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from courseware.files import sha256
from playlists.lists.lists import Bundle, Running, write_stick
from playlists.lists.usb import Item
from tests.conftest import ClipFactory

TITLES = (
    "增产20%的办法",
    "第#1课",
    "%41%2e%zz",
    "问？问?",
    "a:b",
    "a|b",
    "a*b",
    "a;b",
    "[1]{2}(3)",
    "\"引\"'号'`",
    "http://x.cn/a.mp4#t=1&amp;b",
    "a\\..\\b",
    "-o ~ $HOME !",
    "𠮷 e\u0301 😀.",
)
# Between short videos VLC waits, twice as long each time.
FEW = 4
MPV = ("mpv", "--no-config", "--vo=null", "--ao=null", "--untimed", "--term-playing-msg=playing ${path}")
VLC = ("cvlc", "-I", "dummy", "--no-video", "--no-audio", "--file-caching=0", "--play-and-exit", "-vv")


@pytest.fixture
def stick(make_clip: ClipFactory) -> Iterator[Path]:
    """A folder for a stick, on which every title is one that some player or disk treats specially."""
    clip = make_clip(seconds=0.2, size=(64, 48), options=("-shortest",))
    items = tuple(
        Item(f"n{number}", title, 1, clip, clip.stat().st_size, sha256(clip)) for number, title in enumerate(TITLES)
    )
    # Not pytest's own folder: VLC will not run as root, and nobody else may look in there.
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        lists = tuple(Running(f"from{n}", "", items[n : n + FEW]) for n in range(0, len(items), FEW))
        folder, _ = write_stick(Bundle("stick", lists), Path(parent))
        yield folder


def run(player: tuple[str, ...], stick: Path) -> str:
    if not shutil.which(player[0]):
        pytest.skip(f"{player[0]} is not installed")
    owner = "nobody" if os.geteuid() == 0 else None
    environment = {**os.environ, "HOME": str(stick)}
    said = b""
    for listing in sorted(stick.glob("*.m3u8")):
        command = [*player, listing.name]
        done = subprocess.run(command, cwd=stick, user=owner, env=environment, capture_output=True, check=True)
        said += done.stdout + done.stderr
    return said.decode(errors="replace")


def test_mpv_plays_every_file_of_a_stick_whatever_the_titles_hold(stick: Path) -> None:
    played = re.findall(r"playing (\d{3})_", run(MPV, stick))
    assert sorted(played) == [f"{number:03}" for number in range(1, 1 + len(TITLES))]


def test_vlc_plays_every_file_of_a_stick_whatever_the_titles_hold(stick: Path) -> None:
    said = run(VLC, stick)
    played = re.findall(r"/(\d{3})_[^/]*\.mp4' successfully opened", said)
    assert sorted(played) == [f"{number:03}" for number in range(1, 1 + len(TITLES))]
    assert "unable to open" not in said
