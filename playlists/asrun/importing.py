"""Bring logs in: read them, keep them, say what is wrong with them, and tell the history what was shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from courseware.clutter import listed
from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import Workspace
from playlists.almanac.days import DAY_MINUTES, moment, week_of
from playlists.asrun.formats import SUFFIXES, read_log
from playlists.asrun.formats.kinds import LogFile, Setting, venues_in_kits
from playlists.asrun.line import LogLine
from playlists.asrun.plans import PlanBook, days_from
from playlists.asrun.reconcile import Reconciled, reconcile
from playlists.asrun.store import AsrunStore, Kept, open_asrun
from playlists.files import venues as venues_file
from playlists.files.naming import select_venues
from playlists.files.venues import load_venues
from playlists.schedules.history import open_ledger, showings_of
from playlists.schedules.schedule import monday_of

_LOGS = "asrun"  # where a kit keeps them
_MOST_NAMED = 5
_AHEAD_MS = 24 * 3600 * 1000  # by which the office's own clock may be wrong
_BESIDE = timedelta(days=1)
_WEEK = timedelta(days=6)  # from a Monday to its Sunday
_NOT_SHOWN = frozenset({"missing", "replaced", "part"})


@dataclass(frozen=True, slots=True)
class ImportedRecords:
    """What an import brought.

    Attributes:
        files: read, each with the key of its format and how much of it was new.
        torn: how many last lines were cut off.
        venues: venue → first and last day of which anything is said.
        problems: what could not be read, or must not be believed.
    """

    files: tuple[tuple[str, str, int], ...]
    torn: int
    venues: Mapping[str, tuple[date, date]]
    problems: tuple[Problem, ...]


def import_logs(
    workspace: Workspace,
    paths: Sequence[Path],
    now: datetime,
    venue: str = "",
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ImportedRecords:
    """Take in files and all that lies in folders; a bad file hides no other.

    Args:
        venue: id or name of the venue whose logs they are, where they do not say.
        progress: told how many of how many files are read.

    Raises:
        InputError: no venue can be used, the one that was told is unknown, or there is no file at all.
    """
    setting = _setting(workspace, venue)
    files = tuple(_files_in(paths))
    if not files:
        what = text("holds no play log; copy the folder “asrun” of the stick here, or give its path")
        raise InputError(*(Problem(str(path), what) for path in paths))
    now_ms = round(now.timestamp() * 1000) + _AHEAD_MS
    problems: list[Problem] = []
    read: list[tuple[str, str, int]] = []
    with open_asrun(workspace.cache_dir) as store:
        brought = _Brought(store, setting, now_ms)
        # One after the other: a county's month does not fit into the memory of an office PC.
        for number, path in enumerate(files, 1):
            try:
                log = read_log(path, setting)
            except InputError as error:
                problems += error.problems
            else:
                read.append((path.name, log.format, brought.take(log)))
                problems += log.problems
            progress(number, len(files))
    problems += brought.problems()
    tell_history(workspace, brought.spans(), now)
    return ImportedRecords(tuple(read), brought.torn, brought.spans(), tuple(problems))


def _setting(workspace: Workspace, venue: str) -> Setting:
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    if not venues:
        raise InputError(
            *(problems or (Problem(venues_file.FILE_NAME, text("has no venues yet; add a row for each")),))
        )
    told = select_venues(venues, (venue,))[0].id if venue else ""
    return Setting(venues, workspace.settings.zone, told)


def _files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and of folders what may be a log; of a stick, the folder of its logs.

    What systems leave there is passed over.
    """
    for path in paths:
        if (path / _LOGS).is_dir():
            yield from _files_in([path / _LOGS])
        elif path.is_dir():
            inside = listed(path)
            yield from (one for one in inside if one.is_file() and one.suffix.lower() in SUFFIXES)
            yield from _files_in(one for one in inside if one.is_dir() and not one.name.startswith("."))
        else:
            yield path


