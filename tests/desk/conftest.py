from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cli import make_console
from desk.serving.app import make_app
from desk.session.state import Desk

HOST = "127.0.0.1:8787"
OURS = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}


def desk_on(root: Path | None, proposed: Path) -> Desk:
    consoles = {language: make_console(language) for language in ("zh", "en")}
    return Desk(consoles, "en", frozenset({HOST}), root, proposed)


def browser_of(desk: Desk) -> TestClient:
    """A browser whose page is ours; it follows no redirect by itself."""
    return TestClient(make_app(desk), base_url=f"http://{HOST}", headers=OURS, follow_redirects=False)


@pytest.fixture
def desk(workspace: Path, tmp_path: Path) -> Iterator[Desk]:
    opened = desk_on(workspace, tmp_path / "new")
    yield opened
    opened.work.close()


@pytest.fixture
def browser(desk: Desk) -> TestClient:
    return browser_of(desk)
