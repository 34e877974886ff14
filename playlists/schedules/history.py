"""What each venue was meant to show, was announced to show and has shown: .yuanjiao/state.sqlite. Plans nothing.

Rows are known by venue, start and lesson; a lesson is recognised by its id or, when it was renamed, by the content of
its rendition. What was published goes before what was planned, and what a screen reports before both: a showing that
is reported as missed never was, and one that nobody reports counts as announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from courseware.errors import Problem, text
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.storage.state import FILE_NAME, open_state
from playlists.almanac.days import moment
from playlists.schedules.schedule import Schedule, monday_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Delete, Select, Table, TextClause
    from sqlalchemy.sql import ColumnElement

State = Literal["planned", "published", "shown", "missed"]
# What was meant to be shown, the truer first; and all that showings may be.
_MEANT: tuple[State, ...] = ("published", "planned")
STATES: tuple[State, ...] = ("shown", *_MEANT)
# Days before a week whose programmes its own days should not repeat.
_REMEMBERED = 7


class PastShowing(NamedTuple):
    """A showing that was planned, published or seen; `start` in seconds since 1970."""

    start: int
    seconds: int
    lesson: str
    content: str


@dataclass(frozen=True, slots=True)
class Past:
    """What the plan of a week needs to know of the time before it.

    Attributes:
        uses: lesson → showings since the month began.
        last: lesson → start of the latest showing ever.
        orders: what each of the days just before showed, in order.
    """

    uses: Mapping[str, int] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)
    orders: tuple[tuple[str, ...], ...] = ()


class Ledger:
    """The history of all venues, open; use `open_ledger`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, state: State, schedules: Iterable[Schedule]) -> None:
        """Put the lessons of these weeks in place of what stood there for the same venues and weeks."""
        every = tuple(schedules)
        same = [{"of_state": state, "of_venue": one.venue, "of_week": one.week} for one in every]
        if same:
            self._connection.execute(_delete_week(), same)
        rows = [
            _row(state, schedule.venue, schedule.week, showing)
            for schedule in every
            for day in schedule.days
            for showing in showings_of(day.slots)
        ]
        if rows:
            self._connection.execute(_table().insert().prefix_with("OR REPLACE"), rows)

    def record_seen(self, venue: str, week: str, shown: Sequence[PastShowing], missed: Sequence[int] = ()) -> None:
        """Put what is reported of a venue's week in place of what was reported of it before.

        Args:
            missed: starts of the showings that were meant and, as is known, were not whole.
        """
        states: tuple[State, ...] = ("shown", "missed")
        self._connection.execute(
            _delete_week(), [{"of_state": state, "of_venue": venue, "of_week": week} for state in states]
        )
        rows = [_row("shown", venue, week, one) for one in shown]
        rows += [_row("missed", venue, week, PastShowing(start, 0, "", "")) for start in missed]
        if rows:
            self._connection.execute(_table().insert().prefix_with("OR REPLACE"), rows)

    def showings(self, venue: str, first: int, last: int, besides: str = "") -> tuple[PastShowing, ...]:
        """A venue's showings from `first` until before `last`, as far as is known, in order of time.

        Args:
            besides: a week that is left out.
        """
        asked = {"venue": venue, "first": first, "last": last, "besides": besides}
        rows = self._connection.execute(_select_showings(), asked).all()
        best: dict[str, int] = {}
        for state, week, *_ in rows:
            if state in _MEANT:
                best[week] = min(best.get(week, len(_MEANT)), _MEANT.index(state))
        true: dict[int, PastShowing] = {
            rest[0]: PastShowing(*rest)
            for state, week, *rest in rows
            if state in _MEANT and _MEANT.index(state) == best[week]
        }
        for state, _, start, *_ in rows:
            if state == "missed":
                true.pop(start, None)
        true |= {rest[0]: PastShowing(*rest) for state, _, *rest in rows if state == "shown"}
        return tuple(sorted(true.values()))

    def following(self, venue: str, week: str, zone: ZoneInfo) -> Mapping[str, int]:
        """Lesson → start of its first showing in the two days after that week, as far as they are planned."""
        monday = monday_of(week) + timedelta(days=7)
        first, last = (int(moment(monday + timedelta(days=n), 0, zone).timestamp()) for n in (0, 2))
        return {one.lesson: one.start for one in reversed(self.showings(venue, first, last, week))}

    def latest(self, venue: str, before: int) -> tuple[tuple[str, str, int], ...]:
        """(lesson, content, start of its latest showing) of all that the venue had before that moment."""
        rows = self._connection.execute(_select_latest(), {"venue": venue, "before": before}).all()
        return tuple((lesson, content, start) for lesson, content, start in rows if start is not None)

    def weeks(self, state: State) -> tuple[str, ...]:
        """The weeks of which something of that state is known."""
        table = _table()
        chosen: ColumnElement[str] = table.c.week
        rows = self._connection.execute(
            table.select().with_only_columns(chosen).where(table.c.state == state).distinct().order_by(chosen)
        )
        return tuple(row[0] for row in rows)

    def past(self, venue: str, week: str, zone: ZoneInfo, renditions: Mapping[str, Rendition]) -> Past:
        """What the plan of that week should know, by the ids that the lessons bear now."""
        monday = monday_of(week)
        begins = int(moment(monday, 0, zone).timestamp())
        month = int(moment(monday.replace(day=1), 0, zone).timestamp())
        recent = int(moment(monday - timedelta(days=_REMEMBERED), 0, zone).timestamp())
        named = {made.sha256: lesson for lesson, made in renditions.items()}

        def now_called(lesson: str, content: str) -> str:
            return lesson if lesson in renditions else named.get(content, lesson)

        uses: dict[str, int] = {}
        orders: dict[int, list[str]] = {}
        for showing in self.showings(venue, min(month, recent), begins):
            lesson = now_called(showing.lesson, showing.content)
            if showing.start >= month:
                uses[lesson] = uses.get(lesson, 0) + 1
            if showing.start >= recent:
                orders.setdefault((begins - showing.start - 1) // 86400, []).append(lesson)
        last: dict[str, int] = {}
        for lesson, content, start in self.latest(venue, begins):
            name = now_called(lesson, content)
            last[name] = max(start, last.get(name, start))
        return Past(uses, last, tuple(tuple(order) for _, order in sorted(orders.items(), reverse=True)))


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The history in that folder, made when there is none; all that is recorded in the block is kept, or nothing.

    Raises:
        InputError, StorageError: as open_state.
    """
    with open_state(folder, _table().metadata) as connection:
        yield Ledger(connection)


def showings_of(slots: Iterable[object]) -> Iterator[PastShowing]:
    """The lessons among the slots of a day."""
    from playlists.schedules.schedule import Slot

    for slot in slots:
        if isinstance(slot, Slot) and slot.lesson:
            yield PastShowing(int(slot.start.timestamp()), slot.seconds, slot.lesson, slot.sha256)


def advance(past: Past, schedule: Schedule, zone: ZoneInfo) -> Past:
    """The past of the week after, when `schedule` is what was shown: planning many weeks needs no file in between."""
    following = monday_of(schedule.week) + timedelta(days=7)
    month = following.replace(day=1)
    last = dict(past.last)
    # What the month has seen before this week still counts when the month goes on.
    uses = dict(past.uses) if monday_of(schedule.week) >= month else {}
    orders = []
    for day in schedule.days:
        order = tuple(slot.lesson for slot in day.slots if slot.lesson)
        if order:
            orders.append(order)
        for showing in showings_of(day.slots):
            last[showing.lesson] = max(showing.start, last.get(showing.lesson, showing.start))
            if showing.start >= _midnight(month, zone):
                uses[showing.lesson] = uses.get(showing.lesson, 0) + 1
    return Past(uses, last, tuple(orders))


@cache
def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(moment(day, 0, zone).timestamp())


@cache
def _delete_week() -> Delete:
    from sqlalchemy import bindparam

    table = _table()
    same = (table.c.state == bindparam("of_state")) & (table.c.week == bindparam("of_week"))
    return table.delete().where(same & (table.c.venue == bindparam("of_venue")))


@cache
def _select_showings() -> Select[Any]:
    # Made once: a county asks a thousand times.
    from sqlalchemy import bindparam

    table = _table()
    inside = (table.c.venue == bindparam("venue")) & (table.c.week != bindparam("besides"))
    inside &= (table.c.start >= bindparam("first")) & (table.c.start < bindparam("last"))
    columns = (table.c.state, table.c.week, table.c.start, table.c.seconds, table.c.lesson, table.c.content)
    return table.select().with_only_columns(*columns).where(inside)


@cache
def _select_latest() -> TextClause:
    """For each lesson and content of the venue two looks into the index, however long the history is."""
    from sqlalchemy import text as sql

    return sql("""
        WITH RECURSIVE one(lesson, content) AS (
            SELECT * FROM (SELECT lesson, content FROM showing WHERE venue = :venue ORDER BY lesson, content LIMIT 1)
            UNION ALL
            SELECT (
                SELECT lesson FROM showing
                WHERE venue = :venue AND (lesson, content) > (one.lesson, one.content)
                ORDER BY lesson, content LIMIT 1
            ), (
                SELECT content FROM showing
                WHERE venue = :venue AND (lesson, content) > (one.lesson, one.content)
                ORDER BY lesson, content LIMIT 1
            ) FROM one WHERE one.lesson IS NOT NULL
        )
        SELECT lesson, content, (
            SELECT start FROM showing AS it
            WHERE venue = :venue AND lesson = one.lesson AND content = one.content AND start < :before
            AND (state = 'shown' OR NOT EXISTS (
                SELECT 1 FROM showing AS gone
                WHERE gone.state = 'missed' AND gone.venue = :venue AND gone.start = it.start
            ))
            ORDER BY start DESC LIMIT 1
        ) FROM one WHERE lesson > ''
    """)


def _row(state: State, venue: str, week: str, one: PastShowing) -> dict[str, object]:
    start, seconds, lesson, content = one
    return {
        "state": state,
        "venue": venue,
        "week": week,
        "start": start,
        "seconds": seconds,
        "lesson": lesson,
        "content": content,
    }


def lost_history(workspace: Workspace) -> tuple[Problem, ...]:
    """That weeks were published, and the file that remembers what was shown is gone."""
    gone = not (workspace.cache_dir / FILE_NAME).is_file()
    if not gone or not any(workspace.schedules_dir.glob("*/published/*/revision.json")):
        return ()
    what = text(
        "is missing although weeks were published: put it back from the backup, for the history and the reviews;"
        " “yuanjiao schedule history --rebuild” brings back the history alone"
    )
    return (Problem(f".yuanjiao/{FILE_NAME}", what),)


@cache
def _table() -> Table:
    from sqlalchemy import Column, Index, Integer, MetaData, String, Table

    table = Table(
        "showing",
        MetaData(),
        Column("state", String, primary_key=True),
        Column("venue", String, primary_key=True),
        Column("start", Integer, primary_key=True),
        Column("seconds", Integer, nullable=False),
        Column("week", String, nullable=False),
        Column("lesson", String, nullable=False),
        Column("content", String, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("showing_of_lesson", table.c.venue, table.c.lesson, table.c.content, table.c.start)
    Index("showing_of_venue", table.c.venue, table.c.start)
    return table
