"""The video beside the subtitles: the lesson's own where a browser plays it, else a small copy made for the browser.

A file of the lesson's folder or of the cache, never another.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import text
from courseware.files import replacing
from courseware.lessons.clips import one_video
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace
from courseware.media.facts import PROTOCOLS
from courseware.media.tracks import has_decoder
from courseware.terminal.console import Console
from desk.cues.soundtrack import clips_mark, mark_of
from render.making.proxies import make_body
from render.narration.narrate import narrated
from render.plan.order import order_of
from render.source.sources import checksum, look_into
from render.work.ffmpeg import StoppedError, find_ffmpeg, run
from render.work.workshop import open_workshop

if TYPE_CHECKING:
    from av.container import InputContainer

CONTENT_TYPES = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm"}
_PICTURES = {"video/mp4": {"h264", "av1", "vp9"}, "video/webm": {"vp8", "vp9", "av1"}}
_SOUNDS = {"video/mp4": {"aac", "mp3", "opus"}, "video/webm": {"opus", "vorbis"}}
_PIXELS = {"yuv420p", "yuvj420p"}  # what every browser's decoder takes
_HEIGHT = 360
_FRAMES_A_SECOND = 25


@dataclass(frozen=True, slots=True)
class PlayedVideo:
    """What the browser plays."""

    path: Path
    content_type: str


def footage_of(workspace: Workspace, lesson: Lesson) -> PlayedVideo | None:
    """The lesson's video, or the copy that was made of it; None while there is neither."""
    source = lesson.source_path
    if source is None or len(lesson.videos) > 1 or not one_video(lesson.clips):
        joined = _joined_at(workspace, lesson)
        return PlayedVideo(joined, "video/mp4") if joined.is_file() else None
    kind = CONTENT_TYPES.get(source.suffix.lower())
    if kind and lesson.audio is None and _plays(str(source), kind, mark_of(source)):
        return PlayedVideo(source, kind)
    made = _copy_of(workspace, lesson, source)
    return PlayedVideo(made, "video/mp4") if made.is_file() else None


def is_played(path: Path) -> bool:
    """Whether browsers play a file as it is."""
    kind = CONTENT_TYPES.get(path.suffix.lower())
    return kind is not None and _plays(str(path), kind, mark_of(path))


def make_copy(workspace: Workspace, lesson: Lesson, console: Console, stop: threading.Event) -> None:
    """Make a small copy with a picture to jump to every second, under a name that the video's content gives it.

    Raises:
        MediaError, ToolError, StorageError: it cannot be made.
    """
    source = lesson.source_path
    if source is None or len(lesson.videos) > 1 or not one_video(lesson.clips):
        _join(workspace, lesson, console, stop)
        return
    facts = look_into(source, workspace.cache_dir, audio=lesson.audio, salvage=True).facts
    target = _copy_of(workspace, lesson, source)
    with console.progress() as bars, replacing(target, lasting=False) as scratch:
        bar = bars.add_task("copy", total=max(1, facts.duration_ms * _FRAMES_A_SECOND // 1000))
        sound = ["-map", f"0:{facts.audio_index}"] if facts.audio_index is not None else []
        arguments = [
            *("-y", "-protocol_whitelist", PROTOCOLS, "-i", f"file:{source.absolute()}"),
            *("-map", f"0:{facts.video_index}", *sound, "-vf", f"scale=-2:{_HEIGHT},fps={_FRAMES_A_SECOND}"),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-pix_fmt", "yuv420p"),
            *("-g", str(_FRAMES_A_SECOND), "-c:a", "aac", "-b:a", "64k", "-ac", "1"),
            *("-movflags", "+faststart", "-f", "mp4", f"file:{scratch.absolute()}"),
        ]
        try:
            run(find_ffmpeg(), arguments, target.parent, stop=stop, progress=lambda n: bars.update(bar, completed=n))
        except StoppedError:
            raise KeyboardInterrupt from None
    console.say(text("The copy for the browser is made."))


def _join(workspace: Workspace, lesson: Lesson, console: Console, stop: threading.Event) -> None:
    """Of several videos what the lesson shows of them, small and in its order: in its subtitles' own time."""
    target = _joined_at(workspace, lesson)
    spoken, _ = narrated(lesson, workspace, write=False)
    order, _ = order_of(spoken.model_copy(update={"subtitles_path": None, "music_path": None}), workspace.settings)
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir, stop)
    with console.progress() as bars, replacing(target, lasting=False) as scratch:
        bar = bars.add_task("copy", total=None)
        try:
            make_body(workshop, order, scratch, lambda pictures: bars.update(bar, completed=pictures))
        except StoppedError:
            raise KeyboardInterrupt from None
    console.say(text("The copy for the browser is made."))


def _joined_at(workspace: Workspace, lesson: Lesson) -> Path:
    return workspace.copies_dir / f"{clips_mark(lesson)}.mp4"


def _copy_of(workspace: Workspace, lesson: Lesson, source: Path) -> Path:
    name = f"{checksum(source, workspace.cache_dir)[:24]}-{lesson.audio or 0}.mp4"
    return workspace.copies_dir / name


@cache
def _plays(path: str, kind: str, _mark: str) -> bool:
    """Whether browsers play it; asked once for each state of the file."""
    import av

    try:
        with av.open(f"file:{path}", metadata_errors="replace", options={"protocol_whitelist": PROTOCOLS}) as opened:
            return _suits(opened, kind)
    except (av.error.FFmpegError, ValueError, OSError):
        return False


def _suits(container: InputContainer, kind: str) -> bool:
    pictures, sounds = container.streams.video, container.streams.audio
    if not pictures or len(sounds) > 1 or not {"mov", "webm"} & set(container.format.name.split(",")):
        return False
    picture = pictures[0].codec_context
    heard = all(has_decoder(one) and one.codec_context.codec.canonical_name in _SOUNDS[kind] for one in sounds)
    return picture.codec.canonical_name in _PICTURES[kind] and picture.pix_fmt in _PIXELS and heard
