"""Subtitle files (SRT, WebVTT, ASS, SSA) as cues: plain text, in order of time, never two at once.

What is damaged is repaired or left out, and said; only a file without any usable cue is refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import groupby, pairwise, zip_longest
from pathlib import Path

from courseware.cue import Cue
from courseware.errors import InputError, Problem, Text, text
from courseware.times import Span

LARGEST_FILE = 10_000_000  # bytes; a whole evening of subtitles has less than a tenth
SHORTEST_MS = 400  # what is left of a cue after a repair, or it is left out
LONGEST_TEXT, LONGEST_RAW = 2_000, 10_000  # characters, without and with tags
LATEST_MS = 24 * 3_600_000
_LINE = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_ARROW = re.compile("[-–—]{1,2}[>＞]|→")
_FULL_CLOCK = re.compile(r"\s*(?:\d+[:：])?\d+[:：]\d{1,2}[.,:：，．。]\d{1,3}\b")
_CLOCK = re.compile(r"\s*(?:(\d{1,6})\s*[:：]\s*)?(\d{1,6})\s*[:：]\s*(\d{1,2})(?:\s*[.,:：，．。]\s*(\d{1,9}))?")
_TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|p|em|tt|font|lang|ruby|span|small|big|strong|strike|div)(?:[.\s][^<>]*)?/?>"
    r"|<(?:\d+:)?\d\d:\d\d\.\d{3}>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|</p>|\\[Nn]", re.IGNORECASE)
_ANNOTATION = re.compile(r"<rt(?:[.\s][^<>]*)?>[^<]*</rt>|</?r[tp]>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{[^{}\\]*\\[^{}]*\}")
_ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp|quot|apos|lrm|rlm|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_BRACES = re.compile(r"(\{[^{}]*\})")
_DRAWING = re.compile(r"\\p(\d)")
_ASS_FIELDS = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A cue as the file has it.

    Attributes:
        number: its own number, else its place in the file.
        start_ms, end_ms: None when it cannot be read.
        time: as written.
    """

    number: str
    time: str
    start_ms: int | None
    end_ms: int | None
    text: str


def load_cues(path: Path) -> tuple[tuple[Cue, ...], tuple[Problem, ...]]:
    """Read a subtitle file. What it holds decides its format, not its suffix.

    The encoding is found by BOM, then UTF-8, GB18030, Big5. Cues that share a span become one with the Chinese above.

    Returns:
        The cues, and one problem for each that was repaired or left out.

    Raises:
        InputError: missing, unreadable, too large, not subtitles, or none of them usable.
    """
    content = _decoded(_bytes(path), path.name)
    try:
        entries = _parse(content)
    except _NotSubtitlesError as error:
        raise InputError(Problem(path.name, error.what)) from None
    cues, problems = _repaired(entries)
    named = tuple(Problem(path.name, what) for what in problems)
    if not cues:
        raise InputError(*named, Problem(path.name, text("there is no usable subtitle in this file")))
    return cues, named


class _NotSubtitlesError(Exception):
    def __init__(self, what: Text) -> None:
        self.what = what
        super().__init__(str(what))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            what = text("this is larger than 10 MB, so it is no subtitle file; choose another one")
            raise InputError(Problem(path.name, what))
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(Problem(path.name, text("the file is missing"))) from None
    except OSError as error:
        raise InputError(Problem(path.name, text("cannot be read: {reason}", reason=error.strerror))) from error
    if not data.strip():
        raise InputError(Problem(path.name, text("the file is empty")))
    return data


def _decoded(data: bytes, where: str) -> str:
    encoding = _encoding(data)
    if encoding is None:
        raise InputError(Problem(where, text("this is not a text file; choose an SRT, ASS or VTT file")))
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = text("line {line} has damaged characters; correct it and save with the encoding UTF-8", line=line)
        raise InputError(Problem(where, what)) from None


