"""Starts LibreOffice, which makes PDF of slides; the only module that does. Knows nothing of lessons.

It gets a profile of its own in a folder that goes with it, runs no macros, follows no links, reaches no network, and
is ended with all its children when it takes too long.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from courseware.errors import Problem, ToolError, text
from courseware.files import copy_file

VARIABLE = "YUANJIAO_SOFFICE"
PATIENCE_S = 240  # a deck of 200 pages needs a minute on a slow computer
_NAMES = ("soffice", "libreoffice")
_USUAL = (
    "/usr/lib/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_NOWHERE = ("127.0.0.1", "9")  # where nothing answers
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", _NOWHERE[0]),
    ("Inet/Settings", "ooInetHTTPProxyPort", _NOWHERE[1]),
    ("Inet/Settings", "ooInetHTTPSProxyName", _NOWHERE[0]),
    ("Inet/Settings", "ooInetHTTPSProxyPort", _NOWHERE[1]),
)


def find_office() -> str | None:
    """The program, named by YUANJIAO_SOFFICE or where it usually lies; None where there is none."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE] or None
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or next((path for path in _USUAL if Path(path).is_file()), None)


def convert(program: str, source: Path, suffix: str, home: Path, patience_s: float = PATIENCE_S) -> Path:
    """What LibreOffice makes of a file; the file itself is not opened but a copy under a plain name.

    Args:
        suffix: "pdf" or "pptx".
        home: an empty folder of ours, for the copy, the profile and the result.

    Raises:
        ToolError: it cannot be started, takes too long, or makes nothing of the file.
    """
    copy = home / f"deck{source.suffix.lower()}"
    copy_file(source, copy)
    _write_profile(home / "profile")
    made = home / "made" / f"deck.{suffix}"
    arguments = [
        program,
        f"-env:UserInstallation={(home / 'profile').resolve().as_uri()}",
        *("--headless", "--invisible", "--nologo", "--norestore", "--nolockcheck", "--nodefault"),
        *("--convert-to", suffix, "--outdir", str(made.parent), str(copy)),
    ]
    _run(arguments, home, source.name, patience_s)
    if not made.is_file() or made.stat().st_size == 0:
        what = text("LibreOffice cannot open it; it may be damaged or protected by a password: save it again as PDF")
        raise ToolError(Problem(source.name, what))
    return made


def _run(arguments: list[str], home: Path, name: str, patience_s: float) -> None:
    environment = {**os.environ, "http_proxy": f"http://{':'.join(_NOWHERE)}", "SAL_USE_VCLPLUGIN": "svp"}
    try:
        process = subprocess.Popen(  # noqa: S603  (LibreOffice, with a file of our own naming; no shell)
            arguments,
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # soffice is a script that starts the program: both are to end
        )
    except OSError as error:
        what = text("LibreOffice cannot be started; save the slides as PDF, or install LibreOffice again")
        raise ToolError(Problem(arguments[0], what)) from error
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        what = text("LibreOffice was ended after {seconds} s; save the slides as PDF", seconds=f"{patience_s:g}")
        raise ToolError(Problem(name, what)) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and whatever it started, if it runs still."""
    if process.poll() is not None and sys.platform == "win32":
        return
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{place}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for place, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        f' xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n',
        encoding="utf-8",
    )
