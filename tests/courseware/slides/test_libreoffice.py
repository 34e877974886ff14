"""The real LibreOffice, where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.origins.kinds.slides import read_slides
from courseware.origins.origin import DraftWish
from courseware.slides.office import find_office
from tests.courseware.slides.decks import write_pptx

pytestmark = [pytest.mark.long, pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")]


def test_a_deck_is_drawn_without_its_hidden_slides_and_with_its_notes(tmp_path: Path) -> None:
    path = write_pptx(
        tmp_path / "冬剪.pptx",
        {"title": "剪病枝", "lines": ("先看",), "notes": "先看枝条。"},
        {"title": "备用", "hidden": True},
        {"title": "剪弱枝", "lines": ("再剪",), "notes": "再剪弱枝。"},
    )
    draft = read_slides(DraftWish(path))
    assert [clip.get("says") for clip in draft.values["clip"]] == ["先看枝条。", "再剪弱枝。"]
    assert set(draft.files) == {"page-01.png", "page-02.png"}