def _encoding(data: bytes) -> str | None:
    """The encoding's name, None for what is no text."""
    boms = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    for bom, name in boms.items():
        if data.startswith(bom):
            return name
    if b"\0" in data:
        wide = ("utf-16-le", "utf-16-be")
        return next((name for name in wide if _looks_like_subtitles(data.decode(name, "ignore"))), None)
    return "utf-8" if _is_mostly_utf8(data) else _chinese_encoding(data)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, perhaps with a little damage: GB18030 would read that without complaint, as nonsense."""
    shown = data.decode("utf-8", "replace")
    foreign = sum(ch > "\x7f" for ch in shown)
    return shown.count("\ufffd") * 10 <= foreign


def _chinese_encoding(data: bytes) -> str:
    """GB18030, unless Big5 is clearly the better reading; GB18030 reads most Big5 as rare characters."""
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["gb18030", "big5", "big5hkscs"]).best()
    return "big5hkscs" if best is not None and best.encoding.startswith("big5") else "gb18030"


def _looks_like_subtitles(content: str) -> bool:
    return "-->" in content or "[events]" in content.lower()


def _parse(content: str) -> list[_Entry]:
    content = content.lstrip("\ufeff")
    if re.search(r"^[ \t]*\[(?:script info|events|v4\+? styles)\]", content, re.IGNORECASE | re.MULTILINE):
        return list(_substation(content))
    if not any(_is_timing(line) for line in _LINE.split(content)):
        raise _NotSubtitlesError(text("no subtitle times were found; choose an SRT, ASS or VTT file"))
    return list(_timed_blocks(content))


def _substation(content: str) -> Iterator[_Entry]:
    """The dialogue lines of ASS or SSA; drawings have no text and are no cues.

    Not by pysubs2: it takes the fields in their usual order whatever the Format line says, and one time that it
    cannot read loses the whole file.
    """
    fields = _ASS_FIELDS
    number = 0
    for line in _LINE.split(content):
        kind, _, rest = line.strip().partition(":")
        if kind == "Format" and "Start" in rest:
            fields = [field.strip().lower() for field in rest.split(",")]
        elif kind == "Dialogue":
            number += 1
            values = dict(zip(fields, rest.split(",", len(fields) - 1), strict=False))
            start, end = values.get("start", "").strip(), values.get("end", "").strip()
            raw = values.get("text", "")
            said = _said(raw) if len(raw) <= LONGEST_RAW else raw
            if said.strip() or not raw:
                yield _Entry(str(number), f"{start} {end}", _milliseconds(start), _milliseconds(end), said)


def _said(dialogue: str) -> str:
    """ASS text without override blocks, and without what is drawn after a p1 tag and before p0."""
    said, drawing = "", False
    for piece in _BRACES.split(dialogue):
        if piece.startswith("{") and piece.endswith("}"):
            for scale in _DRAWING.findall(piece):
                drawing = scale != "0"
        elif not drawing:
            said += piece
    return said


def _timed_blocks(content: str) -> Iterator[_Entry]:
    """Cues of SRT and WebVTT: a line with an arrow, then text up to a blank line.

    Not by pysubs2: it drops a last line that is a bare number, takes notes and identifiers for text, and joins a cue
    whose time is missing to the one before.
    """
    lines = _LINE.split(content)
    vtt = lines[0].startswith("WEBVTT")
    times = [index for index, line in enumerate(lines) if _is_timing(line)]
    for place, (index, following) in enumerate(pairwise((*times, len(lines))), 1):
        name = lines[index - 1].strip() if index else ""
        start_ms, end_ms = _times(lines[index])
        end = _body_end(lines, index + 1, following, vtt=vtt)
        said = "\n".join(line for line in lines[index + 1 : end] if line.strip())
        yield _Entry(name if name.isdecimal() else str(place), lines[index].strip(), start_ms, end_ms, said)
        yield from _lost(lines, end, following, vtt=vtt)


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


def _lost(lines: Sequence[str], start: int, following: int, *, vtt: bool) -> Iterator[_Entry]:
    """Texts without a line of times, before the next line of times."""
    blocks = groupby(range(start, following), key=lambda index: bool(lines[index].strip()))
    for block in (list(indices) for written, indices in blocks if written):
        first, touches_next = lines[block[0]].strip(), block[-1] == following - 1 and following < len(lines)
        if touches_next or (vtt and re.match(r"(?:NOTE|STYLE|REGION)\b", first)):
            continue
        if vtt or (first.isdecimal() and len(block) > 1):
            yield _Entry(first[:20], "", None, None, lines[block[-1]])


def _is_timing(line: str) -> bool:
    """Whether the line holds a cue's times; with a wrong arrow only if both times are complete."""
    arrow = _ARROW.search(line)
    if arrow is None:
        return False
    before, after = line[: arrow.start()].strip().lstrip("-"), line[arrow.end() :]
    if arrow[0] == "-->":
        return bool(_CLOCK.match(before) or (not before and _CLOCK.match(after)))
    return bool(_FULL_CLOCK.match(before) and _FULL_CLOCK.match(after))


def _times(line: str) -> tuple[int | None, int | None]:
    arrow = _ARROW.search(line)
    if arrow is None:
        return None, None
    return _milliseconds(line[: arrow.start()]), _milliseconds(line[arrow.end() :])


