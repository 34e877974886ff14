"""A lesson with its narration: its sound found or made, its clips' lengths and its subtitles after it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from courseware.align.making import is_generated, write_timed
from courseware.align.pages import misfits, other_text, said_pages
from courseware.errors import InputError, Problem, Text, YuanjiaoError
from courseware.lessons.clips import Clip
from courseware.lessons.lesson import Lesson
from courseware.lessons.narrated import NOTHING_SAID, Utterance
from courseware.lessons.workspace import Workspace
from courseware.script.script import Script, load_script
from courseware.speaking.pronunciations import pronunciations_of
from courseware.speaking.turns import PARTS
from courseware.subtitles import why_not_shown
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.narration.laying import lay, placed_cues, placed_utterances
from render.narration.listening import speaker_of
from render.narration.recorded import join_recordings
from render.narration.spoken import SpeakingWish, speak_clips, was_said
from render.narration.timing import time_spoken, time_words
from render.source.recording import look_into_all
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop


@dataclass(frozen=True, slots=True)
class Narration:
    """What is heard of a narration, in its own time.

    Attributes:
        sections: of each clip that says something, in order; one for all of it where none does.
        cues: what is said, timed; empty where nobody wrote it down.
        notes: what a person should know of it.
        misfits: the clips whose words are hardly heard in it.
    """

    utterances: tuple[Utterance, ...]
    duration_ms: int
    sections: tuple[Span, ...]
    cues: tuple[Cue, ...] = ()
    notes: tuple[Text, ...] = ()
    misfits: tuple[Problem, ...] = ()


def narrated(
    lesson: Lesson,
    workspace: Workspace,
    *,
    write: bool = True,
    speak: bool = True,
    stop: threading.Event | None = None,
) -> tuple[Lesson, tuple[Problem, ...]]:
    """The lesson with what is heard, the lengths of its clips, and subtitles where it has none of a person's.

    Args:
        write: whether the subtitles may be written.
        speak: whether the voice may say what it has not said before; else the lesson stays as it is.
        stop: when set, it is given up.

    Returns:
        The lesson; and what a person should know of it.

    Raises:
        YuanjiaoError: the narration cannot be used, or does not go with the clips.
        StoppedError: `stop` was set.
    """
    if not lesson.is_narrated:
        return lesson, ((Problem(f"{lesson.id}: voice", NOTHING_SAID),) if lesson.voice else ())
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir, stop)
    try:
        recorded = bool(lesson.narration_paths)
        narration = narrate(workshop, lesson) if recorded else spoken(workshop, lesson, workspace, speak=speak)
        if narration is None:
            return lesson, ()
        found = look_into_all(workshop, lesson.videos, audio=lesson.audio)
        lengths_ms = {path: source.facts.duration_ms for path, source in found.items()}
        laid = lay(_shown(lesson), lengths_ms, narration.sections, whole=not any(clip.says for clip in lesson.clips))
    except YuanjiaoError as error:
        named = (replace(one, where=f"{lesson.id}: {one.where}".rstrip(": ")) for one in error.problems)
        raise type(error)(*named) from error
    heard = placed_utterances(narration.utterances, narration.sections, laid.starts_ms)
    changed = {"utterances": heard, "clips": laid.clips if lesson.clips else ()}
    cues = placed_cues(narration.cues, narration.sections, laid.starts_ms)
    made = lesson.model_copy(update=changed)
    notes = tuple(Problem(f"{lesson.id}: narration", note) for note in narration.notes)
    unfit = (replace(one, where=f"{lesson.id}: {one.where}") for one in narration.misfits)
    return (_subtitled(made, cues) if write and cues else made), (*notes, *unfit)


def narrate(workshop: Workshop, lesson: Lesson) -> Narration:
    """The narration of a lesson that has one.

    Raises:
        YuanjiaoError: its files cannot be used, or something else is said in them than the clips say.
    """
    sound = join_recordings(workshop, lesson.narration_paths, round(lesson.pause * 1000), songs=lesson.is_song)
    heard = (Utterance(sound.path, sound.key, 0, sound.duration_ms, 0),)
    pages = said_pages(lesson.clips)
    if not pages:
        return Narration(heard, sound.duration_ms, (Span(0, sound.duration_ms),), notes=sound.notes)
    timed = time_words(sound, pages, workshop.cache_dir)
    if timed.heard and (problems := other_text(timed.heard, pages)):
        raise InputError(*problems)
    unfit = misfits(timed.heard, pages) if timed.heard else ()
    notes = (*sound.notes, *timed.doubts)
    return Narration(heard, sound.duration_ms, timed.sections, timed.cues, notes, unfit)


def spoken(workshop: Workshop, lesson: Lesson, workspace: Workspace, *, speak: bool) -> Narration | None:
    """The narration of a lesson whose clips are spoken by a voice; None when it may not speak, and would have to.

    Raises:
        InputError: there is no such voice, or the script or the workspace's list of pronunciations cannot be used.
        ToolError: the voice is not installed, or cannot be run.
    """
    speaker = speaker_of(workspace)
    book = pronunciations_of(workspace.root)
    wish = SpeakingWish(lesson.voice, lesson.speech_speed, round(lesson.pause * 1000), book)
    says = [(clip.says, clip.speaker) for clip in lesson.clips if clip.says]
    if lesson.script_path:
        says = [(_as_turns(load_script(lesson.script_path)), "")]
    if not speak and not was_said(workshop, speaker, says, wish):
        return None
    said = speak_clips(workshop, speaker, says, wish)
    timed = time_spoken(said, workshop.cache_dir)
    heard = (Utterance(said.sound.path, said.sound.key, 0, said.sound.duration_ms, 0),)
    return Narration(heard, said.sound.duration_ms, timed.sections, timed.cues, timed.doubts)


def _as_turns(script: Script) -> str:
    """The paragraphs of a script, with the names of those that the voice knows apart."""
    return "\n".join(f"{line.speaker}：{line.text}" if line.speaker in PARTS else line.text for line in script.lines)


def _shown(lesson: Lesson) -> Sequence[Clip]:
    return lesson.clips or [Clip("source", path) for path in lesson.videos]


def _subtitled(lesson: Lesson, cues: tuple[Cue, ...]) -> Lesson:
    target, there = lesson.folder / "subtitles.srt", lesson.subtitles_path
    if there and not (there == target and is_generated(target)) and not why_not_shown(there):
        return lesson
    said = repr([(cue.span, cue.text) for cue in cues]) + "".join(one.key for one in lesson.utterances)
    write_timed(target, cues, sha256(said.encode()).hexdigest())
    return lesson.model_copy(update={"subtitles_path": target})
