"""Windows' mpv.exe under Wine keeps the same record as mpv here, for the same plan."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from playlists.kits.mpv import HEADLESS, Mpv, player_command, windows_mpv
from tests.playlists.kits.player.rig import EVENING, PLAYER, Plan, Stick, play_through, read_record, row, slot

SECONDS = 18


def of_interest(lines: list[Plan]) -> list[tuple[str, str | None, str | None, str]]:
    """What must be the same on every system."""
    return [(one["event"], one["slot"], one["sha16"], one["reason"]) for one in lines if one["event"] != "boot"]


@pytest.mark.skipif(not shutil.which("wine"), reason="Wine is not installed")
@pytest.mark.skipif(not windows_mpv(), reason="YUANJIAO_MPV_WINDOWS names no mpv.exe")
def test_windows_mpv_keeps_the_same_record(mpv: Mpv, stick: Stick, tmp_path: Path) -> None:
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
    begin = int(EVENING.timestamp()) - 2
    # Relative names, as on a real stick.
    told = {"kit": ".", "state": "state", "asrun": "asrun", "start": str(begin), "until": str(begin + SECONDS)}
    program = Mpv(str(windows_mpv()), "")
    command = ["wine", *player_command(program, "player/conf", told, (*HEADLESS, "--aid=no"))]
    wine = {"WINEDEBUG": "-all", "WINEPREFIX": str(tmp_path / "wine")}
    subprocess.run(command, cwd=stick.kit, env=os.environ | wine, capture_output=True, timeout=240, check=True)
    here = play_through(mpv, stick, EVENING - timedelta(seconds=2), SECONDS)
    assert of_interest(read_record(stick.kit / "asrun")) == of_interest(here)
