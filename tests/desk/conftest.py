from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cli import make_console
from desk.people import passwords
from desk.serving.app import make_app
from desk.session.state import Desk
from tests.desk.people import add_people, network_desk, quick_hasher

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


@pytest.fixture
def network(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk on the workspace of all tests that people log in to."""
    monkeypatch.setattr(passwords, "_hasher", quick_hasher)
    add_people(workspace)
    opened = network_desk(workspace)
    yield opened
    opened.work.close()
