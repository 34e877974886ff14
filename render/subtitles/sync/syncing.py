"""Gives subtitles the times at which the sound of a video or a lesson has them, and writes them as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.media.facts import probe
from courseware.speech.sound import Sound, load_sound, silenced
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.subtitles import load_subtitles, write_cues
from courseware.subtitles.cue import Cue
from courseware.subtitles.formats import format_named
from courseware.syncing.parts import SyncedPart
from courseware.syncing.syncing import Synced, synchronise
from courseware.terminal.console import Console
from courseware.times import clock
from render.narration.narrate import narrated
from render.source.recording import Recording, recording_of
from render.subtitles.convert import Converted, converted_document, losses, tell_converted


@dataclass(frozen=True, slots=True)
class SyncedFile:
    """What was written, and by how much it was moved."""

    written: Converted
    parts: tuple[SyncedPart, ...]


def sync_to_video(source: Path, video: Path, target: Path, *, force: bool) -> SyncedFile:
    """Write the subtitles as they are spoken in a video or a sound file.

    Raises:
        InputError: the source cannot be read or does not fit, the suffix is unknown, or the target exists and `force`
            is not given.
        MediaError: the video cannot be heard.
    """
    _refuse(target, source, video, force=force)
    return _synced(source, load_sound(video), target)


def sync_to_lesson(source: Path, folder: Path, lesson_id: str, target: Path, *, force: bool) -> SyncedFile:
    """Write the subtitles as they are spoken in a lesson of the workspace, in the time of its subtitles.

    Raises:
        InputError: as sync_to_video; or there is no such lesson, or nothing is heard of it.
    """
    workspace = open_workspace(folder)
    (lesson,) = load_catalogue(workspace).select((lesson_id,))
    heard = _heard(workspace, lesson)
    _refuse(target, source, heard.path, force=force)
    return _synced(source, _sound(heard), target)


def sync_cues(
    cues: Sequence[Cue],
    where: str,
    workspace: Workspace,
    lesson: Lesson,
    share_heard: Callable[[float], None] = lambda _: None,
) -> Synced:
    """Cues, in order of time, as they are spoken in a lesson; nothing is written.

    Args:
        where: what a refusal calls them.
        share_heard: told how much of the sound has been heard, from 0 to 1; what it raises ends it.

    Raises:
        InputError: they do not fit, or nothing is heard of the lesson.
        MediaError: its sound cannot be read.
    """
    heard = _heard(workspace, lesson)
    share_heard(0)
    length_ms = probe(heard.path).duration_ms
    sound = _sound(heard, lambda heard_ms: share_heard(min(1, heard_ms / length_ms)))
    return _fitting(cues, where, sound)


def tell_synced(console: Console, target: Path, done: SyncedFile) -> None:
    """By how much they were moved, and what was written."""
    for sentence in told_moves(done.parts):
        console.note(sentence)
    tell_converted(console, target, done.written)


def synced_document(console: Console, target: Path, done: SyncedFile) -> dict[str, Any]:
    """The same as JSON."""
    parts = [
        {
            "from_ms": part.from_ms,
            "rate": round(float(part.fit.rate), 6),
            "offset_ms": part.fit.offset_ms,
            "agreement": round(part.fit.agreement, 3),
            "surety": round(part.fit.surety, 1),
        }
        for part in done.parts
    ]
    return {**converted_document(console, target, "utf-8", done.written), "parts": parts}


def told_moves(parts: Sequence[SyncedPart]) -> tuple[Text, ...]:
    """By how much each part was moved, and how sure that is."""
    return tuple(_moved(part, several=len(parts) > 1) for part in parts)


def told_left_out(before: Sequence[Cue], after: Sequence[Cue]) -> tuple[Text, ...]:
    """How many lie where there is no video yet; nothing where none does."""
    count = len(before) - len(after)
    return (text("{count} subtitles would be over before the video begins; left out", count=count),) if count else ()


def _moved(part: SyncedPart, *, several: bool) -> Text:
    """In words: from where on, by how much, how sure."""
    values = {
        "moment": clock(part.from_ms // 1000),
        "seconds": f"{(part.fit.line(part.from_ms) - part.from_ms) / 1000:+.2f}",
        "rate": f"{float(part.fit.rate):.5f}",
        "surety": f"{part.fit.surety:.0f}",
    }
    if several:
        return text("from {moment} on: moved by {seconds} s, rate {rate}, surety {surety}", **values)
    return text("moved by {seconds} s at the first subtitle, rate {rate}, surety {surety}", **values)


def _heard(workspace: Workspace, lesson: Lesson) -> Recording:
    heard = recording_of(narrated(lesson, workspace, write=False)[0], workspace.cache_dir)
    if heard is None:
        raise InputError(Problem(lesson.id, text("this lesson has no sound that subtitles could be moved to")))
    return heard


def _sound(heard: Recording, heard_ms: Callable[[int], None] = lambda _: None) -> Sound:
    return silenced(load_sound(heard.path, heard.audio, heard_ms), heard.unheard)


def _synced(source: Path, sound: Sound, target: Path) -> SyncedFile:
    read = load_subtitles(source)
    found = _fitting(read.cues, source.name, sound)
    name = format_named(target)
    write_cues(found.cues, target)
    told = (*told_left_out(read.cues, found.cues), *losses(found.cues, name))
    return SyncedFile(Converted(name, len(found.cues), read.problems, told), found.parts)


def _fitting(cues: Sequence[Cue], where: str, sound: Sound) -> Synced:
    found = synchronise(cues, sound)
    if found.why_not is not None:
        raise InputError(Problem(where, found.why_not))
    return found


def _refuse(target: Path, source: Path, heard: Path, *, force: bool) -> None:
    format_named(target)
    refuse_clashes([target], [source, heard])
    if not force:
        refuse_existing([target])
