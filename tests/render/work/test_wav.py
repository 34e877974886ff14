from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest

from render.work.wav import length_of, writing_wav


def test_what_is_written_is_as_long_as_its_samples(tmp_path: Path) -> None:
    with writing_wav(tmp_path / "a.wav", 2, 8000) as out:
        out.writeframes(bytes(4 * 123))
    assert length_of(tmp_path / "a.wav") == 123


def test_where_nothing_can_be_written_that_is_all_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with pytest.raises(OSError, match=r"a\.wav"), writing_wav(tmp_path / "none" / "a.wav", 1, 8000):
        pass
    gc.collect()
    assert ignored == []
