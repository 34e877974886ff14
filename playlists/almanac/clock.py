"""The present moment, day and week, by the workspace's clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from courseware.lessons.workspace import Workspace
from playlists.almanac.days import week_of


def now(workspace: Workspace) -> datetime:
    """The present moment by the workspace's clock."""
    return datetime.now(workspace.settings.zone)


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
