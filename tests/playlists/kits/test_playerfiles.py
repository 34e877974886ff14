"""What of the player comes with a kit, and when it starts."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from datetime import time
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from playlists.kits.playerfiles import HOME, player_files, systemd_timer, windows_task

STARTS = [time(8, 30), time(18, 30), time(0, 2)]
NAMES = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def content(name: str) -> bytes:
    """Of one of the files."""
    found = player_files(STARTS)[name]
    return found.read_bytes() if isinstance(found, Path) else found


def test_a_kit_gets_scripts_settings_and_the_font_and_three_files_in_its_root() -> None:
    files = player_files(STARTS)
    needed = {
        "安装.bat",
        "播放.bat",
        "网页播放.bat",
        "player/install.sh",
        "player/run.ps1",
        "player/conf/fonts/NotoSansSC-Regular.ttf",
    }
    assert needed <= files.keys()
    assert "player/conf/scripts/yuanjiao/main.lua" in files
    assert [name for name in files if "/" not in name] == ["安装.bat", "网页播放.bat", "播放.bat"]
    assert all(name.isascii() for name in files if "/" in name)


def test_mpv_for_windows_comes_along_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "mpv.exe"
    program.write_bytes(b"MZ")
    monkeypatch.setenv("YUANJIAO_MPV_WINDOWS", str(program))
    assert player_files([])["player/mpv.exe"] == program
    assert {"player/COPYING-GPL-2.txt", "player/mpv-SOURCE.txt"} <= player_files([]).keys()


def test_the_task_starts_at_logon_and_five_minutes_before_each_window() -> None:
    task = fromstring(windows_task(sorted(STARTS)))
    assert task.find(".//t:LogonTrigger", NAMES) is not None
    begins = [one.text for one in task.iterfind(".//t:StartBoundary", NAMES)]
    assert begins == ["2026-01-01T23:57:00", "2026-01-01T08:25:00", "2026-01-01T18:25:00"]
    assert task.findtext(".//t:MultipleInstancesPolicy", None, NAMES) == "IgnoreNew"
    assert task.findtext(".//t:ExecutionTimeLimit", None, NAMES) == "PT0S"


def test_the_timer_starts_five_minutes_before_each_window() -> None:
    text = systemd_timer([time(18, 30)]).decode()
    assert "OnCalendar=*-*-* 18:25:00\n" in text


@pytest.mark.parametrize("name", ["安装.bat", "播放.bat", "网页播放.bat"])
def test_batch_files_are_ascii_with_windows_line_ends(name: str) -> None:
    text = content(name)
    assert text.isascii()
    assert text.count(b"\r\n") == text.count(b"\n")


@pytest.mark.parametrize("name", ["install", "run", "verify"])
def test_powershell_finds_the_mark_of_utf8_and_windows_line_ends(name: str) -> None:
    text = content(f"player/{name}.ps1")
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\r\n") == text.count(b"\n")


def test_every_word_list_of_the_player_knows_every_reason() -> None:
    words = (HOME / "conf/scripts/yuanjiao/words.lua").read_text(encoding="utf-8")
    kits = (HOME / "conf/scripts/yuanjiao/kits.lua").read_text(encoding="utf-8")
    reasons = set(re.findall(r'refuse\(entry, "([a-z]+)"\)', kits)) | {"older"}
    assert reasons == set(
        re.findall(r"^        ([a-z]+) = ", words.split("refused = {")[1].split("}")[0], re.MULTILINE)
    )


@pytest.mark.parametrize("lua", ["luajit", "lua5.1", "lua5.2"])
def test_sums_are_right_in_every_lua(lua: str) -> None:
    if not shutil.which(lua):
        pytest.skip(f"{lua} is not installed")
    script = (
        f"package.path='{HOME.as_posix()}/conf/scripts/yuanjiao/?.lua' local s = require('sha256')"
        " for _, n in ipairs({0, 3, 55, 56, 64, 200}) do print(s.hex(('a'):rep(n))) end"
    )
    said = subprocess.run([lua, "-e", script], capture_output=True, text=True, check=True).stdout.split()
    assert said == [hashlib.sha256(b"a" * count).hexdigest() for count in (0, 3, 55, 56, 64, 200)]
