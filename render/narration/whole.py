"""Whether every sentence was said whole: the aligner hears what the voice said, and finds each in its place."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from courseware.align.cues import Alignment
from courseware.errors import Text, text
from courseware.speech.spoken import syllables
from courseware.times import Span, clock
from render.narration.spoken import SaidSentence

_SHORT = 0.72  # of the usual time for its syllables: less, and something of it is missing
_SLACK_MS = 250
_EDGES_MS = 120  # of a sentence that are no syllables


def check_whole(alignment: Alignment, sentences: Sequence[SaidSentence], spans: Sequence[Span]) -> tuple[Text, ...]:
    """What was not said whole, and what was not heard where it was said.

    Args:
        alignment: of the sentences, each a line.
        spans: where each was said.
    """
    pace = _paces(sentences, spans)
    found: list[Text] = []
    for number, (sentence, span) in enumerate(zip(sentences, spans, strict=True)):
        cues = [cue for cue in alignment.cues if cue.line == number]
        missed = [cue for cue in cues if cue.span is None or not _inside(cue.span, span)]
        if missed or pace[number] < _SHORT:
            found.append(_swallowed(sentence, span))
    return tuple(found)


def _swallowed(sentence: SaidSentence, span: Span) -> Text:
    return text(
        "at {at} the voice may have swallowed something of “{words}”; listen to it, or write it otherwise",
        at=clock(span.start_ms // 1000),
        words=sentence.text,
    )


def _inside(heard: Span, said: Span) -> bool:
    return said.start_ms - _SLACK_MS <= heard.start_ms < said.end_ms


def _paces(sentences: Sequence[SaidSentence], spans: Sequence[Span]) -> list[float]:
    """For each sentence its time for a syllable, beside that of most sentences in its voice."""
    each = [
        max(1, span.duration_ms - _EDGES_MS) / max(1, syllables(one.text))
        for one, span in zip(sentences, spans, strict=True)
    ]
    usual = {
        voice: median(ms for ms, one in zip(each, sentences, strict=True) if one.voice == voice)
        for voice in {one.voice for one in sentences}
    }
    return [ms / usual[one.voice] for ms, one in zip(each, sentences, strict=True)]
