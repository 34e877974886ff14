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

from courseware.errors import ToolError
from playlists.asrun.line import parse_line
from playlists.kits.playerfiles import HOME, installer_files, player_files, systemd_timer, windows_task

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
        "player/startup.bat",
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


def test_a_named_mpv_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANJIAO_MPV_WINDOWS", str(tmp_path / "mpv.exe"))
    with pytest.raises(ToolError, match="YUANJIAO_MPV_WINDOWS"):
        player_files([])


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


# What may stand where, and how often at least, in a task: [MS-TSCH] 2.5, "Task Scheduler XML schema". Children of a
# trigger come in the order given there.
SCHEMA = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "Triggers": {"LogonTrigger", "CalendarTrigger"},
    "LogonTrigger": [
        "Enabled",
        "StartBoundary",
        "EndBoundary",
        "Repetition",
        "ExecutionTimeLimit",
        "UserId",
        "Delay",
    ],
    "CalendarTrigger": ["Enabled", "StartBoundary", "EndBoundary", "Repetition", "RandomDelay", "ScheduleByDay"],
    "ScheduleByDay": {"DaysInterval"},
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        "AllowStartOnDemand",
        "RestartOnFailure",
        "MultipleInstancesPolicy",
        "DisallowStartIfOnBatteries",
        "StopIfGoingOnBatteries",
        "AllowHardTerminate",
        "StartWhenAvailable",
        "NetworkProfileName",
        "RunOnlyIfNetworkAvailable",
        "WakeToRun",
        "Enabled",
        "Hidden",
        "DeleteExpiredTaskAfter",
        "IdleSettings",
        "NetworkSettings",
        "ExecutionTimeLimit",
        "Priority",
        "RunOnlyIfIdle",
    },
    "Actions": {"Exec"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}


def test_the_task_has_only_what_windows_schema_has_and_in_its_order() -> None:
    task = fromstring(windows_task(sorted(STARTS)))
    for element in task.iter():
        children = [child.tag.removeprefix(f"{{{NAMES['t']}}}") for child in element]
        allowed = SCHEMA.get(element.tag.removeprefix(f"{{{NAMES['t']}}}"), ())
        assert set(children) <= set(allowed), element.tag
        if isinstance(allowed, list):
            assert children == [name for name in allowed if name in children]
    (context,) = (one.get("Context") for one in task.iterfind("t:Actions", NAMES))
    assert context in {one.get("id") for one in task.iterfind(".//t:Principal", NAMES)}


def test_the_task_starts_the_installed_mpv_which_watches_the_player() -> None:
    action = fromstring(windows_task(STARTS)).find(".//t:Exec", NAMES)
    assert action is not None
    assert [child.text for child in action] == [
        r"%ProgramData%\yuanjiao\player\mpv.exe",
        "--config-dir=player/conf --profile=watch",
        r"%ProgramData%\yuanjiao",
    ]


@pytest.mark.parametrize("name", ["安装.bat", "播放.bat", "网页播放.bat", "player/startup.bat"])
def test_batch_files_are_ascii_with_windows_line_ends(name: str) -> None:
    text = content(name)
    assert text.isascii()
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


@pytest.mark.skipif(not shutil.which("luajit"), reason="luajit is not installed")
def test_half_a_line_on_a_full_disk_spoils_no_other_line() -> None:
    script = f"""
        package.path = '{HOME.as_posix()}/conf/scripts/yuanjiao/?.lua'
        local content, full = '', false
        package.preload.disk = function()
            return {{
                size = function() return #content end,
                append = function(_, text)
                    content = content .. (full and text:sub(1, 40) or text)
                    return not full
                end,
            }}
        end
        local log = require('record').new({{ 'asrun' }}, 'square-01', 'm', 'b')
        local moment = {{ mono = 0, wall = 0, offset = 28800 }}
        log:write('boot', moment, {{}})
        full = true
        log:write('start', moment, {{}})
        full = false
        log:write('end', moment, {{}})
        io.write(content)
    """
    said = subprocess.run(["luajit", "-e", script], capture_output=True, check=True).stdout
    whole = [line for raw in said.split(b"\n") if (line := parse_line(raw))]
    assert [line.event for line in whole] == ["boot", "start", "end"]


@pytest.mark.skipif(not shutil.which("luajit"), reason="luajit is not installed")
def test_a_joined_position_is_put_right_once_and_a_slot_begun_on_time_is_left_alone() -> None:
    script = f"""
        package.path = '{HOME.as_posix()}/conf/scripts/yuanjiao/?.lua'
        local now, pos, events, seeks = 100, 0, {{}}, {{}}
        mp = {{
            get_time = function() return now end, get_property_number = function() return pos end,
            get_property_bool = function() return false end, get_property_native = function() return {{}} end,
            command_native = function() end, enable_messages = function() end,
            register_event = function(name, act) events[name] = act end,
            commandv = function(_, to) seeks[#seeks + 1] = to end,
        }}
        local deck = require('deck').new(1, function() end, function() end)
        for _, joined in ipairs({{ false, true }}) do
            deck:play({{ path = 'a.mp4', pos = 3, joined = joined }})
            events['playback-restart']()
            for _ = 1, 3 do
                now = now + 0.6
                pos = now
                deck:follow(now + 0.3)
            end
            io.write(#seeks, ' ')
        end
    """
    said = subprocess.run(["luajit", "-e", script], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0", "1"]


def test_what_installs_a_notice_uses_the_player_that_is_there_and_brings_none() -> None:
    files = installer_files()
    assert b"set mpv=%ProgramData%\\yuanjiao\\player\\mpv.exe" in bytes(files["安装.bat"])
    paths = [path for path in files.values() if isinstance(path, Path)]
    assert all(path.is_file() for path in paths)
    assert {"player/install.sh", "player/verify.sh", "player/conf/mpv.conf"} <= files.keys()
    assert "player/conf/scripts/yuanjiao/installer.lua" in files
    assert sum(path.stat().st_size for path in paths) < 10**6
