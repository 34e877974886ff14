from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from courseware.errors import MediaError
from courseware.files import sha256
from courseware.media.facts import probe
from render.source import sources
from render.source.sources import checksum, look_into
from tests.conftest import ClipFactory


@pytest.fixture
def source(make_clip: ClipFactory, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(make_clip(), tmp_path / "raw.mp4"))


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called, it forbids all looking from then on."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("looked again")

    def forbid() -> None:
        monkeypatch.setattr(sources, "probe", refuse)
        monkeypatch.setattr(sources, "sha256", refuse)

    return forbid


def test_facts_and_checksum_are_those_of_the_file(source: Path, tmp_path: Path) -> None:
    found = look_into(source, tmp_path / "cache")
    assert (found.facts, found.sha256) == (probe(source), sha256(source))
    assert checksum(source, tmp_path / "cache") == sha256(source)


def test_what_is_known_is_not_looked_for_again(source: Path, tmp_path: Path, never: Callable[[], None]) -> None:
    first = look_into(source, tmp_path / "cache")
    digest = checksum(source, tmp_path / "cache")
    never()
    assert look_into(source, tmp_path / "cache") == first
    assert checksum(source, tmp_path / "cache") == digest


def test_a_touched_file_is_looked_into_again_and_found_the_same(source: Path, tmp_path: Path) -> None:
    first = look_into(source, tmp_path / "cache")
    os.utime(source, ns=(1, 1))
    again = look_into(source, tmp_path / "cache")
    assert (again.sha256, again.facts) == (first.sha256, first.facts)


@pytest.mark.skipif(os.name == "nt", reason="the time of a change is not told there")
def test_a_change_that_hides_behind_an_old_time_is_seen(source: Path, tmp_path: Path) -> None:
    status, first = source.stat(), look_into(source, tmp_path / "cache").sha256
    assert checksum(source, tmp_path / "cache") == first
    data = bytearray(source.read_bytes())
    data[-1] ^= 1
    source.write_bytes(data)
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert look_into(source, tmp_path / "cache").sha256 != first
    assert checksum(source, tmp_path / "cache") != first


def test_another_track_or_a_salvage_is_another_question(
    make_clip: ClipFactory, cut_clip: Callable[[float], Path], tmp_path: Path
) -> None:
    cut = cut_clip(0.6)
    assert look_into(cut, tmp_path / "cache", salvage=True).facts.broken_at_ms
    with pytest.raises(MediaError, match="breaks off"):
        look_into(cut, tmp_path / "cache")
    whole = make_clip()
    assert look_into(whole, tmp_path / "cache", audio=1).facts.audio_index == 1
    with pytest.raises(MediaError):
        look_into(whole, tmp_path / "cache", audio=2)


@pytest.mark.parametrize("content", ["", "{}", '{"form": 1}', "\x00"])
def test_a_memory_that_cannot_be_read_is_none(source: Path, tmp_path: Path, content: str) -> None:
    first = look_into(source, tmp_path / "cache")
    checksum(source, tmp_path / "cache")
    for record in (tmp_path / "cache" / "sources").iterdir():
        record.write_text(content, encoding="utf-8")
    assert look_into(source, tmp_path / "cache") == first
    assert checksum(source, tmp_path / "cache") == first.sha256


def test_a_cache_that_cannot_be_written_costs_time_only(source: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way", encoding="utf-8")
    assert look_into(source, tmp_path / "cache").sha256 == checksum(source, tmp_path / "cache")


def test_a_file_that_is_gone_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.mp4: there is no such file"):
        look_into(tmp_path / "gone.mp4", tmp_path / "cache")
