"""Fixtures of the rendering tests: workshops whose ident and cards are made once."""

from __future__ import annotations

import pytest

from render.plan import chunks
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """One for all: what it has made stays in its store. Its path would survive no filter graph unescaped."""
    return open_workshop(find_ffmpeg(), tmp_path_factory.mktemp("老张's [cache]: 100%"))


@pytest.fixture
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a second, so that a video of a few seconds has several."""
    monkeypatch.setattr(chunks, "CHUNK_MS", 1000)
    monkeypatch.setattr(chunks, "_SHORTEST_MS", 200)
