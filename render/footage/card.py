"""Cards of a lesson's words: each page stands as long as it is spoken of, else as there is to read on it."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.lessons.lesson_files import PICTURE_SUFFIXES
from courseware.media.photos import open_photo
from render.scene import Feed
from templates.cards.steps.card import StepCard
from templates.cards.steps.drawing import draw_step
from templates.cards.steps.pages import page_shares, step_pages

if TYPE_CHECKING:
    from PIL.Image import Image


def card_pictures(feed: Feed) -> Iterator[Image]:
    """The pictures of the feed, each of the canvas's size.

    Raises:
        InputError, MediaError: the picture on the card cannot be shown.
    """
    assert feed.card is not None  # noqa: S101  (whoever plans footage gives a card one)
    with _with_picture(feed.card, feed.path) as card:
        drawn: dict[int, Image] = {}
        for number in range(feed.first, feed.first + feed.count):
            page = page_at(card, number, feed)
            if page not in drawn:
                drawn[page] = draw_step(step_pages(card)[page])
            yield drawn[page]


def page_at(card: StepCard, number: int, feed: Feed) -> int:
    """Which page is seen with a picture of the feed."""
    if feed.turns:
        return bisect_right(feed.turns, number)
    ends = tuple(accumulate(page_shares(card)))
    return next(page for page, end in enumerate(ends) if number * ends[-1] < end * feed.lasts)


@contextmanager
def _with_picture(card: StepCard, path: Path) -> Iterator[StepCard]:
    """The card with its picture where it lies now, in a form that cards know."""
    if card.picture is None:
        yield card
    elif path.suffix.lower() in PICTURE_SUFFIXES:
        yield replace(card, picture=replace(card.picture, path=path))
    else:
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "picture.png"
            open_photo(path, (card.width, card.height)).save(plain, compress_level=1)
            yield replace(card, picture=replace(card.picture, path=plain))
