"""Slogan cards (标语): one sentence, as large as the canvas lets it be, in the middle. Places it; draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from courseware.errors import InputError, Problem, text
from templates.cards.drawing import Bar, Part, TextLine
from templates.cards.layout import SMALL_FLOOR, SMALL_LIMIT, Box, Measures, TextBlock, clear_of, measures, weight_of
from templates.cards.looks import Look
from templates.cards.pictures import Picture
from templates.type.fonts import advance
from templates.type.phrases import ZERO_WIDTH_SPACE, tidy
from templates.type.typesetting import break_lines, is_good_break

_LEADING = 1.3
_LARGEST, _LARGEST_ON_STRIPS = 0.26, 0.72  # em as a share of the canvas's shorter side
_STRIP = 4  # times as wide as high: there is height for the sentence and nothing else
_SHARED = 0.84  # of the size it has alone, that the sentence keeps when there is a line below it
_ONE_LINE_MORE, _AT_PAUSES, _TORN, _PAUSE_INSIDE = 0.93, 1.18, 0.6, 0.95
_STOPS, _CLOSING = frozenset("，。；：、！？"), frozenset("》）”’」』】")
_PAUSES = _STOPS | frozenset(",.!?;:—…")
_TINY_PX = 96


@dataclass(frozen=True, slots=True)
class SloganCard:
    """A sentence that stands on the screen by itself. Empty office: not shown.

    Attributes:
        width, height: canvas in pixels.
        content: the sentence.
        picture: behind it, in the place of the look's scenery.
        least_px: the smallest em that can be read from where people stand.
        clear_top_px, clear_bottom_px: covered by a clock or a ticker of the player's.
    """

    width: int
    height: int
    look: Look
    content: str
    series: str
    office: str
    picture: Picture | None = None
    least_px: int = 0
    clear_top_px: int = 0
    clear_bottom_px: int = 0


def slogan_texts(card: SloganCard) -> tuple[str, ...]:
    """Every text the card may draw."""
    return tuple(one for one in (card.content, _signature(card)) if one)


def plan_slogan(card: SloganCard) -> tuple[Part, ...]:
    """The sentence and, where there is room, a rule and who says it.

    Raises:
        InputError: too long to be read on so small a canvas.
    """
    usual = measures(card.width, card.height)
    sizes = clear_of(usual, card.height, card.clear_top_px, card.clear_bottom_px)
    safe = sizes.safe
    alone = _fit(card.content, safe, _largest(card), max(_floor(card), card.least_px))
    if alone is None:
        what = text(
            "too long to be read on a screen of {width}×{height} pixels; shorten it or make a notice of it",
            width=card.width,
            height=card.height,
        )
        raise InputError(Problem("slogan", what))
    strip = card.width >= _STRIP * card.height
    below = None if strip else _signature_block(card, sizes)
    if below is not None:
        gap = _gap(sizes)
        box = Box(safe.x, safe.y, safe.width, safe.height - below.height - 2 * gap - _rule(sizes))
        shared = _fit(card.content, box, alone.em, max(round(alone.em * _SHARED), card.least_px))
        if shared is not None:
            return (*_centred(shared, box), *_set_signature(below, box, sizes))
    return tuple(_centred(alone, safe))


def _signature(card: SloganCard) -> str:
    return "·".join(part for part in (card.series, card.office) if part)


def _largest(card: SloganCard) -> int:
    if card.width >= _STRIP * card.height:
        return round(card.height * _LARGEST_ON_STRIPS)
    return max(48, round(min(card.width, card.height) * _LARGEST))


def _floor(card: SloganCard) -> int:
    """The smallest size that is read; tiny panels are looked at from nearby."""
    usual = min(card.width, card.height) >= _TINY_PX or card.width >= _STRIP * card.height
    return SMALL_FLOOR if usual else SMALL_LIMIT


def _fit(content: str, box: Box, largest: int, smallest: int) -> TextBlock | None:
    """The largest size counts for most, then few lines, then lines that end where a speaker would pause."""
    best, best_worth = None, 0.0
    content = tidy(content)
    breakable = "".join(ch + ZERO_WIDTH_SPACE if ch in _PAUSES else ch for ch in content)
    for em in range(max(largest, smallest), smallest - 1, -1):
        if em * _AT_PAUSES <= best_worth:
            break
        step = round(em * _LEADING)
        room = (box.height - ceil(1.12 * em)) // step + 1
        lines = break_lines(breakable, box.width, em, "Bold", room) if room > 0 else None
        if lines and all(advance(line, em, "Bold") <= box.width for line in lines):
            worth = _worth(lines, em, content)
            if worth > best_worth:
                best, best_worth = TextBlock(_without_commas(lines), em, step), worth
    return best


def _without_commas(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines as banners bear them: where one ends, no comma, and no full stop at the end of all."""
    if len(lines) == 1:
        return tuple(lines)
    return (*(line.rstrip("，、；") for line in lines[:-1]), lines[-1].rstrip("。"))


