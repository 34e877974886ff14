"""What clips say, spoken by a voice: each sentence kept by its content, all of them one file with pauses between."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.speaking.pronouncing import SaidWord
from courseware.speaking.sentences import read_sentence, refuse_unread, sentences_of, voiced
from courseware.speaking.speaker import RATE, Speaker, other_voice
from courseware.speaking.turns import turns_of
from courseware.times import Span
from render.narration.recorded import JoinedSound, keep_joined
from render.work.ffmpeg import StoppedError
from render.work.wav import length_of, writing_wav
from render.work.workshop import Workshop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RECIPE = 1  # raise when the same sounds would be said differently
_SENTENCE_MS, _TURN_MS = 350, 600  # pauses after a sentence, and after a paragraph or a turn of a dialogue
_LEVEL_DBFS = -23.0  # of speech while it lasts
_PEAK = 0.89
_FRAME = RATE // 50
_SPEAKING_DB = 30.0  # under its loudest: softer is a pause


@dataclass(frozen=True, slots=True)
class SaidSentence:
    """A sentence that is to be said.

    Attributes:
        sounds: as the voice was taught them.
        clip: number among those that say something.
        pause_ms: of silence after it.
    """

    text: str
    sounds: str
    voice: str
    clip: int
    pause_ms: int


@dataclass(frozen=True, slots=True)
class SpokenClips:
    """What clips say, as one file.

    Attributes:
        sections: of each clip, with the pause after it.
        spans: of each sentence, without pauses.
    """

    sound: JoinedSound
    sections: tuple[Span, ...]
    sentences: tuple[SaidSentence, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SpeakingWish:
    """How it is to be spoken.

    Attributes:
        voice: of whom nobody else is named for.
        pause_ms: between clips.
        book: words whose pinyin is known.
    """

    voice: str
    speed: float
    pause_ms: int
    book: Mapping[str, tuple[str, ...]]


def plan_sentences(says: Sequence[tuple[str, str]], wish: SpeakingWish) -> tuple[SaidSentence, ...]:
    """The sentences of clips.

    Args:
        says: of each clip its words and its speaker, "" for the usual one.

    Raises:
        InputError: there are characters whose reading is not known.
    """
    found: list[SaidSentence] = []
    read: list[tuple[SaidWord, ...]] = []
    for clip, (words, speaker) in enumerate(says):
        main = speaker or wish.voice
        for turn in turns_of(words):
            voice = other_voice(main) if turn.part in {"乙", "男", "男声"} else main
            for sentence in sentences_of(turn.text):
                read.append(read_sentence(sentence, wish.book))
                found.append(SaidSentence(sentence, voiced(read[-1]), voice, clip, _SENTENCE_MS))
            found[-1:] = [_paused(one, _TURN_MS) for one in found[-1:]]
        found[-1:] = [_paused(one, wish.pause_ms) for one in found[-1:]]
    refuse_unread(read)
    return tuple(found)


def was_said(workshop: Workshop, speaker: Speaker, says: Sequence[tuple[str, str]], wish: SpeakingWish) -> bool:
    """Whether the store has all sentences of clips; arguments and errors as of speak_clips."""
    keys = (_key(speaker, one, wish.speed) for one in plan_sentences(says, wish))
    return all(workshop.store.find(key) is not None for key in keys)


def speak_clips(
    workshop: Workshop, speaker: Speaker, says: Sequence[tuple[str, str]], wish: SpeakingWish
) -> SpokenClips:
    """Say what clips say; sentences that were said before are taken from the store.

    Args:
        says: as of plan_sentences.

    Raises:
        InputError: there is no such voice.
        ToolError: the voice cannot be run.
        StoppedError: the batch was called off.
    """
    sentences = plan_sentences(says, wish)
    paths = [_said(workshop, speaker, one, wish.speed) for one in sentences]
    lengths_ms = [length_of(path) * 1000 // RATE for path in paths]
    spans, sections, at_ms, start_ms = list[Span](), list[Span](), 0, 0
    for number, (one, length_ms) in enumerate(zip(sentences, lengths_ms, strict=True)):
        spans.append(Span(at_ms, at_ms + length_ms))
        at_ms += length_ms + one.pause_ms
        if number + 1 == len(sentences) or sentences[number + 1].clip != one.clip:
            sections.append(Span(start_ms, at_ms))
            start_ms = at_ms
    parts = [(path, one.pause_ms) for path, one in zip(paths, sentences, strict=True)]
    content = json.dumps([_RECIPE, [(path.stem, pause_ms) for path, pause_ms in parts]])
    sound = keep_joined(workshop, sha256(content.encode()).hexdigest(), parts)
    return SpokenClips(sound, tuple(sections), sentences, tuple(spans))


def _paused(sentence: SaidSentence, pause_ms: int) -> SaidSentence:
    return SaidSentence(sentence.text, sentence.sounds, sentence.voice, sentence.clip, pause_ms)


def _said(workshop: Workshop, speaker: Speaker, sentence: SaidSentence, speed: float) -> Path:
    """The sound of a sentence as a WAV file of whole milliseconds."""
    key = _key(speaker, sentence, speed)
    with workshop.locks[f"speech {key}"]:
        if workshop.store.find(key, check=True) is None:
            if workshop.stop.is_set():
                raise StoppedError
            samples = levelled_speech(speaker.say(sentence.sounds, sentence.voice, speed))
            with workshop.work_folder() as work:
                write_speech(samples, work / "said.wav")
                workshop.store.put(key, "speech", work / "said.wav")
    return workshop.store.place(key, "speech")


def _key(speaker: Speaker, sentence: SaidSentence, speed: float) -> str:
    content = json.dumps([_RECIPE, speaker.key(sentence.voice), sentence.sounds, speed])
    return sha256(content.encode()).hexdigest()


def levelled_speech(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Speech of one loudness, whoever speaks: by the mean power of its frames that are no pause."""
    import numpy as np

    count = len(samples) // _FRAME
    if count == 0 or not samples.any():
        return samples
    power = (samples[: count * _FRAME].reshape(count, _FRAME) ** 2).mean(axis=1)
    speaking = power[power > power.max() * 10 ** (-_SPEAKING_DB / 10)]
    gain = 10 ** (_LEVEL_DBFS / 20) / float(np.sqrt(speaking.mean()))
    return samples * np.float32(min(gain, _PEAK / float(np.abs(samples).max())))


def write_speech(samples: NDArray[np.float32], target: Path) -> None:
    """Write a WAV file of whole milliseconds."""
    import numpy as np

    step = RATE // 1000
    whole = np.pad(samples, (0, -len(samples) % step))
    with writing_wav(target, 1, RATE) as out:
        out.writeframes(np.round(np.clip(whole, -1, 1) * 32767).astype("<i2").tobytes())
