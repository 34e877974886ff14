"""How long a voice will speak and when it says what, before it has spoken: by syllables. Good enough to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from courseware.align.cutting import cut
from courseware.script.script import ScriptLine
from courseware.speech.spoken import syllables
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.narration.spoken import SaidSentence

_SYLLABLE_MS, _EDGES_MS = 235, 100  # of the voices that are shipped


@dataclass(frozen=True, slots=True)
class EstimatedSpeech:
    """What clips will say.

    Attributes:
        sections: of each clip, with the pause after it.
    """

    sections: tuple[Span, ...]
    cues: tuple[Cue, ...]


def estimate(sentences: Sequence[SaidSentence], speed: float) -> EstimatedSpeech:
    """When sentences will be said.

    Args:
        sentences: in order, at least one of each clip.
    """
    lengths_ms = [round((_EDGES_MS + _SYLLABLE_MS * _weight(one.text)) / speed) for one in sentences]
    ends = list(accumulate(length + one.pause_ms for length, one in zip(lengths_ms, sentences, strict=True)))
    cues: list[Cue] = []
    borders = {0: 0}
    for one, end_ms, length_ms in zip(sentences, ends, lengths_ms, strict=True):
        start_ms = end_ms - one.pause_ms - length_ms
        cues += _cues(one, Span(start_ms, start_ms + length_ms))
        borders[one.clip + 1] = end_ms
    return EstimatedSpeech(
        tuple(Span(borders[clip], borders[clip + 1]) for clip in range(len(borders) - 1)), tuple(cues)
    )


def _cues(sentence: SaidSentence, span: Span) -> Iterable[Cue]:
    """Its lines, each as long as its share of the syllables."""
    pieces = cut([ScriptLine(sentence.text)])
    weights = [_weight(piece.text) for piece in pieces]
    ends = [span.start_ms + span.duration_ms * total // sum(weights) for total in accumulate(weights)]
    for piece, start_ms, end_ms in zip(pieces, [span.start_ms, *ends], ends, strict=False):
        yield Cue(Span(start_ms, end_ms), piece.text)


def _weight(words: str) -> int:
    return max(1, syllables(words))