def _milliseconds(clock: str) -> int | None:
    found = _CLOCK.match(clock)
    if found is None:
        return None
    hours, minutes, seconds, fraction = (part or "0" for part in found.groups())
    return (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0")[:3])


def _plain(content: str) -> str:
    """Text lines without tags, overrides, annotations, entities and control characters; none blank."""
    content = _ANNOTATION.sub("", _BREAK.sub("\n", _OVERRIDE.sub("", content)))
    content = _ENTITY.sub(lambda found: html.unescape(found[0]), _TAG.sub("", content))
    lines = (
        _CONTROL.sub(" ", line).replace("\u00a0", " ").strip() for line in content.replace("\\h", " ").split("\n")
    )
    return "\n".join(line for line in lines if line)


def _repaired(entries: Iterable[_Entry]) -> tuple[tuple[Cue, ...], list[Text]]:
    """Cues in order of time, none overlapping another, and what was done to get there."""
    problems: list[Text] = []
    usable = [kept for entry in entries if (kept := _readable(entry, problems))]
    usable.sort(key=lambda entry: (entry.start_ms, entry.end_ms or 0))
    usable = [_merged(list(group)) for _, group in groupby(usable, key=lambda entry: (entry.start_ms, entry.end_ms))]
    nexts = [entry.start_ms for entry in usable[1:]]
    usable = [_with_end(entry, following, problems) for entry, following in zip_longest(usable, nexts)]
    return tuple(_in_turn(usable, problems)), problems


def _readable(raw: _Entry, problems: list[Text]) -> _Entry | None:
    """The entry as plain text, or None and a problem when it has no text or no start."""
    entry = replace(raw, text=_plain(raw.text) if len(raw.text) <= LONGEST_RAW else raw.text)
    if len(entry.text) > LONGEST_TEXT:
        what = text(
            "subtitle {number} has more than {limit} characters; left out", number=entry.number, limit=LONGEST_TEXT
        )
    elif not entry.text:
        what = text("subtitle {number} has no text; left out", number=entry.number)
    elif not entry.time:
        what = text("subtitle {number} has no time; left out", number=entry.number)
    elif entry.start_ms is None or not 0 <= entry.start_ms < LATEST_MS:
        what = text(
            "the time of subtitle {number} cannot be used (“{time}”); left out",
            number=entry.number,
            time=entry.time[:60],
        )
    else:
        return entry
    problems.append(what)
    return None


def _merged(group: Sequence[_Entry]) -> _Entry:
    """Entries shown at the same time as one, Chinese first, no text twice."""
    said = dict.fromkeys(entry.text for entry in group)
    chinese_first = sorted(said, key=lambda one: not re.search("[\u3400-\u9fff]", one))
    return replace(group[0], text="\n".join(chinese_first))


def _with_end(entry: _Entry, next_ms: int | None, problems: list[Text]) -> _Entry:
    """An entry that ends after it starts; where the file does not say so, after the time it takes to read it."""
    start_ms = entry.start_ms or 0
    if entry.end_ms is not None and start_ms < entry.end_ms < LATEST_MS:
        return entry
    shown_ms = min(7_000, 1_000 + 200 * len(entry.text))
    if next_ms is not None and next_ms > start_ms:
        shown_ms = min(shown_ms, next_ms - start_ms)
    what = text(
        "subtitle {number} does not end after it starts; it is shown for {ms} ms", number=entry.number, ms=shown_ms
    )
    problems.append(what)
    return replace(entry, end_ms=start_ms + shown_ms)


def _in_turn(entries: Sequence[_Entry], problems: list[Text]) -> Iterator[Cue]:
    """Show one at a time: each ends when the next starts, and of two that begin together the longer waits.

    One that would have to wait twice, or for which too little time is left, is left out.
    """
    queue = [(entry.start_ms or 0, entry.end_ms or 0, place) for place, entry in enumerate(entries)]
    waited: set[int] = set()
    while queue:
        start_ms, end_ms, place = heappop(queue)
        if queue and queue[0][0] < min(end_ms, start_ms + SHORTEST_MS):
            pair = ((start_ms, end_ms, place), heappop(queue))
            first, other = sorted(pair, key=lambda one: (one[2] in waited, one[1], one[2]))
            heappush(queue, first)
            if other[2] in waited or other[1] - first[1] < SHORTEST_MS:
                number = entries[other[2]].number
                problems.append(text("subtitle {number} has no time beside the others; left out", number=number))
            else:
                waited.add(other[2])
                heappush(queue, (first[1], other[1], other[2]))
            continue
        if queue and queue[0][0] < end_ms:
            end_ms, number = queue[0][0], entries[place].number
            problems.append(text("subtitle {number} overlaps the next one; it ends when that starts", number=number))
        yield Cue(Span(start_ms, end_ms), entries[place].text)
