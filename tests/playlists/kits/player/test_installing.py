"""install.sh and run.sh as an operator runs them: what is copied, what is refused, what is started again."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from playlists.kits.mpv import HEADLESS, Mpv
from playlists.kits.playerfiles import HOME, player_files
from playlists.kits.writing import write_kit
from tests.playlists.kits.player.rig import EVENING, KEY, Stick, read_record, row, sign, whole_sums
from tests.playlists.kits.sticks import contents, office, old_plan

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="these are the scripts for Linux"),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed"),
    pytest.mark.skipif(not shutil.which("flock"), reason="flock is not installed"),
]


def finish(stick: Stick, key: ec.EllipticCurvePrivateKey = KEY) -> None:
    """Put the player on the stick and sign all of it."""
    for name, found in player_files([EVENING.time()]).items():
        path = stick.kit / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(found, bytes):
            path.write_bytes(found)
        elif path.suffix == ".exe":
            path.unlink(missing_ok=True)
            path.hardlink_to(found)
        elif path.suffix != ".ttf":
            shutil.copy(found, path)
    sign(stick.kit, key, whole_sums(stick.kit))


def install(stick: Stick) -> subprocess.CompletedProcess[str]:
    """Run the stick's installer; PC and profile are folders of the test."""
    pc = {"YUANJIAO_HOME": str(home(stick)), "XDG_CONFIG_HOME": str(stick.root / "config")}
    command = ["sh", str(stick.kit / "player" / "install.sh")]
    return subprocess.run(command, env=os.environ | pc, capture_output=True, text=True, check=False, timeout=60)


def home(stick: Stick) -> Path:
    """Where the player is installed."""
    return stick.root / "pc"


@pytest.fixture
def ready(stick: Stick) -> Stick:
    """A stick as the office hands it out."""
    stick.write(row(stick, 5))
    finish(stick)
    return stick


@pytest.fixture(scope="module")
def pc_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test keeps the PC on which it has installed its stick, for the others."""
    return tmp_path_factory.mktemp("before") / "pc"


@pytest.fixture
def installed(ready: Stick, pc_before: Path) -> Stick:
    """The same stick when it has been installed."""
    if pc_before.exists():
        shutil.copytree(pc_before, home(ready), symlinks=True)
    else:
        assert install(ready).returncode == 0
        shutil.copytree(home(ready), pc_before, symlinks=True)
    return ready


def test_installing_copies_verifies_and_takes_the_records_along(ready: Stick) -> None:
    done = install(ready)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "现在可以拔出U盘" in done.stdout
    installed = home(ready) / "kits" / "square-01_2026-W49_r3"
    assert (installed / "plan.json").read_bytes() == (ready.kit / "plan.json").read_bytes()
    assert (home(ready) / "player" / "conf" / "scripts" / "yuanjiao" / "main.lua").is_file()
    assert (home(ready) / "state" / "venue").read_text() == "square-01"
    assert not list((home(ready) / "kits").glob("*.part"))
    (home(ready) / "asrun" / "square-01_m_b.jsonl").write_text("{}\n")
    assert install(ready).returncode == 0
    assert (ready.kit / "asrun" / "square-01_m_b.jsonl").is_file()


def forge(stick: Stick) -> None:
    """As someone else's office would make it, key and all."""
    finish(stick, ec.generate_private_key(ec.SECP256R1()))


def alter(stick: Stick) -> None:
    """Change a byte of the player."""
    path = stick.kit / "player" / "conf" / "mpv.conf"
    path.write_bytes(path.read_bytes() + b"\n")


def unsign(stick: Stick) -> None:
    """Take the signature away."""
    (stick.kit / "SHA256SUMS.p256").unlink()


def make_foreign(stick: Stick) -> None:
    """Make it another venue's."""
    stick.write(row(stick, 5), revision=9, venue=stick.plan["venue"] | {"id": "square-02"})
    finish(stick)


def make_older(stick: Stick) -> None:
    """Make it an older revision."""
    stick.write(row(stick, 5), revision=2, kit="square-01_2026-W49_r2")
    finish(stick)


def leave_the_kit(stick: Stick) -> None:
    """List a file that lies elsewhere."""
    sign(stick.kit, KEY, whole_sums(stick.kit) + b"0" * 64 + b"  ../../etc/passwd\n")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (forge, "签名不对"),
        (alter, "player/conf/mpv.conf 缺少或损坏"),
        (unsign, "没有签名"),
        (make_foreign, "这个节目包是 square-02 的，本机是 square-01"),
        (make_older, "本机已有更新的节目包（第 3 版）"),
        (leave_the_kit, "写到了别的文件夹"),
    ],
)
def test_what_is_not_the_offices_own_or_older_changes_nothing_on_the_pc(
    installed: Stick, spoil: Callable[[Stick], None], words: str
) -> None:
    before = tree(home(installed))
    assert before
    spoil(installed)
    done = install(installed)
    assert done.returncode == 1
    assert words in done.stdout
    assert tree(home(installed)) == before


