"""Subtitles for lessons with a script and none of a person's own: timed to the recording before rendering."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from courseware.align.making import align_lesson, is_generated
from courseware.errors import Problem, YuanjiaoError, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace
from courseware.script.files import find_script
from courseware.subtitles import why_not_shown
from courseware.terminal.console import Console
from render.narration.narrate import narrated
from render.source.recording import Recording, recording_of
from render.work.ffmpeg import StoppedError


def tell_speaking(lessons: Iterable[Lesson], console: Console) -> None:
    """Say that a voice has to speak first, which takes its time where it has not said that before."""
    count = sum(lesson.is_voiced and not lesson.narration_paths for lesson in lessons)
    if count:
        console.note(text("A voice speaks in {count} lessons; what it said before is kept.", count=count))


def readied(
    lesson: Lesson, workspace: Workspace, *, dry_run: bool, stop: threading.Event
) -> tuple[Lesson, tuple[Problem, ...]]:
    """The lesson with its narration and its subtitles, and what a person should know of them.

    Args:
        dry_run: write nothing into the lesson's folder, but take the subtitles that are there; let nothing be spoken.
        stop: when set, it ends as after Ctrl-C.

    Raises:
        YuanjiaoError: its narration cannot be used.
        KeyboardInterrupt: it was called off.
    """
    try:
        spoken, told = narrated(lesson, workspace, write=not dry_run, speak=not dry_run, stop=stop)
    except StoppedError:
        raise KeyboardInterrupt from None
    if dry_run:
        return spoken, told
    done, remarks = timed(spoken, workspace.cache_dir)
    return done, (*told, *remarks)


def timed(lesson: Lesson, cache_dir: Path) -> tuple[Lesson, tuple[Problem, ...]]:
    """The lesson with subtitles from its script, and what a person should know of it.

    Subtitles that a person wrote or named are left alone; generated ones are refreshed when script or sound changed.
    What is called subtitles and is for no reader, such as telemetry, does not stand in their way. What clips or a
    voice say was timed with the narration.

    Args:
        cache_dir: of the workspace.
    """
    is_timed = lesson.utterances and (lesson.script_path or any(clip.says for clip in lesson.clips))
    if is_timed or (lesson.source_path is None and not lesson.utterances):
        return lesson, ()
    folder = lesson.folder
    target = folder / "subtitles.srt"
    there = lesson.subtitles_path
    if there and not (there == target and is_generated(target)) and not why_not_shown(there):
        return lesson, ()
    try:
        script = find_script(folder)
        recording = recording_of(lesson, cache_dir) if script else None
        return _aligned(lesson, recording, script, target) if script and recording else (lesson, ())
    except YuanjiaoError as error:
        # A script that cannot be timed costs the lesson its subtitles, not its picture.
        return lesson, error.problems


def _aligned(lesson: Lesson, heard: Recording, script: Path, target: Path) -> tuple[Lesson, tuple[Problem, ...]]:
    made = align_lesson(target.parent, heard.path, script, audio=heard.audio, unheard=heard.unheard)
    where = f"{lesson.id}/{script.name}"
    if made.state == "refused":
        what = text("the script hardly fits the recording, so the lesson has no subtitles; is it the right one?")
        return lesson, (Problem(where, what),)
    if made.state == "beside" and made.written:
        what = text("new subtitles lie beside yours, in {name}", name=made.written.name)
        return lesson, (Problem(where, what),)
    return lesson.model_copy(update={"subtitles_path": target}), ()
