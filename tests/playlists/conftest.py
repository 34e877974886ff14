"""The present day of these tests; what is past is frozen, and they must not depend on when they run."""

from __future__ import annotations

from datetime import date

import pytest

from playlists import county


@pytest.fixture(autouse=True)
def present_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(county, "today", lambda _workspace: date(2026, 11, 20))
