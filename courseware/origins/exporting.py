"""A lesson's edit for another program: its clips as a timeline, written beside nothing that is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote

from courseware.errors import InputError, Problem, ToolError, text
from courseware.files import write_text
from courseware.lessons.clips import Clip, own_length_ms
from courseware.lessons.lesson import FILE_NAME
from courseware.lessons.workspace import load_catalogue, open_workspace
from courseware.media.facts import probe
from courseware.media.filmed import filmed
from courseware.storage.outputs import refuse_clashes, refuse_existing


@dataclass(frozen=True, slots=True)
class ExportedEdit:
    """What was written.

    Attributes:
        remarks: what the timeline does not hold.
    """

    file: Path
    clips: int
    remarks: tuple[Problem, ...]


def export_edit(folder: Path, name: str, target: Path, *, force: bool = False) -> ExportedEdit:
    """Write the clips of a lesson as a timeline of OpenTimelineIO.

    Raises:
        InputError: no such lesson, one that shows no file, another suffix than .otio, or a file that is there.
        MediaError: a video that cannot be opened.
        ToolError: the library is not there.
    """
    try:
        from courseware.timelines.otio_writing import USUAL, ShownSource, dump_otio
    except ImportError:
        what = text("OpenTimelineIO is not installed (there is none for Python 3.14 yet)")
        raise ToolError(Problem(target.name, what)) from None
    if target.suffix.lower() != ".otio":
        raise InputError(Problem(str(target), text("a timeline ends in .otio; name it so")))
    (lesson,) = load_catalogue(open_workspace(folder)).select((name,))
    clips = lesson.clips or tuple(Clip("source", path) for path in lesson.videos)
    if not clips:
        raise InputError(Problem(lesson.id, text("shows no video and no picture; there is nothing to edit")))
    refuse_clashes([target], [lesson.folder / FILE_NAME, *lesson.shown_files])
    if not force:
        refuse_existing([target])
    lengths = {path: probe(path).duration_ms for path in lesson.videos}

    def source_of(clip: Clip) -> ShownSource:
        """A picture has the rate of the timeline."""
        known = filmed(clip.path) if clip.path in lengths else None
        return ShownSource(_way(clip.path, target), own_length_ms(clip, lengths) or 0, known or USUAL)

    content, remarks = dump_otio(lesson.title, clips, source_of)
    write_text(target, content)
    return ExportedEdit(target, len(clips), tuple(Problem(f"{lesson.id}: {one.where}", one.what) for one in remarks))


def _way(source: Path, target: Path) -> str:
    """How the timeline names a file: its way from the timeline's folder, else its full address."""
    if not source.name:
        return ""
    try:
        way = os.path.relpath(source.resolve(), target.resolve().parent)
    except ValueError:  # on another drive of Windows
        return source.resolve().as_uri()
    return quote(PurePath(way).as_posix())
