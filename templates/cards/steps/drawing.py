"""A page of a card of words, placed and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from templates.cards.backgrounds import set_on_picture
from templates.cards.drawing import Bar, Ground, Layer, Part, TextLine, draw_pages
from templates.cards.layout import Box, TextBlock, set_rows
from templates.cards.motifs import layer_count
from templates.cards.pictures import open_ground
from templates.cards.steps.card import StepCard, picture_box, text_box
from templates.cards.steps.pages import StepPage, above_rows, pages_of
from templates.type.fonts import advance

if TYPE_CHECKING:
    from PIL.Image import Image

_CLOSE, _APART = 0.28, 0.7  # em between two lines that are not one sentence, where there is little room and much
_MOST_CUT = 0.3  # of a picture; more of it is never cut off to fill its place
_FAINT = 0.4  # of a motif that lies behind lines
_TINY_PX = 96  # of the shorter side; below it no picture can be told behind words


def plan_step(card: StepCard) -> tuple[Part, ...]:
    """The words of a page, placed."""
    return tuple(_set_page(card, pages_of(card)[card.page], text_box(card)))


def draw_step(card: StepCard) -> Image:
    """A page, RGB.

    Raises:
        InputError: the picture cannot be shown.
    """
    parts = plan_step(card)
    place = picture_box(card)
    if card.picture and place is None and min(card.width, card.height) >= _TINY_PX:
        ground = open_ground(card.picture.path, around=(card.width, card.height))
        return set_on_picture(card.width, card.height, card.look, ground, parts)
    drawn = _on_scenery(card, parts)
    if card.picture and place:
        shown = _framed(open_ground(card.picture.path, around=(place.width, place.height)), place, drawn)
        drawn.paste(shown, (place.x, place.y))
    return drawn


def _on_scenery(card: StepCard, parts: tuple[Part, ...]) -> Image:
    """The words on the look's ground, its motif whole behind a heading alone and faint behind lines."""
    from PIL import Image as Pictures

    scenery = tuple(Layer(index) for index in range(layer_count(card.look.motif)))
    pages: tuple[tuple[Part, ...], ...] = ((Ground(),), (Ground(), *scenery), parts)
    plain, scenic, words = draw_pages(card.width, card.height, card.look, pages)
    share = 0.0 if picture_box(card) else _FAINT if card.lines else 1.0
    return Pictures.alpha_composite(Pictures.blend(plain, scenic, share), words).convert("RGB")


def _set_page(card: StepCard, page: StepPage, box: Box) -> Iterator[Part]:
    """The heading at the top with a rule below it, the lines a little above the middle of what is left."""
    if not page.rows:
        assert page.heading is not None  # noqa: S101  (for the type checker)
        yield from _set_heading(page.heading, box.x, box.y + round((box.height - page.heading.height) * 0.46))
        return
    em, above = page.rows[0].em, above_rows(card, page.heading, page.rows[0].em)
    if page.heading is not None:
        yield from _set_heading(page.heading, box.x, box.y)
        thick = max(2, round(em * 0.07))
        middle = box.y + (page.heading.height + above - thick) // 2
        yield Bar(box.x, middle, min(box.width, 3 * em), thick, "accent")
    words, left = sum(block.height for block in page.blocks), box.height - above
    gap = min(round(_APART * em), max(round(_CLOSE * em), (left - words) // len(page.rows)))
    top = box.y + above + round((left - words - gap * (len(page.rows) - 1)) * 0.4)
    for row, block in zip(page.rows, page.blocks, strict=True):
        yield from set_rows((row,), (block,), box.x, top)
        top += block.height + gap


def _set_heading(block: TextBlock, x: int, top: int) -> Iterator[TextLine]:
    for content, baseline in block.baselines(top):
        wide = ceil(advance(content, block.em, "Bold")) + 2
        yield TextLine(content, x, baseline, wide, block.em, "Bold", "accent")


def _framed(picture: Image, place: Box, ground: Image) -> Image:
    """The picture in its place: filling it where little is cut off, else whole."""
    from PIL import Image as Pictures
    from PIL import ImageOps

    size = (place.width, place.height)
    shape, wanted = picture.width / picture.height, place.width / place.height
    if picture.mode == "RGB" and min(shape, wanted) / max(shape, wanted) >= 1 - _MOST_CUT:
        return ImageOps.fit(picture, size, method=Pictures.Resampling.LANCZOS, centering=(0.5, 0.42))
    inside = ImageOps.contain(picture, size, method=Pictures.Resampling.LANCZOS)
    framed = ground.crop((place.x, place.y, place.x + place.width, place.y + place.height))
    framed.paste(
        inside,
        ((place.width - inside.width) // 2, (place.height - inside.height) // 2),
        inside if inside.mode == "RGBA" else None,
    )
    return framed
