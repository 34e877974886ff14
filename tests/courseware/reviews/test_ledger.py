"""The ledger notices whatever becomes of it behind our back, and is not added to then."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.settings import ReviewSettings
from courseware.reviews.book import load_book
from courseware.reviews.ledger import (
    HEAD_NAME,
    LedgerEntry,
    faults_of,
    load_pages,
    open_reviews,
    steps_back,
)
from courseware.storage.chain import START, link, links_of

BEGIN = 1_790_000_000


def entry(number: int, action: str = "submitted", by: str = "王芳") -> LedgerEntry:
    return LedgerEntry(BEGIN + number, action, f"lesson-{number}", "led", f"{number:064}", "k", by, "远教办")  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace's .yuanjiao with four reviews, written in two steps."""
    folder = tmp_path / ".yuanjiao"
    write(folder, entry(1), entry(2))
    write(folder, entry(3), entry(4, "approved", "李主任"))
    return folder


def write(folder: Path, *entries: LedgerEntry, despite_clock: bool = False) -> None:
    with open_reviews(folder) as reviews:
        reviews.add(entries, despite_clock=despite_clock)


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def faults(folder: Path) -> list[str]:
    return [one.render(str).removeprefix("state.sqlite: ") for one in faults_of(load_pages(folder))]


def test_what_was_written_holds_together(folder: Path) -> None:
    assert faults(folder) == []
    assert load_book(folder, ReviewSettings()).approved == {f"{4:064}"}
    head = json.loads((folder.parent / HEAD_NAME).read_text(encoding="utf-8"))
    assert head == {"entries": 4, "link": load_pages(folder).links[4]}


CHANGED = "this entry was changed, or moved, since it was written"
TAMPERINGS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "a name": (("UPDATE review SET \"by\" = '别人' WHERE number = 2",), [f"review 2: {CHANGED} (别人, submitted)"]),
    "a submission": (
        ("UPDATE review SET content = 'x' WHERE number = 1",),
        [f"review 1: {CHANGED} (王芳, submitted)"],
    ),
    "a time": (("UPDATE review SET at = at - 9 WHERE number = 4",), [f"review 4: {CHANGED} (李主任, approved)"]),
    "a deleted row": (("DELETE FROM review WHERE number = 2",), ["review 2: this entry was taken out"]),
    "a row deleted with its link": (
        ("DELETE FROM review WHERE number = 2", "DELETE FROM review_link WHERE number = 2"),
        [f"review 3: {CHANGED} (王芳, submitted)", "1 reviews are missing at the end"],
    ),
    "the last row deleted with its link": (
        ("DELETE FROM review WHERE number = 4", "DELETE FROM review_link WHERE number = 4"),
        ["1 reviews are missing at the end"],
    ),
    "two rows swapped": (
        (
            "UPDATE review SET number = 9 WHERE number = 2",
            "UPDATE review SET number = 2 WHERE number = 3",
            "UPDATE review SET number = 3 WHERE number = 9",
        ),
        [f"review 2: {CHANGED} (王芳, submitted)", f"review 3: {CHANGED} (王芳, submitted)"],
    ),
    "a row put in": (
        ("INSERT INTO review VALUES (9, 1, 'approved', 'l', 'led', 'c', 'k', 'x', 'o', '', '', '', '', '', '')",),
        ["review 9: this entry was put in by something else than yuanjiao"],
    ),
    "everything": (
        ("DELETE FROM review", "DELETE FROM review_link"),
        ["4 reviews are missing at the end"],
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_whatever_is_changed_in_the_database_is_found_and_nothing_is_added_to_it(folder: Path, name: str) -> None:
    statements, expected = TAMPERINGS[name]
    change(folder, *statements)
    assert faults(folder) == expected
    with pytest.raises(InputError, match="back from the backup"):
        load_book(folder, ReviewSettings())
    with pytest.raises(InputError, match="back from the backup"):
        write(folder, entry(9))


def test_a_ledger_written_again_from_the_start_is_not_that_of_the_head(folder: Path) -> None:
    head = (folder.parent / HEAD_NAME).read_bytes()
    (folder / "state.sqlite").unlink()
    (folder.parent / HEAD_NAME).unlink()
    write(folder, *(entry(number, by="别人") for number in range(1, 6)))
    (folder.parent / HEAD_NAME).write_bytes(head)
    assert faults(folder) == ["the reviews are not those that reviews.head speaks of"]


def test_an_older_copy_or_none_of_the_database_is_found(folder: Path) -> None:
    older = folder / "older"
    shutil.copy(folder / "state.sqlite", older)
    write(folder, entry(5))
    shutil.copy(older, folder / "state.sqlite")
    assert faults(folder) == ["1 reviews are missing at the end"]
    (folder / "state.sqlite").unlink()
    assert faults(folder) == ["5 reviews are missing at the end"]
    assert not (folder / "state.sqlite").exists()


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("{")])
def test_a_head_that_is_gone_is_told(folder: Path, spoil: Callable[[Path], object]) -> None:
    spoil(folder.parent / HEAD_NAME)
    assert faults(folder) == [f"{HEAD_NAME}: is missing or unreadable; it says how far the reviews had come"]


def test_a_head_that_is_behind_after_a_power_cut_is_made_up_for(folder: Path) -> None:
    head = (folder.parent / HEAD_NAME).read_bytes()
    write(folder, entry(5))
    (folder.parent / HEAD_NAME).write_bytes(head)
    assert faults(folder) == []
    write(folder, entry(6))
    assert json.loads((folder.parent / HEAD_NAME).read_text(encoding="utf-8"))["entries"] == 6


def test_a_ledger_from_before_the_chain_is_read_and_chained_with_the_next_entry(folder: Path) -> None:
    change(folder, "DROP TABLE review_link")
    (folder.parent / HEAD_NAME).unlink()
    assert faults(folder) == []
    assert load_book(folder, ReviewSettings()).approved == {f"{4:064}"}
    write(folder, entry(5))
    assert faults(folder) == []
    change(folder, "UPDATE review SET note = '?' WHERE number = 1")
    assert faults(folder) == [f"review 1: {CHANGED} (王芳, submitted)"]


def test_nothing_is_written_behind_a_later_time_without_a_word(folder: Path) -> None:
    with pytest.raises(InputError, match="3 seconds behind the last review"):
        write(folder, entry(1))
    assert len(load_pages(folder).entries) == 4
    write(folder, entry(1), despite_clock=True)
    write(folder, entry(1))
    assert (faults(folder), steps_back(load_pages(folder))) == ([], (5,))


def test_an_action_of_a_later_version_is_no_approval_and_no_error(folder: Path) -> None:
    write(folder, entry(4, "复审"), despite_clock=True)
    assert load_book(folder, ReviewSettings()).approved == frozenset()


def test_further_fields_leave_old_links_as_they_are() -> None:
    old, new = {"by": "王芳", "note": ""}, {"by": "王芳", "note": "", "step": "", "edition": None}
    assert link(START, old) == link(START, new)
    assert link(START, old) != link(START, {**new, "step": "初审"})
    assert list(links_of([old, new])) == [link(START, old), link(link(START, old), new)]
