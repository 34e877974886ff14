"""Fixtures of the quality tests."""

from __future__ import annotations

import pytest

from templates.pages import quality_report as page


@pytest.fixture
def without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making the page's fonts takes a second; one test looks at them."""
    monkeypatch.setattr(page, "inline_faces", lambda _characters: ())
