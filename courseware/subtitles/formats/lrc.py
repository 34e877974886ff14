"""LRC, lyrics with times. Holds starts in hundredths, also of words, and text; an empty line says where one ends.

No speakers, no places. A line that stands at the same time as another is its second line, e.g. the translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from courseware.subtitles.cue import Cue, SungFrom, labels, letters_in
from courseware.subtitles.entry import FileCue, lines_of, milliseconds
from courseware.subtitles.formats.markup import LONGEST_RAW, tidied

_TIMES = re.compile(r"\s*((?:\[\d{1,5}:\d{1,2}(?:[.:]\d{1,3})?\]\s*)+)(.*)")
_TIME = re.compile(r"\[([^\]]+)\]")
_WORD_TIME = re.compile(r"<\d+:\d\d(?:[.:]\d{1,3})?>|\[\d+:\d\d[.:]\d{1,3}\]")
_HEADER = re.compile(r"\s*\[(?:[a-z#]+|offset):[^\]]*\]\s*", re.IGNORECASE)
_OFFSET = re.compile(r"\[offset:\s*([+-]?\d{1,7})\s*\]", re.IGNORECASE)


class LyricLine(NamedTuple):
    """A line with its time, and which line of the file it is, from 1."""

    start_ms: int
    line: int
    said: str
    sung: tuple[SungFrom, ...] = ()


def is_it(content: str) -> bool:
    """Whether at least half of the lines with text begin with times in brackets, or are headers."""
    lines = [line for line in lines_of(content) if line.strip()]
    timed = sum(bool(_TIMES.fullmatch(line)) for line in lines if len(line) <= LONGEST_RAW)
    headers = sum(bool(_HEADER.fullmatch(line)) for line in lines if len(line) <= LONGEST_RAW)
    return timed > 0 and (timed + headers) * 2 >= len(lines)


def parse(content: str) -> Iterator[FileCue]:
    """The lines, each up to the next time; then lines that have no time."""
    offset = _OFFSET.search(content)
    earlier_ms = int(offset[1]) if offset else 0
    timed: list[LyricLine] = []
    for index, line in enumerate(lines_of(content), 1):
        found = _TIMES.fullmatch(line) if len(line) <= LONGEST_RAW else None
        if found:
            starts = (milliseconds(clock) or 0 for clock in _TIME.findall(found[1]))
            sung = _sung(found[2], earlier_ms) if len(_TIME.findall(found[1])) == 1 else ()
            timed += [LyricLine(max(0, start_ms - earlier_ms), index, _said(found[2]), sung) for start_ms in starts]
        elif line.strip() and not _HEADER.fullmatch(line[:LONGEST_RAW]):
            yield FileCue(str(index), index, "", None, None, tidied(line))
    timed.sort(key=lambda one: (one.start_ms, one.line))
    moments = [(start_ms, list(group)) for start_ms, group in groupby(timed, key=lambda one: one.start_ms)]
    ends = (*(start_ms for start_ms, _ in moments[1:]), None)
    for (start_ms, group), end_ms in zip(moments, ends, strict=False):
        said = "\n".join(filter(None, (one.said for one in group)))
        if said:
            first = group[0].line
            clock = _clock(start_ms // 10)
            yield FileCue(str(first), first, clock, start_ms, end_ms, said, open_ended=True, sung=group[0].sung)


def dump(cues: Sequence[Cue]) -> str:
    """The file's text. Where a pause follows, and at the end, stands a time without text."""
    lines = []
    starts = [*(_hundredths(cue.span.start_ms) for cue in cues[1:]), None]
    for cue, label, following in zip(cues, labels(cues), starts, strict=True):
        start_cs = _hundredths(cue.span.start_ms)
        end_cs = max(start_cs + 1, _hundredths(cue.span.end_ms))
        said = label + (cue.text if label else _with_words(cue))
        lines += [f"[{_clock(start_cs)}]{line}" for line in said.split("\n")]
        if following is None or following > end_cs:
            lines.append(f"[{_clock(end_cs)}]")
    return "".join(f"{line}\n" for line in lines)


def _said(raw: str) -> str:
    return tidied(_WORD_TIME.sub("", raw))


def _sung(raw: str, earlier_ms: int) -> tuple[SungFrom, ...]:
    """When the words of a line are sung, where it says so; a time behind the last word is no word's."""
    pieces = _WORD_TIME.split(raw)
    letters, found = letters_in(tidied(pieces[0])), list[SungFrom]()
    for tag, piece in zip(_WORD_TIME.findall(raw), pieces[1:], strict=True):
        at_ms = milliseconds(tag[1:-1])
        if piece.strip() and at_ms is not None:
            found.append(SungFrom(letters, max(0, at_ms - earlier_ms)))
        letters += letters_in(tidied(piece))
    rising = all(before.at_ms <= after.at_ms for before, after in pairwise(found))
    return tuple(found) if rising and letters == letters_in(_said(raw)) else ()


def _with_words(cue: Cue) -> str:
    """The text with the time of each word before it."""
    marks = {word.letters: f"<{_clock(_hundredths(word.at_ms))}>" for word in cue.sung}
    said, letters = "", 0
    for ch in cue.text:
        if not ch.isspace():
            said += marks.pop(letters, "")
            letters += 1
        said += ch
    return said


def _hundredths(ms: int) -> int:
    return (ms + 5) // 10


def _clock(centiseconds: int) -> str:
    seconds, cs = divmod(centiseconds, 100)
    return f"{seconds // 60:02}:{seconds % 60:02}.{cs:02}"
