"""What a person changed is told from what was written here, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.storage.handwork import remembering


def put(root: Path, content: str, *, keep: bool = False) -> list[str]:
    with remembering(root, root / "plans") as written:
        return [one.render(str) for one in written.put(root / "plans" / "a.csv", content, keep=keep)]


def kept(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (root / "plans").iterdir()}


def test_what_was_written_here_is_replaced_without_a_word(tmp_path: Path) -> None:
    assert [put(tmp_path, content) for content in ("1", "2", "3")] == [[], [], []]
    assert kept(tmp_path) == {"a.csv": "3"}


def test_what_a_person_changed_or_brought_is_kept_each_time(tmp_path: Path) -> None:
    path = tmp_path / "plans" / "a.csv"
    path.parent.mkdir()
    path.write_text("brought", encoding="utf-8")
    unknown = "was there, and no record tells whether a person changed it; it is kept as a.csv.bak"
    assert put(tmp_path, "1") == [f"plans/a.csv: {unknown}"]
    path.write_text("changed", encoding="utf-8")
    assert put(tmp_path, "2") == ["plans/a.csv: was changed by hand; what stood in it is kept as a.csv.2.bak"]
    path.write_text("brought", encoding="utf-8")
    put(tmp_path, "3")
    assert kept(tmp_path) == {"a.csv": "3", "a.csv.bak": "brought", "a.csv.2.bak": "changed"}


def test_what_is_written_anyway_needs_no_copy(tmp_path: Path) -> None:
    put(tmp_path, "1")
    (tmp_path / "plans" / "a.csv").write_text("2", encoding="utf-8")
    assert put(tmp_path, "2") == []
    assert kept(tmp_path) == {"a.csv": "2"}


def test_what_was_written_here_is_kept_when_that_is_wanted(tmp_path: Path) -> None:
    put(tmp_path, "1")
    assert len(put(tmp_path, "2", keep=True)) == 1
    assert kept(tmp_path)["a.csv.bak"] == "1"


def test_what_is_added_to_a_persons_file_does_not_make_it_ours(tmp_path: Path) -> None:
    path = tmp_path / "plans" / "a.csv"
    put(tmp_path, "1")
    path.write_text("by hand", encoding="utf-8")
    with remembering(tmp_path, path.parent) as written:
        written.amend(path, "by hand, and more")
    put(tmp_path, "2")
    assert kept(tmp_path)["a.csv.bak"] == "by hand, and more"
    with remembering(tmp_path, path.parent) as written:
        written.amend(path, "2, and more")
    assert put(tmp_path, "3") == []


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_without_its_record_a_file_is_a_persons(tmp_path: Path, content: str) -> None:
    put(tmp_path, "1")
    (record,) = (tmp_path / ".yuanjiao" / "written").iterdir()
    record.write_text(content, encoding="utf-8")
    assert len(put(tmp_path, "2")) == 1
