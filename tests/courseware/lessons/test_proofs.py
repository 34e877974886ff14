"""What a finished file holds is hashed once, and again when it was touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from courseware import unchanged
from courseware.files import sha256
from courseware.lessons import proofs
from courseware.lessons.proofs import FOLDER_NAME, digest_of


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read whole."""
    names: list[str] = []

    def noted(path: Path) -> str:
        names.append(path.name)
        return sha256(path)

    monkeypatch.setattr(proofs, "sha256", noted)
    return names


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is old enough to be trusted."""
    monkeypatch.setattr(unchanged, "_YOUNG_NS", 0)
    path = tmp_path / "film.mp4"
    path.write_bytes(b"pictures")
    return path


def test_an_untouched_file_is_read_once(film: Path, hashed: list[str]) -> None:
    digests = {digest_of(film) for _ in range(3)}
    assert digests == {sha256(film)}
    assert hashed == ["film.mp4"]


def test_a_file_that_was_touched_is_read_again(film: Path, hashed: list[str]) -> None:
    digest_of(film)
    os.utime(film, ns=(1, 1))
    digest_of(film)
    twin = film.with_name("twin.mp4")
    twin.write_bytes(film.read_bytes())
    os.utime(twin, ns=(1, 1))
    twin.replace(film)  # size and time are the same; the inode is another
    digest_of(film)
    assert hashed == ["film.mp4"] * 3


def test_a_lost_bit_that_changes_no_time_is_found_when_all_is_read_and_remembered(
    film: Path, hashed: list[str]
) -> None:
    first = digest_of(film)
    record = film.parent / FOLDER_NAME / film.name
    record.write_text(record.read_text().replace(first, "0" * 64))  # as if another content had been there
    assert digest_of(film) == "0" * 64
    assert digest_of(film, anew=True) == digest_of(film) == first
    assert hashed == ["film.mp4"] * 2


def test_a_file_just_written_is_not_trusted_yet(tmp_path: Path, hashed: list[str]) -> None:
    path = tmp_path / "young.mp4"
    path.write_bytes(b"1")
    os.utime(path, ns=(2**62, 2**62))  # however slow this computer is
    digest_of(path)
    digest_of(path)
    assert hashed == ["young.mp4"] * 2


@pytest.mark.parametrize("content", ["", "1 2 3 4", "\xff"])
def test_a_record_that_says_nothing_is_none(film: Path, content: str) -> None:
    record = film.parent / FOLDER_NAME / film.name
    record.parent.mkdir()
    record.write_text(content, encoding="latin-1")
    assert digest_of(film) == sha256(film)


def test_where_nothing_can_be_kept_the_file_is_read_each_time(film: Path, hashed: list[str]) -> None:
    (film.parent / FOLDER_NAME).write_text("a file is in the way")
    assert digest_of(film) == digest_of(film) == sha256(film)
    assert hashed == ["film.mp4"] * 2
