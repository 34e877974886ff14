from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from courseware.unchanged import while_unchanged

_OLD_NS = time.time_ns() - 10**10


def _aged(path: Path, by_ns: int = 0) -> None:
    """As if it had been written a while ago: what was written just now is read each time."""
    os.utime(path, ns=(_OLD_NS + by_ns, _OLD_NS + by_ns))


def _text_of(path: Path) -> str:
    return path.read_text()


@pytest.fixture
def _slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courseware.unchanged.is_young", lambda _status: False)


@pytest.mark.usefixtures("_slow_clock")
def test_a_file_is_read_once_while_it_is_the_same_and_again_when_it_was_written_replaced_or_taken_away(
    tmp_path: Path,
) -> None:
    path, read = tmp_path / "a.txt", list[str]()

    @while_unchanged(lambda path: (path,), most=8)
    def words(path: Path) -> str:
        read.append(path.name)
        return path.read_text() if path.is_file() else "none"

    assert (words(path), words(path), len(read)) == ("none", "none", 1)
    path.write_text("one")
    assert (words(path), words(path), len(read)) == ("one", "one", 2)
    path.write_text("two")
    _aged(path, 1)
    assert (words(path), len(read)) == ("two", 3)
    other = tmp_path / "b.txt"
    other.write_text("six")
    _aged(other, 1)
    other.replace(path)
    assert (words(path), len(read)) == ("six", 4)
    path.unlink()
    assert words(path) == "none"


def test_what_was_written_just_now_is_read_again_for_the_clock_may_not_have_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    monkeypatch.setattr("courseware.unchanged.stamp", lambda _status: "the same")
    monkeypatch.setattr("courseware.unchanged.is_young", lambda _status: True)
    words = while_unchanged(lambda path: (path,), most=8)(_text_of)
    assert words(path) == "one"
    path.write_text("two")
    assert words(path) == "two"


@pytest.mark.usefixtures("_slow_clock")
def test_a_refusal_is_not_remembered(tmp_path: Path) -> None:
    path, refusals = tmp_path / "a.txt", [ValueError("no")]
    path.write_text("one")

    @while_unchanged(lambda path: (path,), most=8)
    def words(path: Path) -> str:
        if refusals:
            raise refusals.pop()
        return path.read_text()

    with pytest.raises(ValueError, match="no"):
        words(path)
    assert words(path) == "one"
