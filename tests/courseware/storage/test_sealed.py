"""A record of which anything is missing or changed is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.storage.sealed import read_sealed, write_sealed


@pytest.mark.parametrize("content", ["", "{}", "时长 12\n响度 -23\n"])
def test_a_record_reads_back_as_it_was_written(tmp_path: Path, content: str) -> None:
    write_sealed(tmp_path / "a", content)
    assert read_sealed(tmp_path / "a") == content


def test_a_record_cut_off_anywhere_or_changed_in_any_byte_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_sealed(path, "length 12.5")
    whole = path.read_bytes()
    for at in range(len(whole) - 1):  # the line's end says nothing
        for spoilt in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            path.write_bytes(spoilt)
            assert read_sealed(path) is None, spoilt
    path.unlink()
    assert read_sealed(path) is None
