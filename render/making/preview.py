"""What a lesson will look like, asked for by a person: one moment on one screen, or a sheet of all screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.dictionary import words_of
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.storage.outputs import refuse_existing
from render.making.contact_sheet import draw_sheet
from render.making.stills import draw_frame
from render.plan.order import Order, order_of
from render.plan.profiles import profile_named
from render.plan.screens import load_screens
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import open_workshop


@dataclass(frozen=True, slots=True)
class PreviewAsked:
    """What a person wants to see.

    Attributes:
        profiles: the screens; those of yuanjiao.toml when empty.
        at_ms: the moment of the finished video; None for a sheet.
        force: replace what is there.
    """

    lesson: str
    profiles: tuple[str, ...]
    output: Path
    at_ms: int | None
    force: bool = False


def draw_preview(start: Path, asked: PreviewAsked) -> tuple[Problem, ...]:
    """Draw it, and say what was left out of the lesson's subtitles.

    Raises:
        InputError: no such lesson, screen or moment; the picture is there already.
        MediaError, ToolError, StorageError: it cannot be drawn.
    """
    workspace = open_workspace(start)
    profiles = [profile_named(name, "--profile") for name in _screens(asked, workspace)]
    if asked.output.suffix.lower() != ".png":
        raise InputError(
            Problem(str(asked.output), text("a picture is written as PNG; give it a name ending in .png"))
        )
    if not asked.force:
        refuse_existing([asked.output])
    order, skipped = _order(workspace, asked.lesson)
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir)
    if asked.at_ms is None:
        draw_sheet(workshop, order, profiles, asked.output)
    else:
        draw_frame(workshop, order, profiles[0], asked.at_ms, asked.output)
    return skipped


def _screens(asked: PreviewAsked, workspace: Workspace) -> Sequence[str]:
    """The names of the screens; one alone for a moment.

    Raises:
        InputError: a moment on several screens.
    """
    names = tuple(dict.fromkeys(asked.profiles or workspace.settings.render.profiles))
    if asked.at_ms is not None and len(names) > 1:
        what = text(
            "one picture is of one screen; name one of {screens}, or ask for --sheet", screens=", ".join(names)
        )
        raise InputError(Problem("--profile", what))
    return names


def _order(workspace: Workspace, lesson: str) -> tuple[Order, tuple[Problem, ...]]:
    """The order of one lesson of the catalogue, and what was left out of its subtitles.

    Raises:
        InputError: no such lesson, or all that is wrong with it.
    """
    catalogue = load_catalogue(workspace)
    broken = [problem for problem in catalogue.problems if f"/{lesson}/" in f"/{problem.where}"]
    if broken:
        raise InputError(*broken)
    (chosen,) = catalogue.select((lesson,))
    order, skipped = order_of(chosen, workspace.settings, load_screens(workspace.settings, workspace.root))
    return replace(order, words=words_of(workspace.root)), skipped
