"""What was imported: .yuanjiao/state.sqlite. Every import of the same log, whole or in pieces, leaves the same.

Our player's lines are kept as they are, one row for each of its starts, so that a piece that comes later is put in
its place and the chain is judged anew; what they say is kept beside, ready to be reconciled. Other logs are kept as
what they say. Nothing that was imported is ever removed, be it doubtful or of a venue that nobody knows.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from courseware.storage.state import FILE_NAME, open_state
from playlists.asrun.chain import RecordChain, Written, join_chain
from playlists.asrun.line import parse_line
from playlists.asrun.statement import LONGEST_MS, Statement, statements_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

Start = tuple[str, str]  # a machine and one of its boots
_NO_NAMES: Mapping[str, str] = {}


class Kept(NamedTuple):
    """What the store holds of one start of a player.

    Attributes:
        venues: for which its kits were made.
        fresh: how many lines were not known before.
    """

    machine: str
    boot: str
    venues: tuple[str, ...]
    chain: RecordChain
    fresh: int


class AsrunStore:
    """The logs of all venues, open; use `open_asrun`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep_lines(
        self, written: Iterable[Written], now_ms: int, ids: Mapping[str, str] = _NO_NAMES
    ) -> tuple[Kept, ...]:
        """Add lines of our player to what is known of the same starts.

        Args:
            now_ms: the present; what is said of later moments is doubtful.
            ids: what kits call a venue → its id, where they differ.
        """
        starts: dict[Start, list[Written]] = defaultdict(list)
        for one in written:
            starts[one.line.machine, one.line.boot].append(one)
        return tuple(self._keep_start(start, lines, now_ms, ids) for start, lines in sorted(starts.items()))

    def _keep_start(self, start: Start, lines: list[Written], now_ms: int, ids: Mapping[str, str]) -> Kept:
        known = self._lines_of(start)
        every = {one.content: one for one in (*known, *lines)}
        chain = join_chain(every.values())
        # A player that got the kit of another venue belongs, from then on, to that venue.
        by_venue: dict[str, list[Written]] = defaultdict(list)
        venue = next((one.line.venue for one in chain.lines if one.line.venue), "")
        for line in chain.lines:
            venue = line.line.venue or venue
            by_venue[ids.get(venue, venue)].append(line)
        if len(every) > len(known):
            self._write_start(start, every.values())
            said = [
                statement
                for venue, some in by_venue.items()
                for statement in statements_of(RecordChain(tuple(some), chain.doubtful, (), ()), venue, now_ms)
            ]
            self._replace(f"{start[0]}/{start[1]}", said)
        return Kept(*start, tuple(by_venue), chain, len(every) - len(known))

    def keep_statements(self, said: Iterable[Statement]) -> int:
        """Add what other software or a person says; what a person says anew of the same takes the old one's place.

        Returns:
            How many were not known before.
        """
        every = tuple(said)
        table = _tables()[1]
        by_hand: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for statement in every:
            if statement.witness == "hand":
                by_hand[statement.venue, statement.source].append(statement)
        known = self._known_keys(every)
        for (venue, source), some in by_hand.items():
            keys = [_key(one) for one in some]
            stale = (table.c.venue == venue) & (table.c.source == source) & table.c.key.not_in(keys)
            self._connection.execute(table.delete().where(stale))
        self._insert(every)
        return len({_key(one) for one in every} - known)

    def heard(self, first_ms: int, last_ms: int, venues: Iterable[str] = ()) -> dict[str, list[Statement]]:
        """Venue → what is said of the time from `first_ms` until before `last_ms`, by time.

        Args:
            venues: ids; all when empty.
        """
        table = _tables()[1]
        columns = [table.c[name] for name in _FIELDS]
        # What lasts is cut into pieces no longer than that, so the index finds where to begin.
        inside = (table.c.at_ms < last_ms) & (table.c.at_ms >= first_ms - LONGEST_MS)
        inside &= table.c.at_ms + table.c.ms >= first_ms
        if chosen := tuple(venues):
            inside &= table.c.venue.in_(chosen)
        rows = self._connection.execute(
            table.select()
            .with_only_columns(*columns)
            .where(inside)
            .order_by(table.c.venue, table.c.at_ms, table.c.key)
        )
        found: dict[str, list[Statement]] = defaultdict(list)
        for row in rows:
            found[row[0]].append(Statement(*row))
        return found

    def last_heard(self, venues: Iterable[str] = ()) -> Mapping[str, int]:
        """Venue → the latest moment of which anything is said, in milliseconds since 1970.

        Args:
            venues: ids; all when empty.
        """
        from sqlalchemy import func, select

        table = _tables()[1]
        latest = select(table.c.venue, func.max(table.c.at_ms + table.c.ms)).group_by(table.c.venue)
        believed = latest.where(table.c.doubtful.is_(False))
        if chosen := tuple(venues):
            believed = believed.where(table.c.venue.in_(chosen))
        return {venue: int(at) for venue, at in self._connection.execute(believed)}

    def _lines_of(self, start: Start) -> tuple[Written, ...]:
        table = _tables()[0]
        same = (table.c.machine == start[0]) & (table.c.boot == start[1])
        packed = self._connection.execute(table.select().with_only_columns(table.c.log).where(same)).scalar()
        raw = zlib.decompress(packed).split(b"\n") if packed else []
        return tuple(Written(line, content) for content in raw if (line := parse_line(content)))

    def _write_start(self, start: Start, lines: Iterable[Written]) -> None:
        table = _tables()[0]
        ordered = sorted(lines, key=lambda one: (one.line.n, one.content))
        packed = zlib.compress(b"\n".join(one.content for one in ordered), 6)
        row = {"machine": start[0], "boot": start[1], "log": packed}
        self._connection.execute(table.insert().prefix_with("OR REPLACE"), [row])

    def _replace(self, source: str, said: Iterable[Statement]) -> None:
        table = _tables()[1]
        self._connection.execute(table.delete().where(table.c.source == source))
        self._insert(said)

    def _insert(self, said: Iterable[Statement]) -> None:
        rows = [{"key": _key(one), **dict(zip(_FIELDS, _values(one), strict=True))} for one in said]
        if rows:
            self._connection.execute(_tables()[1].insert().prefix_with("OR IGNORE"), rows)

    def _known_keys(self, said: Iterable[Statement]) -> set[str]:
        table = _tables()[1]
        venues = sorted({one.venue for one in said})
        rows = self._connection.execute(
            table.select().with_only_columns(table.c.key).where(table.c.venue.in_(venues))
        )
        return {row[0] for row in rows}


