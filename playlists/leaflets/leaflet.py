"""The leaflet of a lesson: its words and pictures gathered and set on two pages."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text
from courseware.files import write_bytes
from courseware.lessons.clipping.lesson_paths import numbered_at
from courseware.lessons.clips import Clip, footage_at, shown_ms, subtitled_ms
from courseware.lessons.lesson import Lesson
from courseware.lessons.lesson_files import is_footage
from courseware.lessons.moments import kept_cues, shown_spans
from courseware.lessons.rendition import Rendition, load_rendition
from courseware.lessons.workspace import Workspace, load_catalogue, lock_around, open_workspace
from courseware.media.facts import probe
from courseware.media.pictures import pictures_at
from courseware.media.shown import glance, picture_at
from courseware.reviews.approval import load_approval
from courseware.script.files import find_script
from courseware.script.script import load_script
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.subtitles.cue import Cue
from courseware.times import Span, clock
from playlists.leaflets.steps import MOST_LEAD, LeafletText, shortened, text_of_cues, text_of_script, timed
from templates.pages.howto import HowtoSheet, HowtoStep, framed, howto_pdf
from templates.pages.week import Imprint

if TYPE_CHECKING:
    from PIL.Image import Image

FOLDER_NAME = "leaflets"
_PICTURE_PX = (720, 540)


@dataclass(frozen=True, slots=True)
class MadeLeaflet:
    """A leaflet that was written.

    Attributes:
        source: the name of what its words come from.
    """

    file: Path
    source: str
    text: LeafletText
    problems: tuple[Problem, ...]


def make_leaflet(folder: Path, name: str, target: Path | None, *, force: bool) -> MadeLeaflet:
    """Gather, set, write.

    Raises:
        InputError: no such lesson, nothing to be told of it, or the file is there already.
        MediaError, ToolError, StorageError: the video cannot be read, or the leaflet not written.
    """
    workspace = open_workspace(folder)
    lesson = _lesson(workspace, name)
    file = target or workspace.root / FOLDER_NAME / f"{lesson.id}.pdf"
    if file.suffix.lower() != ".pdf":
        raise InputError(Problem(str(file), text("a leaflet is written as PDF; give it a name ending in .pdf")))
    refuse_clashes([file], lesson.shown_files)
    if target and not force:
        refuse_existing([file])
    cues, skipped = kept_cues(lesson)
    found, source, problems = _text_of(lesson, cues)
    clips = lesson.clips or tuple(Clip("", path, rotate=lesson.rotate) for path in lesson.videos)
    lengths_ms = {path: probe(path, audio=lesson.audio).duration_ms for path in lesson.videos}
    lengths_ms |= {path: glance(path, numbered_at(path)) for path in lesson.shown_paths if is_footage(path)}
    text_ = timed(found, cues, subtitled_ms(lesson.videos, clips, lengths_ms) or 0)
    pictures = [_picture(*footage_at(clips, lengths_ms, step.at_ms or 0)) for step in text_.steps]
    sheet = plan_leaflet(workspace, lesson, text_, pictures, shown_ms(clips, lengths_ms))
    content = howto_pdf(sheet)
    with lock_around(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(file, content)
    told = (*problems, *dict.fromkeys((*skipped, *_remarks(lesson.id, text_))))
    return MadeLeaflet(file, source, text_, told)


def plan_leaflet(
    workspace: Workspace, lesson: Lesson, found: LeafletText, pictures: Sequence[Image | None], duration_ms: int
) -> HowtoSheet:
    """The leaflet as printed."""
    office, made = workspace.settings.office, _finished(workspace, lesson)
    steps = tuple(
        HowtoStep(
            str(number) if found.numbered else "",
            step.title,
            step.body,
            clock(_seen_ms(made, step.at_ms or 0) // 1000),
            _framed(picture) if picture else "",
        )
        for number, (step, picture) in enumerate(zip(found.steps, pictures, strict=True), 1)
    )
    return HowtoSheet(
        title=lesson.title,
        over=f"{workspace.settings.series_shown(lesson.series)}·{lesson.form}",
        lead=shortened(lesson.summary, MOST_LEAD) or found.lead,
        heading="操作步骤" if found.numbered else "要点",
        steps=steps,
        facts=tuple(_facts(lesson, duration_ms)),
        link=lesson.link,
        credit=lesson.credit,
        draft=_is_draft(workspace, made),
        left_out=found.left_out,
        imprint=Imprint(office=office.name, county=office.county, phone=office.phone, url=office.url),
    )


def _lesson(workspace: Workspace, name: str) -> Lesson:
    """A lesson with a video.

    Raises:
        InputError: no such lesson, all that is wrong with it, or it is a slogan, a notice or an ident.
    """
    catalogue = load_catalogue(workspace)
    if broken := catalogue.problems_of(name):
        raise InputError(*broken)
    (lesson,) = catalogue.select((name,))
    if lesson.is_bare:
        raise InputError(Problem(name, text("a slogan, a notice or an ident has no steps to print")))
    return lesson


def _picture(clip: Clip, at_ms: int) -> Image | None:
    """What a clip shows then, upright; None for a card of words alone."""
    if clip.path == Path():
        return None
    if clip.is_footage:
        picture = picture_at(clip.path, at_ms, numbered_at(clip.path), _PICTURE_PX)
    else:
        (picture,) = pictures_at(clip.path, [at_ms])
    return picture.rotate(-clip.rotate, expand=True) if clip.rotate else picture


def _text_of(lesson: Lesson, cues: Sequence[Cue]) -> tuple[LeafletText, str, tuple[Problem, ...]]:
    """The words, and the file they come from: the script, else the subtitles.

    Raises:
        InputError: there is neither, or nothing in it.
    """
    script = find_script(lesson.folder)
    if script:
        found = text_of_script(load_script(script))
        told = () if found.numbered else (_without_steps(lesson.id, script.name),)
        return found, script.name, told
    if lesson.subtitles_path and cues:
        name = lesson.subtitles_path.name
        return text_of_cues(cues), name, (_without_steps(lesson.id, name),)
    what = text("has neither a script nor subtitles; write script.txt with its steps: 第一步：…")
    raise InputError(Problem(lesson.id, what))


def _without_steps(lesson: str, file: str) -> Problem:
    what = text("{file} tells no steps, so the leaflet has points; for steps write lines like 第一步：…", file=file)
    return Problem(lesson, what)


def _remarks(lesson: str, found: LeafletText) -> Iterator[Problem]:
    if found.left_out:
        yield Problem(lesson, text("{count} steps have no room on two pages and are left out", count=found.left_out))
    if found.shortened:
        what = text("{count} steps are shortened to what has room; write them shorter", count=found.shortened)
        yield Problem(lesson, what)


def _facts(lesson: Lesson, duration_ms: int) -> Iterator[tuple[str, str]]:
    told = {"主讲": lesson.presenter, "制作": lesson.producer, "审核": lesson.reviewer}
    yield from ((name, value) for name, value in told.items() if value)
    yield "视频时长", clock(duration_ms // 1000)


def _finished(workspace: Workspace, lesson: Lesson) -> list[Rendition]:
    folders = (workspace.renditions_dir / profile for profile in workspace.settings.render.profiles)
    return [made for folder in folders if (made := load_rendition(folder, lesson.id))]


def _seen_ms(made: Sequence[Rendition], at_ms: int) -> int:
    """Where people find a moment of the lesson: in its finished video, behind ident and title, where there is one."""
    spans = (span for one in made for span in shown_spans(one, Span(at_ms, at_ms + 1)))
    return next((span.start_ms for span in spans), at_ms)


def _is_draft(workspace: Workspace, made: Sequence[Rendition]) -> bool:
    """Whether approval is asked for and no finished video of the lesson has it."""
    approval = load_approval(workspace)
    return all(approval.is_draft(one) for one in made) if made else approval.is_draft(None)


def _framed(picture: Image) -> str:
    """Small enough for print, and as the leaflet takes it."""
    picture = picture.convert("RGB")
    picture.thumbnail(_PICTURE_PX)
    stream = io.BytesIO()
    picture.save(stream, format="JPEG", quality=85)
    return framed(stream.getvalue(), picture.width, picture.height)
