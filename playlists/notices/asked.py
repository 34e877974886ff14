"""What a person asks for with a notice, looked up and judged: for whom, from when until when. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from courseware.errors import InputError, Problem, text
from courseware.lessons.alert import TITLE, Alert, checked_words
from courseware.lessons.settings import Office
from courseware.lessons.workspace import Workspace
from courseware.validate import Complaint, not_one_of
from playlists.almanac.typed import moment_typed
from playlists.county.county import County
from playlists.files import venues as venues_file
from playlists.files.calendar import is_meant
from playlists.files.naming import ids_of, no_venue
from playlists.files.venues import KIND_NAMES, KIND_WORDS, Venue
from playlists.opening.windows import opening_on
from templates.type.printed import printable, unprintable

LONGEST = timedelta(days=3)
EVERY_S = 600
_LONGEST_LINE = 60
_LATE = timedelta(minutes=1)  # what was "now" when it was typed is not the past
_LIST = re.compile(r"[、，,;；\s]+")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class NoticeWish:
    """A notice as it is typed.

    Attributes:
        title: empty for the usual one.
        venues: ids, names, groups or kinds, also several in one text.
        every: for all venues.
        start, end: moments; an empty start is now.
        minutes: from one showing to the next; None when that is not told.
        repeat: without a break.
    """

    content: str
    title: str = ""
    voice: Path | None = None
    venues: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    every: bool = False
    start: str = ""
    end: str = ""
    minutes: int | None = None
    repeat: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class NoticeOrder:
    """A notice that may be sent; every_s as in the ledger."""

    alert: Alert
    venues: tuple[Venue, ...]
    start: datetime
    end: datetime
    every_s: int
    by: str


def ordered(wish: NoticeWish, workspace: Workspace, county: County, now: datetime) -> NoticeOrder:
    """The wish, looked up.

    Raises:
        InputError: all that is wrong with it, at once.
    """
    problems: list[Problem] = []
    title, content = _tried(problems, lambda: _words(wish), ("", ""))
    venues = _tried(problems, lambda: _venues(wish, county), tuple[Venue, ...]())
    start, end = _tried(problems, lambda: _times(wish, now), (now, now))
    if wish.repeat and wish.minutes is not None:
        problems.append(Problem("--repeat", text("goes without --every; write one of the two")))
    if wish.voice is not None and not wish.voice.is_file():
        problems.append(Problem("--voice", text("no such file: {name}", name=wish.voice)))
    by = _tried(problems, lambda: checked_line(wish.by, "--by"), "")
    if problems:
        raise InputError(*problems)
    alert = Alert(title, content, _signature(workspace.settings.office, now), wish.voice)
    every_s = 0 if wish.repeat else 60 * wish.minutes if wish.minutes else EVERY_S
    return NoticeOrder(alert, venues, start, end, every_s, by)


def closed_then(order: NoticeOrder, workspace: Workspace, county: County) -> tuple[Venue, ...]:
    """The venues that are not open at any moment of the notice: nobody looks, and the player may not run."""
    zone = workspace.settings.zone
    days = list(_days(order.start, order.end))

    def is_open(venue: Venue) -> bool:
        windows = (one for day in days for one in opening_on(county.calendar, venue, day, zone))
        return any(one.start < order.end and order.start < one.end for one in windows)

    return tuple(venue for venue in order.venues if not is_open(venue))


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """From the evening before on, which may last past midnight."""
    day = start.date() - timedelta(days=1)
    while day <= end.date():
        yield day
        day += timedelta(days=1)


def _tried(problems: list[Problem], look: Callable[[], Found], instead: Found) -> Found:
    try:
        return look()
    except InputError as error:
        problems += error.problems
        return instead


def _words(wish: NoticeWish) -> tuple[str, str]:
    words = checked_words(wish.title or TITLE, wish.content)
    missing = [(where, unprintable(said)) for where, said in zip(("--title", "TEXT"), words, strict=True)]
    problems = [
        Problem(where, text("no font can print {characters}; write it otherwise", characters=" ".join(found)))
        for where, found in missing
        if found
    ]
    if problems:
        raise InputError(*problems)
    return words


def checked_line(given: str, where: str) -> str:
    """A name or a reason as it is kept and printed.

    Raises:
        InputError: it cannot be printed in one line.
    """
    try:
        said = printable(given)
    except Complaint as complaint:
        raise InputError(Problem(where, complaint.what)) from None
    if not said or len(said) > _LONGEST_LINE:
        raise InputError(Problem(where, text("write one line of at most {most} characters", most=_LONGEST_LINE)))
    return said


def _venues(wish: NoticeWish, county: County) -> tuple[Venue, ...]:
    if faults := county.faults_of(venues_file.FILE_NAME):
        raise InputError(*faults)
    if not county.venues:
        raise InputError(Problem(venues_file.FILE_NAME, text("holds no venue yet")))
    names = tuple(filter(None, (part for one in wish.venues for part in _split(one, county.venues))))
    towns = tuple(filter(None, (part for one in wish.towns for part in _LIST.split(one))))
    if wish.every == bool(names or towns):
        what = text("say for whom: --venues square-01、广场, --town, or --all; --all goes with neither")
        raise InputError(Problem("--venues", what))
    if wish.every:
        return county.venues
    called = ids_of(county.venues)
    ids = [called.get(name, name) for name in names]
    problems = [*_unknown_venues(ids, county.venues), *_unknown_towns(towns, county.venues)]
    if problems:
        raise InputError(*problems)
    return tuple(one for one in county.venues if one.town in towns or is_meant(ids, one))


def _split(given: str, venues: Sequence[Venue]) -> list[str]:
    """A list in one text; a name with a blank in it is one name."""
    return [given] if given in ids_of(venues) else _LIST.split(given)


def _unknown_venues(names: Iterable[str], venues: Sequence[Venue]) -> Iterator[Problem]:
    groups = dict.fromkeys(group for venue in venues for group in venue.groups)
    others = [*groups, *KIND_NAMES.values()]
    ids = {venue.id for venue in venues}
    for name in dict.fromkeys(names):
        if name not in ids and name not in groups and name.lower() not in KIND_WORDS:
            yield Problem("--venues", no_venue(name, venues, others))


def _unknown_towns(names: Iterable[str], venues: Sequence[Venue]) -> Iterator[Problem]:
    known = tuple(dict.fromkeys(venue.town for venue in venues if venue.town))
    yield from (Problem("--town", not_one_of(name, known)) for name in dict.fromkeys(names) if name not in known)


def _times(wish: NoticeWish, now: datetime) -> tuple[datetime, datetime]:
    problems: list[Problem] = []
    whole = now.replace(microsecond=0)
    start = _tried(problems, lambda: _moment(wish.start, now, "--from"), None) if wish.start else whole
    end = _tried(problems, lambda: _moment(wish.end, now, "--until"), None)
    if start is not None and start < now - _LATE and wish.start:
        problems.append(Problem("--from", text("{moment} is past; leave it out for now", moment=_said(start))))
    if end is not None and end <= now:
        problems.append(Problem("--until", text("{moment} is past", moment=_said(end))))
    elif start and end and end <= start:
        what = text("{end} is not after {start}; a notice ends after it begins", end=_said(end), start=_said(start))
        problems.append(Problem("--until", what))
    elif start and end and end - start > LONGEST:
        what = text("is longer than {days} days; put what holds longer into the programme", days=LONGEST.days)
        problems.append(Problem("--until", what))
    if problems or start is None or end is None:
        raise InputError(*problems)
    return start, end


def _moment(given: str, now: datetime, where: str) -> datetime:
    if not given.strip():
        raise InputError(Problem(where, text("say when the notice ends, e.g. {example}", example="20:30")))
    with suppress(InputError):
        # A time of day alone is today's.
        return moment_typed(f"今天 {given}", now.date(), where).replace(tzinfo=now.tzinfo)
    return moment_typed(given, now.date(), where).replace(tzinfo=now.tzinfo)


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _signature(office: Office, now: datetime) -> str:
    """The office and the moment, as they stand below the words."""
    return f"{office.name}　{now.year}年{now.month}月{now.day}日{now:%H:%M}"
