"""Disks that are full or may not be written, files exchanged after installing: it plays on, says so, spoils nothing.

Real file systems: only root may mount them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from playlists.asrun.chain import Written, join_chain
from playlists.asrun.line import parse_line
from playlists.kits.mpv import HEADLESS, Mpv
from tests.playlists.kits.player.rig import CHINA, EVENING, Running, Stick, playing, read_record, row
from tests.playlists.kits.player.test_installing import finish, install

pytestmark = pytest.mark.long
needs_root = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount")


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A file system in memory, or what the options say."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Write until nothing goes in any more."""
    path = folder / "rubbish"
    with path.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            return path


@contextmanager
def watching(mpv: Mpv, root: Path, asrun: Path, setting: str) -> Iterator[Running]:
    """run.sh in a home or on a stick."""
    told = {"YUANJIAO_MPV": mpv.path, "YUANJIAO_MPV_OPTIONS": " ".join((*HEADLESS, "--aid=no"))}
    command = ["sh", str(root / "player" / "run.sh"), f"--script-opts-append=yuanjiao-{setting}"]
    process = subprocess.Popen(command, env=os.environ | told, stdout=subprocess.DEVNULL)
    try:
        yield Running(process, root / "none", asrun)
    finally:
        process.terminate()
        process.wait(15)


def watch_files(player: Running, count: int) -> None:
    """Until so many files have been on, one after another."""
    seen = set()

    def enough() -> bool:
        seen.add(player.ask("get_property", "path"))
        return len(seen) >= count

    player.wait_until(enough)


@needs_root
def test_on_a_full_disk_it_plays_on_says_so_and_the_record_is_whole_when_there_is_room_again(
    mpv: Mpv, stick: Stick
) -> None:
    stick.write(row(stick, 150))
    with mounted(stick.root / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as disk:
        for name in ("state/asrun", "asrun"):
            (disk / name).mkdir(parents=True)
        own = {"state": str(disk / "state"), "asrun": str(disk / "asrun")}
        with playing(mpv, stick, EVENING, speed=4, more=own) as player:
            player.folder = disk / "asrun"
            player.wait_for("start")
            rubbish = fill(disk)
            # The rest of the record's last block still takes some lines.
            player.wait_until(lambda: "播放记录存不下来" in (stick.root / "mpv.log").read_text(encoding="utf-8"), 25)
            watch_files(player, 3)
            beat = (disk / "state" / "heartbeat").read_text()
            player.wait_until(lambda: (disk / "state" / "heartbeat").read_text() != beat)
            rubbish.unlink()
            player.wait_until(lambda: len(read_record(disk / "state" / "asrun")) > 0)
        raw = [line for path in sorted(disk.rglob("*.jsonl")) for line in path.read_bytes().split(b"\n")]
    chain = join_chain(Written(line, content) for content in raw if (line := parse_line(content)))
    assert [written.line.n for written in chain.lines] == list(range(len(chain.lines)))
    assert (chain.doubtful, chain.gaps) == (frozenset(), ())


@needs_root
def test_where_records_may_not_be_written_they_go_elsewhere_and_nothing_else_changes(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 10))
    (stick.state / "asrun").mkdir()
    with mounted(stick.asrun, "-t", "tmpfs", "-o", "ro", "tmpfs"), playing(mpv, stick, EVENING) as player:
        player.folder = stick.state / "asrun"
        assert player.wait_for("start")["n"] == 1


@needs_root
def test_a_disk_without_room_for_the_kit_keeps_the_one_it_has(stick: Stick) -> None:
    stick.write(row(stick, 5))
    finish(stick)
    for name, words in (("size=64k", "硬盘空间不够"), ("size=64k,ro", "不能写入")):
        with mounted(stick.root / "pc", "-t", "tmpfs", "-o", name, "tmpfs") as home:
            done = install(stick)
            assert (done.returncode, words in done.stdout) == (1, True), done.stdout
            assert not list(home.glob("kits/*"))


def test_a_video_exchanged_after_installing_is_found_and_replaced_by_its_series(mpv: Mpv, stick: Stick) -> None:
    begin = datetime.now(CHINA).replace(microsecond=0)
    slots = row(stick, 200, begin)
    for one in slots:
        one["file"] = stick.sha16(0)
    built = (begin - timedelta(days=1)).isoformat()
    stick.write(slots, built=built, windows=[], substitutes={"扶贫实用技术": [stick.sha16(1)]})
    finish(stick)
    assert install(stick).returncode == 0
    home = stick.root / "pc"
    video = home / "kits" / "square-01_2026-W49_r3" / "media" / f"{stick.sha16(0)}.mp4"
    content = bytearray(video.read_bytes())
    content[-20:] = bytes(20)
    video.write_bytes(content)
    with watching(mpv, home, home / "asrun", "pace=0.2") as player:
        line = player.wait_for("damaged", reason="sum", patience_s=25)
        assert line["sha16"] == stick.sha16(0)
        assert player.wait_for("substitute")["sha16"] == stick.sha16(1)


@pytest.mark.skipif(not shutil.which("flock"), reason="flock is not installed")
def test_a_player_that_can_write_no_heartbeat_is_not_taken_for_one_that_hangs(
    mpv: Mpv, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = datetime.now(CHINA).replace(microsecond=0)
    stick.write(row(stick, 200, begin), built=(begin - timedelta(days=1)).isoformat(), windows=[])
    finish(stick)
    # Folders where the heartbeat ought to be.
    (stick.state / "yuanjiao" / "heartbeat").mkdir(parents=True)
    (stick.state / "yuanjiao" / "heartbeat.part").mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(stick.state))
    with watching(mpv, stick.kit, stick.kit / "asrun", "look=0.1") as player:
        player.wait_until(lambda: sum(line["event"] == "start" for line in player.lines()) >= 2, 25)
        assert len({line["boot"] for line in player.lines()}) == 1
