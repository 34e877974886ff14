"""SBV, which YouTube's editor loads and saves. Holds times in milliseconds, and text; no speakers, no place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from courseware.subtitles.cue import Cue, labels
from courseware.subtitles.entry import FileCue, lines_of, milliseconds, written
from courseware.subtitles.formats.markup import LONGEST_RAW, tidied

_CLOCK = r"\d{1,3}:\d\d:\d\d\.\d{3}"
_TIMING = re.compile(rf"[ \t]*(?P<start>{_CLOCK}),(?P<end>{_CLOCK})[ \t]*")
_BREAK = "[br]"  # how some editors write a new line


def is_it(content: str) -> bool:
    """Whether the first line with text is a pair of times and no more."""
    return bool(_timing(next((line for line in lines_of(content) if line.strip()), "")))


def parse(content: str) -> Iterator[FileCue]:
    """The cues, each up to the next pair of times."""
    lines = lines_of(content)
    heads = [(at, timing) for at, line in enumerate(lines) if (timing := _timing(line))]
    ends = [*(at for at, _ in heads[1:]), len(lines)]
    for number, ((at, timing), after) in enumerate(zip(heads, ends, strict=False), 1):
        said = tidied("\n".join(lines[at + 1 : after]).replace(_BREAK, "\n"))
        start_ms, end_ms = milliseconds(timing["start"]), milliseconds(timing["end"])
        yield FileCue(str(number), at + 1, lines[at].strip(), start_ms, end_ms, said)


def dump(cues: Sequence[Cue]) -> str:
    """The file's text."""
    return "\n".join(
        f"{_clock(cue.span.start_ms)},{_clock(cue.span.end_ms)}\n{label}{cue.text}\n"
        for cue, label in zip(cues, labels(cues), strict=True)
    )


def _timing(line: str) -> re.Match[str] | None:
    return _TIMING.fullmatch(line) if len(line) <= LONGEST_RAW else None


def _clock(ms: int) -> str:
    """As YouTube writes it, with one digit for the hour."""
    return written(ms).removeprefix("0")
