"""Plain text with times, as people type it: a time or two at the start of a line, then the text there or below.

Reads also MPL2, which looks like that. Writes both times, a tab and the text; further lines are indented.
Holds times in milliseconds, and text; no speakers, no place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from courseware.subtitles.cue import Cue, labels
from courseware.subtitles.entry import FileCue, lines_of, milliseconds, written
from courseware.subtitles.formats.blocks import is_timing
from courseware.subtitles.formats.markup import LONGEST_RAW, tidied

_CLOCK = r"(?:\d{1,3}[:：])?\d{1,3}[:：]\d{2}(?:[.．]\d{1,3}|,\d{3}(?!\d))?"
_LINE = re.compile(
    rf"[\[(（【]?(?P<start>{_CLOCK})[\])）】]?"
    rf"(?:[ \t]*(?:-+>?|[～~–—至到,，]|[ \t])[ \t]*[\[(（【]?(?P<end>{_CLOCK})[\])）】]?)?"
    r"(?:(?P<tab>\t)|[ \t]*[:：、\-–—|]?[ \t]*)(?P<text>.*)"
)
_MPL2 = re.compile(r"\[(?P<start>\d{1,7})\]\[(?P<end>\d{1,7})?\](?P<text>.*)")
_OURS = re.compile(rf"{_CLOCK} - {_CLOCK}\t")
_FEWEST = 4  # at most so many lines to each that has a time; a story that mentions one is no subtitle file


class _Timed(NamedTuple):
    time: str
    start_ms: int | None
    end_ms: int | None
    text: str


def is_it(content: str) -> bool:
    """Whether times begin many of the lines, and none looks like SRT's."""
    lines = [line for line in lines_of(content) if line.strip()]
    flush = [line for line in lines if not line[0].isspace()]
    timed = sum(_timed(line) is not None for line in flush)
    return timed * _FEWEST >= len(lines) > 0 and not any(is_timing(line) and not _OURS.match(line) for line in flush)


def parse(content: str) -> Iterator[FileCue]:
    """The cues; text before the first time has none."""
    current: tuple[int, _Timed, list[str]] | None = None
    number = 0
    for index, line in enumerate(lines_of(content), 1):
        timed = None if line[:1].isspace() else _timed(line)
        if timed:
            if current:
                yield _entry(number, *current)
            number += 1
            current = (index, timed, [timed.text])
        elif current and line.strip():
            current[2].append(line)
        elif line.strip():
            yield FileCue(line.strip()[:20], index, "", None, None, tidied(line))
    if current:
        yield _entry(number, *current)


def dump(cues: Sequence[Cue]) -> str:
    """The file's text."""
    return "".join(
        f"{written(cue.span.start_ms)} - {written(cue.span.end_ms)}\t"
        + (label + cue.text).replace("\n", "\n\t")
        + "\n"
        for cue, label in zip(cues, labels(cues), strict=True)
    )


def _timed(line: str) -> _Timed | None:
    line = line.rstrip()
    if len(line) > LONGEST_RAW:
        return None
    deci = _MPL2.fullmatch(line)
    if deci:
        end_ms = int(deci["end"]) * 100 if deci["end"] else None
        # A slash begins what MPL2 sets in italics.
        said = "\n".join(part.removeprefix("/") for part in deci["text"].split("|"))
        return _Timed(line[:20], int(deci["start"]) * 100, end_ms, said)
    found = _LINE.fullmatch(line)
    if not found:
        return None
    start, end = found["start"], found["end"]
    return _Timed(
        f"{start} {end or ''}".strip(), milliseconds(start), milliseconds(end) if end else None, found["text"]
    )


def _entry(number: int, line: int, timed: _Timed, said: Sequence[str]) -> FileCue:
    return FileCue(
        str(number), line, timed.time, timed.start_ms, timed.end_ms, tidied("\n".join(said)), open_ended=True
    )