class _Brought:
    """Puts what was read into the store, and remembers what is odd about it."""

    def __init__(self, store: AsrunStore, setting: Setting, now_ms: int) -> None:
        self._store, self._now_ms, self._zone = store, now_ms, setting.zone
        self._known = {one.id for one in setting.venues}
        self._ids = venues_in_kits(setting.venues)
        self._starts: dict[tuple[str, str], Kept] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self._future: Counter[str] = Counter()
        self.torn = 0

    def take(self, one: LogFile) -> int:
        """Keep what a file holds; how many lines or statements were new."""
        kept = self._store.keep_lines(one.written, self._now_ms, self._ids)
        self.torn += one.torn
        for start in kept:
            self._note_lines(start)
            self._starts[start.machine, start.boot] = start._replace(chain=replace(start.chain, lines=()))
        told = [replace(said, doubtful=said.end_ms > self._now_ms) for said in one.statements]
        for said in told:
            self._future[said.venue] += said.doubtful
            self._note(said.venue, said.at_ms, said.end_ms)
        return sum(start.fresh for start in kept) + self._store.keep_statements(told)

    def _note_lines(self, start: Kept) -> None:
        lines: dict[str, list[LogLine]] = {}
        for written in start.chain.lines:
            name = written.line.venue
            lines.setdefault(self._ids.get(name, name), []).append(written.line)
        for venue, some in lines.items():
            moments = [line.at_ms for line in some if line.at_ms <= self._now_ms]
            self._future[venue] += len(some) - len(moments)
            if venue and moments:
                self._note(venue, min(moments), max(moments))

    def _note(self, venue: str, first_ms: int, last_ms: int) -> None:
        if last_ms <= self._now_ms:
            first, last = self._spans.get(venue, (first_ms, last_ms))
            self._spans[venue] = (min(first, first_ms), max(last, last_ms))

    def spans(self) -> Mapping[str, tuple[date, date]]:
        """Venue → the days from the first to the last of which anything is said."""
        return {
            venue: (_day(first, self._zone), _day(last, self._zone))
            for venue, (first, last) in sorted(self._spans.items())
        }

    def problems(self) -> Iterator[Problem]:
        """What must not be believed, or belongs to nobody."""
        for start in self._starts.values():
            yield from _chain_problems(start)
            for venue in start.venues:
                if venue and venue not in self._known:
                    what = text("is of {venue}, which is no venue here; it is kept, and counts for none", venue=venue)
                    yield Problem(_named(start), what)
            if not any(start.venues):
                what = text("does not say with which kit it was played; it is kept, and counts for no venue")
                yield Problem(_named(start), what)
        for venue, count in sorted(self._future.items()):
            if count:
                what = text("{count} entries are of the future, by a wrong clock; they do not count", count=count)
                yield Problem(venue, what)


def _chain_problems(start: Kept) -> Iterator[Problem]:
    for numbers, what in (
        (
            sorted(start.chain.doubtful),
            text("lines were changed after they were written, and do not count: {lines}"),
        ),
        (start.chain.gaps, text("lines are missing before: {lines}; bring the whole file")),
        (start.chain.twins, text("these lines appear twice with different content: {lines}")),
    ):
        if numbers:
            yield Problem(_named(start), Text(what.pattern, {"lines": _ranges(numbers)}))


def _named(start: Kept) -> str:
    return f"{'、'.join(filter(None, start.venues))} {start.machine}/{start.boot}".strip()


def _ranges(numbers: Sequence[int]) -> str:
    """Like "3、7–9", the first few of them."""
    runs = []
    for _, found in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in found]
        runs.append(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}")
    return "、".join(runs[:_MOST_NAMED]) + ("…" if len(runs) > _MOST_NAMED else "")


def _day(at_ms: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at_ms // 1000, zone).date()


def tell_history(workspace: Workspace, spans: Mapping[str, tuple[date, date]], now: datetime) -> None:
    """Let the planner know what was shown, and what was not though it was planned, in the weeks of these days."""
    with open_asrun(workspace.cache_dir) as store:
        seen = tuple(_seen_weeks(workspace, store, spans, now))
    with open_ledger(workspace.cache_dir) as ledger:
        for venue, week, found in seen:
            shown = showings_of(one.slot for one in found.outcomes if one.is_shown)
            missed = showings_of(one.slot for one in found.outcomes if one.state in _NOT_SHOWN)
            ledger.record_seen(venue, week, tuple(shown), [one.start for one in missed])


def _seen_weeks(
    workspace: Workspace, store: AsrunStore, spans: Mapping[str, tuple[date, date]], now: datetime
) -> Iterator[tuple[str, str, Reconciled]]:
    """The planned weeks of these days, each with what became of it."""
    book, zone, now_ms = PlanBook(workspace), workspace.settings.zone, round(now.timestamp() * 1000)
    for venue, (first, last) in spans.items():
        # What is on after midnight may belong to the week before.
        for week in dict.fromkeys(week_of(day) for day in days_from(first - _BESIDE, last)):
            monday = monday_of(week)
            days = days_from(monday, monday + _WEEK)
            start, end = _bounds(days[0], days[-1], zone)
            said = store.heard(start, end, (venue,)).get(venue, [])
            plan = book.of_days(venue, days, said)
            if plan.days:
                yield venue, week, reconcile(plan.slots, said, now_ms)


def _bounds(first: date, last: date, zone: ZoneInfo) -> tuple[int, int]:
    """From the midnight that begins the first day to the noon after the last: its night is over then."""
    return (
        round(moment(first, 0, zone).timestamp() * 1000),
        round(moment(last, DAY_MINUTES + DAY_MINUTES // 2, zone).timestamp() * 1000),
    )
