"""Published plans, numbered and kept: schedules/<week>/published/<number>/. What was announced is never changed here.

A revision holds the venues that differ from the one before; revision.json says where each of the others lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id, together, write_text
from playlists.schedules.schedule import Schedule, dump_schedule, load_schedule, parse_schedule

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


@dataclass(frozen=True, slots=True)
class RevisionDraft:
    """A publication that is not kept yet.

    Attributes:
        revision: as it will be kept; the last one where nothing differs from it.
        before: the last one; None for a first publication.
        changed: the venues whose week is new in it.
    """

    revision: Revision
    before: Revision | None
    changed: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether anything differs from the last one."""
        return self.revision is not self.before


def draft_revision(
    schedules_dir: Path,
    week: str,
    plans: Mapping[str, Callable[[], bytes]],
    at: datetime,
    others: Callable[[str], bool] = lambda _venue: False,
) -> RevisionDraft | None:
    """What is announced now, under a number that nobody else gets; the last publication when nothing differs from it.

    Args:
        plans: venue → its week as a file.
        others: whether a venue that is not among the plans is still one: what was announced for it, stays.

    Returns:
        None when there is nothing to announce.
    """
    before = latest(schedules_dir, week)
    changed = tuple(venue for venue, content in plans.items() if not _same(schedules_dir, before, venue, content))
    absent = {venue: number for venue, number in before.venues.items() if venue not in plans} if before else {}
    staying = {venue: number for venue, number in absent.items() if others(venue)}
    if before and not changed and len(staying) == len(absent):
        return RevisionDraft(before, before, ())
    if not plans and not before:
        return None
    number = _take_number(schedules_dir, week)
    known = before.venues if before else {}
    venues = {venue: number if venue in changed else known[venue] for venue in plans}
    revision = Revision(week=week, number=number, at=at, venues={**venues, **staying})
    return RevisionDraft(revision, before, changed)


def write_draft(schedules_dir: Path, draft: RevisionDraft, plans: Mapping[str, Callable[[], bytes]]) -> None:
    """Write the weeks that are new in it; it counts for nothing until `keep_draft`."""
    folder = _folder(schedules_dir, draft.revision.week, draft.revision.number)
    with together():
        for venue in draft.changed:
            write_text(folder / f"{venue}.json", dump_schedule(_read(plans[venue](), draft.revision.week, venue)))


def keep_draft(schedules_dir: Path, draft: RevisionDraft) -> None:
    """Let it count: from now on this is what was announced last."""
    if draft.is_new:
        folder = _folder(schedules_dir, draft.revision.week, draft.revision.number)
        write_text(folder / _INDEX, draft.revision.model_dump_json(indent=1) + "\n")


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
    plans = {one.venue: partial(_dumped, one) for one in schedules}
    draft = draft_revision(schedules_dir, schedules[0].week, plans, at, others)
    if draft is None:
        return None
    write_draft(schedules_dir, draft, plans)
    keep_draft(schedules_dir, draft)
    return draft.revision


def _dumped(schedule: Schedule) -> bytes:
    return dump_schedule(schedule).encode()


def _read(content: bytes, week: str, venue: str) -> Schedule:
    return parse_schedule(content, f"{week}/{venue}.json", week, venue)


def _take_number(schedules_dir: Path, week: str) -> int:
    """The number behind all that were ever taken, also by a publication that was cut off; its folder is made."""
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
            return number


def all_published(schedules_dir: Path) -> Iterable[Schedule]:
    """Every venue's week as it was announced last, for rebuilding the history."""
    for folder in sorted(schedules_dir.glob(f"*/{FOLDER}")):
        revision = latest(schedules_dir, folder.parent.name)
        for venue in revision.venues if revision else ():
            found = published(schedules_dir, revision, venue) if revision else None
            if found:
                yield found


def _same(schedules_dir: Path, before: Revision | None, venue: str, content: Callable[[], bytes]) -> bool:
    if before is None or venue not in before.venues:
        return False
    try:
        stands = path_in(schedules_dir, before, venue).read_bytes()
    except OSError:
        return False
    plan = content()
    # Written by a person's editor, the same week has other bytes.
    return plan == stands or dump_schedule(_read(plan, before.week, venue)).encode() == stands


def _folder(schedules_dir: Path, week: str, number: int) -> Path:
    return schedules_dir / week / FOLDER / f"{number:04}"
