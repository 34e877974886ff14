"""Windows' mpv.exe under Wine: plays, installs and watches as mpv does here, and Windows' own cryptography judges.

Skipped without Wine, or where YUANJIAO_MPV_WINDOWS names no mpv.exe (the wheel anki-audio has one).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from playlists.kits.mpv import HEADLESS, Mpv, player_command, windows_mpv
from tests.playlists.kits.player.rig import (
    CHINA,
    EVENING,
    KEY,
    PLAYER,
    Plan,
    Stick,
    play_through,
    read_record,
    row,
    sign,
    slot,
    whole_sums,
)
from tests.playlists.kits.player.test_installing import finish

pytestmark = [
    pytest.mark.skipif(not shutil.which("wine"), reason="Wine is not installed"),
    pytest.mark.skipif(not windows_mpv(), reason="YUANJIAO_MPV_WINDOWS names no mpv.exe"),
]
EARLY, SECONDS, SPEED = 8, 25, 3
QUIET = (*HEADLESS, "--script-opts-append=yuanjiao-hold=0")


class Pc:
    """A Windows PC in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        options = " ".join((*HEADLESS, "--aid=no"))
        own = {"WINEPREFIX": str(root), "WINEDEBUG": "-all", "YUANJIAO_MPV_OPTIONS": options}
        self.environment = os.environ | own
        self.run("wineboot", "-i")
        # On a busy machine the scheduler is late for its first task.
        self.run("net", "start", "Schedule")

    @property
    def home(self) -> Path:
        """Where the player is installed."""
        return self.root / "drive_c" / "ProgramData" / "yuanjiao"

    def run(self, *command: str, cwd: Path | None = None, **variables: str) -> int:
        """Run to its end; the exit code. Wine's own processes go on and would hold a pipe open."""
        done = subprocess.run(
            ["wine", *command],
            cwd=cwd,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=240,
            check=False,
        )
        return done.returncode

    def install(self, kit: Path) -> tuple[int, str]:
        """Double-click 安装.bat; the exit code and what was said."""
        code = self.run("cmd", "/c", "安装.bat", *QUIET, cwd=kit)
        return code, (self.home / "state" / "installed.txt").read_text(encoding="utf-8")

    def forget(self) -> None:
        """As if nothing had ever been installed."""
        shutil.rmtree(self.home, ignore_errors=True)

    def switch_off(self) -> None:
        """End all that runs on it."""
        subprocess.run(["wineserver", "-k"], env=self.environment, check=False, timeout=60)


@pytest.fixture(scope="module")
def pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pc]:
    """A PC for the tests of this file."""
    made = Pc(tmp_path_factory.mktemp("windows"))
    yield made
    made.switch_off()


@pytest.fixture
def ready(tmp_path: Path, clips: list[Path], pc: Pc) -> Stick:
    """A stick as the office hands it out, in a folder with a Chinese name, and a PC without a player."""
    pc.forget()
    stick = Stick(tmp_path / "王家村 的U盘", clips)
    stick.fill()
    begin = datetime.now(CHINA).replace(microsecond=0)
    stick.write(row(stick, 200, begin), built=(begin - timedelta(days=1)).isoformat(), windows=[])
    finish(stick)
    return stick


def of_interest(lines: list[Plan]) -> list[tuple[str, str | None, str | None, str]]:
    """What must be the same on every system."""
    return [(one["event"], one["slot"], one["sha16"], one["reason"]) for one in lines if one["event"] != "boot"]


def test_windows_mpv_keeps_the_same_record(mpv: Mpv, stick: Stick, pc: Pc) -> None:
    stick.write(
        [
            *row(stick, 2),
            slot(EVENING + timedelta(seconds=8), 4, None),
            *row(stick, 1, EVENING + timedelta(seconds=12)),
        ]
    )
    stick.media(stick.sha16(1)).unlink()
    shutil.copytree(PLAYER / "conf", stick.kit / "player" / "conf")
    for name in ("asrun", "state"):
        (stick.kit / name).mkdir()
    begin = int(EVENING.timestamp()) - EARLY
    # Relative names, as on a real stick.
    told = {"kit": ".", "state": "state", "asrun": "asrun", "start": str(begin), "until": str(begin + SECONDS)}
    told["speed"] = str(SPEED)
    program = Mpv(str(windows_mpv()), "")
    assert pc.run(*player_command(program, "player/conf", told, (*HEADLESS, "--aid=no")), cwd=stick.kit) == 0
    here = play_through(mpv, stick, EVENING - timedelta(seconds=EARLY), SECONDS, speed=SPEED)
    assert of_interest(read_record(stick.kit / "asrun")) == of_interest(here)


