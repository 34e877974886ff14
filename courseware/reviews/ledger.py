"""The review ledger in .yuanjiao/state.sqlite: submissions, decisions and comments, tied to the bytes that were seen.

Only ever added to. Of one file the last decision holds; a file made anew has other bytes and so no entry at all. The
entries are chained (courseware/storage/chain.py), and the last link is kept beside yuanjiao.toml, too (reviews.head):
what was changed, cut off or replaced is not believed and not added to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from courseware.errors import InputError, Problem, text
from courseware.files import write_text
from courseware.storage.chain import START, link, links_of
from courseware.storage.state import FILE_NAME, open_state
from courseware.unchanged import while_unchanged

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

Action = Literal["submitted", "approved", "rejected", "accepted", "commented", "settled"]
COMMENTING: frozenset[Action] = frozenset({"commented", "settled"})
"""What decides nothing of a file."""
HEAD_NAME = "reviews.head"
_ENTRIES, _LINKS = "review", "review_link"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One step of a review.

    Attributes:
        at: seconds since 1970.
        action: "accepted" when somebody answered for a ledger that did not hold together; "settled" when what a
            comment asks for was seen to.
        content: sha256 of the file that was seen.
        key: hash of all that the file was made from.
        by: the person who acted.
        office: who answers for it.
        step: which step of the review was taken, or stood open at a rejection; "" where there are none.
        title: of the lesson, as submitted.
        made_from: what the file was made from, as submitted, where that is known (courseware/lessons/made_from.py).
        moment: of a comment: milliseconds from the start of the file, in digits.
        answers: of what is settled: the number of the comment.
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
    step: str = ""
    title: str = ""
    made_from: str = ""
    moment: str = ""
    answers: str = ""


class Head(BaseModel):
    """How far the ledger had come when it was last written: so many entries, and the link of the last."""

    model_config = ConfigDict(frozen=True)

    entries: int
    link: str


@dataclass(frozen=True, slots=True, eq=False)
class Pages:
    """The ledger as it lies there, by number; a number that is in one of the two alone was tampered with.

    Attributes:
        head: as kept outside of the database; None when there is none.
    """

    entries: Mapping[int, LedgerEntry]
    links: Mapping[int, str]
    head: Head | None

    @property
    def last(self) -> LedgerEntry | None:
        """The entry that was written last."""
        return self.entries[max(self.entries)] if self.entries else None


@lru_cache(maxsize=4)
def faults_of(pages: Pages) -> tuple[Problem, ...]:
    """Everything by which the ledger is not the one that was written; a ledger from before the chain has no fault."""
    if not pages.links and pages.head is None:
        return ()
    problems: list[Problem] = []
    before = START
    for number in sorted(pages.entries.keys() | pages.links.keys()):
        entry, found = pages.entries.get(number), pages.links.get(number)
        where = f"{FILE_NAME}: {_ENTRIES} {number}"
        if entry is None:
            problems.append(Problem(where, text("this entry was taken out")))
        elif found is None:
            problems.append(Problem(where, text("this entry was put in by something else than yuanjiao")))
        elif found != link(before, asdict(entry)):
            what = text("this entry was changed, or moved, since it was written ({by}, {action})", **asdict(entry))
            problems.append(Problem(where, what))
        before = found or before
    return (*problems, *_faults_of_head(pages))


def _faults_of_head(pages: Pages) -> Iterator[Problem]:
    links = [pages.links[number] for number in sorted(pages.links)]
    if pages.head is None:
        yield Problem(HEAD_NAME, text("is missing or unreadable; it says how far the reviews had come"))
    elif pages.head.entries > len(links):
        what = text("{missing} reviews are missing at the end", missing=pages.head.entries - len(links))
        yield Problem(FILE_NAME, what)
    elif pages.head.entries and links[pages.head.entries - 1] != pages.head.link:
        yield Problem(FILE_NAME, text("the reviews are not those that {head} speaks of", head=HEAD_NAME))


def steps_back(pages: Pages) -> tuple[int, ...]:
    """The numbers of entries that stand behind a later one: a clock was set back, or had been wrong."""
    numbered = sorted(pages.entries.items())
    return tuple(number for (_, first), (number, second) in pairwise(numbered) if second.at < first.at)


class Reviews:
    """The ledger, open; use `open_reviews`."""

    def __init__(self, connection: Connection, head: Head | None) -> None:
        self._connection = connection
        self._head = head
        self.written: Head | None = None

    def read(self) -> Pages:
        """Everything that lies there."""
        tables = _tables().tables
        entries, links = tables[_ENTRIES], tables[_LINKS]
        rows = self._connection.execute(entries.select().order_by(entries.c.number))
        return Pages(
            {number: LedgerEntry(*values) for number, *values in rows},
            {number: found for number, found in self._connection.execute(links.select())},  # noqa: C416  (rows are no pairs)
            self._head,
        )

    def add(self, entries: Sequence[LedgerEntry], *, despite_clock: bool = False) -> None:
        """Write them behind all others.

        Args:
            despite_clock: also when the last entry is of a later time.

        Raises:
            InputError: the ledger does not hold together, or the clock is behind it.
        """
        pages = self.read()
        believed(pages)
        if entries and pages.last and entries[0].at < pages.last.at and not despite_clock:
            what = text(
                "the clock of this computer is {seconds} seconds behind the last review; set it right, or, if it was"
                " wrong then, add --despite-clock",
                seconds=pages.last.at - entries[0].at,
            )
            raise InputError(Problem(FILE_NAME, what))
        self._append(pages.entries, pages.links, entries)

    def accept(self, entry: LedgerEntry) -> None:
        """Chain what lies there anew, whatever became of it, and write behind it who answers for that."""
        self._connection.execute(_tables().tables[_LINKS].delete())
        self._append(self.read().entries, {}, [entry])

    def _append(
        self, there: Mapping[int, LedgerEntry], links: Mapping[int, str], entries: Sequence[LedgerEntry]
    ) -> None:
        """Entries from before the chain are chained first: it begins with the oldest."""
        first = max(there, default=0) + 1
        every = {**there, **dict(enumerate(entries, first))}
        due = [number for number in sorted(every) if number not in links]
        before = links[max(links)] if links else START
        made = dict(zip(due, links_of((asdict(every[number]) for number in due), before), strict=True))
        if not made:
            return
        tables = _tables().tables
        rows = [{"number": number, **asdict(entry)} for number, entry in every.items() if number >= first]
        if rows:
            self._connection.execute(tables[_ENTRIES].insert(), rows)
        self._connection.execute(tables[_LINKS].insert(), [{"number": n, "link": one} for n, one in made.items()])
        self.written = Head(entries=len(every), link=made[due[-1]])


@contextmanager
def open_reviews(folder: Path) -> Iterator[Reviews]:
    """The ledger in that folder, made when there is none; all that is added in the block is kept, or nothing.

    Raises:
        InputError, StorageError: as open_state.
    """
    path = folder.parent / HEAD_NAME
    with open_state(folder, _tables()) as connection:
        _widen(connection)
        reviews = Reviews(connection, _load_head(path))
        yield reviews
    if reviews.written:
        # Afterwards: a head that is behind is made up for by the next entry, one that is ahead never.
        write_text(path, reviews.written.model_dump_json() + "\n")


def _files_of(folder: Path) -> tuple[Path, Path]:
    return folder / FILE_NAME, folder.parent / HEAD_NAME


@while_unchanged(_files_of, most=4)
def load_pages(folder: Path) -> Pages:
    """The ledger in that folder as it lies there; empty, and no file is made, where there is none.

    Raises:
        InputError, StorageError: as open_state.
    """
    if not (folder / FILE_NAME).is_file():
        return Pages({}, {}, _load_head(folder.parent / HEAD_NAME))
    with open_reviews(folder) as reviews:
        return reviews.read()


def believed(pages: Pages) -> tuple[LedgerEntry, ...]:
    """The entries, the oldest first.

    Raises:
        InputError: the ledger does not hold together, so that nothing in it is believed.
    """
    if faults := faults_of(pages):
        raise InputError(*faults, _ADVICE)
    return tuple(pages.entries[number] for number in sorted(pages.entries))


_ADVICE = Problem(
    FILE_NAME,
    text("put state.sqlite and reviews.head back from the backup; “yuanjiao review verify” says more"),
)


def _widen(connection: Connection) -> None:
    """Give a table of an earlier version the columns that it lacks, empty, so that its links hold."""
    from sqlalchemy import inspect
    from sqlalchemy import text as sql

    there = {column["name"] for column in inspect(connection).get_columns(_ENTRIES)}
    for name in LedgerEntry.__dataclass_fields__:
        if name not in there:
            connection.execute(sql(f"ALTER TABLE {_ENTRIES} ADD COLUMN {name} VARCHAR NOT NULL DEFAULT ''"))


def _load_head(path: Path) -> Head | None:
    try:
        return Head.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


@cache
def _tables() -> MetaData:
    from sqlalchemy import Column, Integer, MetaData, String, Table

    found = MetaData()
    texts = (name for name in LedgerEntry.__dataclass_fields__ if name != "at")
    Table(
        _ENTRIES,
        found,
        Column("number", Integer, primary_key=True),
        Column("at", Integer, nullable=False),
        *(Column(name, String, nullable=False) for name in texts),
    )
    Table(
        _LINKS,
        found,
        Column("number", Integer, primary_key=True),
        Column("link", String, nullable=False),
    )
    return found
