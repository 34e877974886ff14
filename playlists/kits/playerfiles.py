"""The player's files as they lie on a stick: its script and settings, what installs and starts it, when it starts.

Text for Windows: .bat files hold ASCII only (two of their names are Chinese) and end lines with CRLF. The task is
UTF-16, as schtasks writes its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from playlists.kits.mpv import windows_mpv
from templates.type.fonts import FONTS_DIR

HOME = Path(__file__).parent / "player"
EARLY = timedelta(minutes=5)  # a PC wakes up, starts and settles before the window opens
# What stands in the stick's root, where people look for it.
_ROOT = {"install.bat": "安装.bat", "run.bat": "播放.bat", "page.bat": "网页播放.bat"}
_FONT = "NotoSansSC-Regular.ttf"
_TASK = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_INSTALLED = r"%ProgramData%\yuanjiao"


def player_files(starts: Iterable[time]) -> dict[str, bytes | Path]:
    """All files of the player, by their path in the kit: bytes, or where they are to be copied from.

    Args:
        starts: when windows open, local; the player is started a few minutes earlier each day.
    """
    begins = sorted(set(starts))
    found = sorted(path for path in HOME.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"})
    names = {path: path.relative_to(HOME).as_posix() for path in found}
    files: dict[str, bytes | Path] = {_ROOT.get(name, f"player/{name}"): path for path, name in names.items()}
    files[f"player/conf/fonts/{_FONT}"] = FONTS_DIR / _FONT
    files["player/task.xml"] = windows_task(begins)
    files["player/yuanjiao.timer"] = systemd_timer(begins)
    if program := windows_mpv():
        files |= {
            f"player/{path.name}": path for path in (program, program.with_name("vulkan-1.dll")) if path.is_file()
        }
    return files


def installer_files() -> dict[str, bytes | Path]:
    """What brings a kit onto the disk of a PC that has the player: all but mpv, the font and what starts it."""
    batch = (HOME / "install.bat").read_bytes().replace(b"set mpv=player", f"set mpv={_INSTALLED}\\player".encode())
    scripts = sorted(path for path in (HOME / "conf").rglob("*") if path.is_file())
    others = (HOME / name for name in ("install.sh", "verify.sh", "mpv-MISSING.txt"))
    files = {f"player/{path.relative_to(HOME).as_posix()}": path for path in (*scripts, *others)}
    return {_ROOT["install.bat"]: batch, **files}


def _early(start: time) -> time:
    # Only the time of day counts: ten past midnight is started at five past.
    return (datetime.combine(date(2000, 1, 2), start) - EARLY).time()


def windows_task(starts: Iterable[time]) -> bytes:
    """The task for Windows' scheduler: at logon and before each window, for whoever is logged on, one at a time."""
    task = ET.Element("Task", {"version": "1.2", "xmlns": _TASK})
    triggers = ET.SubElement(task, "Triggers")
    _put(triggers, "LogonTrigger", {"Enabled": "true"})
    for start in starts:
        trigger = _put(triggers, "CalendarTrigger", {"StartBoundary": f"2026-01-01T{_early(start):%H:%M:%S}"})
        _put(trigger, "ScheduleByDay", {"DaysInterval": "1"})
    # The group of all users.
    _put(ET.SubElement(task, "Principals"), "Principal", {"GroupId": "S-1-5-32-545"}).set("id", "Users")
    settings = {
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "StartWhenAvailable": "true",
        "WakeToRun": "true",
        "ExecutionTimeLimit": "PT0S",
    }
    _put(task, "Settings", settings)
    actions = ET.SubElement(task, "Actions", {"Context": "Users"})
    watch = {
        "Command": rf"{_INSTALLED}\player\mpv.exe",
        "Arguments": "--config-dir=player/conf --profile=watch",
        "WorkingDirectory": _INSTALLED,
    }
    _put(actions, "Exec", watch)
    ET.indent(task)
    return bytes(ET.tostring(task, encoding="utf-16", xml_declaration=True))


def _put(parent: ET.Element, name: str, values: dict[str, str]) -> ET.Element:
    made = ET.SubElement(parent, name)
    for key, value in values.items():
        ET.SubElement(made, key).text = value
    return made


def systemd_timer(starts: Iterable[time]) -> bytes:
    """The timer for systemd: before each window; at logon the service starts by itself."""
    # Without a window there is nothing to start for; a timer must have one moment all the same.
    moments = [f"OnCalendar=*-*-* {_early(start):%H:%M:%S}" for start in starts] or ["OnCalendar=daily"]
    lines = ["[Unit]", "Description=远教播放：开放前启动", "", "[Timer]", *moments, "Unit=yuanjiao.service", ""]
    return "\n".join([*lines, "[Install]", "WantedBy=timers.target", ""]).encode()