def _worth(lines: Sequence[str], em: int, content: str) -> float:
    breaks = tuple(pairwise(lines))
    paused = all(before[-1] in _PAUSES or before + after not in content for before, after in breaks)
    torn = sum(not is_good_break(before, after) for before, after in breaks)
    inside = sum(any(ch in _PAUSES for ch in line[:-1]) for line in lines) if breaks else 0
    good = _AT_PAUSES if paused else 1
    return float(em * good * _ONE_LINE_MORE ** len(breaks) * _TORN**torn * _PAUSE_INSIDE**inside)


def _centred(block: TextBlock, box: Box) -> Iterator[TextLine]:
    """The lines in the middle of the box by what is seen of them.

    Stops hang beside their lines, so that the characters of equal clauses stand below one another.
    """
    stop = 1.0 if len(block.lines) > 1 else 0.5
    wides = [advance(line, block.em, "Bold") for line in block.lines]
    lefts = [
        (box.width - wide + _hanging(line, stop) * block.em) / 2
        for line, wide in zip(block.lines, wides, strict=True)
    ]
    over = max(left + wide - box.width for left, wide in zip(lefts, wides, strict=True))
    top = box.y + (box.height - block.height) // 2
    for (content, baseline), wide, left in zip(block.baselines(top), wides, lefts, strict=True):
        x = box.x + max(0, round(left - max(0, over)))
        yield TextLine(content, x, baseline, ceil(wide) + 2, block.em, "Bold", "white")


def _hanging(line: str, stop: float) -> float:
    """How much of a line's end does not count, in em."""
    return stop if line[-1] in _STOPS else 0.5 if line[-1] in _CLOSING else 0.0


def _signature_block(card: SloganCard, sizes: Measures) -> TextBlock | None:
    """Series and office on one line; the office alone where both are too long."""
    for content in dict.fromkeys((_signature(card), card.office or card.series)):
        if content and advance(content, sizes.body, weight_of(sizes.body)) <= sizes.safe.width:
            return TextBlock((content,), sizes.body, sizes.body)
    return None


def _gap(sizes: Measures) -> int:
    return max(4, round(sizes.body * 0.6))


def _rule(sizes: Measures) -> int:
    return max(2, round(sizes.body * 0.12))


def _set_signature(block: TextBlock, box: Box, sizes: Measures) -> Iterator[TextLine | Bar]:
    """A short rule, and who says it, in the middle below the box."""
    gap, rule, weight = _gap(sizes), _rule(sizes), weight_of(block.em)
    wide = ceil(advance(block.lines[0], block.em, weight))
    long = min(box.width, max(wide // 3, 2 * block.em))
    top = box.y + box.height + gap
    yield Bar(box.x + (box.width - long) // 2, top, long, rule, "accent")
    for content, baseline in block.baselines(top + rule + gap):
        yield TextLine(content, box.x + (box.width - wide) // 2, baseline, wide + 2, block.em, weight, "soft")
