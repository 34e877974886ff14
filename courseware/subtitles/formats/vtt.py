"""WebVTT. Holds times in milliseconds, text, speakers and the top of the picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from courseware.subtitles.cue import Cue
from courseware.subtitles.entry import FileCue, written
from courseware.subtitles.formats.blocks import timed_blocks
from courseware.subtitles.formats.markup import with_entities


def is_it(content: str) -> bool:
    """Whether the file says so in its first line."""
    return content.startswith("WEBVTT")


def parse(content: str) -> Iterator[FileCue]:
    """The cues, and texts that have no times; notes, styles and regions are none."""
    return timed_blocks(content, vtt=True)


def dump(cues: Sequence[Cue]) -> str:
    """The file's text."""
    blocks = (
        f"\n{written(cue.span.start_ms)} --> {written(cue.span.end_ms)}{_top(cue)}\n"
        f"{_voice(cue)}{with_entities(cue.text)}\n"
        for cue in cues
    )
    return "WEBVTT\n" + "".join(blocks)


def _top(cue: Cue) -> str:
    return " line:0" if cue.place == "top" else ""


def _voice(cue: Cue) -> str:
    return f"<v {with_entities(cue.speaker)}>" if cue.speaker else ""
