"""The lessons as the desk shows them: what of each is made, out of date, failed or approved on each screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from courseware.errors import InputError, Problem
from courseware.lessons.lesson import FILE_NAME, Lesson, load_lesson
from courseware.lessons.rendition import load_rendition
from courseware.lessons.workspace import Catalogue, Workspace
from courseware.reviews.approval import Approval, load_approval
from render.making.index import Index, load_index
from render.work.ffmpeg import Ffmpeg, find_ffmpeg

Making = Literal["missing", "old", "made", "failed"]


@dataclass(frozen=True, slots=True)
class ScreenState:
    """A lesson on a kind of screen.

    Attributes:
        seconds: of the finished video; 0 when there is none.
        approved: whether it may be shown, where the workspace asks for approval; None where it does not.
    """

    profile: str
    making: Making
    seconds: int = 0
    approved: bool | None = None


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A lesson with its screens."""

    lesson: Lesson
    screens: tuple[ScreenState, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All lessons of a workspace, and what is wrong with those that cannot be read."""

    rows: tuple[ShelfRow, ...]
    problems: tuple[Problem, ...]


def load_shelf(workspace: Workspace, catalogue: Catalogue, failed: Mapping[str, Collection[str]]) -> Shelf:
    """Every lesson of the catalogue.

    Args:
        catalogue: the lessons as they are now.
        failed: the profiles that the last render could not make, by lesson.
    """
    index = load_index(workspace, _ffmpeg(), salvage=False)
    approval = load_approval(workspace)
    rows = tuple(
        ShelfRow(lesson, screens_of(lesson, workspace, index, approval, failed.get(lesson.id, ())))
        for lesson in catalogue.lessons
    )
    return Shelf(rows, catalogue.problems)


def load_row(workspace: Workspace, lesson: str, failed: Mapping[str, Collection[str]]) -> ShelfRow | None:
    """One lesson alone; None when it cannot be used as it stands."""
    try:
        found = load_lesson(workspace.lessons_dir / lesson / FILE_NAME, workspace.settings)
    except InputError:
        return None
    index, approval = load_index(workspace, _ffmpeg(), salvage=False), load_approval(workspace)
    return ShelfRow(found, screens_of(found, workspace, index, approval, failed.get(lesson, ())))


def screens_of(
    lesson: Lesson, workspace: Workspace, index: Index, approval: Approval, failed: Collection[str]
) -> tuple[ScreenState, ...]:
    """The lesson on each screen of the settings."""
    signature = index.signature(lesson)
    return tuple(
        _state(lesson, workspace, name, index, signature, approval, failed=name in failed)
        for name in workspace.settings.render.profiles
    )


def _state(
    lesson: Lesson,
    workspace: Workspace,
    profile: str,
    index: Index,
    signature: str,
    approval: Approval,
    *,
    failed: bool,
) -> ScreenState:
    folder = workspace.renditions_dir / profile
    found = load_rendition(folder, lesson.id)
    if found is None:
        return ScreenState(profile, "failed" if failed else "missing")
    current = index.holds(f"{lesson.id} · {profile}", signature, found)
    making: Making = "made" if current else "failed" if failed else "old"
    approved = None if approval.contents is None else approval.allows(found.sha256)
    return ScreenState(profile, making, found.seconds, approved)


@cache
def _ffmpeg() -> Ffmpeg:
    """Asked once: it takes longer than all the rest."""
    return find_ffmpeg()
