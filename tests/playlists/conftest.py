"""The present day of these tests; what is past is frozen, and they must not depend on when they run."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from playlists.almanac import clock


@pytest.fixture(autouse=True)
def present_day(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(clock, "now", lambda _workspace: noon)
    monkeypatch.setattr(clock, "here", lambda: noon)
