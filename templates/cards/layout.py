"""Where the texts of cards and idents stand: large first, and less of it where the canvas is small.

Places lines, bars and QR codes in whole pixels inside a safe margin; draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil

from templates.cards.drawing import Bar, Code, TextLine, Tone
from templates.type.fonts import Weight, advance
from templates.type.typesetting import break_lines

# Bold glyphs of 20 pixels are the smallest that stay open on an LED wall; 12 is where strokes begin to touch.
BODY_FLOOR, SMALL_FLOOR, SMALL_LIMIT, LAST_RESORT = 20, 16, 12, 6
_ROOMY_FROM = 400  # pixels of the shorter side
_CLEAR = 0.61  # of the width is free of bright scenery near the ground
_REGULAR_FROM, _COMFORTABLE = 28, 26
_HERO_LEADING, ROW_LEADING = 1.24, 1.36
# The share of its em that a line's ink may reach above and below the baseline.
_ABOVE, _BELOW = 0.90, 0.22
_LEAST_MODULE_PX = 2  # cameras need two pixels a module


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Measures:
    """The sizes of a canvas.

    Attributes:
        safe: where texts may stand; at least 4 % from every edge.
        hero: the largest em of the main text.
        body, small: em of the other texts.
        footer: width of the texts at the bottom, which keep clear of the scenery where there is room.
        portrait: taller than wide.
        roomy: there is room for ornament, as on a television.
    """

    safe: Box
    hero: int
    body: int
    small: int
    footer: int
    portrait: bool
    roomy: bool


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A text beside its label; wrapped lines stay clear of the label."""

    text: str
    em: int
    label: str = ""
    tone: Tone = "white"
    marked: bool = False


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Broken lines of one em, with all they need in height.

    Attributes:
        leading: from baseline to baseline.
    """

    lines: tuple[str, ...]
    em: int
    leading: int

    @property
    def height(self) -> int:
        """From the top of the first line's ink to the bottom of the last one's."""
        return ceil((_ABOVE + _BELOW) * self.em) + (len(self.lines) - 1) * self.leading

    def baselines(self, top: int) -> Iterator[tuple[str, int]]:
        """Each line and its baseline when the block begins at `top`."""
        first = top + round(_ABOVE * self.em)
        return ((line, first + index * self.leading) for index, line in enumerate(self.lines))


def measures(width: int, height: int) -> Measures:
    """The sizes that suit a canvas."""
    short, portrait = min(width, height), height > width
    roomy = short >= _ROOMY_FROM
    across, down = (
        (ceil(width * 0.07), ceil(height * 0.085)) if roomy else (ceil(width * 0.045), ceil(height * 0.045))
    )
    return Measures(
        safe=Box(across, down, width - 2 * across, height - 2 * down),
        hero=max(64, round(short * (0.16 if portrait else 0.135))),
        body=max(BODY_FLOOR, round(short * 0.041)),
        small=max(SMALL_FLOOR, round(short * 0.027)),
        footer=round(width * _CLEAR) - across if roomy and not portrait else width - 2 * across,
        portrait=portrait,
        roomy=roomy,
    )


def clear_of(sizes: Measures, height: int, top_px: int, bottom_px: int) -> Measures:
    """The same sizes, with the safe box clear of what a clock or a ticker of the player's covers.

    Args:
        height: of the canvas.
        top_px, bottom_px: what is covered; 0 for nothing.
    """
    safe, beside = sizes.safe, sizes.safe.y // 2
    top = max(safe.y, top_px + beside) if top_px else safe.y
    bottom = min(safe.y + safe.height, height - bottom_px - beside) if bottom_px else safe.y + safe.height
    return replace(sizes, safe=Box(safe.x, top, safe.width, max(1, bottom - top)))


def fit_hero(content: str, box: Box, largest: int, smallest: int = LAST_RESORT) -> TextBlock | None:
    """The main text as large as the box allows; where it is large, each further line must pay for itself in size."""
    best: TextBlock | None = None
    for em in range(largest, smallest - 1, -1):
        # One line is the best any smaller em can still do; below the comfortable size nothing but size counts.
        if best is not None and (em < _COMFORTABLE or em <= _worth(best)):
            break
        block = _fit(content, box, em, "Bold", _HERO_LEADING)
        if block is not None and (best is None or _worth(block) > _worth(best)):
            best = block
    return best


def set_hero(block: TextBlock, box: Box) -> Iterator[TextLine]:
    """The main text, a little above the middle of the box."""
    top = box.y + round((box.height - block.height) * 0.46)
    for content, baseline in block.baselines(top):
        yield _line(content, box.x, baseline, block.em, "Bold", "white")


def fit_rows(rows: Sequence[LabelledRow], width: int, most_lines: int = 20) -> tuple[TextBlock, ...] | None:
    """Each row broken to the width, or None when one has a word that is too long for it."""
    blocks = []
    for row in rows:
        room = Box(0, 0, width - _indent(row), most_lines * 2 * row.em)
        block = _fit(row.text, room, row.em, weight_of(row.em), ROW_LEADING, most_lines)
        if block is None:
            return None
        blocks.append(block)
    return tuple(blocks)


def rows_height(rows: Sequence[LabelledRow], blocks: Sequence[TextBlock]) -> int:
    """What the rows need together."""
    return sum(block.height for block in blocks) + sum(_gap(*pair) for pair in pairwise(rows))


def set_rows(rows: Sequence[LabelledRow], blocks: Sequence[TextBlock], x: int, top: int) -> Iterator[TextLine | Bar]:
    """The rows below one another."""
    for index, (row, block) in enumerate(zip(rows, blocks, strict=True)):
        if index:
            top += _gap(rows[index - 1], row)
        weight, beside = weight_of(row.em), x + _indent(row)
        if row.marked:
            yield Bar(
                x,
                top + round(0.06 * row.em),
                max(3, round(row.em * 0.16)),
                block.height - ceil(row.em * 0.16),
                "accent",
            )
        for number, (content, baseline) in enumerate(block.baselines(top)):
            if row.label and number == 0:
                yield _line(row.label, x, baseline, row.em, weight, "accent")
            yield _line(content, beside, baseline, row.em, weight, row.tone)
        top += block.height


def weight_of(em: int) -> Weight:
    """Small text is bold: regular strokes are thinner than the pixels of an LED wall."""
    return "Regular" if em >= _REGULAR_FROM else "Bold"


def fit_code(link: str, side: int) -> Code | None:
    """The link as a QR code at most `side` pixels wide, at the corner; None when a module would be under 2 pixels."""
    import segno

    for level in ("m", "l"):
        code = segno.make(link, error=level, micro=False)
        matrix = [list(row) for row in code.matrix_iter(border=4)]
        module = side // len(matrix)
        if module >= _LEAST_MODULE_PX:
            return Code(0, 0, module * len(matrix), module, tuple(_dark_runs(matrix)))
    return None


def _dark_runs(matrix: Sequence[Sequence[int]]) -> Iterator[tuple[int, int, int]]:
    for number, row in enumerate(matrix):
        for dark, cells in groupby(enumerate(row), key=lambda cell: bool(cell[1])):
            columns = [column for column, _ in cells]
            if dark:
                yield columns[0], number, len(columns)


def _fit(content: str, box: Box, em: int, weight: Weight, leading: float, most_lines: int = 99) -> TextBlock | None:
    step = round(em * leading)
    room = (box.height - ceil((_ABOVE + _BELOW) * em)) // step + 1
    if room < 1 or box.width < em:
        return None
    lines = break_lines(content, box.width, em, weight, max_lines=min(room, most_lines))
    if lines is None or any(advance(line, em, weight) > box.width for line in lines):
        return None
    return TextBlock(lines, em, step)


def _worth(block: TextBlock) -> float:
    return float(block.em * 0.86 ** (len(block.lines) - 1))


def _indent(row: LabelledRow) -> int:
    if row.marked:
        return round(row.em * 0.55)
    return ceil(advance(row.label, row.em, weight_of(row.em)) + row.em * 0.7) if row.label else 0


def _gap(above: LabelledRow, below: LabelledRow) -> int:
    # A change of size is a change of subject.
    return round(min(above.em, below.em) * (0.95 if above.em != below.em else 0.28))


def _line(content: str, x: int, baseline: int, em: int, weight: Weight, tone: Tone) -> TextLine:
    return TextLine(content, x, baseline, ceil(advance(content, em, weight)) + 2, em, weight, tone)
