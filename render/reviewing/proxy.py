"""A small copy of a finished video, for a page that carries it: every browser plays it, and jumps by the second."""

from __future__ import annotations

from pathlib import Path

from courseware.files import replacing
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console
from render.work.ffmpeg import find_ffmpeg, run

_LONGER_PX = 640
_FRAMES_A_SECOND = 25
_SMALL_ENOUGH = 3_000_000  # bytes; the very file is better than a copy of it
# Of a picture that is to be judged, not to be shown.
_CRF, _PIXELS_KBPS, _SOUND_KBPS = 30, 450, 48


def small_video(workspace: Workspace, made: Rendition, console: Console, *, anyway: bool = False) -> Path:
    """The finished file where it is small, else a copy, kept in the cache under the name of what it shows.

    Args:
        anyway: make a copy of a small one, too, which a browser cannot play.

    Raises:
        ToolError, StorageError: it cannot be made.
    """
    source = workspace.renditions_dir / made.profile / made.file
    if made.size <= _SMALL_ENOUGH and not anyway:
        return source
    target = small_video_at(workspace, made)
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    width, height = _fitting(made.width, made.height)
    with console.progress() as bars, replacing(target, lasting=False) as scratch:
        bar = bars.add_task("copy", total=made.seconds * _FRAMES_A_SECOND)
        arguments = [
            *("-y", "-protocol_whitelist", "file", "-i", f"file:{source.absolute()}"),
            *("-vf", f"scale={width}:{height}", "-r", str(_FRAMES_A_SECOND), "-g", str(_FRAMES_A_SECOND)),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", str(_CRF), "-pix_fmt", "yuv420p"),
            *("-maxrate", f"{_PIXELS_KBPS}k", "-bufsize", f"{2 * _PIXELS_KBPS}k"),
            *("-c:a", "aac", "-b:a", f"{_SOUND_KBPS}k", "-ac", "1"),
            *("-movflags", "+faststart", "-f", "mp4", f"file:{scratch.absolute()}"),
        ]
        run(find_ffmpeg(), arguments, target.parent, progress=lambda done: bars.update(bar, completed=done))
    return target


def small_video_at(workspace: Workspace, made: Rendition) -> Path:
    """Where the copy lies, or would."""
    return workspace.cache_dir / "review" / f"{made.sha256[:24]}-{_LONGER_PX}.mp4"


def _fitting(width: int, height: int) -> tuple[int, int]:
    """At most so large, and even, as H.264 wants it."""
    longer = max(width, height, _LONGER_PX)
    return width * _LONGER_PX // longer // 2 * 2, height * _LONGER_PX // longer // 2 * 2
