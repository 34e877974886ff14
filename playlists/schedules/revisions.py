"""Published plans, numbered and kept: schedules/<week>/published/<number>/. What was announced is never changed here.

A revision holds the venues that differ from the one before; revision.json says where each of the others lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id, together, write_text
from playlists.schedules.schedule import Schedule, dump_schedule, load_schedule

FOLDER = "published"
_INDEX = "revision.json"


class Revision(BaseModel):
    """A publication of a week.

    Attributes:
        number: from 1.
        venues: venue → number of the revision whose folder holds its week.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    week: str
    number: int
    at: AwareDatetime
    venues: Mapping[str, int]


def revisions(schedules_dir: Path, week: str) -> tuple[Revision, ...]:
    """All publications of the week, the first first; a folder that is not finished counts for nothing."""
    found = []
    for path in (schedules_dir / week / FOLDER).glob(f"*/{_INDEX}"):
        try:
            one = Revision.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue
        # Its names become paths.
        if (one.week, f"{one.number:04}") == (week, path.parent.name) and all(map(is_safe_id, one.venues)):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.number))


def published(schedules_dir: Path, revision: Revision, venue: str) -> Schedule | None:
    """The week of that venue as the revision announced it; None when it was not among them.

    Raises:
        InputError: its file is damaged or gone.
    """
    if not revision.venues.get(venue):
        return None
    return load_schedule(path_in(schedules_dir, revision, venue), revision.week)


def path_in(schedules_dir: Path, revision: Revision, venue: str) -> Path:
    """The file that holds the week of a venue of that revision."""
    return _folder(schedules_dir, revision.week, revision.venues[venue]) / f"{venue}.json"


def latest(schedules_dir: Path, week: str) -> Revision | None:
    """The last publication of the week; None when there is none."""
    return next(reversed(revisions(schedules_dir, week)), None)


def revision_named(schedules_dir: Path, week: str, number: int) -> Revision:
    """The publication of that number.

    Raises:
        InputError: there is none.
    """
    found = revisions(schedules_dir, week)
    for revision in found:
        if revision.number == number:
            return revision
    if not found:
        what = text("{week} was not published yet; publish it with “yuanjiao publish --week {week}”", week=week)
    else:
        what = text("there is no revision {number}; the last is {last}", number=number, last=found[-1].number)
    raise InputError(Problem(week, what))


def keep_revision(
    schedules_dir: Path,
    schedules: Sequence[Schedule],
    at: datetime,
    others: Callable[[str], bool] = lambda _venue: False,
) -> Revision | None:
    """Keep the week as it is announced now; nothing new is kept when nothing differs from the last time.

    Args:
        others: whether a venue that is not among the schedules is still one: what was announced for it, stays.

    Returns:
        The revision that holds now; None when there is nothing to announce.
    """
    if not schedules:
        return None
    week = schedules[0].week
    before = latest(schedules_dir, week)
    changed = [one for one in schedules if not _same(schedules_dir, before, one)]
    own = {one.venue for one in schedules}
    absent = {venue: number for venue, number in before.venues.items() if venue not in own} if before else {}
    staying = {venue: number for venue, number in absent.items() if others(venue)}
    gone = absent.keys() - staying.keys()
    if before and not changed and not gone:
        return before
    number, folder = _take_number(schedules_dir, week)
    with together():
        for one in changed:
            write_text(folder / f"{one.venue}.json", dump_schedule(one))
    fresh = {one.venue: number for one in changed}
    venues = {
        schedule.venue: fresh.get(schedule.venue) or (before.venues[schedule.venue] if before else number)
        for schedule in schedules
    }
    revision = Revision(week=week, number=number, at=at, venues={**venues, **staying})
    # Last: without it the folder counts for nothing.
    write_text(folder / _INDEX, revision.model_dump_json(indent=1) + "\n")
    return revision


def _take_number(schedules_dir: Path, week: str) -> tuple[int, Path]:
    """The number behind all that were ever taken, also by a publication that was cut off, and its new folder."""
    home = schedules_dir / week / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(one.name) for one in home.iterdir() if one.name.isdecimal()), default=0)
    while True:
        folder = _folder(schedules_dir, week, number)
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return number, folder


def all_published(schedules_dir: Path) -> Iterable[Schedule]:
    """Every venue's week as it was announced last, for rebuilding the history."""
    for folder in sorted(schedules_dir.glob(f"*/{FOLDER}")):
        revision = latest(schedules_dir, folder.parent.name)
        for venue in revision.venues if revision else ():
            found = published(schedules_dir, revision, venue) if revision else None
            if found:
                yield found


def _same(schedules_dir: Path, before: Revision | None, schedule: Schedule) -> bool:
    if before is None or schedule.venue not in before.venues:
        return False
    path = _folder(schedules_dir, schedule.week, before.venues[schedule.venue]) / f"{schedule.venue}.json"
    try:
        return path.read_text(encoding="utf-8") == dump_schedule(schedule)
    except OSError:
        return False


def _folder(schedules_dir: Path, week: str, number: int) -> Path:
    return schedules_dir / week / FOLDER / f"{number:04}"
