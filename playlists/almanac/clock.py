"""The present moment, day and week, by the workspace's clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from courseware.lessons.workspace import Workspace
from playlists.almanac.days import week_of

_MOVED: ContextVar[datetime | None] = ContextVar("moved", default=None)


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Let the workspace's clock stand at a moment within the block: the sample county does not wait for its week."""
    token = _MOVED.set(moment)
    try:
        yield
    finally:
        _MOVED.reset(token)


def now(workspace: Workspace) -> datetime:
    """The present moment by the workspace's clock."""
    moved = _MOVED.get()
    return moved.astimezone(workspace.settings.zone) if moved else datetime.now(workspace.settings.zone)


def here() -> datetime:
    """The present moment by this computer's clock, for what lies in no workspace."""
    return datetime.now().astimezone()


def today(workspace: Workspace) -> date:
    """The present day by the workspace's clock."""
    return now(workspace).date()


def present_week(workspace: Workspace) -> str:
    """The ISO week that today lies in, by the workspace's clock."""
    return week_of(today(workspace))


def coming_week(workspace: Workspace) -> str:
    """The week after the present one, by the workspace's clock."""
    return week_of(today(workspace) + timedelta(days=7))
