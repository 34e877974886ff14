"""What stands on each page of a card of words: all on one where it can be, else about as much on each. Pure.

Letters are never smaller than can be read on a wall of LEDs: what has no room goes onto the next page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from courseware.lessons.clipping.clip_file import NUMBER
from templates.cards.layout import (
    ROW_LEADING,
    Box,
    LabelledRow,
    TextBlock,
    fit_rows,
    measures,
    rows_height,
    weight_of,
)
from templates.cards.steps.card import StepCard, body_em, text_box
from templates.type.phrases import ZERO_WIDTH_SPACE
from templates.type.typesetting import break_lines, split_lines

_LARGER, _SMALLER = 1.5, 0.8  # by so much what is short may be larger; where there is room, what is long smaller
_HEADING, _CHAPTER, _HEADING_LINES = 1.22, 1.7, 2  # times the letters of the lines; of a heading by itself
_BELOW_HEADING, _BELOW_ON_WALLS = 0.85, 0.5  # em
_LEAST_LINES = 2  # below its heading; where there is no room for them, the heading has a page of its own
_STOP = re.compile("(?<=[。！？；!?;])(?=.)")
_TURNING = 2  # characters: what it takes to see that a page is another one
_Filled = tuple[tuple[LabelledRow, ...], tuple[TextBlock, ...]]


class StepPage(NamedTuple):
    """What stands on a page: its heading, and rows with their lines."""

    heading: TextBlock | None
    rows: tuple[LabelledRow, ...] = ()
    blocks: tuple[TextBlock, ...] = ()


def step_pages(card: StepCard) -> tuple[StepCard, ...]:
    """The pages of a card, at least one."""
    return tuple(replace(card, page=number) for number in range(len(pages_of(card))))


def page_shares(card: StepCard) -> tuple[int, ...]:
    """How the time of a card is shared among its pages: by what there is to read on each."""
    pages = pages_of(card)
    return tuple(_TURNING + _new_on(page, pages[:number]) for number, page in enumerate(pages))


def _new_on(page: StepPage, before: Sequence[StepPage]) -> int:
    """How many characters are read, or said, on a page; a heading that was there before is not."""
    is_new = page.heading is not None and all(page.heading != other.heading for other in before)
    blocks = (*((page.heading,) if page.heading and is_new else ()), *page.blocks)
    return sum(len(line) for block in blocks for line in block.lines)


def pages_of(card: StepCard) -> tuple[StepPage, ...]:
    """All on one page as large as it may be; else on as few pages as it takes, each about as full."""
    return _paged(replace(card, page=0))


@lru_cache(maxsize=512)
def _paged(card: StepCard) -> tuple[StepPage, ...]:
    box, body = text_box(card), body_em(card)
    least = max(round(body * _SMALLER), card.least_px) if measures(card.width, card.height).roomy else body
    for em in range(round(body * _LARGER), least - 1, -1):
        page = _whole(card, box, em)
        if page is not None:
            return (page,)
    return tuple(_split(card, box, body))


def above_rows(card: StepCard, heading: TextBlock | None, em: int) -> int:
    """What the heading and the rule below it take of the height."""
    return heading.height + (_below_heading(card, em) if card.lines else 0) if heading else 0


def _rows(card: StepCard, em: int) -> tuple[LabelledRow, ...]:
    return tuple(_row(line, em, several=len(card.lines) > 1) for line in card.lines)


def _row(line: str, em: int, *, several: bool) -> LabelledRow:
    """A line, its number apart; it may best be broken where a sentence ends."""
    numbered = NUMBER.match(line)
    words = _STOP.sub(ZERO_WIDTH_SPACE, NUMBER.sub("", line))
    label = numbered[0].strip() if numbered and words else ""
    return LabelledRow(words or line, em, label, marked=several and not label)


def _whole(card: StepCard, box: Box, em: int) -> StepPage | None:
    heading = _heading(card, box, em)
    rows = _rows(card, em)
    blocks = fit_rows(rows, box.width)
    if blocks is None or (card.heading and heading is None):
        return None
    left = box.height - above_rows(card, heading, em)
    return StepPage(heading, rows, blocks) if left >= (rows_height(rows, blocks) if rows else 0) else None


def _heading(card: StepCard, box: Box, em: int) -> TextBlock | None:
    """The heading, where it is one line or two."""
    roomy = measures(card.width, card.height).roomy
    size = round(em * ((_HEADING if card.lines else _CHAPTER) if roomy else 1))
    lines = break_lines(card.heading, box.width, size, "Bold", max_lines=_HEADING_LINES) if card.heading else None
    return TextBlock(lines, size, round(size * ROW_LEADING)) if lines else None


def _below_heading(card: StepCard, em: int) -> int:
    """The space with the rule in it."""
    return round(em * (_BELOW_HEADING if measures(card.width, card.height).roomy else _BELOW_ON_WALLS))


def _split(card: StepCard, box: Box, em: int) -> Iterator[StepPage]:
    heading = _heading(card, box, em)
    left = box.height - above_rows(card, heading, em)
    line = TextBlock(("一",) * _LEAST_LINES, em, round(em * ROW_LEADING))
    beside = heading is not None and left >= line.height
    if not beside and card.heading:
        yield from (StepPage(block) for block in _cut(card.heading, box, em))
    for rows, blocks in _evenly(_rows(card, em), box.width, left if beside else box.height):
        yield StepPage(heading if beside else None, rows, blocks)


def _evenly(rows: Sequence[LabelledRow], width: int, height: int) -> list[_Filled]:
    """The fewest pages, and of these the least full."""
    found = _filled(rows, width, height)
    for tenth in range(9, 4, -1):
        lower = _filled(rows, width, height * tenth // 10)
        if len(lower) > len(found):
            break
        found = lower
    return found


def _filled(rows: Sequence[LabelledRow], width: int, height: int) -> list[_Filled]:
    """Whole rows together as far as they fit; one that is taller than a page on pages of its own."""
    pages: list[_Filled] = []
    is_open = False
    for row in rows:
        (block,) = fit_rows((row,), width) or (None,)
        if block is None or block.height > height:
            plain = LabelledRow(f"{row.label} {row.text}".strip(), row.em)
            pages += (((plain,), (cut,)) for cut in _cut(plain.text, Box(0, 0, width, height), row.em))
            is_open = False
            continue
        held, blocks = pages[-1] if is_open else ((), ())
        if is_open and rows_height((*held, row), (*blocks, block)) <= height:
            pages[-1] = ((*held, row), (*blocks, block))
        else:
            pages.append(((row,), (block,)))
        is_open = True
    return pages


def _cut(words: str, box: Box, em: int) -> Iterator[TextBlock]:
    """Words in blocks that each fill a page at most."""
    leading = round(em * ROW_LEADING)
    most = max(1, (box.height - TextBlock(("一",), em, leading).height) // leading + 1)
    return (TextBlock(lines, em, leading) for lines in split_lines(words, box.width, em, most, weight_of(em)))
