from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from courseware.errors import InputError
from playlists.files.edits import Edits, add_edit, check_edits, load_edits
from tests.playlists.factories import venue

SWAP = '[[swap]]\nvenue="v"\nfirst={at=2026-11-24T19:00:00,lesson="a"}\n'


def test_without_a_file_there_are_no_edits(tmp_path: Path) -> None:
    assert load_edits(tmp_path / "edits.toml") == Edits()


def test_a_never_that_ends_before_it_begins_is_refused_in_the_file_and_by_the_command(tmp_path: Path) -> None:
    path = tmp_path / "edits.toml"
    path.write_text('[[never]]\nlesson="a"\nfrom=2026-12-05\nto="2026/12/2"\n', encoding="utf-8")
    with pytest.raises(InputError, match="“to” lies before “from”"):
        load_edits(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="“to” lies before “from”"):
        add_edit(path, "never", {"lesson": "c", "from": date(2026, 12, 2), "to": date(2026, 12, 1)})
    assert path.read_text(encoding="utf-8") == ""


def test_an_edit_is_appended_and_what_stood_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "edits.toml"
    path.write_text("# 春节前的调整\n", encoding="utf-8")
    at = datetime.fromisoformat("2026-11-24 19:10")
    add_edit(path, "pin", {"venue": "square-01", "at": at, "lesson": "a"})
    side = {"at": at, "lesson": "a"}
    later = {"at": at.replace(hour=20), "lesson": "b"}
    add_edit(path, "swap", {"venue": "square-01", "first": side, "second": later})
    add_edit(path, "never", {"lesson": "c", "venues": ["square-01"], "from": date(2026, 12, 1)})
    read = load_edits(path)
    assert path.read_text(encoding="utf-8").startswith("# 春节前的调整\n")
    assert (read.pin[0].at, read.swap[0].second.lesson) == (at, "b")
    assert read.forbidden("square-01", date(2026, 12, 2)) == {"c"}
    assert read.forbidden("square-01", date(2026, 11, 30)) == frozenset()
    assert read.forbidden("square-02", date(2026, 12, 2)) == frozenset()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('[[pin]]\nvenue="v"\nat=2026-11-24\nlesson="a"\n', "a time of day is missing"),
        ('[[pin]]\nvenue="v"\nat=2026-11-24T19:00:00+08:00\nlesson="a"\n', "without a time zone"),
        (SWAP + 'second={at=2026-11-24T18:00:00,lesson="b"}\n', "must be later"),
        (SWAP + 'second={at=2026-11-25T18:00:00,lesson="b"}\n', "on one day"),
        ('[[pinn]]\nvenue="v"\n', "pinn"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "edits.toml").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        load_edits(tmp_path / "edits.toml")


def test_names_that_nothing_bears_and_contradictions_are_told_together() -> None:
    at = datetime.fromisoformat("2026-11-24 19:10")
    pins = [
        {"venue": "square-01", "at": at, "lesson": "a"},
        {"venue": "square-01", "at": at, "lesson": "b"},
        {"venue": "squar-01", "at": at, "lesson": "c"},
    ]
    problems = check_edits(Edits.model_validate({"pin": pins}), [venue()], ["a", "b"])
    assert [one.where for one in problems] == [
        "edits.toml: pin.3.venue",
        "edits.toml: pin.3.lesson",
        "edits.toml: pin.2",
    ]
