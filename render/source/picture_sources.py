"""What is known of a picture, an animation or a sequence before it is shown: size, length, what its bytes are."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from courseware.errors import MediaError, Problem, text
from courseware.files import replacing
from courseware.lessons.clipping.lesson_paths import files_at
from courseware.media.animations import look_at_animation
from courseware.media.photos import photo_size
from courseware.unchanged import stamp
from render.scene import scene_facts
from render.source.sources import Source, checksum

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day an archive can name: the same pictures make the same bytes
_MOST_BYTES = 2_000_000_000  # of the pictures of a sequence


def look_at_picture(path: Path, cache_dir: Path) -> Source:
    """Facts and checksum of a picture; its length is 0 when it stands.

    Raises:
        MediaError: it cannot be used.
        OSError: it cannot be read.
    """
    files = files_at(path)
    if files != (path,):
        return _sequence(path, files, cache_dir)
    animation = look_at_animation(path)
    size = (animation.width, animation.height) if animation else photo_size(path)
    facts = scene_facts(*size, animation.duration_ms * max(1, animation.loops) if animation else 0)
    return Source(0, stamp(path.stat()), checksum(path, cache_dir), facts)


def _sequence(path: Path, files: Sequence[Path], cache_dir: Path) -> Source:
    """A sequence, with all its pictures in one archive, which can be named and sent like any other source."""
    if not files:
        raise MediaError(Problem(path.name, text("the pictures are gone")))
    if sum(one.stat().st_size for one in files) > _MOST_BYTES:
        what = text("these pictures are larger than {limit} MB together", limit=_MOST_BYTES // 1_000_000)
        raise MediaError(Problem(path.name, what))
    known = " ".join(f"{one.suffix} {checksum(one, cache_dir)}" for one in files)
    sign = hashlib.sha256(known.encode()).hexdigest()
    archive = cache_dir / "sources" / f"{sign}.zip"
    if not archive.is_file():
        archive.parent.mkdir(parents=True, exist_ok=True)
        with replacing(archive, lasting=False) as scratch, zipfile.ZipFile(scratch, "w") as packed:
            for number, one in enumerate(files):
                packed.writestr(zipfile.ZipInfo(f"{number:06}{one.suffix.lower()}", _EPOCH), one.read_bytes())
    animation = look_at_animation(path, files)
    assert animation is not None  # noqa: S101  (a sequence is one)
    facts = scene_facts(animation.width, animation.height, animation.duration_ms)
    return Source(0, sign, checksum(archive, cache_dir), facts, archive)
