"""The review ledger in .yuanjiao/state.sqlite: every submission and decision, each tied to the bytes that were seen.

Only ever added to. Of one file the last entry holds; a file made anew has other bytes and so no entry at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from courseware.rendition import Rendition
from courseware.state import FILE_NAME, open_state

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

Action = Literal["submitted", "approved", "rejected"]
State = Literal["approved", "waiting", "rejected", "changed", "new"]
_STATES: Mapping[Action, State] = {"submitted": "waiting", "approved": "approved", "rejected": "rejected"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of a review.

    Attributes:
        at: seconds since 1970.
        content: sha256 of the file that was seen.
        key: hash of all that the file was made from.
        by: the person who acted.
        office: who answers for it.
    """

    at: int
    action: Action
    lesson: str
    profile: str
    content: str
    key: str
    by: str
    office: str
    note: str = ""


class Reviews:
    """The ledger, open; use `open_reviews`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entries: Iterable[Entry]) -> None:
        """Write them behind all others."""
        rows = [asdict(one) for one in entries]
        if rows:
            self._connection.execute(_table().insert(), rows)

    def all(self) -> tuple[Entry, ...]:
        """Every entry, the oldest first."""
        table = _table()
        columns = [column for column in table.c if column.name != "number"]
        rows = self._connection.execute(table.select().with_only_columns(*columns).order_by(table.c.number))
        return tuple(Entry(*row) for row in rows)


@contextmanager
def open_reviews(folder: Path) -> Iterator[Reviews]:
    """The ledger in that folder, made when there is none; all that is added in the block is kept, or nothing.

    Raises:
        InputError, StorageError: as open_state.
    """
    with open_state(folder, _table().metadata) as connection:
        yield Reviews(connection)


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger as read.

    Attributes:
        held: content → the entry that holds.
        submitted: content → its last submission.
        seen: (lesson, profile) of which some file was ever submitted.
    """

    held: Mapping[str, Entry]
    submitted: Mapping[str, Entry]
    seen: frozenset[tuple[str, str]]

    @staticmethod
    def of(entries: Sequence[Entry]) -> Book:
        """From the entries, the oldest first."""
        return Book(
            {one.content: one for one in entries},
            {one.content: one for one in entries if one.action == "submitted"},
            frozenset((one.lesson, one.profile) for one in entries),
        )

    @property
    def approved(self) -> frozenset[str]:
        """The sha256 of every file that stands approved."""
        return frozenset(content for content, one in self.held.items() if one.action == "approved")

    def state_of(self, rendition: Rendition) -> State:
        """How the file stands: "changed" when only another file of that lesson and profile was ever submitted."""
        if held := self.held.get(rendition.sha256):
            return _STATES[held.action]
        return "changed" if (rendition.lesson, rendition.profile) in self.seen else "new"


def load_book(folder: Path) -> Book:
    """The ledger in that folder; empty, and no file is made, where nothing was ever submitted.

    Raises:
        InputError, StorageError: as open_state.
    """
    if not (folder / FILE_NAME).is_file():
        return Book.of(())
    with open_reviews(folder) as reviews:
        return Book.of(reviews.all())


@cache
def _table() -> Table:
    from sqlalchemy import Column, Integer, MetaData, String, Table

    texts = (name for name in Entry.__dataclass_fields__ if name != "at")
    return Table(
        "review",
        MetaData(),
        Column("number", Integer, primary_key=True),
        Column("at", Integer, nullable=False),
        *(Column(name, String, nullable=False) for name in texts),
    )
