"""SubRip. Holds times in milliseconds, text, and the top of the picture (by the usual override); no speakers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from courseware.subtitles.cue import Cue, labels
from courseware.subtitles.entry import FileCue, lines_of, written
from courseware.subtitles.formats.blocks import is_timing, timed_blocks
from courseware.subtitles.formats.markup import plain, with_entities


def is_it(content: str) -> bool:
    """Whether a line holds times with an arrow."""
    return any(map(is_timing, lines_of(content)))


def parse(content: str) -> Iterator[FileCue]:
    """The cues, and texts that have no times."""
    return timed_blocks(content, vtt=False)


def dump(cues: Sequence[Cue]) -> str:
    """The file's text. A speaker is written before the text, where another one begins to speak."""
    blocks = (
        f"{number}\n{written(cue.span.start_ms, ',')} --> {written(cue.span.end_ms, ',')}\n"
        f"{_top(cue)}{_shown(label + cue.text)}\n"
        for number, (cue, label) in enumerate(zip(cues, labels(cues), strict=True), 1)
    )
    return "\n".join(blocks)


def _top(cue: Cue) -> str:
    return r"{\an8}" if cue.place == "top" else ""


def _shown(said: str) -> str:
    """As it is where that can be read back: many players show entities as they are written."""
    return said if plain(said) == said and not is_it(said) else with_entities(said)
