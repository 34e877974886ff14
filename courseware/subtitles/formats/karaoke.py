r"""Joins what an effect took apart: a line of karaoke as one event for each syllable, and the same text in layers.

A template writes each syllable several times (before, while and after it is sung), each at its place (\pos, \move).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from courseware.subtitles.entry import FileCue

_EFFECT = re.compile(r"\{[^{}]*\\(?:k[of]?\d|K|t\(|move|pos|org|i?clip|fad|blur|be\d|fsc|fr[xyz]?|[1-4]?[ac]&|alpha)")
_POINT = r"\s*(-?\d{1,6}(?:\.\d*)?)\s*,\s*(-?\d{1,6}(?:\.\d*)?)\s*"
_MOVED = re.compile(rf"\\move\([-\d.\s]+,[-\d.\s]+,{_POINT}")
_PUT = re.compile(rf"\\pos\({_POINT}\)")
_SYLLABLE = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]{1,2}\W?|[^\W\d_]{1,10}['’.,!?;:]?|[\W\d_]{1,2}"
)
_TOUCH_MS = 50  # two layers of one syllable meet, or nearly
_PAUSE_MS = 500  # a longer one ends the line
_LEAST = 3  # syllables that make a line
_ROW_PX = 4.0


@dataclass(frozen=True, slots=True)
class DialogueLine:
    """A dialogue line of the file.

    Attributes:
        raw: its text with overrides.
        style: its style and its effect field; events of a line share both.
    """

    entry: FileCue
    raw: str
    style: tuple[str, str]

    @property
    def is_effect(self) -> bool:
        """Whether it is drawn in a special way, as karaoke and layers are."""
        return bool(self.style[1] or _EFFECT.search(self.raw))

    @property
    def place(self) -> tuple[float, float] | None:
        """Where it is put, or moved to: x and y."""
        found = _MOVED.search(self.raw) or _PUT.search(self.raw)
        return (float(found[1]), float(found[2])) if found else None


def joined(events: Iterable[DialogueLine]) -> Iterator[FileCue]:
    """The entries, those that an effect took apart made whole; in the order of the file."""
    events = list(events)
    plain = [one.entry for one in events if not (one.is_effect and _is_timed(one.entry))]
    marked = sorted((one for one in events if one.is_effect and _is_timed(one.entry)), key=_start_ms)
    whole = list(_without_layers(marked))
    syllables = [one for one in whole if _SYLLABLE.fullmatch(one.entry.text)]
    lines = [line for group in _by_row(syllables) for line in _lines(group)]
    apart = {id(one) for line in lines if len(line) >= _LEAST for one in line}
    kept = [one.entry for one in whole if id(one) not in apart]
    made = [_line(line) for line in lines if len(line) >= _LEAST]
    yield from sorted((*plain, *_once([*kept, *made])), key=lambda one: one.line)


def _is_timed(entry: FileCue) -> bool:
    return entry.start_ms is not None and entry.end_ms is not None and entry.start_ms < entry.end_ms


def _start_ms(event: DialogueLine) -> int:
    return event.entry.start_ms or 0


def _end_ms(event: DialogueLine) -> int:
    return event.entry.end_ms or 0


def _without_layers(events: Sequence[DialogueLine]) -> Iterator[DialogueLine]:
    """The same text at the same place once, as long as one of its layers is shown."""
    open_: dict[tuple[str, str, object], DialogueLine] = {}
    for event in events:
        key = (event.entry.text, event.entry.speaker, event.place if _SYLLABLE.fullmatch(event.entry.text) else None)
        before = open_.get(key)
        if before and _start_ms(event) <= _end_ms(before) + _TOUCH_MS:
            open_[key] = replace(before, entry=_until(before.entry, _end_ms(event)))
            continue
        if before:
            yield before
        open_[key] = event
    yield from open_.values()


def _until(entry: FileCue, end_ms: int) -> FileCue:
    return replace(entry, end_ms=max(entry.end_ms or 0, end_ms))


def _by_row(events: Iterable[DialogueLine]) -> Iterator[list[DialogueLine]]:
    """Events that can belong to one line: of one style and, where they are put, at one height."""

    def row(event: DialogueLine) -> tuple[tuple[str, str], float]:
        return event.style, round(event.place[1] / _ROW_PX) if event.place else -1

    for _, group in groupby(sorted(events, key=row), key=row):
        yield sorted(group, key=lambda one: (_start_ms(one), one.place or (0.0, 0.0), one.entry.line))


def _lines(events: Sequence[DialogueLine]) -> Iterator[list[DialogueLine]]:
    """Cut where a pause is, or where the place goes back to the left."""
    line: list[DialogueLine] = []
    for event in events:
        if line and not _goes_on(line, event):
            yield line
            line = []
        line.append(event)
    if line:
        yield line


def _goes_on(line: Sequence[DialogueLine], event: DialogueLine) -> bool:
    if _start_ms(event) > max(map(_end_ms, line)) + _PAUSE_MS:
        return False
    last = line[-1]
    return not (last.place and event.place) or event.place[0] > last.place[0]


def _line(events: Sequence[DialogueLine]) -> FileCue:
    first = events[0].entry
    return replace(first, end_ms=max(map(_end_ms, events)), text=_said(events))


def _said(events: Sequence[DialogueLine]) -> str:
    """The syllables as one text; between Latin words a blank where the file has one, or where all are words."""
    pieces = [one.entry.text + (" " if one.raw.endswith(" ") else "") for one in events]
    spaced = any(piece.endswith(" ") for piece in pieces)
    words = all(piece.isascii() for piece in pieces) and sum(len(piece) > 1 for piece in pieces) * 2 > len(pieces)
    return (" " if words and not spaced else "").join(pieces).strip()


def _once(entries: Sequence[FileCue]) -> Iterator[FileCue]:
    """Of lines that were made in several layers or rows, one."""
    shown: list[FileCue] = []
    for entry in sorted(entries, key=lambda one: (one.start_ms or 0, one.line)):
        same = next((one for one in shown if one.text == entry.text and _overlap(one, entry)), None)
        if same:
            shown[shown.index(same)] = _until(same, entry.end_ms or 0)
        else:
            shown.append(entry)
    yield from shown


def _overlap(one: FileCue, other: FileCue) -> bool:
    return (other.start_ms or 0) < (one.end_ms or 0) and one.speaker == other.speaker