def test_the_script_believes_what_the_office_signs_and_nothing_else(tmp_path: Path) -> None:
    key = office(tmp_path)
    kit = tmp_path / "远教"
    write_kit(kit, contents(old_plan(), tmp_path / "videos", key), key, lambda _size: None)

    def judged() -> int:
        command = ["sh", str(HOME / "verify.sh"), str(kit), str(kit / "key.pub")]
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode

    assert judged() == 0
    sums = kit / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes().replace(b"0", b"1", 1))
    assert judged() == 1


def tree(folder: Path) -> dict[str, str]:
    """Every file and its sum."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "installed.txt"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_an_installation_cut_off_in_the_middle_of_the_switch_is_made_good_by_the_next(ready: Stick) -> None:
    assert install(ready).returncode == 0
    kit = home(ready) / "kits" / "square-01_2026-W49_r3"
    before = tree(kit)
    kit.rename(kit.with_name(kit.name + ".old.part"))
    shutil.copytree(ready.kit / "media", kit.with_name("square-01_2026-W50_r4.part"))
    unsign(ready)
    # Even one that fails.
    assert install(ready).returncode == 1
    assert tree(kit) == before
    assert [path.name for path in kit.parent.iterdir()] == [kit.name]


def test_a_damaged_video_is_left_out_and_the_rest_is_installed(ready: Stick) -> None:
    video = ready.media(ready.sha16(0))
    video.write_bytes(b"\0" * video.stat().st_size)
    done = install(ready)
    assert done.returncode == 0
    assert f"文件 media/{video.name} 缺少或损坏" in done.stdout
    assert not (home(ready) / "kits" / "square-01_2026-W49_r3" / "media" / video.name).exists()


def test_what_a_kit_does_not_bring_is_taken_from_the_one_before(ready: Stick) -> None:
    assert install(ready).returncode == 0
    ready.write(row(ready, 5), revision=4, kit="square-01_2026-W50_r4")
    finish(ready)
    ready.media(ready.sha16(1)).unlink()
    done = install(ready)
    assert done.returncode == 0
    assert "缺少" not in done.stdout
    assert (home(ready) / "kits" / "square-01_2026-W50_r4" / "media" / f"{ready.sha16(1)}.mp4").is_file()


@pytest.fixture
def watched(ready: Stick, mpv: Mpv) -> Iterator[tuple[Stick, subprocess.Popen[bytes]]]:
    """run.sh on the installed player, on a simulated clock."""
    assert install(ready).returncode == 0
    start = f"--script-opts-append=yuanjiao-start={int(EVENING.timestamp())}"
    told = {"YUANJIAO_MPV": mpv.path, "YUANJIAO_MPV_OPTIONS": " ".join((*HEADLESS, "--aid=no", start))}
    command = ["sh", str(home(ready) / "player" / "run.sh")]
    process = subprocess.Popen(command, env=os.environ | told, stdout=subprocess.DEVNULL)
    yield ready, process
    process.terminate()
    process.wait(15)


def test_a_player_that_is_killed_is_started_again_and_a_second_one_is_not(
    watched: tuple[Stick, subprocess.Popen[bytes]],
) -> None:
    stick, process = watched
    wait_for_boots(stick, 1)
    second = subprocess.run(
        ["sh", str(home(stick) / "player" / "run.sh")], capture_output=True, check=False, timeout=20
    )
    assert second.returncode == 4
    (child,) = children(process.pid)
    os.kill(child, signal.SIGKILL)
    started = time.monotonic()
    wait_for_boots(stick, 2)
    assert time.monotonic() - started < 10
    process.terminate()
    assert process.wait(15) == 0
    assert read_record(home(stick) / "asrun")[-1]["event"] == "stop"


def children(pid: int) -> list[int]:
    """The player: the mpv that whoever watches it has started."""
    (watcher,) = psutil.Process(pid).children()
    return [child.pid for child in watcher.children() if child.name() == "mpv"]


def wait_for_boots(stick: Stick, count: int) -> None:
    """Until so many players have begun to play."""
    deadline = time.monotonic() + 20
    while sum(line["event"] == "start" for line in read_record(home(stick) / "asrun")) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
