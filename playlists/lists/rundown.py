"""What is exported: showings one after the other, with times where a clock is about. Knows no format and no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

Kind = Literal["lesson", "slogan", "notice", "ident", "lecture", "activity", "training"]
EVENTS: frozenset[Kind] = frozenset({"lecture", "activity", "training"})
# What begins before this hour is of the evening before.
DAY_BEGINS = 4
# A list that plays on over a longer pause would be as much too early.
PAUSE = timedelta(minutes=1)
BARE: frozenset[Kind] = frozenset({"slogan", "notice", "ident"})


@dataclass(frozen=True, slots=True)
class Airing:
    """One showing, or a live event.

    Attributes:
        seconds: length; whole.
        path: of the video, with "/", as the list leads to it; empty for an event, and where a list names no files.
        lesson: its id; empty for an event.
        start: aware; None in a list of lessons that no clock is about.
        note: who speaks, at an event.
    """

    title: str
    seconds: int
    path: str = ""
    lesson: str = ""
    start: datetime | None = None
    kind: Kind = "lesson"
    series: str = ""
    block: str = ""
    note: str = ""

    @property
    def is_told(self) -> bool:
        """Whether people look for it in a programme: slogans, notices and idents only fill seconds."""
        return self.kind not in BARE


class Sitting(NamedTuple):
    """What is shown without a pause, or one live event."""

    start: datetime
    end: datetime
    airings: tuple[Airing, ...]

    @property
    def event(self) -> Airing | None:
        """The event, if it is one."""
        return self.airings[0] if self.airings[0].kind in EVENTS else None


class TimedAiring(NamedTuple):
    """An airing with its start and end."""

    start: datetime
    end: datetime
    airing: Airing


@dataclass(frozen=True, slots=True)
class Rundown:
    """What goes into one file: a window, a day or a week of a venue, or lessons in any order.

    Attributes:
        name: of the file, without suffix.
        title: as players show it.
        airings: in order of time.
        venue, venue_name, town: whose it is, as printed; empty for a list of lessons.
        days: which it is about; what is shown after midnight belongs to the evening before.
    """

    name: str
    title: str
    airings: tuple[Airing, ...]
    venue: str = ""
    venue_name: str = ""
    town: str = ""
    days: tuple[date, ...] = ()

    def timed(self) -> Iterator[TimedAiring]:
        """Start, end and showing of all that have a time."""
        for airing in self.airings:
            if airing.start is not None:
                yield TimedAiring(airing.start, later(airing.start, airing.seconds), airing)

    def sittings(self, *, by_block: bool = False) -> Iterator[Sitting]:
        """What follows each other without a pause, together; each event by itself.

        Args:
            by_block: a new one where another block of the programme begins, too; what only fills seconds begins none.
        """
        run: list[TimedAiring] = []
        block: str | None = None
        for timed in self.timed():
            start, _, airing = timed
            turns = by_block and airing.is_told and block not in {None, airing.block}
            before = run[-1] if run else timed
            if run and (turns or start - before.end >= PAUSE or {before.airing.kind, airing.kind} & EVENTS):
                yield _sitting(run)
                run, block = [], None
            run.append(timed)
            block = airing.block if airing.is_told else block
        if run:
            yield _sitting(run)


def _sitting(run: Sequence[TimedAiring]) -> Sitting:
    return Sitting(run[0].start, run[-1].end, tuple(timed.airing for timed in run))


def later(start: datetime, seconds: int) -> datetime:
    """So many seconds after `start`, in its zone; added in UTC, since a local time ignores a change of clocks."""
    return (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(start.tzinfo)


def day_at(start: datetime) -> date:
    """The day whose evening it is."""
    return (start - timedelta(hours=DAY_BEGINS)).date()


def one_line(said: str) -> str:
    """Text as one line without anything unseen: no format of ours can be broken out of by a title."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in said).split())


def guarded(path: str) -> str:
    """A way that players follow: they take "#…" for a remark, "x:…" for an address, and drop blanks before a name.

    Raises:
        ValueError: it is absolute, has a backslash or breaks the line.
    """
    if path.startswith("/") or "\\" in path or len(path.splitlines()) != 1:
        raise ValueError(f"not a relative path with forward slashes in one line: {path!r}")
    first = path.split("/", maxsplit=1)[0]
    return f"./{path}" if first.startswith(("#", " ")) or ":" in first else path
