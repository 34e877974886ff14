"""When the pages of a card are turned: with the words that are said, where they are heard. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from courseware.lessons.clipping.clip_file import NUMBER
from courseware.subtitles.cue import Cue
from templates.cards.steps.card import StepCard
from templates.cards.steps.pages import StepPage, page_shares, pages_of

_OPENING = 6  # characters of a page by which it is found in what is said
_NO_LETTER = re.compile(r"[\W_]+")


def turns_of(card: StepCard, said: Sequence[Cue], fps: Fraction, lasts: int) -> tuple[int, ...]:
    """The picture with which each page but the first begins; empty where what is said tells nothing of them.

    A page that is not found in what is said begins where it would by what there is to read, between those about it.

    Args:
        said: in the time of the card.
        lasts: pictures.
    """
    pages = pages_of(card)
    heard = _heard(pages, said)
    if len(pages) > lasts or all(ms is None for ms in heard):
        return ()
    shares = [0, *accumulate(page_shares(card))]
    known = {0: 0, len(pages): lasts}
    known |= {page: round(ms * fps / 1000) for page, ms in enumerate(heard, 1) if ms is not None}
    turns = [0]
    for page in range(1, len(pages)):
        before, after = max(one for one in known if one <= page), min(one for one in known if one >= page)
        share = Fraction(shares[page] - shares[before], max(1, shares[after] - shares[before]))
        found = round(known[before] + (known[after] - known[before]) * share)
        turns.append(min(max(found, turns[-1] + 1), lasts - len(pages) + page))
    return tuple(turns[1:])


def _heard(pages: Sequence[StepPage], said: Sequence[Cue]) -> list[int | None]:
    """When the first words of each page but the first are said; None where they are not found after those before."""
    starts = [0, *accumulate(len(_letters(cue.text)) for cue in said)]
    spoken, at, found = "".join(_letters(cue.text) for cue in said), 1, list[int | None]()
    for page in pages[1:]:
        place = spoken.find(_opening(page), at)
        found.append(_moment(said, starts, place) if place >= 0 else None)
        at = place + 1 if place >= 0 else at
    return found


def _moment(said: Sequence[Cue], starts: Sequence[int], place: int) -> int:
    """When a letter is said: as far into its cue in time as in letters."""
    number = max(cue for cue in range(len(said)) if starts[cue] <= place)
    span, letters = said[number].span, starts[number + 1] - starts[number]
    return span.start_ms + span.duration_ms * (place - starts[number]) // letters


def _opening(page: StepPage) -> str:
    """The letters with which its rows begin, else its heading."""
    blocks = page.blocks or ((page.heading,) if page.heading else ())
    words = "".join(blocks[0].lines) if blocks else ""
    return _letters(NUMBER.sub("", words))[:_OPENING]


def _letters(words: str) -> str:
    return _NO_LETTER.sub("", words).casefold()
