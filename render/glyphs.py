"""Refuses a lesson with a character that no shipped font can draw, before anything is encoded."""

from __future__ import annotations

from courseware.cue import labels
from courseware.errors import InputError, Problem
from courseware.times import clock
from render.captions import glyph_problems
from render.order import Order
from render.plan import end_card, ident_of, title_card
from render.profiles import Profile
from templates.cards import card_texts
from templates.idents import ident_texts

_FIELDS = ("title", "series", "form", "presenter", "producer", "reviewer", "office", "credit")


def check_glyphs(order: Order, profile: Profile) -> None:
    """Look at every text of the rendition: cards, ident, subtitles.

    Raises:
        InputError: with every character that cannot be drawn, and the key or the time of the subtitle it stands in.
    """
    typed = [(name, str(getattr(order, name))) for name in _FIELDS]
    drawn = (
        *card_texts(title_card(order, profile)),
        *card_texts(end_card(order, profile)),
        *ident_texts(ident_of(order, profile)),
    )
    spoken = zip(order.cues, labels(order.cues), strict=True)
    said = [(clock(cue.span.start_ms // 1000), label + cue.text) for cue, label in spoken]
    # The cards hold what was typed and our own words; what was typed is named by its key.
    on_cards: tuple[Problem, ...] = glyph_problems(typed) or glyph_problems([("", one) for one in drawn])
    problems = (*on_cards, *glyph_problems(said))
    if problems:
        raise InputError(*problems)
