"""Subtitles inside of a draft of 剪映 or CapCut (draft_content.json): its tracks of text. Read only.

Holds times in microseconds of the edited whole, and text; no speakers. Version 6 and later encrypt their drafts: then
it is no JSON, and no subtitles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from courseware.subtitles.entry import FileCue
from courseware.subtitles.formats.markup import LONGEST_RAW, tidied

_TAG = re.compile(r"</?(?:font|color|size|outline|shadow|useLetterColor|b|i|u)\b[^<>]*>", re.IGNORECASE)


def is_it(content: str) -> bool:
    """Whether it is a draft with a track of text."""
    return any(True for _ in _segments(read_draft(content)))


def parse(content: str) -> Iterator[FileCue]:
    """The texts in order of time, all from the file's first line: a draft is written on one."""
    draft = read_draft(content)
    materials = draft.get("materials") if draft else None
    texts = {one["id"]: one for one in tables_of(materials, "texts") if isinstance(one.get("id"), str)}
    held = [(segment, texts.get(str(segment.get("material_id")), {})) for segment in _segments(draft)]
    # Titles are texts, too; where there are subtitles, they are not meant.
    spoken = [pair for pair in held if pair[1].get("type") == "subtitle"] or held
    spoken.sort(key=lambda pair: _time(pair[0])[0] or 0)
    for number, (segment, material) in enumerate(spoken, 1):
        start, length = _time(segment)
        end = start + length if start is not None and length is not None else None
        stamp = " ".join(str(us) for us in (start, end) if us is not None)
        yield FileCue(str(number), 1, stamp, _ms(start), _ms(end), words_of(material.get("content")))


def read_draft(content: str) -> dict[str, Any] | None:
    """The draft as JSON has it; None when it is none, or encrypted."""
    if not content.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    try:
        document = json.loads(content.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    is_draft = isinstance(document.get("tracks"), list) and isinstance(document.get("materials"), dict)
    return document if is_draft else None


def words_of(content: object) -> str:
    """The plain words of a text, as any version writes them: plain, with tags, or as JSON with its styles."""
    said = content if isinstance(content, str) else ""
    if said.startswith("{"):
        try:
            styled = json.loads(said)
        except (ValueError, RecursionError):
            styled = {}
        said = styled["text"] if isinstance(styled.get("text"), str) else said
    plain = _TAG.sub("", said) if len(said) <= LONGEST_RAW else said
    return tidied(plain)


def _segments(draft: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    for track in tables_of(draft, "tracks"):
        if track.get("type") == "text":
            yield from tables_of(track, "segments")


def tables_of(holder: object, key: str) -> list[dict[str, Any]]:
    """The tables of a list, as far as it is one."""
    values = holder.get(key) if isinstance(holder, dict) else None
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _time(segment: dict[str, Any]) -> tuple[int | None, int | None]:
    stretch = segment.get("target_timerange")
    start, length = (stretch.get(key) if isinstance(stretch, dict) else None for key in ("start", "duration"))
    return (start if type(start) is int else None), (length if type(length) is int else None)


def _ms(us: int | None) -> int | None:
    return None if us is None else round(us / 1000)
