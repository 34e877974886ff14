"""What is kept of the pictures of a video: a few bytes of each, joined, written and read. Judges nothing."""

from __future__ import annotations

import base64
import json
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from itertools import pairwise
from typing import Any

END_SHARE = 0.45  # of the height; captions lie in one end of the picture
FINENESS = 16  # steps of a grey level that a tile, and a change, is kept in
UNSURE = 255  # a border that cannot be told
_DUMP_VERSION = 1
_PACKED = ("dark", "light", "change", "calm", "first", "last")


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture.

    Attributes:
        at: number of the picture, from 0.
    """

    at: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Borders:
    """How deep the black around a picture is, in 1/254 of its width or height; UNSURE where it has no clear edge.

    Attributes:
        at: number of the picture, from 0.
    """

    at: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Weave:
    """What some neighbouring pictures were taken for: two fields, the upper or the lower first, or a whole.

    Attributes:
        at: number of the first, from 0.
        torn: of a thousand pixels, how many go up and down from line to line, in the most torn picture.
    """

    at: int
    torn: int
    upper: int
    lower: int
    whole: int
    unsure: int


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is kept of every picture, one byte each; picture n is shown at n / fps.

    Attributes:
        dark: share of nearly black pixels, 255 is all.
        light: grey levels above black of the lightest tiles of the darker end of the picture; 0 is black.
        change: of the tile that changed most since the picture before, in 1/16 grey level, 255 is 16 or more.
        calm: the same of the upper or the lower end, whichever changed less: a caption changes only one of them.
        columns: tiles in a row of `first` and `last`.
        first, last: tiles of those pictures, so that parts can be joined; 16 bits each, little-endian, 1/16 level.
        thumbs: small pictures in order of time; never a black one where there is another.
        borders, weaves: of some pictures, in order of time; empty for what was looked at before that was done.
    """

    dark: bytes
    light: bytes
    change: bytes
    calm: bytes
    columns: int
    first: bytes
    last: bytes
    thumbs: tuple[Thumb, ...] = ()
    borders: tuple[Borders, ...] = ()
    weaves: tuple[Weave, ...] = ()

    @property
    def pictures(self) -> int:
        """How many."""
        return len(self.dark)


def joined(parts: Sequence[PictureFacts]) -> PictureFacts:
    """The facts of a rendition out of those of its chunks: as if its pictures had been looked at in one go.

    Raises:
        ValueError: no part, or parts of different canvases.
    """
    if len({(part.columns, len(part.first)) for part in parts}) != 1:
        raise ValueError("parts must be of one canvas")
    change, calm = bytearray(parts[0].change), bytearray(parts[0].calm)
    thumbs, borders, weaves = list(parts[0].thumbs), list(parts[0].borders), list(parts[0].weaves)
    for before, part in pairwise(parts):
        thumbs += (replace(thumb, at=thumb.at + len(change)) for thumb in part.thumbs)
        borders += (replace(one, at=one.at + len(change)) for one in part.borders)
        weaves += (replace(one, at=one.at + len(change)) for one in part.weaves)
        # A part does not know how much its first picture changed.
        at_border = _change(before, part)
        change += bytes(at_border[:1]) + part.change[1:]
        calm += bytes(at_border[1:]) + part.calm[1:]
    return PictureFacts(
        b"".join(part.dark for part in parts),
        b"".join(part.light for part in parts),
        bytes(change),
        bytes(calm),
        parts[0].columns,
        parts[0].first,
        parts[-1].last,
        tuple(thumbs),
        tuple(borders),
        tuple(weaves),
    )


def _change(before: PictureFacts, after: PictureFacts) -> tuple[int, int]:
    """What gathering would have found between the last picture of one part and the first of the next."""
    pair = array("h", before.last), array("h", after.first)
    steps = [abs(one - other) for one, other in zip(*pair, strict=True)]
    return strongest([max(steps[at : at + after.columns]) for at in range(0, len(steps), after.columns)])


def strongest(rows: Sequence[int]) -> tuple[int, int]:
    """Of the strongest change in each row of tiles: that of the picture, and that of its calmer end; at most 255."""
    end = max(1, round(len(rows) * END_SHARE))
    return min(255, max(rows)), min(255, max(rows[:end]), max(rows[-end:]))


def dump_facts(facts: PictureFacts) -> str:
    """One line of JSON: for 250 pictures about 3 kB, and what the thumbnails need."""
    document: dict[str, Any] = {"version": _DUMP_VERSION, "columns": facts.columns}
    document |= {name: _packed(getattr(facts, name)) for name in _PACKED}
    document["thumbs"] = [[thumb.at, _letters(thumb.jpeg)] for thumb in facts.thumbs]
    document["borders"] = [astuple(one) for one in facts.borders]
    document["weaves"] = [astuple(one) for one in facts.weaves]
    return json.dumps(document, separators=(",", ":"))


def load_facts(content: str) -> PictureFacts:
    """What `dump_facts` wrote.

    Raises:
        ValueError: it is something else, or of another version.
    """
    try:
        document = json.loads(content)
        if document["version"] != _DUMP_VERSION:
            raise ValueError("facts of another version")
        values = {name: zlib.decompress(base64.b64decode(document[name], validate=True)) for name in _PACKED}
        thumbs = tuple(Thumb(int(at), base64.b64decode(jpeg, validate=True)) for at, jpeg in document["thumbs"])
        borders = tuple(Borders(*map(int, one)) for one in document.get("borders", ()))
        weaves = tuple(Weave(*map(int, one)) for one in document.get("weaves", ()))
        columns = int(document["columns"])
        facts = PictureFacts(columns=columns, thumbs=thumbs, borders=borders, weaves=weaves, **values)
    except (KeyError, TypeError, zlib.error) as error:
        raise ValueError(f"no picture facts: {error}") from error
    if not facts.pictures or len({facts.pictures, len(facts.light), len(facts.change), len(facts.calm)}) != 1:
        raise ValueError("picture facts of unequal lengths")
    return facts


def _packed(content: bytes) -> str:
    return _letters(zlib.compress(content, 9))


def _letters(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
