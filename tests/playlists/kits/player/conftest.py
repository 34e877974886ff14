"""A stick for each test, and the mpv that plays it; without mpv these tests are skipped, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import ToolError
from playlists.kits.mpv import Mpv, find_mpv
from tests.playlists.kits.player.rig import Stick, make_clips


@pytest.fixture(scope="session")
def mpv() -> Mpv:
    """The mpv of this machine."""
    try:
        return find_mpv()
    except ToolError as error:
        pytest.skip(f"mpv: {error}")


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five clips of four seconds, an ident and two pictures."""
    return make_clips(tmp_path_factory.mktemp("colours"))


@pytest.fixture
def stick(tmp_path: Path, clips: list[Path]) -> Stick:
    """A filled stick without a plan."""
    made = Stick(tmp_path, clips)
    made.fill()
    return made
