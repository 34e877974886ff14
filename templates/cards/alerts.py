"""Emergency notices (紧急通知): pages that stand, each with the heading, the words as large as they can be.

Words that need more than one page at the smallest legible size are shared out evenly. Pure but for `draw_alert`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from templates.cards.drawing import Bar, Ground, Part, TextLine, Tone, draw_pages
from templates.cards.layout import BODY_FLOOR, SMALL_LIMIT
from templates.cards.looks import Look
from templates.cards.notices import is_strip
from templates.type.fonts import advance
from templates.type.phrases import ZERO_WIDTH_SPACE, tidy
from templates.type.typesetting import break_lines

if TYPE_CHECKING:
    from PIL.Image import Image

# The red of warnings, and a yellow that is legible on it.
ALERT_LOOK = Look("#8C0A12", "#FFC81E", "wave")
_LEADING = 1.36
_LARGEST_EMS, _LARGEST_SHARE = 6, 0.4  # characters a line, and of the free height, that large letters leave
_STEP = 0.95
_DENSER = 1.3
_INDENT = "（（"  # as wide as the indent, and never at a line's end
_INDENTED_FROM = 9  # characters a line
_ABOVE, _BELOW = 0.90, 0.22  # of an em, what ink reaches above and below the baseline
_READ_A_SECOND = 4  # characters, by people of every age who look up from something else
_LEAST_STAND_S, _LEAST_STRIP_S = 15, 5  # Shenzhen's rule for LED screens on streets; of a strip's single lines
PAGE_UNIT_S = 5  # pages stand for a multiple of this


@dataclass(frozen=True, slots=True)
class AlertCard:
    """A page of an emergency notice on a canvas.

    Attributes:
        content: all of it, paragraphs divided by line feeds.
        signature: who says it, “　”, and when.
        page: which one this is, from 0 on.
        least_px: the smallest em that can be read from where people stand.
        clear_top_px, clear_bottom_px: covered by a clock or a ticker of the player's.
    """

    width: int
    height: int
    title: str
    content: str
    signature: str
    page: int = 0
    least_px: int = 0
    clear_top_px: int = 0
    clear_bottom_px: int = 0


class _WordRow(NamedTuple):
    """A line of the words, and how far it is set in."""

    content: str
    indent: int


class _Setting(NamedTuple):
    """The words in one size, on so many pages."""

    em: int
    pages: tuple[tuple[_WordRow, ...], ...]


class _Frame(NamedTuple):
    """What stands on every page, and the height between that is left for the words."""

    parts: tuple[Part, ...]
    top: int
    bottom: int


def alert_texts(card: AlertCard) -> tuple[str, ...]:
    """Every text the card draws."""
    return tuple(filter(None, (card.title, card.content, card.signature)))


def alert_pages(card: AlertCard) -> tuple[AlertCard, ...]:
    """All pages of the notice that the card belongs to."""
    first = replace(card, page=0)
    return tuple(replace(first, page=number) for number in range(len(_setting(first).pages)))


def alert_seconds(card: AlertCard) -> int:
    """How long the page is to stand: as long as it takes to be read, a multiple of PAGE_UNIT_S."""
    strip = is_strip(card.width, card.height)
    letters = sum(len(row.content) for row in _setting(replace(card, page=0)).pages[card.page])
    needed = max(_LEAST_STRIP_S if strip else _LEAST_STAND_S, ceil(letters / _READ_A_SECOND))
    return ceil(needed / PAGE_UNIT_S) * PAGE_UNIT_S


def plan_alert(card: AlertCard) -> tuple[Part, ...]:
    """What stands on the page, placed."""
    first = replace(card, page=0)
    setting = _setting(first)
    if is_strip(card.width, card.height):
        line = setting.pages[card.page][0].content
        return (Ground(), *_set_middle(line, setting.em, card, "white" if card.page else "accent"))
    frame = _frame(first)
    rows = setting.pages[card.page]
    words = _set_words(rows, setting.em, card, frame)
    return (Ground(), *frame.parts, *words, *_page_mark(card, len(setting.pages)))


def draw_alert(card: AlertCard) -> Image:
    """The page, RGB."""
    return draw_pages(card.width, card.height, ALERT_LOOK, [plan_alert(card)])[0].convert("RGB")


@lru_cache(maxsize=64)
def _setting(card: AlertCard) -> _Setting:
    """The largest size at which all is on one page; else a comfortable one, on as few pages as that takes."""
    if is_strip(card.width, card.height):
        return _strip_setting(card)
    frame, free = _frame(card), _free_width(card)
    height = frame.bottom - frame.top
    comfortable, smallest = (_legible(card, free, height, more) for more in (1, _DENSER))
    em = max(comfortable, min(free // _LARGEST_EMS, round(height * _LARGEST_SHARE)))
    while em >= smallest:
        rows = _rows(card.content, free, em)
        if len(rows) <= _room(height, em):
            return _Setting(em, (rows,))
        em = min(em - 1, int(em * _STEP))
    rows = _rows(card.content, free, comfortable)
    return _Setting(comfortable, tuple(_shared(rows, _room(height, comfortable))))


def _room(height: int, em: int) -> int:
    """How many rows of that size the height holds."""
    return max(1, (height - ceil((_ABOVE + _BELOW) * em)) // round(em * _LEADING) + 1)


def _legible(card: AlertCard, free: int, height: int, more: float) -> int:
    """12 characters a line on LED walls, 22 on television, and three lines; `more` of them to spare a page."""
    short = min(card.width, card.height)
    across = 12 if short < 400 else 16 if short < 700 else 22  # noqa: PLR2004  (pixels)
    em = int(min(free / across, height / 4) / more)
    return min(max(BODY_FLOOR, em, card.least_px), free // 4, round(height * 0.8))


def _shared(rows: Sequence[_WordRow], room: int) -> Iterator[tuple[_WordRow, ...]]:
    """The rows on as few pages as they need, each as full as the others."""
    pages = max(1, ceil(len(rows) / room))
    borders = [len(rows) * number // pages for number in range(pages + 1)]
    return (tuple(rows[first:last]) for first, last in pairwise(borders))


def _rows(content: str, free: int, em: int) -> tuple[_WordRow, ...]:
    """The paragraphs broken, each set in by two characters where lines are long enough for it."""
    paragraphs = [shown for one in content.split("\n") if (shown := _shown(one))]
    if len(paragraphs) == 1 and advance(paragraphs[0], em, "Bold") <= free:
        return (_WordRow(paragraphs[0], 0),)
    indent = _INDENT if free >= _INDENTED_FROM * em else ""
    wide = ceil(advance(indent, em, "Bold")) if indent else 0
    found = []
    for paragraph in paragraphs:
        lines = break_lines(indent + paragraph, free, em, "Bold") or ()
        found += [_WordRow(one if n else one.removeprefix(indent), 0 if n else wide) for n, one in enumerate(lines)]
    return tuple(found)


def _strip_setting(card: AlertCard) -> _Setting:
    """A strip shows one line after the other: the title, the words, who says it."""
    em = max(SMALL_LIMIT, round((card.height - card.clear_top_px - card.clear_bottom_px) * 0.72))
    free = _free_width(card)
    lines = break_lines("\n".join(map(_shown, alert_texts(card))), free, em, "Bold") or ()
    return _Setting(em, tuple((_WordRow(line, 0),) for line in lines))


def _margin(card: AlertCard) -> int:
    return max(4, ceil(card.width * 0.045))


def _free_width(card: AlertCard) -> int:
    return card.width - 2 * _margin(card)


def _frame(card: AlertCard) -> _Frame:
    """A band with the title above, the signature below a rule."""
    free, margin = _free_width(card), _margin(card)
    height = card.height - card.clear_top_px - card.clear_bottom_px
    # Beside the title the band has room for the number of the page.
    em = _fitting(card.title, round(free * 0.76), min(round(height * 0.15), round(card.width * 0.11)))
    band = round(em * 1.5)
    baseline = card.clear_top_px + round(band / 2 + em * 0.36)
    parts: list[Part] = [
        Bar(0, 0, card.width, card.clear_top_px + band, "accent"),
        *_spread(card.title, em, baseline, card.width),
    ]
    largest = max(SMALL_LIMIT + 2, round(min(card.width, height) * 0.052))
    # On a small screen the date gives way, then the office.
    signatures = ((said, _fitting(said, free, largest)) for said in (card.signature, card.signature.split("　")[0]))
    signature, small = next((pair for pair in signatures if pair[1] >= SMALL_LIMIT), ("", 0))
    gap = max(3, round(height * 0.025))
    if not signature:
        return _Frame(tuple(parts), card.clear_top_px + band + gap, card.height - card.clear_bottom_px - gap)
    foot = card.height - card.clear_bottom_px - max(margin // 2, round(small * 0.5))
    line = foot - round(small * _BELOW)
    rule = max(1, small // 12)
    top_of_foot = foot - round(small * 1.5)
    wide = ceil(advance(signature, small, "Bold"))
    parts += [
        Bar(margin, top_of_foot, free, rule, "accent"),
        _line(signature, card.width - margin - wide, line, small, "accent"),
    ]
    return _Frame(tuple(parts), card.clear_top_px + band + gap, top_of_foot - gap)


def _spread(title: str, em: int, baseline: int, width: int) -> Iterator[TextLine]:
    """The title in the middle, its characters apart as headings of documents have them, where there is room."""
    apart = round(em * 0.35)
    wides = [ceil(advance(letter, em, "Bold")) for letter in title]
    if sum(wides) + apart * (len(title) - 1) > width * 0.7:
        apart = 0
    x = (width - sum(wides) - apart * (len(title) - 1)) // 2
    for letter, wide in zip(title, wides, strict=True):
        if not letter.isspace():
            yield _line(letter, x, baseline, em, "deep")
        x += wide + apart


def _set_words(rows: Sequence[_WordRow], em: int, card: AlertCard, frame: _Frame) -> Iterator[TextLine]:
    """The rows in the middle of the height; a single one in the middle of the width, too."""
    step = round(em * _LEADING)
    tall = ceil((_ABOVE + _BELOW) * em) + step * (len(rows) - 1)
    baseline = frame.top + max(0, (frame.bottom - frame.top - tall) // 2) + round(_ABOVE * em)
    for number, row in enumerate(rows):
        wide = ceil(advance(row.content, em, "Bold"))
        x = _margin(card) + row.indent
        if len(rows) == 1 and not row.indent:
            x = (card.width - wide) // 2
        yield _line(row.content, x, baseline + number * step, em, "white")


def _set_middle(content: str, em: int, card: AlertCard, tone: Tone) -> Iterator[TextLine]:
    wide = ceil(advance(content, em, "Bold"))
    free = card.height - card.clear_top_px - card.clear_bottom_px
    yield _line(content, (card.width - wide) // 2, card.clear_top_px + round(free / 2 + em * 0.37), em, tone)


def _page_mark(card: AlertCard, pages: int) -> Iterator[TextLine]:
    """Which page of how many, at the end of the band, where there are several."""
    if pages > 1:
        title = next(part for part in _frame(replace(card, page=0)).parts if isinstance(part, TextLine))
        said, em = f"{card.page + 1}/{pages}", max(SMALL_LIMIT, round(title.em * 0.5))
        x = card.width - _margin(card) - ceil(advance(said, em, "Bold"))
        yield _line(said, x, title.baseline, em, "deep")


def _fitting(content: str, width: int, largest: int) -> int:
    """The largest size, at most `largest`, in which the text is one line."""
    wide = advance(content, largest, "Bold")
    return largest if wide <= width else max(6, int(largest * width / wide))


def _shown(content: str) -> str:
    """The text as it is drawn; "" when nothing of it is."""
    return tidy(content).replace(ZERO_WIDTH_SPACE, "").strip()


def _line(content: str, x: int, baseline: int, em: int, tone: Tone) -> TextLine:
    return TextLine(content, x, baseline, ceil(advance(content, em, "Bold")) + 2, em, "Bold", tone, rim=False)
