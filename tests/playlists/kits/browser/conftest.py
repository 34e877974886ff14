"""A stick with a page, and the Chromium that opens it; without one these tests are skipped, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.playlists.kits.browser.rig import Screen
from tests.playlists.kits.player.rig import Stick, make_clips

LENGTH = 20


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five clips of twenty seconds, an ident and two pictures."""
    return make_clips(tmp_path_factory.mktemp("colours"), LENGTH)


@pytest.fixture
def stick(tmp_path: Path, clips: list[Path]) -> Stick:
    """A filled stick without a plan."""
    made = Stick(tmp_path, clips, LENGTH)
    made.fill()
    return made


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser's profile of its own."""
    made = chromium.new_context(viewport={"width": 1280, "height": 720})
    yield made
    made.close()


@pytest.fixture
def screen(context: BrowserContext, stick: Stick) -> Screen:
    """Opens the stick's page."""
    return Screen(context, stick)
