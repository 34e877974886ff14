"""What each venue was meant to show, was announced to show and has shown: .yuanjiao/state.sqlite. Plans nothing.

Rows are known by venue, start and lesson; a lesson is recognised by its id or, when it was renamed, by the content of
its rendition. What was published goes before what was planned, and what a screen reports before both: a showing that
is reported as missed never was, and one that nobody reports counts as announced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from courseware.errors import Problem, text
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.storage.state import FILE_NAME, open_state
from playlists.almanac.days import moment
from playlists.schedules.schedule import Schedule, Slot, monday_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Delete, Row, Table, TextClause
    from sqlalchemy.sql import ColumnElement

    # State, week, start, seconds, lesson, content.
    _Known = Row[str, str, int, int, str, str]

State = Literal["planned", "published", "shown", "missed"]
_INSERT = """
    INSERT OR REPLACE INTO showing (state, venue, start, seconds, week, lesson, content) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
# What was meant to be shown, the truer first; and all that showings may be.
_MEANT: tuple[State, ...] = ("published", "planned")
STATES: tuple[State, ...] = ("shown", *_MEANT)
# Days before a week whose programmes its own days should not repeat.
_REMEMBERED = 7
# No showing of a week begins further away from its Monday, in whatever time zone.
_FROM_MONDAY_S = (-2 * 86400, 9 * 86400)
# Of a row of `Ledger._true`: a county's month has a hundred thousand.
_week_of, _start_of, _lesson_of = itemgetter(0, 1), itemgetter(2), itemgetter(4, 5)


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
        self._forget((state, one.venue, one.week) for one in every)
        known: dict[int, list[PastShowing]] = {}
        for schedule in every:
            # Venues that are planned alike have the same days.
            days = known.get(id(schedule.days))
            if days is None:
                days = [showing for day in schedule.days for showing in showings_of(day.slots)]
                known[id(schedule.days)] = days
            self._keep(state, schedule.venue, schedule.week, days)

    def record_seen(self, venue: str, week: str, shown: Sequence[PastShowing], missed: Sequence[int] = ()) -> None:
        """Put what is reported of a venue's week in place of what was reported of it before.

        Args:
            missed: starts of the showings that were meant and, as is known, were not whole.
        """
        self._forget((state, venue, week) for state in ("shown", "missed"))
        self._keep("shown", venue, week, shown)
        self._keep("missed", venue, week, [PastShowing(start, 0, "", "") for start in missed])

    def _forget(self, weeks: Iterable[tuple[State, str, str]]) -> None:
        """Remove the showings of these states, venues and weeks."""
        asked = []
        for state, venue, week in weeks:
            # Their bounds, too: so a long history is not searched for them.
            first, last = (_at_midnight(monday_of(week)) + seconds for seconds in _FROM_MONDAY_S)
            asked.append({"in_state": state, "in_venue": venue, "in_week": week, "first": first, "last": last})
        if asked:
            self._connection.execute(_delete_week(), asked)

    def _keep(self, state: State, venue: str, week: str, showings: Iterable[PastShowing]) -> None:
        rows = [(state, venue, start, seconds, week, *of) for start, seconds, *of in showings]
        if rows:
            # As SQL and bare rows: for a county's week that takes half the time.
            self._connection.exec_driver_sql(_INSERT, rows)

    def showings(self, venue: str, first: int, last: int, besides: str = "") -> tuple[PastShowing, ...]:
        """A venue's showings from `first` until before `last`, as far as is known, in order of time.

        Args:
            besides: a week that is left out.
        """
        return tuple([PastShowing(*row[2:]) for row in self._true(venue, first, last, besides)])

    def _true(self, venue: str, first: int, last: int, besides: str = "") -> Sequence[_Known]:
        """What the table holds of them, in order of time."""
        asked = {"venue": venue, "first": first, "last": last, "besides": besides}
        rows = self._connection.execute(_select_showings(), asked).all()
        known = set(map(_week_of, rows))
        # Of each week the truer of what was meant.
        meant = {week: state for believed in reversed(_MEANT) for state, week in known if state == believed}
        if len(meant) < len(known):
            true = {row.start: row for row in rows if row.state == meant.get(row.week)}
            for row in rows:
                if row.state == "missed":
                    true.pop(row.start, None)
            rows = [*(true | {row.start: row for row in rows if row.state == "shown"}).values()]
        return sorted(rows, key=_start_of)

    def following(self, venue: str, week: str, zone: ZoneInfo) -> Mapping[str, int]:
        """Lesson → start of its first showing in the two days after that week, as far as they are planned."""
        monday = monday_of(week) + timedelta(days=7)
        first, last = (int(moment(monday + timedelta(days=n), 0, zone).timestamp()) for n in (0, 2))
        return {one.lesson: one.start for one in reversed(self.showings(venue, first, last, week))}

    def latest(self, venue: str, before: int) -> tuple[tuple[str, str, int], ...]:
        """(lesson, content and start of its latest showing) of all that the venue had before that moment."""
        rows = self._connection.execute(_select_latest(), {"venue": venue, "before": before}).all()
        return tuple((lesson, content, start) for lesson, content, start in rows)

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

        true = self._true(venue, min(month, recent), begins)
        uses: dict[str, int] = {}
        of_month = true[bisect_left(true, month, key=_start_of) :]
        for of, number in Counter(map(_lesson_of, of_month)).items():
            lesson = now_called(*of)
            uses[lesson] = uses.get(lesson, 0) + number
        orders: dict[int, list[str]] = {}
        for _, _, start, _, lesson, content in true[bisect_left(true, recent, key=_start_of) :]:
            orders.setdefault((begins - start - 1) // 86400, []).append(now_called(lesson, content))
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
    table = _table()
    with open_state(folder, table.metadata) as connection:
        # Files of before had another index instead, three times as large.
        connection.exec_driver_sql("DROP INDEX IF EXISTS showing_of_lesson")
        for index in table.indexes:
            index.create(connection, checkfirst=True)
        yield Ledger(connection)


def showings_of(slots: Iterable[object]) -> Iterator[PastShowing]:
    """The lessons among the slots of a day."""
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


def _at_midnight(day: date) -> int:
    """That day's beginning in Greenwich, in seconds since 1970."""
    return (day - date(1970, 1, 1)).days * 86400


@cache
def _delete_week() -> Delete:
    from sqlalchemy import bindparam

    table = _table()
    inside = (table.c.start >= bindparam("first")) & (table.c.start < bindparam("last"))
    inside &= (table.c.state == bindparam("in_state")) & (table.c.venue == bindparam("in_venue"))
    return table.delete().where(inside & (table.c.week == bindparam("in_week")))


@cache
def _select_showings() -> TextClause:
    """By the primary key, once for each state. Made once: a county asks a thousand times."""
    from sqlalchemy import text as sql

    return sql("""
        SELECT state, week, start, seconds, lesson, content FROM showing
        WHERE state IN ('planned', 'published', 'shown', 'missed') AND venue = :venue
        AND start >= :first AND start < :last AND week <> :besides
    """)


@cache
def _select_latest() -> TextClause:
    """For each lesson of the venue a few looks into the index, however long the history is.

    Each look asks for the next of one column alone: asked for the next pair, SQLite walks over all that lies between.
    """
    from sqlalchemy import text as sql

    return sql("""
        WITH RECURSIVE each_lesson(lesson) AS (
            SELECT MIN(lesson) FROM showing WHERE venue = :venue
            UNION ALL
            SELECT (SELECT MIN(lesson) FROM showing WHERE venue = :venue AND lesson > each_lesson.lesson)
            FROM each_lesson WHERE lesson IS NOT NULL
        ), latest(lesson, start) AS (
            SELECT lesson, (
                SELECT start FROM showing AS it
                WHERE venue = :venue AND lesson = each_lesson.lesson AND start < :before
                AND (state = 'shown' OR NOT EXISTS (
                    SELECT 1 FROM showing AS gone
                    WHERE gone.state = 'missed' AND gone.venue = :venue AND gone.start = it.start
                ))
                ORDER BY start DESC LIMIT 1
            ) FROM each_lesson WHERE lesson > ''
        )
        SELECT lesson, (
            -- The states' order is that of how true they are: shown, published, planned.
            SELECT content FROM showing AS it
            WHERE venue = :venue AND lesson = latest.lesson AND start = latest.start ORDER BY state DESC LIMIT 1
        ), start FROM latest WHERE start IS NOT NULL
    """)


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
    # Without the content: a county's week is written in half the time.
    Index("showing_by_lesson", table.c.venue, table.c.lesson, table.c.start)
    return table
