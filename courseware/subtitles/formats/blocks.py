"""What SRT and WebVTT share: a line of times with an arrow, then text up to a blank line.

Not by pysubs2: it drops a last line that is a bare number, takes notes and identifiers for text, and joins a cue
whose time is missing to the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from courseware.subtitles.cue import Place
from courseware.subtitles.entry import FileCue, lines_of, milliseconds
from courseware.subtitles.formats.markup import LONGEST_RAW, plain

_ARROW = re.compile("[-–—]{1,2}[>＞]|→")
_FULL_CLOCK = re.compile(r"\s*(?:\d+[:：])?\d+[:：]\d{1,2}[.,:：，．。]\d{1,3}\b")
_START = re.compile(r"\s*(?:\d{1,6}\s*[:：]\s*)?\d{1,6}\s*[:：]\s*\d{1,2}")
_NOT_CUES = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_TOP_OVERRIDE = re.compile(r"\{[^{}]*\\(?:an[789]|a[567])(?!\d)[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>", re.IGNORECASE)
_LINE_SETTING = re.compile(r"\bline:(-?\d+)(\.\d+)?(%?)")
_HALF = 50
_UPPER_LINES = 4  # of about 15


def timed_blocks(content: str, *, vtt: bool) -> Iterator[FileCue]:
    """The cues of SRT or WebVTT, and texts that have no line of times."""
    lines = lines_of(content)
    times = [index for index, line in enumerate(lines) if is_timing(line)]
    for place, (index, following) in enumerate(pairwise((*times, len(lines))), 1):
        name = lines[index - 1].strip() if index else ""
        end = _body_end(lines, index + 1, following, vtt=vtt)
        raw = "\n".join(line for line in lines[index + 1 : end] if line.strip())
        start_ms, end_ms = _times(lines[index])
        number = name if name.isdecimal() else str(place)
        yield FileCue(
            number,
            index + 1,
            lines[index].strip(),
            start_ms,
            end_ms,
            plain(raw),
            _speaker(raw) if vtt else "",
            _place(lines[index], raw),
        )
        yield from _lost(lines, end, following, vtt=vtt)


def is_timing(line: str) -> bool:
    """Whether the line holds a cue's times; with a wrong arrow only if both times are complete."""
    arrow = _ARROW.search(line)
    if arrow is None:
        return False
    before, after = line[: arrow.start()].strip().lstrip("-"), line[arrow.end() :]
    if arrow[0] == "-->":
        return bool(_START.match(before) or (not before and _START.match(after)))
    return bool(_FULL_CLOCK.match(before) and _FULL_CLOCK.match(after))


def _times(line: str) -> tuple[int | None, int | None]:
    arrow = _ARROW.search(line)
    if arrow is None:
        return None, None
    return milliseconds(line[: arrow.start()]), milliseconds(line[arrow.end() :])


def _body_end(lines: Sequence[str], start: int, following: int, *, vtt: bool) -> int:
    """Where a cue's text ends; in SRT a blank line inside is forgiven when no other cue begins after it."""
    end = following
    if following < len(lines) and lines[following - 1].strip().isdecimal():
        end -= 1
    for index in range(start, end):
        after_text = index == start or lines[index - 1].strip()
        if after_text and not lines[index].strip() and (vtt or _begins_another(lines, index + 1, following)):
            return index
    return max(start, end)


def _begins_another(lines: Sequence[str], index: int, following: int) -> bool:
    """Whether the number of a cue, or nothing, stands at `index` or after blank lines."""
    while index < following and not lines[index].strip():
        index += 1
    line = lines[index].strip() if index < following else ""
    return not line or line.isdecimal()


def _lost(lines: Sequence[str], start: int, following: int, *, vtt: bool) -> Iterator[FileCue]:
    """Texts without a line of times, before the next line of times."""
    blocks = groupby(range(start, following), key=lambda index: bool(lines[index].strip()))
    for block in (list(indices) for written, indices in blocks if written):
        first, touches_next = lines[block[0]].strip(), block[-1] == following - 1 and following < len(lines)
        if touches_next or (vtt and _NOT_CUES.match(first)):
            continue
        if vtt or (first.isdecimal() and len(block) > 1):
            yield FileCue(first[:20], block[0] + 1, "", None, None, plain(lines[block[-1]]))


def _place(timing: str, raw: str) -> Place:
    """The top by SRT's usual override, or by WebVTT's line setting in the upper half."""
    setting = _LINE_SETTING.search(timing)
    if setting:
        upper = int(setting[1]) < _HALF if setting[3] else 0 <= int(setting[1]) < _UPPER_LINES
        return "top" if upper and not setting[1].startswith("-") else "bottom"
    return "top" if len(raw) <= LONGEST_RAW and _TOP_OVERRIDE.search(raw) else "bottom"


def _speaker(raw: str) -> str:
    """Who speaks, when it is one person."""
    named = dict.fromkeys(plain(name) for name in _VOICE.findall(raw)) if len(raw) <= LONGEST_RAW else {}
    return next(iter(named)) if len(named) == 1 else ""
