"""Makes cues of a file's entries: what is damaged is repaired or left out, and said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import groupby, zip_longest
from typing import NamedTuple

from courseware.encodings import DAMAGED
from courseware.errors import Text, text
from courseware.subtitles.cue import Cue
from courseware.subtitles.entry import FileCue, Lost
from courseware.times import Span

SHORTEST_MS = 400  # what is left of a cue after a repair, or it is left out
LONGEST_TEXT = 2_000  # characters
LATEST_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue and where it is from.

    Attributes:
        number: its own number, else its place in the file.
        line: of the file, from 1.
    """

    number: str
    line: int
    cue: Cue


class _Turn(NamedTuple):
    """When a cue wants to be shown, and its place among the others; the earlier turn comes first."""

    start_ms: int
    end_ms: int
    place: int


def placed_cues(entries: Iterable[FileCue | Lost], problems: list[Text]) -> list[Placed]:
    """What is usable, in order of time; cues may overlap. What was done to get there is added to `problems`.

    Entries that share a span, a speaker and a place become one with the Chinese above.
    """
    usable = [kept for entry in entries if (kept := _readable(entry, problems))]
    usable.sort(key=lambda entry: (entry.start_ms, entry.end_ms or 0, entry.speaker, entry.place))
    usable = [
        _merged(list(group))
        for _, group in groupby(usable, key=lambda one: (one.start_ms, one.end_ms, one.speaker, one.place))
    ]
    nexts = [entry.start_ms for entry in usable[1:]]
    ended = [_with_end(entry, following, problems) for entry, following in zip_longest(usable, nexts)]
    return [Placed(one.number, one.line, _cue(one)) for one in ended]


def in_turn(placed: Iterable[Placed], problems: list[Text]) -> Iterator[Cue]:
    """Show one at a time: each ends when the next starts, and of two that begin together the longer waits.

    Cues of several speakers that share a span become one. One that would have to wait twice, or for which too little
    time is left, is left out.
    """
    cues = [_together(list(group)) for _, group in groupby(placed, key=lambda one: one.cue.span)]
    queue = [_Turn(one.cue.span.start_ms, one.cue.span.end_ms, place) for place, one in enumerate(cues)]
    waited: set[int] = set()
    while queue:
        turn = heappop(queue)
        follows_ms = queue[0].start_ms if queue else turn.end_ms
        if follows_ms < min(turn.end_ms, turn.start_ms + SHORTEST_MS):
            pair = (turn, heappop(queue))
            first, other = sorted(pair, key=lambda one: (one.place in waited, one.end_ms, one.place))
            heappush(queue, first)
            if other.place in waited or other.end_ms - first.end_ms < SHORTEST_MS:
                lost = cues[other.place]
                what = text("subtitle {number} has no time beside the others; left out", number=lost.number)
                problems.append(_at(lost.line, what))
            else:
                waited.add(other.place)
                heappush(queue, _Turn(first.end_ms, other.end_ms, other.place))
            continue
        cut = cues[turn.place]
        if follows_ms < turn.end_ms:
            what = text("subtitle {number} overlaps the next one; it ends when that starts", number=cut.number)
            problems.append(_at(cut.line, what))
        yield replace(cut.cue, span=Span(turn.start_ms, min(turn.end_ms, follows_ms)))


def _at(line: int, what: Text) -> Text:
    return text("line {line}: {what}", line=line, what=what)


def _readable(entry: FileCue | Lost, problems: list[Text]) -> FileCue | None:
    """The entry, or None and a problem when it has no text or no start."""
    if isinstance(entry, Lost):
        what = entry.what
    elif len(entry.text) > LONGEST_TEXT:
        what = text(
            "subtitle {number} has more than {limit} characters; left out", number=entry.number, limit=LONGEST_TEXT
        )
    elif DAMAGED in entry.text:
        what = text("subtitle {number} has damaged characters; left out", number=entry.number)
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
    problems.append(_at(entry.line, what))
    return None


def _merged(group: Sequence[FileCue]) -> FileCue:
    """Entries shown at the same time as one, Chinese first, no text twice."""
    whole = replace(group[0], text=_chinese_first([entry.text for entry in group]))
    return whole if whole.text.startswith(group[0].text) else replace(whole, sung=())


def _together(group: Sequence[Placed]) -> Placed:
    """Cues shown at the same time as one; whoever speaks is named in the text when they are several."""
    if len(group) == 1:
        return group[0]
    speakers = dict.fromkeys(one.cue.speaker for one in group)
    several = len(speakers) > 1
    said = [f"{one.cue.speaker}：{one.cue.text}" if several and one.cue.speaker else one.cue.text for one in group]
    first = group[0].cue
    cue = replace(first, text=_chinese_first(said), speaker="" if several else first.speaker)
    return replace(group[0], cue=cue)


def _chinese_first(said: Iterable[str]) -> str:
    return "\n".join(sorted(dict.fromkeys(said), key=lambda one: not re.search("[\u3400-\u9fff]", one)))


def _with_end(entry: FileCue, next_ms: int | None, problems: list[Text]) -> FileCue:
    """An entry that ends after it starts; where the file does not say so, after the time it takes to read it."""
    start_ms = entry.start_ms or 0
    if entry.end_ms is not None and start_ms < entry.end_ms < LATEST_MS:
        return entry
    shown_ms = min(7_000, 1_000 + 200 * len(entry.text))
    if next_ms is not None and next_ms > start_ms:
        shown_ms = min(shown_ms, next_ms - start_ms)
    if entry.end_ms is not None or not entry.open_ended:
        what = text(
            "subtitle {number} does not end after it starts; it is shown for {ms} ms",
            number=entry.number,
            ms=shown_ms,
        )
        problems.append(_at(entry.line, what))
    return replace(entry, end_ms=start_ms + shown_ms)


def _cue(entry: FileCue) -> Cue:
    span = Span(entry.start_ms or 0, entry.end_ms or 0)
    return Cue(span, entry.text, entry.speaker, entry.place, entry.sung)
