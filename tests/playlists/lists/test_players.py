from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from courseware.files import sha256
from playlists.lists.formats import EXPORTERS
from playlists.lists.lists import Bundle
from playlists.lists.rundown import Airing, Rundown
from playlists.lists.usb import Item
from playlists.lists.writing import write_stick
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
NUMBERS = [f"{number:03}" for number in range(1, 1 + len(TITLES))]
MPV = ("mpv", "--no-config", "--vo=null", "--ao=null", "--untimed", "--term-playing-msg=playing ${path}")
VLC = ("cvlc", "-I", "dummy", "--no-video", "--no-audio", "--file-caching=0", "--play-and-exit", "-vv")


@pytest.fixture(scope="module")
def stick(make_clip: ClipFactory) -> Iterator[Path]:
    """A folder for a stick, on which every title is one that some player or disk treats specially."""
    clip = make_clip(seconds=0.2, size=(64, 48), options=("-shortest",))
    items = {
        f"n{number}": Item(f"n{number}", title, 1, clip, clip.stat().st_size, sha256(clip))
        for number, title in enumerate(TITLES)
    }
    airings = [Airing(item.title, 1, lesson=item.lesson) for item in items.values()]
    few = [Rundown(f"from{n}", "", tuple(airings[n : n + FEW])) for n in range(0, len(airings), FEW)]
    lists = (*few, Rundown("all", "", tuple(airings)))
    # Not pytest's own folder: nobody else may look in there.
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        formats = [name for name, one in EXPORTERS.items() if one.span == "window"]
        folder, _, _ = write_stick(Bundle("stick", {"window": lists}, items), Path(parent), formats=formats)
        yield folder


def start(command: Sequence[str], stick: Path) -> str:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    # VLC and Liquidsoap will not run as root.
    nobody: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    environment = {**os.environ, "HOME": str(stick)}
    done = subprocess.run(command, cwd=stick, env=environment, capture_output=True, check=True, **nobody)
    said: bytes = done.stdout + done.stderr
    return said.decode(errors="replace")


def run(player: tuple[str, ...], stick: Path, suffix: str) -> str:
    return "".join(start((*player, path.name), stick) for path in sorted(stick.glob(f"from*{suffix}")))


@pytest.mark.parametrize("suffix", [".m3u8", ".pls"])
def test_mpv_plays_every_file_of_a_stick_whatever_the_titles_hold(stick: Path, suffix: str) -> None:
    assert sorted(re.findall(r"playing (?:\./)?(\d{3})_", run(MPV, stick, suffix))) == NUMBERS


def test_mpv_plays_an_edit_list_as_one_timeline_with_a_chapter_for_each_title(stick: Path) -> None:
    told = run((*MPV, "--term-playing-msg=titles ${chapter-list}"), stick, ".edl")
    heard = [" ".join(title.split()) for title in TITLES]
    assert [title for title in heard if title not in told] == []
    assert "Error" not in told


@pytest.mark.parametrize("suffix", [".m3u8", ".pls", ".xspf"])
def test_vlc_plays_every_file_of_a_stick_whatever_the_titles_hold(stick: Path, suffix: str) -> None:
    said = run(VLC, stick, suffix)
    played = re.findall(r"/(\d{3})_[^/]*\.mp4' successfully opened", said)
    assert sorted(played) == NUMBERS
    assert "unable to open" not in said


@pytest.mark.long
def test_liquidsoap_prepares_every_file_of_a_stick_whatever_the_titles_hold(stick: Path) -> None:
    # One after the other in one run: it takes seconds to start.
    play = f'playlist(mode="normal", loop=false, prefetch={len(TITLES)}, "all'
    lists = ", ".join(f'{play}{suffix}")' for suffix in (".m3u8", ".pls"))
    script = f"log.stdout.set(true) output.dummy(fallible=true, on_stop=shutdown, fallback([{lists}]))"
    said = start(("liquidsoap", script), stick)
    assert sorted(re.findall(r'Prepared ".*/(\d{3})_', said)) == sorted(NUMBERS * 2)


def test_ffmpeg_joins_every_file_of_a_stick_whatever_the_titles_hold(stick: Path) -> None:
    opened = ""
    for listing in sorted(stick.glob("from*.ffconcat")):
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "debug", "-f", "concat", "-safe", "0", "-i", listing.name]
        done = subprocess.run([*command, "-f", "null", "-"], cwd=stick, capture_output=True, check=True)
        opened += done.stderr.decode(errors="replace")
    assert sorted(set(re.findall(r"Opening '[^']*?(\d{3})_", opened))) == NUMBERS