def test_the_batch_file_installs_and_has_the_player_started_by_a_task(ready: Stick, pc: Pc) -> None:
    (pc.home / "asrun").mkdir(parents=True)
    (pc.home / "asrun" / "square-01_m_b.jsonl").write_text("{}\n")
    code, said = pc.install(ready.kit)
    assert (code, "现在可以拔出U盘" in said) == (0, True), said
    installed = pc.home / "kits" / "square-01_2026-W49_r3"
    for name in ("plan.json", "player/mpv.exe", "安装.bat", f"media/{ready.sha16(2)}.mp4"):
        assert (installed / name).read_bytes() == (ready.kit / name).read_bytes()
    assert (pc.home / "player" / "conf" / "scripts" / "yuanjiao" / "main.lua").is_file()
    assert (pc.home / "state" / "venue").read_text() == "square-01"
    assert (ready.kit / "asrun" / "square-01_m_b.jsonl").is_file()
    # Wine's scheduler reads the task and keeps it.
    assert (pc.root / "drive_c" / "windows" / "system32" / "tasks" / "yuanjiao").is_file()


def test_where_no_task_may_be_made_the_startup_folder_starts_the_player(ready: Stick, pc: Pc) -> None:
    (ready.kit / "player" / "task.xml").write_bytes(b"no task")
    sign(ready.kit, KEY, whole_sums(ready.kit))
    code, said = pc.install(ready.kit)
    assert (code, "没有设好" in said) == (0, False), said
    (starter,) = (pc.root / "drive_c" / "users").rglob("yuanjiao.bat")
    assert starter.read_bytes() == (PLAYER / "startup.bat").read_bytes()


def forge(stick: Stick) -> None:
    """As someone else's office would make it, key and all."""
    finish(stick, ec.generate_private_key(ec.SECP256R1()))


def alter(stick: Stick) -> None:
    """Change a byte of the player."""
    path = stick.kit / "player" / "conf" / "mpv.conf"
    path.write_bytes(path.read_bytes() + b"\n")


def change_the_sums(stick: Stick) -> None:
    """One digit of what is signed."""
    sums = stick.kit / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes().replace(b"0", b"1", 1))


def test_windows_believes_what_the_office_signed_and_nothing_else(ready: Stick, pc: Pc) -> None:
    assert pc.install(ready.kit)[0] == 0
    before = sorted(path.stat().st_mtime_ns for path in (pc.home / "kits").rglob("*"))
    spoilt: dict[Callable[[Stick], None], str] = {
        alter: "player/conf/mpv.conf 缺少或损坏",
        change_the_sums: "签名不对",
        forge: "签名不对",
    }
    for spoil, words in spoilt.items():
        spoil(ready)
        code, said = pc.install(ready.kit)
        assert (code, words in said) == (1, True), said
    assert sorted(path.stat().st_mtime_ns for path in (pc.home / "kits").rglob("*")) == before


def test_what_is_installed_plays_and_is_started_again_when_killed(ready: Stick, pc: Pc) -> None:
    assert pc.install(ready.kit)[0] == 0
    # Under a name of its own, so that it alone can be killed.
    (pc.home / "playing.exe").hardlink_to(pc.home / "player" / "mpv.exe")
    pc.run("cmd", "/c", "startup.bat", cwd=pc.home / "player", YUANJIAO_MPV="playing.exe")
    wait_for_starts(pc, 1)
    assert pc.run("taskkill", "/F", "/IM", "playing.exe") == 0
    wait_for_starts(pc, 2)
    # Installing again asks it to end, takes its place, and starts it again.
    (pc.home / "player" / "conf" / "mpv.conf").write_text("old")
    code, said = pc.install(ready.kit)
    assert (code, "没有更新" in said) == (0, False), said
    assert (pc.home / "player" / "conf" / "mpv.conf").read_bytes() == (PLAYER / "conf" / "mpv.conf").read_bytes()
    assert read_record(pc.home / "asrun")[-1]["event"] == "stop"


def wait_for_starts(pc: Pc, boots: int) -> None:
    """Until so many players have begun to play."""

    def begun() -> int:
        return len({line["boot"] for line in read_record(pc.home / "asrun") if line["event"] == "start"})

    wait_until(lambda: begun() >= boots)


def wait_until(holds: Callable[[], bool]) -> None:
    """Until it holds."""
    deadline = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < deadline, "it never held"
        time.sleep(0.1)
