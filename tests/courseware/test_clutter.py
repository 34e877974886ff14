from __future__ import annotations

from pathlib import Path

import pytest

from courseware.clutter import is_clutter, listed, matching

CLUTTER = (
    "._课件.mp4",
    ".DS_Store",
    "Thumbs.db",
    "THUMBS.DB",
    "desktop.ini",
    "System Volume Information",
    "$RECYCLE.BIN",
    ".Spotlight-V100",
    ".Trashes",
    ".fseventsd",
    "~$课件.docx",
    "LOST.DIR",
    "__MACOSX",
    ".part-1-a.mp4",
)


@pytest.mark.parametrize("name", CLUTTER)
def test_what_systems_leave_is_nobodys_file(name: str) -> None:
    assert is_clutter(name)


@pytest.mark.parametrize("name", ["课件.mp4", "_example", "Thumbs.mp4", "a~", "desktop", "Icon", "$1.mp4"])
def test_what_a_person_laid_there_is_not(name: str) -> None:
    assert not is_clutter(name)


def test_a_folder_is_listed_without_it(tmp_path: Path) -> None:
    for name in (*CLUTTER, "b", "a"):
        (tmp_path / name).write_text("")
    assert [path.name for path in listed(tmp_path)] == ["a", "b"]
    assert listed(tmp_path / "none") == []


def test_nothing_is_found_inside_it_either(tmp_path: Path) -> None:
    for folder in ("$RECYCLE.BIN", "周", "周/.Trashes"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.json").write_text("")
        (tmp_path / folder / "._a.json").write_text("")
    assert list(matching(tmp_path, "**/*.json")) == [tmp_path / "周" / "a.json"]
