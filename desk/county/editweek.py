"""Changes of a planned week made at the desk: each lands in edits.toml as the command would write it, and is undone.

After each the venue's week is planned again and judged, so that what broke is seen at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from courseware.errors import InputError, Problem, Text, text
from courseware.files import write_bytes
from courseware.lessons.workspace import Workspace, lock_at
from desk.county.places import county_there
from desk.county.weekly import version_of_week
from playlists.checking.checker import Report, check_schedules
from playlists.files.edits import FILE_NAME
from playlists.files.naming import select_venues
from playlists.weeks.looking import forbid, pin_slot, swap_slots
from playlists.weeks.making import county_to_plan, plan_county

_KEPT = 50


class WeekSeen(NamedTuple):
    """A venue's week as the page showed it that asks for a change.

    Attributes:
        version: of the plan; another one by now means that somebody else has changed it.
    """

    venue: str
    week: str
    version: str


@dataclass(frozen=True, slots=True)
class WeekEdit:
    """A change as it can be undone.

    Attributes:
        name: of the change, for people.
        before, after: what edits.toml held; None for no file.
    """

    name: Text
    venue: str
    week: str
    before: bytes | None
    after: bytes | None


@dataclass(slots=True)
class EditHistory:
    """The changes of this desk that can be undone, the last one last."""

    edits: list[WeekEdit] = field(default_factory=list)

    def last(self, venue: str, week: str) -> WeekEdit | None:
        """The change that an undo on that page would take back."""
        found = self.edits[-1] if self.edits else None
        return found if found and (found.venue, found.week) == (venue, week) else None


def pin(workspace: Workspace, history: EditHistory, seen: WeekSeen, at: datetime, lesson: str) -> None:
    """Fix a showing, or put another lesson in its place.

    Raises:
        InputError: it cannot be, as `schedule edit pin` says, or somebody else has changed the week.
    """
    name = text("pin at {at:%m-%d %H:%M}", at=at)
    _change(workspace, history, seen, name, lambda: pin_slot(workspace, seen.venue, at, lesson))


def swap(workspace: Workspace, history: EditHistory, seen: WeekSeen, first: datetime, second: datetime) -> None:
    """Let two showings change places.

    Raises:
        InputError: one of them is no showing.
    """
    name = text("swap {first:%m-%d %H:%M} and {second:%H:%M}", first=first, second=second)
    _change(workspace, history, seen, name, lambda: swap_slots(workspace, seen.venue, first, second))


def never(workspace: Workspace, history: EditHistory, seen: WeekSeen, lesson: str) -> None:
    """Show a lesson no more at this venue.

    Raises:
        InputError: no such lesson.
    """
    name = text("never {lesson} here", lesson=lesson)
    _change(workspace, history, seen, name, lambda: forbid(workspace, lesson, (seen.venue,), None, None))


def undo(workspace: Workspace, history: EditHistory, seen: WeekSeen) -> Text:
    """Take the last change back.

    Returns:
        Its name.

    Raises:
        InputError: there is none, or edits.toml was changed by somebody else since.
    """
    path = workspace.root / FILE_NAME
    with lock_at(workspace.root):
        _refuse_other(workspace, seen)
        edit = history.last(seen.venue, seen.week)
        if edit is None:
            raise InputError(Problem("", text("there is nothing to undo here")))
        if _content(path) != edit.after:
            what = text("was changed since, by hand or by a command; undo it there")
            raise InputError(Problem(FILE_NAME, what))
        _restore(path, edit.before)
        history.edits.pop()
        _plan_again(workspace, seen.venue, seen.week)
    return edit.name


def judge(workspace: Workspace, venue: str, week: str, today: Callable[[Workspace], Any]) -> Report:
    """What the checker says of the venue's week."""
    return check_schedules(workspace, (week,), (venue,), today=today(workspace), county=county_there(workspace))


def _change(
    workspace: Workspace, history: EditHistory, seen: WeekSeen, name: Text, write: Callable[[], object]
) -> None:
    """Write an edit and plan the week again; where that fails, nothing has happened."""
    path = workspace.root / FILE_NAME
    with lock_at(workspace.root):
        _refuse_other(workspace, seen)
        before = _content(path)
        write()
        try:
            _plan_again(workspace, seen.venue, seen.week)
        except BaseException:
            _restore(path, before)
            raise
        history.edits.append(WeekEdit(name, seen.venue, seen.week, before, _content(path)))
        del history.edits[:-_KEPT]


def _refuse_other(workspace: Workspace, seen: WeekSeen) -> None:
    if version_of_week(workspace, seen.venue, seen.week) != seen.version:
        what = text("somebody else has changed this week; reload the page and change it again")
        raise InputError(Problem(seen.venue, what))


def _plan_again(workspace: Workspace, venue: str, week: str) -> None:
    """Plan the venue's week as its files say now.

    Raises:
        InputError: it cannot be planned.
    """
    county = county_to_plan(workspace)
    planned = plan_county(workspace, county, select_venues(county.venues, (venue,)), week)
    if not planned.schedules:
        raise InputError(*planned.problems)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_bytes(path, content)
