"""The county at a glance: who is silent, whose kit ends, which obligations are in danger, what waits for the office.

To look over 400 venues takes long; it is done beside, remembered, and done anew once something has changed.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from courseware.errors import Problem, YuanjiaoError, reason_of, text
from courseware.lessons.rendition import load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import load_approval
from courseware.storage.state import FILE_NAME as STATE_NAME
from desk.apart import Apart
from desk.county.places import stamp_of, venues_there, written_stamps
from playlists.almanac import clock
from playlists.asrun.store import last_days
from playlists.checking.checker import Breach, check_schedules
from playlists.duties.keeping import DutyFinding, period_of
from playlists.files.venues import Venue
from playlists.kits.issued import FOLDER as ISSUED
from playlists.kits.issued import newest_end
from playlists.schedules.schedule import monday_of

SILENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekGaps:
    """What is still to be done for a week.

    Attributes:
        unplanned, unpublished: venues that have no week yet; that have one which nobody sees yet.
    """

    week: str
    unplanned: tuple[Venue, ...]
    unpublished: tuple[Venue, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """What the county looks like at a moment.

    Attributes:
        silent: venues of which nothing is reported for a week, with the last day, or None where nothing ever was.
        ending: venues whose kit ends on Sunday or has ended, with the moment.
        without: venues for which no kit was ever made.
        unkept: what is not kept this month, by the name of the obligation.
        broken: breaches of rules in the present and the coming week.
        unreviewed: lessons that are made and not approved.
        problems: why something of this is not known.
    """

    at: datetime
    venues: int
    silent: tuple[tuple[Venue, date | None], ...]
    ending: tuple[tuple[Venue, datetime], ...]
    without: tuple[Venue, ...]
    unkept: Mapping[str, tuple[DutyFinding, ...]]
    broken: tuple[Breach, ...]
    unreviewed: tuple[str, ...]
    problems: tuple[Problem, ...]


def week_gaps(workspace: Workspace, venues: Sequence[Venue], week: str) -> WeekGaps:
    """Who has no planned week, and whose is not published."""
    planned = _stems(workspace.schedules_dir / week, ".json")
    published = _stems(workspace.published_dir / week, ".html")
    return WeekGaps(
        week,
        tuple(one for one in venues if one.id not in planned),
        tuple(one for one in venues if one.id in planned - published),
    )


def look_over(workspace: Workspace) -> Glance:
    """Look at every venue once.

    Raises:
        InputError, StorageError: a file that all depends on cannot be read.
    """
    now = clock.now(workspace)
    venues, faults = venues_there(workspace)
    heard = last_days(workspace.cache_dir, workspace.settings.zone)
    silent = [(one, last) for one in venues if _is_silent(last := heard.get(one.id), now.date())]
    ends = {one.id: newest_end(workspace.kits_dir, one.id) for one in venues}
    sunday_over = monday_of(clock.coming_week(workspace))
    ending = [(one, end) for one in venues if (end := ends[one.id]) and end.date() <= sunday_over]
    unkept, broken, problems = _judged(workspace, now.date())
    return Glance(
        now,
        len(venues),
        tuple(sorted(silent, key=lambda pair: pair[1] or date.min)),
        tuple(sorted(ending, key=lambda pair: pair[1])),
        tuple(one for one in venues if ends[one.id] is None),
        unkept,
        broken,
        _unreviewed(workspace),
        (*faults, *problems),
    )


@dataclass(slots=True)
class Lookout:
    """Remembers the last glance, and takes another one beside when the files have changed."""

    _last: Glance | None = None
    _seen: str = ""
    _sought: Future[Glance] | None = None
    _change: threading.Lock = field(default_factory=threading.Lock)
    problems: tuple[Problem, ...] = ()

    def glance(self, apart: Apart, workspace: Workspace) -> Glance | None:
        """What is known; None until the county was looked over for the first time."""
        now = _stamps(workspace)
        with self._change:
            if now == self._seen or self._sought is not None:
                return self._last
            self._sought = sought = apart.submit(look_over, workspace)
        sought.add_done_callback(partial(self._take, now))
        return self._last

    @property
    def is_looking(self) -> bool:
        """Whether another glance is being taken."""
        return self._sought is not None

    def _take(self, seen: str, answer: Future[Glance]) -> None:
        """What was found out, or why it could not be."""
        try:
            self._last, self.problems = answer.result(), ()
            self._seen = seen
        except (BrokenExecutor, CancelledError):  # its process was killed; it is done again
            pass
        except YuanjiaoError as error:
            self._seen, self.problems = seen, error.problems
        except OSError as error:
            what = text("cannot be read or written: {reason}", reason=reason_of(error))
            self._seen, self.problems = seen, (Problem(str(error.filename or ""), what),)
        finally:
            self._sought = None


def _is_silent(last: date | None, today: date) -> bool:
    return last is None or (today - last).days > SILENT_DAYS


def _judged(
    workspace: Workspace, today: date
) -> tuple[Mapping[str, tuple[DutyFinding, ...]], tuple[Breach, ...], tuple[Problem, ...]]:
    """What the checker says of this month's obligations, and of the rules in the weeks that are planned."""
    weeks = [week for week in _weeks(workspace) if _stems(workspace.schedules_dir / week, ".json")]
    if not weeks:
        return {}, (), ()
    first, last = period_of("month", today)
    month = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    report = check_schedules(workspace, weeks, days=month, today=today)
    unkept = defaultdict[str, list[DutyFinding]](list)
    for finding in report.findings:
        if finding.verdict == "fail" and finding.obligation.must:
            unkept[finding.obligation.name].append(finding)
    broken = tuple(one for one in report.breaches if one.hard)
    return {name: tuple(found) for name, found in unkept.items()}, broken, report.problems


def _unreviewed(workspace: Workspace) -> tuple[str, ...]:
    """The lessons of which a finished video waits for approval, where the workspace asks for it."""
    approval = load_approval(workspace)
    if approval.contents is None:
        return ()
    made = (load_renditions(workspace.renditions_dir, name) for name in workspace.settings.render.profiles)
    return tuple(sorted({one for some in made for one in approval.choose(some)[1]}))


def _weeks(workspace: Workspace) -> tuple[str, str]:
    return clock.present_week(workspace), clock.coming_week(workspace)


def _stems(folder: Path, suffix: str) -> frozenset[str]:
    """The names of the folder's files of a kind; none where there is no folder."""
    try:
        return frozenset(path.stem for path in folder.iterdir() if path.suffix == suffix)
    except FileNotFoundError:
        return frozenset()


def _stamps(workspace: Workspace) -> str:
    """Another text once a file has changed on which the glance depends, or a new day has begun."""
    return "\n".join([str(clock.today(workspace)), *written_stamps(workspace.root), *map(stamp_of, _made(workspace))])


def _made(workspace: Workspace) -> Iterator[Path]:
    """What commands write on which the glance depends."""
    yield workspace.cache_dir / STATE_NAME
    yield from (workspace.renditions_dir / name for name in workspace.settings.render.profiles)
    for week in _weeks(workspace):
        yield workspace.schedules_dir / week
    yield from (path / ISSUED for path in sorted(workspace.kits_dir.glob("*")))
