"""What a person asks of a voice: a sentence to listen to, which voices there are, how a lesson is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import replacing
from courseware.lessons.lesson import Lesson
from courseware.lessons.narrated import NOTHING_SAID
from courseware.lessons.workspace import Workspace, find_root, load_catalogue, open_workspace
from courseware.script.files import find_script
from courseware.script.script import load_script
from courseware.speaking.kokoro import SHIPPED, is_installed, load_kokoro
from courseware.speaking.pronouncing import pinyin_of
from courseware.speaking.pronunciations import pronunciations_of
from courseware.speaking.sentences import read_sentence, sentences_of
from courseware.speaking.speaker import RATE, Speaker
from courseware.speaking.turns import turns_of
from courseware.speaking.wording import worded
from courseware.storage.outputs import refuse_existing
from render.narration.spoken import SpeakingWish, levelled_speech, plan_sentences, write_speech


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """How a sentence is read.

    Attributes:
        where: the clip or line that it comes from.
        said: in words, numbers and units spelt out.
        pinyin: with the tones as they are said.
    """

    where: str
    text: str
    said: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class KnownVoices:
    """The voices that there are.

    Attributes:
        installed: whether the extra is there.
    """

    names: tuple[str, ...]
    installed: bool


def workspace_about(start: Path) -> Workspace | None:
    """The workspace that a folder lies in, if it does.

    Raises:
        InputError: it cannot be read.
    """
    try:
        find_root(start)
    except InputError:
        return None
    return open_workspace(start)


def speaker_of(workspace: Workspace | None, model: Path | None = None) -> Speaker:
    """The voice model that a person named, else that of the workspace, else that of the extra.

    Raises:
        ToolError: there is none, or it is no voice model.
    """
    named = workspace.settings.render.voice_model if workspace else ""
    if model is None and workspace and named:
        model = workspace.root / named
    return load_kokoro(model.absolute() if model else None)


def say_text(speaker: Speaker, words: str, target: Path, wish: SpeakingWish, *, force: bool) -> int:
    """Write a WAV file in which a voice says a text; its length in milliseconds.

    Raises:
        InputError: nothing in it can be said, there is no such voice, or the file is there already.
        ToolError: the voice cannot be run.
    """
    import numpy as np

    if target.suffix.lower() != ".wav":
        raise InputError(Problem(str(target), text("sound is written as WAV; give it a name ending in .wav")))
    if not force:
        refuse_existing([target])
    sentences = plan_sentences([(words, "")], wish)
    if not sentences:
        raise InputError(Problem("voice", text("there is nothing in it that can be said")))
    parts = []
    for number, sentence in enumerate(sentences, 1):
        parts.append(levelled_speech(speaker.say(sentence.sounds, sentence.voice, wish.speed)))
        pause_ms = sentence.pause_ms if number < len(sentences) else 0
        parts.append(np.zeros(pause_ms * RATE // 1000, np.float32))
    whole = np.concatenate(parts)
    with replacing(target) as scratch:
        write_speech(whole, scratch)
    return len(whole) * 1000 // RATE


def known_voices(workspace: Workspace | None, model: Path | None = None) -> KnownVoices:
    """The voices we ship, and those of a model folder that is named.

    Raises:
        ToolError: the named folder holds no voice model.
    """
    named = model or (workspace is not None and workspace.settings.render.voice_model)
    names = speaker_of(workspace, model).voices if named else SHIPPED
    return KnownVoices(names, is_installed())


def read_lesson(workspace: Workspace, name: str) -> tuple[ReadSentence, ...]:
    """How every sentence of a lesson is read: of what its clips say, or of its script.

    Raises:
        InputError: no such lesson, nothing is said in it, or the list of pronunciations cannot be used.
    """
    (lesson,) = load_catalogue(workspace).select((name,))
    book = pronunciations_of(workspace.root)
    found = tuple(
        read_aloud(sentence, where, book)
        for where, words in _paragraphs(lesson)
        for turn in turns_of(words)
        for sentence in sentences_of(turn.text)
    )
    if not found:
        raise InputError(Problem(lesson.id, NOTHING_SAID))
    return found


def read_aloud(sentence: str, where: str, book: Mapping[str, tuple[str, ...]]) -> ReadSentence:
    """How one sentence is read."""
    return ReadSentence(where, sentence, worded(sentence), pinyin_of(read_sentence(sentence, book)))


def _paragraphs(lesson: Lesson) -> list[tuple[str, str]]:
    says = [(clip.key, clip.says) for clip in lesson.clips if clip.says]
    script = None if says else find_script(lesson.folder)
    if script is None:
        return says
    return [(f"{script.name} {number}", line.text) for number, line in enumerate(load_script(script).lines, 1)]
