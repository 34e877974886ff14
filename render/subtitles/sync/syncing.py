"""Writes a subtitle file with the times at which the sound of a video or a lesson has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import load_catalogue, open_workspace
from courseware.speech.sound import Sound, load_sound, silenced
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.subtitles import load_subtitles, write_cues
from courseware.subtitles.formats import format_named
from courseware.syncing.parts import SyncedPart
from courseware.syncing.syncing import synchronise
from courseware.terminal.console import Console
from courseware.times import clock
from render.narration.narrate import narrated
from render.source.recording import recording_of
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
    heard = recording_of(narrated(lesson, workspace, write=False)[0], workspace.cache_dir)
    if heard is None:
        raise InputError(Problem(lesson.id, text("this lesson has no sound that subtitles could be moved to")))
    _refuse(target, source, heard.path, force=force)
    return _synced(source, silenced(load_sound(heard.path, heard.audio), heard.unheard), target)


def tell_synced(console: Console, target: Path, done: SyncedFile) -> None:
    """By how much they were moved, and what was written."""
    for part in done.parts:
        console.note(_moved(part, several=len(done.parts) > 1))
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


def _synced(source: Path, sound: Sound, target: Path) -> SyncedFile:
    read = load_subtitles(source)
    found = synchronise(read.cues, sound)
    if found.why_not is not None:
        raise InputError(Problem(source.name, found.why_not))
    name = format_named(target)
    write_cues(found.cues, target)
    told: Sequence[Text] = tuple(losses(found.cues, name))
    return SyncedFile(Converted(name, len(found.cues), read.problems, tuple(told)), found.parts)


def _refuse(target: Path, source: Path, heard: Path, *, force: bool) -> None:
    format_named(target)
    refuse_clashes([target], [source, heard])
    if not force:
        refuse_existing([target])
