"""What is heard of a lesson, as a file: its video, or the sound of what was cut from its videos, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from courseware.errors import MediaError, Problem, text
from courseware.lessons.clips import Clip, unheard
from courseware.lessons.lesson import Lesson
from courseware.lessons.lesson_files import is_footage
from courseware.times import Span
from render.plan.montage import Montage, Reel, clipped
from render.sound.splicing import plan_splice, ready_splice
from render.source.picture_sources import look_at_picture
from render.source.sources import Source, look_into
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop

_RATE, _FPS = 48_000, Fraction(25)


@dataclass(frozen=True, slots=True)
class Recording:
    """What a script is timed to, in the time of the lesson's subtitles.

    Attributes:
        audio: the sound track, counted from 1; None for the usual one.
        unheard: what the lesson shows nothing of.
    """

    path: Path
    audio: int | None = None
    unheard: tuple[Span, ...] = ()


def recording_of(lesson: Lesson, cache_dir: Path) -> Recording | None:
    """The recording of a lesson: the video itself where it is one; None for a lesson without any sound to be heard.

    Raises:
        YuanjiaoError: the videos cannot be used together.
    """
    if lesson.utterances:
        return Recording(spliced_sound(lesson, cache_dir))
    if lesson.source_path is None:
        return None
    if lesson.is_of_one_video:
        return Recording(lesson.source_path, lesson.audio, unheard(lesson.clips))
    return Recording(spliced_sound(lesson, cache_dir))


def spliced_sound(lesson: Lesson, cache_dir: Path) -> Path:
    """The sound of a lesson's clips, and its narration, as one file, in the store.

    Raises:
        MediaError: there is none.
        YuanjiaoError: the videos cannot be used together.
    """
    workshop = open_workshop(find_ffmpeg(), cache_dir)
    splice = plan_splice(montage_for(workshop, lesson, _FPS), _RATE, lesson.utterances)
    if splice is None:
        raise MediaError(Problem(lesson.id, text("there is no sound in its videos")))
    return ready_splice(workshop, splice)


def montage_for(workshop: Workshop, lesson: Lesson, fps: Fraction) -> Montage:
    """The montage of a lesson's clips.

    Raises:
        YuanjiaoError: the videos cannot be used, or clips lie outside of them.
    """
    reels = reels_of(look_into_all(workshop, lesson.shown_paths, audio=lesson.audio))
    return clipped(lesson.clips or [Clip("source", path) for path in lesson.videos], reels, fps)


def look_into_all(
    workshop: Workshop, paths: Sequence[Path], *, audio: int | None = None, salvage: bool = False
) -> dict[Path, Source]:
    """Every video and picture of a lesson, looked into.

    Args:
        audio, salvage: as of look_into.

    Raises:
        MediaError: of one or several that cannot be used.
    """
    sources: dict[Path, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            with workshop.locks[f"source {path}"]:
                if is_footage(path):
                    sources[path] = look_at_picture(path, workshop.cache_dir)
                else:
                    sources[path] = look_into(path, workshop.cache_dir, audio=audio, salvage=salvage)
        except MediaError as error:
            problems += error.problems
    if problems:
        raise MediaError(*problems)
    return sources


def reels_of(sources: Mapping[Path, Source]) -> dict[Path, Reel]:
    """Each video as it would be shown whole, each picture with what is known of it."""
    return {
        path: Reel(source.facts, path=source.read_from or path, sha256=source.sha256, content=source.sha256)
        for path, source in sources.items()
    }
