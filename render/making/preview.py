"""What a lesson will look like, asked for by a person: one moment on one screen, or a sheet of all screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.dictionary import words_of
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import load_rendition
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.reviews.approval import load_approval
from courseware.storage.outputs import refuse_existing
from courseware.subtitles.cue import Cue
from render.making.contact_sheet import draw_sheet
from render.making.index import load_index
from render.making.stills import draw_frame
from render.plan.order import order_of
from render.plan.profiles import Profile, profile_named
from render.plan.screens import load_screens
from render.work.ffmpeg import Ffmpeg, find_ffmpeg
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
    """Draw it, and say what was left out of the lesson's subtitles, and what is to be known of its narration.

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
    lesson = _lesson(workspace, asked.lesson)
    seen, said, notes = _as_heard(lesson, workspace)
    order, skipped = order_of(seen, workspace.settings, load_screens(workspace.settings, workspace.root))
    order = replace(order, words=words_of(workspace.root), cues=said or order.cues)
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir)
    drafts = _drafts(workspace, lesson, profiles, workshop.tool)
    if asked.at_ms is None:
        draw_sheet(workshop, order, profiles, asked.output, drafts)
    else:
        draw_frame(workshop, order, profiles[0], asked.at_ms, asked.output, draft=profiles[0].name in drafts)
    return (*notes, *skipped)


def _as_heard(lesson: Lesson, workspace: Workspace) -> tuple[Lesson, tuple[Cue, ...], tuple[Problem, ...]]:
    """The lesson as it will be narrated, what is said in it, and what a person should know of that."""
    if not lesson.is_narrated:
        # Loading all that aligns and speaks takes a tenth of a picture's time.
        return lesson, (), ()
    from render.narration.narrate import foreseen

    seen = foreseen(lesson, workspace)
    return seen.lesson, seen.cues, seen.notes


def _drafts(workspace: Workspace, lesson: Lesson, profiles: Sequence[Profile], tool: Ffmpeg) -> frozenset[str]:
    """The screens for which the lesson, as it is now, has not taken all steps of the review."""
    approval = load_approval(workspace)
    if approval.contents is None:
        return frozenset()
    index = load_index(workspace, tool, salvage=False)
    signature = index.signature(lesson)

    def is_draft(name: str) -> bool:
        finished = workspace.renditions_dir / name / f"{lesson.id}.mp4"
        current = index.seconds_of(f"{lesson.id} · {name}", signature, finished) is not None
        return approval.is_draft(load_rendition(finished.parent, lesson.id) if current else None)

    return frozenset(profile.name for profile in profiles if is_draft(profile.name))


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


def _lesson(workspace: Workspace, lesson: str) -> Lesson:
    """One lesson of the catalogue.

    Raises:
        InputError: no such lesson, or all that is wrong with it.
    """
    catalogue = load_catalogue(workspace)
    broken = catalogue.problems_of(lesson)
    if broken:
        raise InputError(*broken)
    (chosen,) = catalogue.select((lesson,))
    return chosen
