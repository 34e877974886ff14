"""What meeting recorders and dictation services write: "说话人1 00:05" on a line of its own, then what was said.

Holds starts, text and speakers, no ends: the text stays up to the next start, as far as it can take to say it. So it
is read only; where such a file is repaired, it becomes timed text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from courseware.subtitles.entry import FileCue, lines_of, milliseconds
from courseware.subtitles.formats.markup import LONGEST_RAW, tidied

_CLOCK = r"(?:\d{1,3}[:：])?\d{1,3}[:：]\d{2}(?:[.．]\d{1,3})?"
_HEAD = re.compile(
    rf"(?P<speaker>[^\W\d][^\s:：，。！？,!?]{{0,19}}(?: ?\d{{1,2}})?)[ \t]+[(（\[]?(?P<clock>{_CLOCK})[)）\]]?"
)
_LONGEST_HEAD = 60  # characters
_MOST_LINES = 40  # to each head; a story in which a line ends in a time is no transcript
_BEGINNING_MS, _SYLLABLE_MS = 1_000, 300  # slow speech
_USUAL_MS = 7_000  # up to a next start that is farther away than this and than slow speech, nothing is said


def is_it(content: str) -> bool:
    """Whether lines that are but a name and a time stand before the texts, in order of time."""
    lines = [line.strip() for line in lines_of(content) if line.strip()]
    heads = [at for at, line in enumerate(lines) if _head(line)]
    starts = [_start_ms(lines[at]) for at in heads]
    told = sum(after > at + 1 for at, after in pairwise((*heads, len(lines))))
    return 0 < told * 2 > len(heads) and len(lines) <= len(heads) * _MOST_LINES and starts == sorted(starts)


def parse(content: str) -> Iterator[FileCue]:
    """What each speaker says; a title or a date before the first is none of it."""
    lines = lines_of(content)
    heads = [at for at, line in enumerate(lines) if _head(line.strip())]
    for number, (at, after) in enumerate(pairwise((*heads, len(lines))), 1):
        head = _head(lines[at].strip())
        if head is None:
            continue
        said = tidied("\n".join(lines[at + 1 : after]))
        start_ms = _start_ms(lines[at].strip())
        end_ms = start_ms + _BEGINNING_MS + _SYLLABLE_MS * len(said)
        if after < len(lines) and (next_ms := _start_ms(lines[after].strip())) > start_ms:
            end_ms = min(max(end_ms, start_ms + _USUAL_MS), next_ms)
        speaker = head["speaker"]
        yield FileCue(str(number), at + 1, head["clock"], start_ms, end_ms, said, speaker, open_ended=True)


def _head(line: str) -> re.Match[str] | None:
    return _HEAD.fullmatch(line) if len(line) <= min(_LONGEST_HEAD, LONGEST_RAW) else None


def _start_ms(line: str) -> int:
    head = _head(line)
    return milliseconds(head["clock"]) or 0 if head else 0
