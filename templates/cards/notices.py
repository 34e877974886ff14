"""Notices (通知): a long sheet that passes behind the screen, upwards, or leftwards on a strip; and how fast it does.

The first page stands, then all of it passes, then the last page stands. Pure but for `draw_notice`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

from courseware.errors import InputError, Problem, text
from templates.cards.drawing import Bar, Part, TextLine, Tone, draw_pages
from templates.cards.layout import BODY_FLOOR, TextBlock
from templates.cards.looks import Look
from templates.type.fonts import Weight, advance
from templates.type.phrases import ZERO_WIDTH_SPACE, tidy
from templates.type.typesetting import break_lines

if TYPE_CHECKING:
    from PIL.Image import Image

# Characters a minute at which public LED screens are to scroll: Shenzhen's rule for LED strips, 2018.
SLOWEST, FASTEST = 60, 80
_MIDDLE = Fraction(SLOWEST + FASTEST, 2)
LEAST_SECONDS = 15
_STRIP, _STRIP_HEIGHT = 4, 320  # times as wide as high, and so low that two lines of it would be small
_STRIP_EM, _LARGEST_STRIP_EM = 0.78, 144
_LEADING, _HEADING, _BETWEEN = 1.5, 1.12, 0.45
_LEAST_STAND_S = 3
_MOST_PIXELS = 100_000_000  # drawn, 400 MB
_INDENT = "（（"  # as wide as the indent, and never at a line's end
_INDENTED_FROM = 10  # characters a line
_LED_PX, _TELEVISION_PX = 400, 700  # of the shorter side: below an LED wall, from there on television


@dataclass(frozen=True, slots=True)
class NoticeSheet:
    """A notice for a canvas. Empty title or office: not shown.

    Attributes:
        width, height: of the canvas; the sheet is longer.
        content: paragraphs, divided by line feeds.
        least_px: the smallest em that can be read from where people stand.
        clear_top_px, clear_bottom_px: covered by a clock or a ticker of the player's; the words pass behind it.
    """

    width: int
    height: int
    look: Look
    title: str
    content: str
    office: str
    least_px: int = 0
    clear_top_px: int = 0
    clear_bottom_px: int = 0

    @property
    def free_px(self) -> int:
        """The height that nothing covers."""
        return self.height - self.clear_top_px - self.clear_bottom_px


@dataclass(frozen=True, slots=True)
class Scroll:
    """How a sheet passes behind the canvas.

    Attributes:
        direction: in which the words move.
        pixels: a frame; where it is no whole number, some frames move one pixel further than others.
        distance: pixels in all; 0 when the sheet is no longer than the canvas.
        first: frames for which the first page stands.
        frames: in all; whole seconds.
    """

    direction: Literal["up", "left"]
    pixels: Fraction
    distance: int
    first: int
    frames: int

    def offset(self, frame: int) -> int:
        """How far the sheet has moved when a frame is shown, in pixels."""
        moved = (frame - self.first) * self.pixels.numerator // self.pixels.denominator
        return max(0, min(moved, self.distance))


class _Sheet(NamedTuple):
    """Everything placed.

    Attributes:
        width, height: of the sheet, at least those of the canvas.
        letters: how much there is to read, in ems.
    """

    width: int
    height: int
    parts: tuple[TextLine | Bar, ...]
    letters: int


def notice_texts(sheet: NoticeSheet) -> tuple[str, ...]:
    """Every text the sheet draws."""
    return tuple(one for one in (sheet.title, sheet.content, sheet.office) if one)


def notice_size(sheet: NoticeSheet) -> tuple[int, int]:
    """Width and height of the drawn sheet in pixels."""
    placed = _placed(sheet)
    return placed.width, placed.height


def notice_em(sheet: NoticeSheet) -> int:
    """The size of its letters in pixels."""
    return _strip_em(sheet) if is_strip(sheet.width, sheet.height) else _page_em(sheet)


def is_strip(width: int, height: int) -> bool:
    """Whether the canvas is so low and wide that words pass it from right to left."""
    return _STRIP * height < width and height <= _STRIP_HEIGHT


def notice_motion(sheet: NoticeSheet, fps: Fraction) -> Scroll:
    """How the sheet moves: as fast as people read, and by whole pixels where any such speed is."""
    placed, strip = _placed(sheet), is_strip(sheet.width, sheet.height)
    long, page = (placed.width, sheet.width) if strip else (placed.height, sheet.height)
    density = Fraction(max(1, placed.letters), long)
    pixels = _speed(density * fps * 60)
    moving = ceil((long - page) / pixels)
    # What is on a page is read while it stands: half before all begins to move, half after.
    standing = ceil(page / pixels if moving else placed.letters * 60 * fps / _MIDDLE)
    least = ceil(_LEAST_STAND_S * fps)
    first = max(least, standing // 2) if moving else 0
    total = max(first + moving + max(least, standing - first), ceil(LEAST_SECONDS * fps))
    unit = fps.numerator  # at 30000/1001 frames a second only 1001 seconds are whole
    return Scroll("left" if strip else "up", pixels, long - page, first, -(-total // unit) * unit)


def plan_notice(sheet: NoticeSheet) -> tuple[TextLine | Bar, ...]:
    """What stands on the sheet, placed."""
    return _placed(sheet).parts


def check_notice(sheet: NoticeSheet) -> None:
    """Refuse a sheet that no picture can hold.

    Raises:
        InputError: it would be too long, which only hundreds of paragraphs make it.
    """
    width, height = notice_size(sheet)
    if width * height > _MOST_PIXELS:
        what = text(
            "has too many paragraphs for a screen of {width}×{height} pixels; join some of them",
            width=sheet.width,
            height=sheet.height,
        )
        raise InputError(Problem("notice", what))


def draw_notice(sheet: NoticeSheet) -> Image:
    """The whole sheet, RGB.

    Raises:
        InputError: it would be too long.
    """
    check_notice(sheet)
    placed = _placed(sheet)
    ground = Bar(0, 0, placed.width, placed.height, "deep")
    parts: tuple[Part, ...] = (ground, *placed.parts)
    return draw_pages(placed.width, placed.height, sheet.look, [parts])[0].convert("RGB")


def _speed(one_pixel: Fraction) -> Fraction:
    """Pixels a frame, smoothest first, at which between SLOWEST and FASTEST characters a minute pass.

    Args:
        one_pixel: characters a minute at one pixel a frame.
    """
    wanted = _MIDDLE / one_pixel
    whole = Fraction(max(1, round(wanted)))
    rare = Fraction(1, max(1, round(1 / wanted)))
    close = (wanted.limit_denominator(most) for most in (2, 3, 4, 8, 1000))
    return next(
        (speed for speed in (whole, rare, *close) if SLOWEST <= speed * one_pixel <= FASTEST),
        wanted,
    )


def _placed(sheet: NoticeSheet) -> _Sheet:
    return _set_strip(sheet) if is_strip(sheet.width, sheet.height) else _set_page(sheet)


def _page_em(sheet: NoticeSheet) -> int:
    """12 characters a line on LED walls, 20 on television; at least three lines at a time."""
    short = min(sheet.width, sheet.height)
    across = 12 if short < _LED_PX else 14 if short < _TELEVISION_PX else 20
    free = sheet.width - 2 * _margin(sheet.width)
    em = max(BODY_FLOOR, min(free // across, round(sheet.free_px / 4.6)), sheet.least_px)
    return min(em, free // 4, round(sheet.free_px * 0.4))


def _strip_em(sheet: NoticeSheet) -> int:
    """The largest size that moves by whole pixels at 25 frames a second."""
    largest = min(round(sheet.free_px * _STRIP_EM), _LARGEST_STRIP_EM)
    sizes = range(largest, max(BODY_FLOOR, sheet.least_px) - 1, -1)
    # A little more than SLOWEST, since the blanks between paragraphs pass too.
    return next((em for em in sizes if 1500 // em and (SLOWEST + 3) * em <= FASTEST * em // 1500 * 1500), largest)


def _margin(width: int) -> int:
    return max(4, ceil(width * 0.045))


def _weight(sheet: NoticeSheet) -> Weight:
    """Bold where strokes would be thinner than the pixels of an LED wall."""
    return "Bold" if min(sheet.width, sheet.height) < _TELEVISION_PX else "Regular"


def _set_page(sheet: NoticeSheet) -> _Sheet:
    em, margin = _page_em(sheet), _margin(sheet.width)
    free, around = sheet.width - 2 * margin, max(margin, ceil(sheet.height * 0.05))
    top, bottom = (
        max(around, px + around // 2) if px else around for px in (sheet.clear_top_px, sheet.clear_bottom_px)
    )
    parts: list[TextLine | Bar] = []
    y = top
    if _shown(sheet.title):
        block = _block(sheet.title, free, round(em * _HEADING), "Bold")
        parts += _set_middle(block, sheet.width, y)
        y += block.height + round(em * 0.45)
        parts.append(Bar(margin, y, free, max(2, em // 16), "accent"))
        y += max(2, em // 16) + round(em * 0.6)
    for paragraph in filter(None, map(_shown, sheet.content.split("\n"))):
        lines = _set_paragraph(paragraph, sheet, em, y)
        parts += lines
        y = lines[-1].baseline + round(em * (_LEADING - 0.9 + _BETWEEN))
    y -= round(em * _BETWEEN)
    if _shown(sheet.office):
        block = _block(sheet.office, free, em, _weight(sheet))
        parts += _set_right(block, sheet, y + round(em * 0.3))
        y += round(em * 0.3) + block.height
    height = max(sheet.height, y + bottom)
    down = (height - (y + bottom)) // 2
    lowered = tuple(_moved(part, down) for part in parts)
    return _Sheet(sheet.width, height + height % 2, lowered, _letters(sheet))


def _set_paragraph(paragraph: str, sheet: NoticeSheet, em: int, top: int) -> list[TextLine]:
    """The paragraph's lines, the first one indented where lines are long enough for it."""
    margin, weight = _margin(sheet.width), _weight(sheet)
    free = sheet.width - 2 * margin
    indent = _INDENT if free >= _INDENTED_FROM * em else ""
    block = _block(indent + paragraph, free, em, weight)
    lines = []
    for number, (content, baseline) in enumerate(block.baselines(top)):
        shown = content if number else content.removeprefix(indent)
        x = margin + (0 if number else ceil(advance(indent, em, weight)))
        lines.append(_line(shown, x, baseline, em, weight, "white"))
    return lines


