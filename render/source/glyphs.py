"""Refuses a lesson with a character that no shipped font can draw, before anything is encoded."""

from __future__ import annotations

from courseware.errors import InputError, Problem
from courseware.subtitles.cue import labels
from courseware.times import clock
from render.plan.captions import glyph_problems
from render.plan.order import Order
from render.plan.plan import cards_of
from render.plan.profiles import Profile
from templates.cards.cards import card_texts
from templates.cards.idents import Ident, ident_texts

_FIELDS = (
    "title",
    "printed_series",
    "form",
    "presenter",
    "producer",
    "reviewer",
    "office",
    "credit",
    "slogan",
    "notice",
)


def check_glyphs(order: Order, profile: Profile) -> None:
    """Look at every text of the rendition: cards, ident, subtitles.

    Raises:
        InputError: with every character that cannot be drawn, and the key or the time of the subtitle it stands in.
    """
    typed = [(name, str(getattr(order, name))) for name in _FIELDS]
    drawn = [
        said
        for card in cards_of(order, profile)
        for said in (ident_texts(card) if isinstance(card, Ident) else card_texts(card))
    ]
    spoken = zip(order.cues, labels(order.cues), strict=True)
    said = [(clock(cue.span.start_ms // 1000), label + cue.text) for cue, label in spoken]
    said += [(clock(cue.span.start_ms // 1000), cue.text) for cue in order.second]
    for clip in order.clips:
        typed += [(f"{clip.key}.caption", clip.caption), (f"{clip.key}.card", clip.card)]
        typed += [(f"{clip.key}.lines", line) for line in clip.lines]
    # The cards hold what was typed and our own words; what was typed is named by its key.
    on_cards: tuple[Problem, ...] = glyph_problems(typed) or glyph_problems([("", one) for one in drawn])
    problems = (*on_cards, *glyph_problems(said))
    if problems:
        raise InputError(*problems)
