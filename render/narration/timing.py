"""Finds in a narration what each clip says: the aligner's answer, remembered as long as sound and words stay."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from courseware.align.cues import Alignment
from courseware.align.making import LEAST_SURE, align_script
from courseware.errors import InputError, Problem, Text, text
from courseware.script.script import Script, ScriptLine
from courseware.speaking.turns import turns_of
from courseware.speech.sound import load_sound
from courseware.speech.spoken import syllables
from courseware.storage.sealed import read_sealed, write_sealed
from courseware.subtitles.cue import Cue
from courseware.times import Span, clock
from render.narration.recorded import JoinedSound
from render.narration.spoken import SpokenClips
from render.narration.whole import check_whole

_FORM = 1  # raise when the record changes its meaning
_BEFORE_MS = 200  # so long before its first word a section begins


@dataclass(frozen=True, slots=True)
class TimedSpeech:
    """What clips say, found in a recording.

    Attributes:
        sections: of each clip that says something, in order; they follow each other without a gap.
        cues: what is said, shorter than a line each.
        doubts: what a person should listen to.
    """

    sections: tuple[Span, ...]
    cues: tuple[Cue, ...]
    doubts: tuple[Text, ...] = ()


def time_words(sound: JoinedSound, says: Sequence[str], cache_dir: Path) -> TimedSpeech:
    """Sections and cues of what is said in a recording.

    Args:
        says: what each clip says.

    Raises:
        InputError: something else is said in the recording.
    """
    return _remembered([sound.key, list(says)], cache_dir, lambda: _timed(sound, says))


def time_spoken(spoken: SpokenClips, cache_dir: Path) -> TimedSpeech:
    """The same of what a voice said; its doubts are sentences that were not said whole."""
    said = [one.text for one in spoken.sentences]
    return _remembered([spoken.sound.key, said], cache_dir, lambda: _checked(spoken, said))


def _remembered(content: Sequence[object], cache_dir: Path, find: Callable[[], TimedSpeech]) -> TimedSpeech:
    said = json.dumps([_FORM, *content])
    record = cache_dir / "sources" / f"narration-{sha256(said.encode()).hexdigest()[:32]}.json"
    with suppress(ValidationError):
        return _adapter().validate_json(read_sealed(record) or "")
    found = find()
    with suppress(OSError):  # only to be quicker the next time
        write_sealed(record, _adapter().dump_json(found).decode())
    return found


@cache
def _adapter() -> TypeAdapter[TimedSpeech]:
    return TypeAdapter(TimedSpeech)


def _timed(sound: JoinedSound, says: Sequence[str]) -> TimedSpeech:
    turns = [(clip, turn) for clip, words in enumerate(says) for turn in turns_of(words)]
    script = Script(tuple(ScriptLine(turn.text, turn.part) for _, turn in turns))
    alignment = align_script(load_sound(sound.path), script)
    if alignment.confidence < LEAST_SURE:
        what = text(
            "hardly fits what the clips say ({percent} %); is it the right recording?", percent=alignment.confidence
        )
        raise InputError(Problem("narration", what))
    starts: list[int | None] = [None] * len(says)
    for cue in reversed(alignment.shown):
        starts[turns[cue.line][0]] = cue.span.start_ms if cue.span else None
    doubts = tuple(_told(cue.span, cue.text) for cue in alignment.doubtful)
    return TimedSpeech(sections_of(starts, says, sound.duration_ms), _cues(alignment), doubts)


def _checked(spoken: SpokenClips, said: Sequence[str]) -> TimedSpeech:
    alignment = align_script(load_sound(spoken.sound.path), Script(tuple(map(ScriptLine, said))))
    doubts = check_whole(alignment, spoken.sentences, spoken.spans)
    return TimedSpeech(spoken.sections, _cues(alignment), doubts)


def _cues(alignment: Alignment) -> tuple[Cue, ...]:
    return tuple(Cue(cue.span, cue.text, cue.speaker) for cue in alignment.shown if cue.span)


def _told(span: Span | None, words: str) -> Text:
    if span is None:
        return text("“{words}” is not heard in the narration", words=words)
    at = clock(span.start_ms // 1000)
    return text("listen to the narration at {at}, whether “{words}” is said there", at=at, words=words)


def sections_of(starts: Sequence[int | None], says: Sequence[str], duration_ms: int) -> tuple[Span, ...]:
    """Sections from the first to the last moment of a recording, each from a little before its first word.

    Args:
        starts: when each begins; None for what was not heard: it shares the time of the one before.
    """
    borders = [0, *(None if start is None else start - _BEFORE_MS for start in starts[1:]), duration_ms]
    known = [number for number, border in enumerate(borders) if border is not None]
    found: list[int] = []
    for first, last in pairwise(known):
        begin, end = borders[first] or 0, borders[last] or duration_ms
        counts = [max(1, syllables(words)) for words in says[first:last]]
        found += [begin + (end - begin) * count // sum(counts) for count in accumulate([0, *counts[:-1]])]
    return _in_order([*found, duration_ms])


def _in_order(borders: Sequence[int]) -> tuple[Span, ...]:
    """Spans between borders, each at least a millisecond long."""
    moments = list(borders)
    for number in range(1, len(moments) - 1):
        moments[number] = max(moments[number], moments[number - 1] + 1)
    return tuple(Span(start, max(end, start + 1)) for start, end in pairwise(moments))