def _set_middle(block: TextBlock, width: int, top: int) -> Iterator[TextLine]:
    for content, baseline in block.baselines(top):
        wide = ceil(advance(content, block.em, "Bold"))
        yield _line(content, (width - wide) // 2, baseline, block.em, "Bold", "accent")


def _set_right(block: TextBlock, sheet: NoticeSheet, top: int) -> Iterator[TextLine]:
    for content, baseline in block.baselines(top):
        wide = ceil(advance(content, block.em, _weight(sheet)))
        x = sheet.width - _margin(sheet.width) - wide
        yield _line(content, x, baseline, block.em, _weight(sheet), "soft")


def _set_strip(sheet: NoticeSheet) -> _Sheet:
    """Everything on one line: the title, the paragraphs with a mark between them, the office."""
    em = _strip_em(sheet)
    baseline = round(sheet.clear_top_px + sheet.free_px / 2 + em * 0.37)
    pieces: list[tuple[str, Tone]] = [(_shown(sheet.title), "accent")]
    pieces += [(_shown(paragraph), "white") for paragraph in sheet.content.split("\n")]
    pieces.append((_shown(sheet.office), "soft"))
    parts: list[TextLine | Bar] = []
    x = margin = _margin(sheet.width)
    for content, tone in pieces:
        if not content:
            continue
        if parts:
            parts.append(
                Bar(x + round(em * 0.55), baseline - round(em * 0.78), max(2, em // 10), round(em * 0.8), "accent")
            )
            x += round(em * 1.2)
        parts.append(_line(content, x, baseline, em, "Bold", tone))
        x += ceil(advance(content, em, "Bold"))
    width = max(sheet.width, x + margin)
    return _Sheet(width + width % 2, sheet.height, tuple(parts), _letters(sheet))


def _shown(content: str) -> str:
    """The text as it is drawn; "" when nothing of it is."""
    return tidy(content).replace(ZERO_WIDTH_SPACE, "").strip()


def _letters(sheet: NoticeSheet) -> int:
    return round(sum(advance(one, 1, "Bold") for one in notice_texts(sheet)))


def _block(content: str, width: int, em: int, weight: Weight) -> TextBlock:
    return TextBlock(break_lines(content, width, em, weight) or (), em, round(em * _LEADING))


def _moved(part: TextLine | Bar, down: int) -> TextLine | Bar:
    return (
        replace(part, baseline=part.baseline + down) if isinstance(part, TextLine) else replace(part, y=part.y + down)
    )


def _line(content: str, x: int, baseline: int, em: int, weight: Weight, tone: Tone) -> TextLine:
    return TextLine(content, x, baseline, ceil(advance(content, em, weight)) + 2, em, weight, tone, rim=False)