def last_days(cache_dir: Path, zone: ZoneInfo, venues: Iterable[str] = ()) -> Mapping[str, date]:
    """Venue → the last day of which anything is said; of all when none are named. Begins no history where none is."""
    if not (cache_dir / FILE_NAME).is_file():
        return {}
    with open_asrun(cache_dir) as store:
        heard = store.last_heard(venues)
    return {venue: datetime.fromtimestamp(at // 1000, zone).date() for venue, at in heard.items()}


@contextmanager
def open_asrun(folder: Path) -> Iterator[AsrunStore]:
    """The logs in that folder, made when there are none; all that is added in the block is kept, or nothing.

    Raises:
        InputError, StorageError: as open_state.
    """
    with open_state(folder, _metadata()) as connection:
        yield AsrunStore(connection)


_FIELDS = tuple(one.name for one in fields(Statement))
_values = attrgetter(*_FIELDS)


def _key(one: Statement) -> str:
    """What is said twice in the same words, is said once."""
    return hashlib.sha256(repr(_values(one)).encode()).hexdigest()[:32]


def _metadata() -> MetaData:
    return _tables()[0].metadata


@cache
def _tables() -> tuple[Table, Table]:
    from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

    metadata = MetaData()
    logs = Table(
        "asrun_log",
        metadata,
        Column("machine", String, primary_key=True),
        Column("boot", String, primary_key=True),
        Column("log", LargeBinary, nullable=False),
    )
    kinds = {"at_ms": Integer, "ms": Integer, "pos_ms": Integer, "people": Integer, "doubtful": Boolean}
    said = Table(
        "asrun_said",
        metadata,
        Column("key", String, primary_key=True),
        *(Column(name, kinds.get(name, String), nullable=False) for name in _FIELDS),
        sqlite_with_rowid=False,
    )
    Index("asrun_said_of_venue", said.c.venue, said.c.at_ms)
    Index("asrun_said_by_source", said.c.source)
    return logs, said
