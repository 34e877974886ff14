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

from courseware.align.confidence import SURE
from courseware.align.cues import Alignment
from courseware.align.making import align_script
from courseware.align.pages import HeardPages, SaidPage, heard_pages, script_of
from courseware.errors import Text, text
from courseware.script.script import Script, ScriptLine
from courseware.speech.sound import load_sound
from courseware.speech.spoken import syllables
from courseware.storage.sealed import read_sealed, write_sealed
from courseware.subtitles.cue import Cue
from courseware.times import Span, clock
from render.narration.recorded import JoinedSound
from render.narration.spoken import SpokenClips
from render.narration.whole import check_whole

_FORM = 2  # raise when the record changes its meaning
_BEFORE_MS = 200  # so long before its first word a section begins


@dataclass(frozen=True, slots=True)
class TimedSpeech:
    """What clips say, found in a recording.

    Attributes:
        sections: of each clip that says something, in order; they follow each other without a gap.
        cues: what is said, shorter than a line each.
        doubts: what a person should listen to.
        heard: how sure it is that each clip's words are said; None of a voice's.
    """

    sections: tuple[Span, ...]
    cues: tuple[Cue, ...]
    doubts: tuple[Text, ...] = ()
    heard: HeardPages | None = None


def time_words(sound: JoinedSound, pages: Sequence[SaidPage], cache_dir: Path) -> TimedSpeech:
    """Sections and cues of what is said in a recording, whether or not it is that.

    Args:
        pages: the clips that say something.
    """
    return _remembered([sound.key, [page.says for page in pages]], cache_dir, lambda: _timed(sound, pages))


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


def _timed(sound: JoinedSound, pages: Sequence[SaidPage]) -> TimedSpeech:
    script, numbers = script_of(pages)
    alignment = align_script(load_sound(sound.path), script)
    heard = heard_pages(alignment, numbers, len(pages))
    starts: list[int | None] = [None] * len(pages)
    for cue in reversed(alignment.shown):
        starts[numbers[cue.line]] = cue.span.start_ms if cue.span else None
    doubtful = (cue for cue in alignment.doubtful if heard.each[numbers[cue.line]] >= SURE)
    doubts = tuple(_told(cue.span, cue.text) for cue in doubtful)
    sections = sections_of(starts, [page.says for page in pages], sound.duration_ms)
    return TimedSpeech(sections, _cues(alignment), doubts, heard)


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
