"""The shipped fonts: which glyphs they have and how wide these are. Fonts on the machine are never used.

Which glyphs a family has is asked of its bold fonts, which widths are mostly wanted of: the others have the same.

The chain is Noto Sans SC, then Noto Sans for what it lacks (₀ to ₉ in CO₂, P₂O₅).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from courseware.errors import Problem, ToolError, text

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FONTS_DIR = Path(__file__).parents[1] / "fonts"
FAMILIES = ("Noto Sans SC", "Noto Sans")
Weight = Literal["Regular", "Bold"]
_FILES = {"Noto Sans SC": "NotoSansSC", "Noto Sans": "NotoSans"}
# Drawn by no font and needed by none: joiners and direction marks that a text may carry.
INVISIBLE = frozenset("\n\u200b\u200c\u200d\u2060\ufeff")


class Run(NamedTuple):
    """A stretch of text that one family draws."""

    family: str
    text: str


def font_file(family: str, weight: Weight) -> Path:
    """The file of a family; FAMILIES names them."""
    return FONTS_DIR / f"{_FILES[family]}-{weight}.ttf"


def font_files() -> tuple[Path, ...]:
    """All four files."""
    return tuple(font_file(family, weight) for family in FAMILIES for weight in ("Regular", "Bold"))


def caption_fonts() -> tuple[Path, ...]:
    """The files that subtitles are burned in with, all of them bold."""
    return tuple(font_file(family, "Bold") for family in FAMILIES)


def unusable(font: Path) -> ToolError:
    """The error of a font that is not there, or not as it was shipped."""
    return ToolError(Problem(font.name, text("the font is missing or damaged; install yuanjiao again")))


def missing_glyphs(content: str) -> tuple[str, ...]:
    """The characters that no shipped font draws, each once, in order of appearance."""
    known = [_widths(family, "Bold") for family in FAMILIES]
    absent = (ch for ch in content if ch not in INVISIBLE and not any(ord(ch) in widths for widths in known))
    return tuple(dict.fromkeys(absent))


def runs(content: str) -> Iterator[Run]:
    """Split by the family that draws each character; what none draws goes to the first."""
    family, start = FAMILIES[0], 0
    for index, ch in enumerate(content):
        wanted = family if ch in INVISIBLE else _family_of(ch)
        if wanted != family:
            if index > start:
                yield Run(family, content[start:index])
            family, start = wanted, index
    if start < len(content):
        yield Run(family, content[start:])


def advance(content: str, em_px: float, weight: Weight = "Bold") -> float:
    """Width in pixels of one line set at `em_px` pixels per em."""
    return sum([_units(ch, weight) for ch in content]) * em_px / 1000


@cache
def _units(ch: str, weight: Weight) -> int:
    """Advance in thousandths of an em; what no font draws counts as a Chinese character."""
    return 0 if ch in INVISIBLE else _widths(_family_of(ch), weight).get(ord(ch), 1000)


@cache
def _family_of(ch: str) -> str:
    return next((family for family in FAMILIES if ord(ch) in _widths(family, "Bold")), FAMILIES[0])


@cache
def _widths(family: str, weight: Weight) -> dict[int, int]:
    """Code point → advance in thousandths of an em."""
    from fontTools.ttLib import TTFont, TTLibError

    path = font_file(family, weight)
    try:
        with path.open("rb") as stream, TTFont(stream, lazy=True) as font:
            return _advances(font)
    except (OSError, TTLibError):
        raise unusable(path) from None


def _advances(font: TTFont) -> dict[int, int]:
    """Width of each character that the font has, in thousandths of an em."""
    # Names of our own, one for each glyph: to find out those that the font gives them would take four times as long.
    font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
    metrics = font["hmtx"].metrics
    per_em = font["head"].unitsPerEm
    return {code: metrics[name][0] * 1000 // per_em for code, name in font.getBestCmap().items()}
