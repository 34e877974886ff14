"""A lesson with its narration: its sound found or made, its clips' lengths and its subtitles after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from courseware.align.making import is_generated, is_untouched, write_timed
from courseware.align.pages import misfits, other_text, said_pages
from courseware.errors import InputError, Problem, Text, ToolError, YuanjiaoError, text
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
from render.narration.estimated import estimate
from render.narration.laying import lay, placed_cues, placed_utterances, with_said
from render.narration.listening import speaker_of
from render.narration.recorded import join_recordings
from render.narration.rhythm import in_time
from render.narration.spoken import SpeakingWish, plan_sentences, speak_clips, was_said
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


@dataclass(frozen=True, slots=True)
class ForeseenLesson:
    """A lesson with its narration laid over its clips.

    Attributes:
        cues: what it says, where a person has given no subtitles.
        notes: what a person should know of it.
    """

    lesson: Lesson
    cues: tuple[Cue, ...] = ()
    notes: tuple[Problem, ...] = ()


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
    with _named_after(lesson):
        recorded = bool(lesson.narration_paths)
        narration = narrate(workshop, lesson) if recorded else spoken(workshop, lesson, workspace, speak=speak)
        if narration is None:
            return lesson, ()
        laid = _laid(workshop, lesson, narration)
    return (_subtitled(laid.lesson, laid.cues) if write and laid.cues else laid.lesson), laid.notes


def foreseen(lesson: Lesson, workspace: Workspace) -> ForeseenLesson:
    """The lesson as it will be narrated, to be looked at: nothing is spoken or written for it.

    Raises:
        YuanjiaoError: as narrated.
    """
    if not lesson.is_narrated:
        return ForeseenLesson(lesson)
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir)
    with _named_after(lesson):
        known = narrate(workshop, lesson) if lesson.narration_paths else _as_spoken(workshop, lesson, workspace)
        # Its doubts are for who renders it.
        narration = replace(known, notes=(), misfits=()) if known else _estimated(lesson, workspace)
        laid = _laid(workshop, lesson, narration)
    return laid if _takes_subtitles(lesson) else replace(laid, cues=())


@contextmanager
def _named_after(lesson: Lesson) -> Iterator[None]:
    """Errors say whose they are."""
    try:
        yield
    except YuanjiaoError as error:
        named = (replace(one, where=f"{lesson.id}: {one.where}".rstrip(": ")) for one in error.problems)
        raise type(error)(*named) from error


def _laid(workshop: Workshop, lesson: Lesson, narration: Narration) -> ForeseenLesson:
    found = look_into_all(workshop, lesson.videos, audio=lesson.audio)
    lengths_ms = {path: source.facts.duration_ms for path, source in found.items()}
    laid = lay(_shown(lesson), lengths_ms, narration.sections, whole=not any(clip.says for clip in lesson.clips))
    clips = in_time(lesson, laid.clips, lengths_ms, workshop.cache_dir) if lesson.beat else laid.clips
    heard = placed_utterances(narration.utterances, narration.sections, laid.starts_ms)
    cues = placed_cues(narration.cues, narration.sections, laid.starts_ms)
    changed = {"utterances": heard, "clips": with_said(clips, lengths_ms, cues) if lesson.clips else ()}
    notes = tuple(Problem(f"{lesson.id}: narration", note) for note in narration.notes)
    unfit = (replace(one, where=f"{lesson.id}: {one.where}") for one in narration.misfits)
    return ForeseenLesson(lesson.model_copy(update=changed), cues, (*notes, *unfit))


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
    wish, says = _wished(lesson, workspace), _said(lesson)
    if not speak and not was_said(workshop, speaker, says, wish):
        return None
    said = speak_clips(workshop, speaker, says, wish)
    timed = time_spoken(said, workshop.cache_dir)
    heard = (Utterance(said.sound.path, said.sound.key, 0, said.sound.duration_ms, 0),)
    return Narration(heard, said.sound.duration_ms, timed.sections, timed.cues, timed.doubts)


def _as_spoken(workshop: Workshop, lesson: Lesson, workspace: Workspace) -> Narration | None:
    """What the voice has said; None where it has not, or there is none: a lesson can be looked at without."""
    with suppress(ToolError):
        return spoken(workshop, lesson, workspace, speak=False)
    return None


def _estimated(lesson: Lesson, workspace: Workspace) -> Narration:
    wish = _wished(lesson, workspace)
    said = estimate(plan_sentences(_said(lesson), wish), wish.speed)
    what = text("the voice has not spoken yet; how long clips and subtitles stay is estimated")
    return Narration((), said.sections[-1].end_ms, said.sections, said.cues, (what,))


def _wished(lesson: Lesson, workspace: Workspace) -> SpeakingWish:
    book = pronunciations_of(workspace.root)
    return SpeakingWish(lesson.voice, lesson.speech_speed, round(lesson.pause * 1000), book)


def _said(lesson: Lesson) -> list[tuple[str, str]]:
    """What a voice says, each with its speaker: of the clips, or the script."""
    if lesson.script_path:
        return [(_as_turns(load_script(lesson.script_path)), "")]
    return [(clip.says, clip.speaker) for clip in lesson.clips if clip.says]


def _as_turns(script: Script) -> str:
    """The paragraphs of a script, with the names of those that the voice knows apart."""
    return "\n".join(f"{line.speaker}：{line.text}" if line.speaker in PARTS else line.text for line in script.lines)


def _shown(lesson: Lesson) -> Sequence[Clip]:
    return lesson.clips or [Clip("source", path) for path in lesson.videos]


def _takes_subtitles(lesson: Lesson) -> bool:
    """Whether no person has given it subtitles, or touched those that were made."""
    there = lesson.subtitles_path
    return there is None or is_untouched(there) or bool(why_not_shown(there))


def _subtitled(lesson: Lesson, cues: tuple[Cue, ...]) -> Lesson:
    target, there = lesson.folder / "subtitles.srt", lesson.subtitles_path
    if there and not (there == target and is_generated(target)) and not why_not_shown(there):
        return lesson
    said = repr([(cue.span, cue.text) for cue in cues]) + "".join(one.key for one in lesson.utterances)
    write_timed(target, cues, sha256(said.encode()).hexdigest())
    return lesson.model_copy(update={"subtitles_path": target})
