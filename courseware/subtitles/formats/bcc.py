"""BCC, Bilibili's captions as JSON. Holds times in milliseconds, text, and the top of the picture; no speakers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from courseware.errors import text
from courseware.subtitles.cue import Cue, Place, labels
from courseware.subtitles.entry import FileCue, Lost
from courseware.subtitles.formats.markup import LONGEST_RAW, tidied

_TOP = {7, 8, 9}  # as on a numeric keypad; 2 is below in the middle
_HEADER = {"font_size": 0.4, "font_color": "#FFFFFF", "background_alpha": 0.5, "background_color": "#9C27B0"}
_LATEST_S = 10**6


def is_it(content: str) -> bool:
    """Whether it is JSON with a body of captions."""
    return _body(content) is not None


def parse(content: str) -> Iterator[FileCue | Lost]:
    """The captions in the order of the file, all from its first line: JSON is mostly written on one."""
    for number, caption in enumerate(_body(content) or (), 1):
        if not isinstance(caption, dict):
            yield Lost(1, text("subtitle {number} cannot be understood; left out", number=number))
            continue
        start, end, said = (caption.get(key) for key in ("from", "to", "content"))
        said = str(said if said is not None else "")
        time = " ".join(str(one) for one in (start, end) if one is not None)
        shown = tidied(said) if len(said) <= LONGEST_RAW else said
        place: Place = "top" if caption.get("location") in _TOP else "bottom"
        yield FileCue(str(number), 1, time, _milliseconds(start), _milliseconds(end), shown, place=place)


def dump(cues: Sequence[Cue]) -> str:
    """The file's text, a caption on each line."""
    body = [
        {
            "from": cue.span.start_ms / 1000,
            "to": cue.span.end_ms / 1000,
            "location": 8 if cue.place == "top" else 2,
            "content": label + cue.text,
        }
        for cue, label in zip(cues, labels(cues), strict=True)
    ]
    lines = ",\n".join(json.dumps(caption, ensure_ascii=False) for caption in body)
    return json.dumps(_HEADER)[:-1] + f', "body": [\n{lines}\n]}}\n'


def _body(content: str) -> list[Any] | None:
    if not content.lstrip().startswith("{"):
        return None
    try:
        document = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    body = document.get("body")
    captions = isinstance(body, list) and any(isinstance(one, dict) and "content" in one for one in body)
    return body if captions else None


def _milliseconds(seconds: object) -> int | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | Decimal):
        return None
    return round(seconds * 1000) if -_LATEST_S < seconds < _LATEST_S else None
