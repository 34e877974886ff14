"""Small pictures of lessons' videos for the table, as they are shown, kept in the cache until the lesson changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, MediaError
from courseware.files import write_bytes
from courseware.lessons.clipping.lesson_paths import numbered_at
from courseware.lessons.clips import footage_at, one_video, shown_ms
from courseware.lessons.lesson import FILE_NAME, Lesson, load_lesson
from courseware.lessons.lesson_files import is_footage
from courseware.lessons.workspace import Workspace
from courseware.media.facts import PROTOCOLS
from courseware.media.pictures import pictures_at
from courseware.media.shown import picture_at
from courseware.unchanged import stamp
from desk.lessons.editing import folder_of

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 160, 90
_TENTHS = 3  # of what is shown: behind the titles that many begin with


def thumbnail_of(workspace: Workspace, lesson: str) -> bytes | None:
    """A JPEG of at most WIDTH × HEIGHT; None for a lesson without a video or picture that can be read.

    Raises:
        InputError: there is no such lesson.
    """
    path = folder_of(workspace, lesson) / FILE_NAME
    with suppress(InputError, MediaError, OSError):
        found = load_lesson(path, workspace.settings)
        if not found.shown_files:
            return None
        kept = workspace.cache_dir / "thumbnails" / f"{_mark(found)}.jpg"
        if kept.is_file():
            return kept.read_bytes()
        picture = _drawn(found)
        with suppress(OSError):
            write_bytes(kept, picture)
        return picture
    return None


def _mark(lesson: Lesson) -> str:
    """Another text when another picture is shown."""
    files = dict.fromkeys(filter(None, (lesson.source_path, *lesson.shown_files)))
    parts = [f"{path} {stamp(path.stat())}" for path in files]
    return hashlib.sha256(f"{parts} {lesson.clips} {lesson.rotate}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _drawn(lesson: Lesson) -> bytes:
    """One picture of what is shown, small.

    Raises:
        MediaError: no picture can be read.
    """
    path, moment_ms, turn = _place(lesson) if lesson.source_path else (lesson.shown_paths[0], 0, lesson.rotate)
    if is_footage(path):
        picture = picture_at(path, moment_ms, numbered_at(path), (WIDTH, WIDTH))
    else:
        picture = pictures_at(path, (moment_ms,))[0]
    shown: Image = picture.rotate(-turn, expand=True) if turn else picture
    shown.thumbnail((WIDTH, HEIGHT))
    stream = BytesIO()
    shown.convert("RGB").save(stream, format="JPEG", quality=80)
    return stream.getvalue()


def _place(lesson: Lesson) -> tuple[Path, int, int]:
    """A video, a moment of it that is shown, and by how much it is turned clockwise."""
    source = lesson.source_path
    assert source is not None  # noqa: S101  (its caller sees to it)
    lengths = dict(_lengths(lesson))
    if not lesson.clips:
        return source, lengths.get(source, 0) * _TENTHS // 10, lesson.rotate
    whole_ms = lengths.get(source, 0) if one_video(lesson.clips) else shown_ms(lesson.clips, lengths)
    clip, moment_ms = footage_at(lesson.clips, lengths, whole_ms * _TENTHS // 10)
    if clip.is_footage:
        clip = next((one for one in lesson.clips if not one.is_footage), clip)
        moment_ms = clip.from_ms
    return clip.path, moment_ms, clip.rotate


def _lengths(lesson: Lesson) -> Iterator[tuple[Path, int]]:
    """Each video and how long it says it is; nothing of one that says nothing."""
    import av
    from av.error import FFmpegError

    options = {"protocol_whitelist": PROTOCOLS}
    for path in dict.fromkeys((lesson.source_path, *lesson.videos)):
        with suppress(FFmpegError, ValueError, OSError), av.open(f"file:{path}", options=options) as opened:
            if path and opened.duration:
                yield path, opened.duration * 1000 // av.time_base
