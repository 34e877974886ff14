"""The cache of idents: made once per look, canvas and office, kept by what they are made from."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from courseware.files import replacing
from render.ffmpeg import Ffmpeg, run
from render.keys import font_hashes
from render.plan import RECIPE, ident_arguments
from render.sound import Level, measure
from templates.idents import IDENT_RECIPE, Ident, ident_frames, write_jingle


@dataclass(frozen=True, slots=True)
class ReadyIdent:
    """Files of an ident, and how loud its jingle is."""

    video: Path
    sound: Path
    level: Level


def ident_key(ident: Ident, tool: Ffmpeg) -> str:
    """Hash of everything that can change the ident."""
    parts = [RECIPE, IDENT_RECIPE, tool.version, font_hashes(), asdict(ident)]
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()[:32]


def ready_ident(ident: Ident, cache_dir: Path, tool: Ffmpeg, rate: int, stop: threading.Event) -> ReadyIdent:
    """The ident from the cache, made first if it is not there. Not for two threads at once with one ident.

    Raises:
        ToolError, StorageError: it cannot be made.
        StoppedError: `stop` was set.
    """
    folder = cache_dir / "idents"
    key = ident_key(ident, tool)
    video, sound, level = (folder / f"{key}.{suffix}" for suffix in ("mkv", "wav", "json"))
    if not video.is_file():
        # The encoder runs beside the target: a work folder may be gone before the cache is.
        with replacing(video) as scratch:
            args = ident_arguments(ident, scratch.name)
            run(tool, args, folder, frames=ident_frames(ident), stop=stop)
    if not sound.is_file():
        write_jingle(ident, sound)
    if not level.is_file():
        found = measure(tool, sound.name, 0, rate, folder, stop)
        with replacing(level) as scratch:
            scratch.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return ReadyIdent(video, sound, Level(**json.loads(level.read_text(encoding="utf-8"))))
