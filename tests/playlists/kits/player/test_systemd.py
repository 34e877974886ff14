"""The units for Linux: read by systemd itself and, where root may have namespaces, carried out by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from playlists.kits.mpv import HEADLESS, Mpv
from playlists.kits.playerfiles import HOME, systemd_timer
from tests.playlists.kits.player.rig import CHINA, EVENING, Stick, read_record, row
from tests.playlists.kits.player.test_installing import finish

MANAGER = Path("/lib/systemd/systemd")
# Started, stopped and killed; the namespace ends with the script, and all in it.
SESSION = r"""
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run/systemd
mkdir -p /run/systemd/system
for tree in systemd unified; do
    [ -d /sys/fs/cgroup/$tree ] || continue
    mkdir -p "/sys/fs/cgroup/$tree/yuanjiao-test"
    echo 0 >"/sys/fs/cgroup/$tree/yuanjiao-test/cgroup.procs"
done
/lib/systemd/systemd --user &
i=0
until systemctl --user is-system-running >/dev/null 2>&1; do
    i=$((i + 1)); [ $i -lt 50 ] || { echo "no user manager"; exit 77; }
    sleep 0.2
done
starts() { cat "$YUANJIAO_HOME"/asrun/*.jsonl 2>/dev/null | grep -c '"event":"start"'; }
wait_for() { i=0; until [ "$(starts)" -ge "$1" ]; do i=$((i + 1)); [ $i -lt 150 ] || exit 1; sleep 0.2; done; }
sh "$1"
systemctl --user is-enabled yuanjiao.timer yuanjiao.service
wait_for 1
systemctl --user is-active yuanjiao.timer yuanjiao.service
seen=$(starts)
systemctl --user kill -s KILL yuanjiao.service
wait_for $((seen + 2))
systemctl --user is-active yuanjiao.service
systemctl --user stop yuanjiao.service
"""


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    (tmp_path / "player").mkdir()
    shutil.copy(HOME / "run.sh", tmp_path / "player")
    service = (HOME / "yuanjiao.service").read_text(encoding="utf-8").replace("@HOME@", str(tmp_path))
    (tmp_path / "yuanjiao.service").write_text(service, encoding="utf-8")
    (tmp_path / "yuanjiao.timer").write_bytes(systemd_timer([EVENING.time()]))
    units = [str(tmp_path / name) for name in ("yuanjiao.service", "yuanjiao.timer")]
    command = ["systemd-analyze", "--user", "verify", *units]
    own = {"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may have namespaces of its own")
@pytest.mark.skipif(not MANAGER.exists() or not shutil.which("unshare"), reason="systemd is not installed")
@pytest.mark.long
def test_a_users_systemd_starts_the_installed_player_starts_it_again_and_ends_it(mpv: Mpv, stick: Stick) -> None:
    begin = datetime.now(CHINA).replace(microsecond=0)
    stick.write(row(stick, 200, begin), built=(begin - timedelta(days=1)).isoformat(), windows=[])
    finish(stick)
    runtime = stick.root / "run"
    runtime.mkdir(mode=0o700)
    home = stick.root / "pc"
    own = {
        "HOME": str(stick.root),
        "XDG_CONFIG_HOME": str(stick.root / ".config"),
        "XDG_RUNTIME_DIR": str(runtime),
        "YUANJIAO_HOME": str(home),
        "YUANJIAO_MPV": mpv.path,
        "YUANJIAO_MPV_OPTIONS": " ".join((*HEADLESS, "--aid=no")),
    }
    inside = ["unshare", "-mpf", "--kill-child", "--mount-proc", "sh", "-c", SESSION, "session"]
    command = [*inside, str(stick.kit / "player" / "install.sh")]
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False, timeout=120)
    for group in Path("/sys/fs/cgroup").glob("*/yuanjiao-test"):
        # The kernel's own files need no deleting.
        subprocess.run(
            ["find", str(group), "-depth", "-type", "d", "-delete"], stderr=subprocess.DEVNULL, check=False
        )
    if done.returncode in {32, 77}:
        pytest.skip(f"no systemd of a user can be started here: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "开机自动播放没有设好" not in done.stdout
    assert done.stdout.split()[-5:] == ["enabled", "enabled", "active", "active", "active"]
    lines = read_record(home / "asrun")
    assert len({line["boot"] for line in lines}) == 2
    assert lines[-1]["event"] == "stop"
