from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture
def videos_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The videos of these tests are a few letters; whoever opens one finds a minute of pictures."""

    def probe(_path: Path, *, audio: int | None) -> SimpleNamespace:
        del audio
        return SimpleNamespace(duration_ms=60_000)

    monkeypatch.setattr("courseware.media.facts.probe", probe)
