"""Small pictures of lessons' videos and photos for the table, kept in the cache until the video changes."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

from courseware.errors import InputError, MediaError
from courseware.files import write_bytes
from courseware.lessons.clipping.lesson_paths import numbered_at
from courseware.lessons.lesson import FILE_NAME, load_lesson
from courseware.lessons.lesson_files import is_footage
from courseware.lessons.proofs import stamp
from courseware.lessons.workspace import Workspace
from courseware.media.shown import picture_at
from desk.lessons.editing import folder_of

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

WIDTH, HEIGHT = 160, 90
_AT = 0.3  # of the video: behind the titles that many begin with


def thumbnail_of(workspace: Workspace, lesson: str) -> bytes | None:
    """A JPEG of at most WIDTH × HEIGHT; None for a lesson without a video or picture that can be read.

    Raises:
        InputError: there is no such lesson.
    """
    path = folder_of(workspace, lesson) / FILE_NAME
    with suppress(InputError, MediaError, OSError):
        found = load_lesson(path, workspace.settings)
        source = next(iter(found.shown_paths), None)
        if source is None:
            return None
        first = numbered_at(source)[:1] or (source,)
        mark = hashlib.sha256(f"{source} {stamp(first[0].stat())}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
        kept = workspace.cache_dir / "thumbnails" / f"{mark}.jpg"
        if kept.is_file():
            return kept.read_bytes()
        picture = _drawn(source)
        with suppress(OSError):
            write_bytes(kept, picture)
        return picture
    return None


def _drawn(source: Path) -> bytes:
    """One picture of a video, small.

    Raises:
        InputError: no picture can be read.
    """
    import av
    from av.error import FFmpegError

    if is_footage(source):
        return _as_jpeg(picture_at(source, 0, numbered_at(source), (WIDTH, HEIGHT)))
    try:
        with av.open(str(source)) as container:
            if container.duration:
                container.seek(int(container.duration * _AT))
            frame = next(container.decode(video=0))
            picture: Image = frame.to_image()  # type: ignore[no-untyped-call]  # (PyAV says no types here)
    except (FFmpegError, StopIteration, IndexError, ValueError):
        raise InputError from None
    return _as_jpeg(picture)


def _as_jpeg(picture: Image) -> bytes:
    picture.thumbnail((WIDTH, HEIGHT))
    stream = BytesIO()
    picture.convert("RGB").save(stream, format="JPEG", quality=80)
    return stream.getvalue()
