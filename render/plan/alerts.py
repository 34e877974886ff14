"""Emergency notices: pages of words that stand one after the other. Pure: draws nothing and starts nothing.

A page is cut into chunks that are all alike, so that one is encoded, however long the page stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import ceil

from courseware.times import frames_for_ms
from render.plan.chunks import Chunk
from render.plan.order import Order
from render.plan.profiles import Profile
from templates.cards.alerts import PAGE_UNIT_S, AlertCard, alert_pages, alert_seconds


def alert_cards(order: Order, profile: Profile) -> tuple[AlertCard, ...]:
    """The pages on the profile's canvas."""
    screen = order.screen_of(profile.name)
    place = (screen.least_px, screen.clear_top_px, screen.clear_bottom_px)
    return alert_pages(AlertCard(*profile.canvas, order.title, order.notice, order.office, 0, *place))


def alert_chunks(order: Order, profile: Profile) -> Iterator[tuple[Chunk, AlertCard]]:
    """Every chunk, in order, with the page that it shows."""
    cards = alert_cards(order, profile)
    units = _stretched([alert_seconds(card) // PAGE_UNIT_S for card in cards], ceil(order.seconds / PAGE_UNIT_S))
    frames = frames_for_ms(PAGE_UNIT_S * 1000, profile.fps)
    shown = [card for card, count in zip(cards, units, strict=True) for _ in range(count)]
    for number, card in enumerate(shown):
        yield Chunk("body", number * frames, frames, number == len(shown) - 1), card


def _stretched(units: list[int], wanted: int) -> list[int]:
    """At least so many units in all, every page longer by the same share."""
    total = sum(units)
    if wanted <= total:
        return units
    ends = [ceil(end * wanted / total) for end in accumulate(units)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
