"""What a lesson shows, found in its folder: its video, the files of its clips, its subtitles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from courseware.errors import InputError, Problem, text
from courseware.lessons.clipping.clip_file import ClipFile, Cut, Fit, Turn, odd_keys
from courseware.lessons.clips import Clip, clashing_cuts, kept_clips, short_for_fades
from courseware.lessons.lesson_files import (
    FOOTAGE_SUFFIXES,
    PHOTO_SUFFIXES,
    SUBTITLE_SUFFIXES,
    VIDEO_SUFFIXES,
    find_file,
    find_named,
    find_sequence,
    is_sequence,
    sequence_files,
)
from courseware.script.files import find_script

_SHOWN_SUFFIXES = (*VIDEO_SUFFIXES, *FOOTAGE_SUFFIXES)


class LessonPaths(NamedTuple):
    """What was found: the video, the first of several; what is shown, in order; subtitles; what a voice speaks."""

    source: Path | None = None
    clips: tuple[Clip, ...] = ()
    subtitles: Path | None = None
    script: Path | None = None


class ClipWish(NamedTuple):
    """What lesson.toml says of its clips; `fit` is None where it says nothing of it."""

    clips: tuple[ClipFile, ...]
    cuts: tuple[Cut, ...]
    fit: Fit | None
    rotate: Turn


def paths_of(
    folder: Path, values: Mapping[str, object], wish: ClipWish | None, where: str, problems: list[Problem]
) -> LessonPaths:
    """The files of a lesson that shows something, and its subtitles.

    Args:
        wish: None when the file could not be read into its keys.
    """
    clips, source = wish.clips if wish else (), None
    # What the clips of a file say that cannot be read, nobody knows.
    by_clips = all(clip.source or clip.card for clip in clips) if wish else True
    if values.get("source") or not values.get("clip") or not by_clips:
        source = find_file(folder, values.get("source"), VIDEO_SUFFIXES, f"{where}: source", problems)
        if source is None and not any(problem.where == f"{where}: source" for problem in problems):
            what = text("no video in the folder {folder}; copy one there or name it", folder=folder.name)
            problems.append(Problem(f"{where}: source", what))
    subtitles = find_file(folder, values.get("subtitles"), SUBTITLE_SUFFIXES, f"{where}: subtitles", problems)
    if wish is None:
        return LessonPaths(source, (), subtitles)
    problems += [*clashing_cuts(wish.cuts, f"{where}: cut"), *short_for_fades(clips, where)]
    found = _clips(folder, wish, source, where, problems)
    if clips and found:
        source = next((clip.path for clip in found if not clip.is_footage), None)
    return LessonPaths(source, found, subtitles, _spoken(folder, values, clips, where, problems))


def _spoken(
    folder: Path, values: Mapping[str, object], clips: Sequence[ClipFile], where: str, problems: list[Problem]
) -> Path | None:
    """The script that a voice speaks because no clip says anything."""
    if not values.get("voice") or any(clip.spoken for clip in clips):
        return None
    try:
        return find_script(folder)
    except InputError as error:
        problems += (Problem(f"{where}: voice", problem.what) for problem in error.problems)
        return None


def videos_of(clips: Sequence[Clip], source: Path | None) -> tuple[Path, ...]:
    """All videos of which something is shown, each once."""
    videos = dict.fromkeys(clip.path for clip in clips if not clip.is_footage)
    return tuple(videos) if clips else tuple(filter(None, [source]))


def shown_paths(clips: Sequence[Clip], source: Path | None) -> tuple[Path, ...]:
    """What clips name, each once: videos, pictures, and sequences by their pattern."""
    paths = dict.fromkeys(clip.path for clip in clips if clip.path != Path())
    return tuple(paths) if clips else tuple(filter(None, [source]))


def shown_files(clips: Sequence[Clip], source: Path | None) -> tuple[Path, ...]:
    """All files of which something is shown, each once: videos, photos, every picture of a sequence."""
    return tuple(dict.fromkeys(file for path in shown_paths(clips, source) for file in files_at(path)))


def files_at(path: Path) -> tuple[Path, ...]:
    """The file of a clip; all pictures of a sequence."""
    return numbered_at(path) or (path,)


def numbered_at(path: Path) -> tuple[Path, ...]:
    """All pictures of a sequence; none for what is one file."""
    return sequence_files(path) if is_sequence(path.name) and not path.is_file() else ()


def _clips(
    folder: Path, wish: ClipWish, source: Path | None, where: str, problems: list[Problem]
) -> tuple[Clip, ...]:
    """What is shown of which file, as far as the files are there."""
    if wish.cuts and source and not wish.clips:
        return kept_clips(source, wish.cuts, wish.fit or "pad", wish.rotate)
    found = []
    for number, clip in enumerate(wish.clips, 1):
        key = f"clip.{number}"
        problems += (Problem(f"{where}: {key}.{odd.removesuffix('_ms')}", what) for odd, what in odd_keys(clip))
        path = _path_of(folder, clip, source, f"{where}: {key}", problems)
        if path is not None:
            found.append(_clip(clip, key, path, wish))
    return tuple(found)


def _path_of(folder: Path, clip: ClipFile, source: Path | None, where: str, problems: list[Problem]) -> Path | None:
    if clip.card:
        return find_named(folder, clip.picture, PHOTO_SUFFIXES, f"{where}.picture", problems) or Path()
    if is_sequence(clip.source) and not (folder / clip.source).is_file():
        return find_sequence(folder, clip.source, f"{where}.source", problems)
    return find_named(folder, clip.source, _SHOWN_SUFFIXES, f"{where}.source", problems) or source


def _clip(clip: ClipFile, key: str, path: Path, wish: ClipWish) -> Clip:
    fit, rotate, shown = clip.fit or wish.fit, wish.rotate if clip.rotate is None else clip.rotate, clip.is_footage
    return Clip(
        key,
        path,
        clip.from_ms,
        clip.seconds if shown else clip.to_ms,
        clip.gain,
        clip.speed,
        fit or ("blur" if shown else "pad"),
        0 if clip.card else rotate,
        clip.fade,
        clip.move,
        clip.caption,
        clip.spoken,
        clip.speaker,
        clip.card,
        clip.lines,
        fills=fit is None and shown and not clip.card,
    )
