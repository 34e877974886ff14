"""Starts mpv with the player inside it: for tests and rehearsals. On a square, run.sh or 播放.bat does.

Knows how the player's script is told what to do; knows nothing of plans.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from courseware.errors import Problem, ToolError, reason_of, text

VARIABLE = "YUANJIAO_MPV"
WINDOWS_VARIABLE = "YUANJIAO_MPV_WINDOWS"
_ANSWER_S = 20  # a program that says nothing of itself for so long is not mpv
# Without a screen and without loudspeakers; sound that runs fast needs none.
HEADLESS = ("--vo=null", "--ao=null", "--fullscreen=no", "--force-window=no")


@dataclass(frozen=True, slots=True)
class Mpv:
    """A program that runs; `version` is the first line of what it says of itself."""

    path: str
    version: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A clock for trying a plan out: from `start_s` to `until_s` (since 1970), `speed` times as fast."""

    start_s: int
    until_s: int
    speed: float = 1


def find_mpv() -> Mpv:
    """The mpv that YUANJIAO_MPV names, else the one on the PATH, else the one of the wheel anki-audio (Windows).

    Raises:
        ToolError: there is none, or it does not run.
    """
    named = os.environ.get(VARIABLE, "")
    packaged = windows_mpv() if sys.platform == "win32" else None
    path = named or shutil.which("mpv") or (str(packaged) if packaged else "")
    if not path:
        what = text("mpv is not installed; install it, or set {variable} to its full path", variable=VARIABLE)
        raise ToolError(Problem("mpv", what))
    return Mpv(path, _version_of(path))


def windows_mpv() -> Path | None:
    """mpv.exe for kits: the one that YUANJIAO_MPV_WINDOWS names, else that of the wheel anki-audio; None without any.

    Raises:
        ToolError: it names no file.
    """
    named = os.environ.get(WINDOWS_VARIABLE, "")
    if named:
        if not Path(named).is_file():
            what = text("there is no such file, though {variable} names it", variable=WINDOWS_VARIABLE)
            raise ToolError(Problem(named, what))
        return Path(named)
    package = find_spec("anki_audio")
    found = Path(package.origin).parent / "mpv.exe" if package and package.origin else None
    return found if found and found.is_file() else None


def _version_of(path: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  (the user's own choice of program; no shell)
            [path, "--no-config", "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else text("it does not answer")
        raise ToolError(Problem(path, text("mpv cannot be started ({reason})", reason=reason))) from error
    first = done.stdout.decode("utf-8", "replace").split("\n", 1)[0].strip()
    if not first.startswith("mpv "):
        raise ToolError(Problem(path, text("this program is not mpv")))
    return first


def player_command(mpv: Mpv, conf: str, settings: Mapping[str, str], options: Sequence[str] = ()) -> list[str]:
    """The command that starts the player; its current folder is where relative settings begin.

    Args:
        conf: the folder player/conf of a kit.
        settings: of the script, e.g. {"kit": ".", "state": "/var/tmp/state"}; see main.lua.
        options: mpv's own, over those of mpv.conf.
    """
    told = [f"--script-opts-append=yuanjiao-{name}={value}" for name, value in settings.items()]
    return [mpv.path, f"--config-dir={conf}", *options, *told]


def rehearse(mpv: Mpv, kit: Path, clock: Rehearsal, *, state: Path, asrun: Path) -> None:
    """Let the player of the kit play, without screen and sound, by a clock of ours; its record goes to `asrun`.

    Raises:
        ToolError: it failed or did not end.
    """
    settings = {
        "kit": ".",
        "state": str(state),
        "asrun": str(asrun),
        "start": str(clock.start_s),
        "until": str(clock.until_s),
        "speed": str(clock.speed),
    }
    for folder in (state, asrun):
        folder.mkdir(parents=True, exist_ok=True)
    command = player_command(mpv, "player/conf", settings, (*HEADLESS, "--aid=no"))
    patience_s = (clock.until_s - clock.start_s) / clock.speed + 60
    try:
        subprocess.run(  # noqa: S603  (the user's own choice of program; no shell)
            command, cwd=kit, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience_s, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else text("it did not play to the end")
        raise ToolError(Problem(mpv.path, text("mpv cannot be started ({reason})", reason=reason))) from error
