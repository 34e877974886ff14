"""Covers: a picture for each lesson, with its title, in the shape in which WeChat lists articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from courseware.errors import Problem, YuanjiaoError
from courseware.files import replacing, sha256
from courseware.lessons.dictionary import words_of
from courseware.lessons.lesson import Lesson
from courseware.lessons.profile import Canvas
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.storage.outputs import refuse_clashes
from courseware.terminal.console import Console
from render.making.stills import draw_frames
from render.narration.narrate import narrated
from render.plan.notices import words_card
from render.plan.order import Order, order_of
from render.plan.plan import title_card
from render.plan.profiles import Profile, profile_named
from render.plan.timeline import Timeline
from render.source.glyphs import check_glyphs
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from templates.cards.cards import draw_card
from templates.cards.pictures import Picture

SIZE = Canvas(900, 500)
_AT, _QUALITY = Fraction(3, 10), 90  # of the body, behind the titles that many begin with; JPEG's


@dataclass(frozen=True, slots=True)
class Covers:
    """What was drawn, and what is wrong with the other lessons."""

    made: tuple[Path, ...]
    problems: tuple[Problem, ...]


def draw_covers(start: Path, lessons: Sequence[str], console: Console, *, at_ms: int | None = None) -> Covers:
    """Draw <workspace>/covers/<id>.jpg for lessons, or for all of them; a bad one does not stop the others.

    Args:
        at_ms: the moment of the finished video whose picture is taken, where the lesson names none.

    Raises:
        InputError: no workspace, or an id that names no lesson.
    """
    workspace = open_workspace(start)
    catalogue = load_catalogue(workspace)
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir)
    made: list[Path] = []
    problems = [] if lessons else list(catalogue.problems)
    with console.progress() as bars:
        chosen = [lesson for lesson in catalogue.select(tuple(lessons)) if not lesson.ident]
        for lesson in bars.track(chosen, description=""):
            try:
                made.append(_cover(workshop, workspace, lesson, at_ms))
            except YuanjiaoError as error:
                problems += (Problem(f"{lesson.id}: {one.where}".rstrip(": "), one.what) for one in error.problems)
    return Covers(tuple(made), tuple(problems))


def _cover(workshop: Workshop, workspace: Workspace, lesson: Lesson, at_ms: int | None) -> Path:
    """The title card, with the lesson's own picture or one of the video behind its words; words alone as they are."""
    from PIL import Image

    target = workspace.covers_dir / f"{lesson.id}.jpg"
    spoken, _ = narrated(lesson, workspace, write=False)
    bare = spoken.model_copy(update={"subtitles_path": None})
    order, _ = order_of(bare, workspace.settings)
    order = replace(order, words=words_of(workspace.root))
    refuse_clashes([target], [*order.files, *filter(None, [lesson.picture_path])])
    profile = profile_named(f"led-{SIZE.width}x{SIZE.height}")
    check_glyphs(order, profile)
    with workshop.work_folder() as folder:
        if order.clips or order.source is not None:
            order = replace(order, picture=order.picture or _picture(workshop, order, profile, folder, at_ms))
        card = words_card(order, profile) if order.slogan else title_card(order, profile)
        draw_card(card, folder / "cover.png")
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as scratch, Image.open(folder / "cover.png") as drawn:
            drawn.save(scratch, "JPEG", quality=_QUALITY, optimize=True)
    return target


def _picture(workshop: Workshop, order: Order, profile: Profile, folder: Path, at_ms: int | None) -> Picture:
    """A picture of the video, as it fills the cover."""
    clips = tuple(replace(clip, fit="crop") for clip in order.clips)
    filling = replace(order, fit="crop", clips=clips)

    def moment(timeline: Timeline) -> tuple[int]:
        start, end = timeline.span("body")
        return (at_ms if at_ms is not None else int((start + (end - start) * _AT) * 1000 / timeline.fps),)

    (still,) = draw_frames(workshop, filling, profile, moment, folder)
    return Picture(still.path, sha256(still.path))
