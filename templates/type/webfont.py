"""The fonts beside published pages: the shipped ones, cut down to the characters that the pages show.

Browsers load them only where no Chinese font is installed; style sheets name them after those and before sans-serif,
for Chromium looks for Chinese no further than that. Zlib-packed WOFF, which every browser of ten years reads.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from courseware.storage.sealed import read_sealed, write_sealed
from templates.type.fonts import FAMILIES, Weight, font_file, font_files, missing_glyphs, runs, unusable

FOLDER = "fonts"
_MOST_KEPT = 2_000  # characters of pages before
# What positions and replaces glyphs; pages are set without, and it is most of what remains of a small subset.
_LAYOUT = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx"]


class Face(NamedTuple):
    """One font file as a page refers to it.

    Attributes:
        name: of the family in style sheets; not the shipped family's own name, which may be installed.
        family: of templates.type.fonts.FAMILIES.
        css_weight: the weight in numbers, 400 or 700.
    """

    name: str
    family: str
    weight: Weight
    css_weight: int

    @property
    def url(self) -> str:
        """Where it lies, seen from the pages."""
        return f"{FOLDER}/{self.name}-{self.weight}.woff"


_NAMES = dict(zip(FAMILIES, ("yuanjiao-sc", "yuanjiao-more"), strict=True))
_WEIGHTS: tuple[tuple[Weight, int], ...] = (("Regular", 400), ("Bold", 700))
FACES = tuple(Face(_NAMES[family], family, *weight) for family in FAMILIES for weight in _WEIGHTS)


def make_fonts(characters: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The files of FACES: their names seen from the pages, and their content.

    Args:
        characters: all that the pages show. The first family has what it can, the second what that lacks.
    """
    found = "".join(sorted(set(characters) - set(missing_glyphs("".join(characters)))))
    held = {family: {" "} for family in FAMILIES}
    for run in runs(found):
        held[run.family].update(run.text)
    for face in FACES:
        yield face.url, _subset(font_file(face.family, face.weight), held[face.family])


class InlineFace(NamedTuple):
    """A font inside a page of one file: its name and weight in the style sheet, and its file in base64."""

    name: str
    weight: int
    woff: str


def inline_faces(characters: Iterable[str]) -> Iterator[InlineFace]:
    """FACES as a page carries them itself; this takes seconds.

    Args:
        characters: all that the page shows.
    """
    for face, (_, content) in zip(FACES, make_fonts(characters), strict=True):
        yield InlineFace(face.name, face.css_weight, base64.b64encode(content).decode("ascii"))


def kept_faces(characters: Iterable[str], record: Path) -> tuple[InlineFace, ...]:
    """The same, and at once where those kept in a record of before have all the characters."""
    wanted, known, shipped = set(characters), _Kept(), [path.stat().st_size for path in font_files()]
    with suppress(ValueError, TypeError):
        known = _Kept(**json.loads(read_sealed(record) or "{}"))
    if known.faces and known.shipped == shipped and wanted <= set(known.characters):
        return tuple(InlineFace(*face) for face in known.faces)
    # What one page shows, the next is likely to show again.
    together = "".join(sorted({*wanted, *known.characters[-_MOST_KEPT:]}))
    faces = tuple(inline_faces(together))
    with suppress(OSError):
        write_sealed(record, json.dumps(_Kept(together, faces, shipped)._asdict(), ensure_ascii=False))
    return faces


class _Kept(NamedTuple):
    """Characters, the faces that have them, and the sizes of the fonts that these were made of."""

    characters: str = ""
    faces: Sequence[Sequence[Any]] = ()
    shipped: Sequence[int] = ()


def _subset(path: Path, characters: set[str]) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont, TTLibError

    options = Options(hinting=False, layout_features=[], notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += _LAYOUT
    # The licence asks that its notice stays: names 0, 13 and 14.
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    packed = io.BytesIO()
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(ch) for ch in characters])
    try:
        with path.open("rb") as stream, TTFont(stream, lazy=True, recalcTimestamp=False) as font:
            subsetter.subset(font)
            font.flavor = "woff"
            font.save(packed)
    except (OSError, TTLibError):
        raise unusable(path) from None
    return packed.getvalue()
