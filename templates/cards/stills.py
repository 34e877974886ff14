"""The pictures a player shows when there is nothing to play: its own words go below ours, so ours stay at the top."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text
from templates.cards.drawing import Ground, Layer, Part, draw_pages
from templates.cards.layout import LabelledRow, fit_rows, measures, rows_height, set_rows
from templates.cards.looks import Look
from templates.cards.motifs import layer_count

if TYPE_CHECKING:
    from PIL.Image import Image

_TOP = 0.3  # of the safe height; the rest is the player's
_DIMMED = 0.45  # of the brightness: nobody watches, and a wall of LED lights up a village at night


def draw_stills(width: int, height: int, look: Look, venue: str, office: str) -> tuple[bytes, bytes]:
    """The card for live events and faults, and the darker one for outside the opening hours, as PNG.

    Raises:
        InputError: the names are too long for the canvas.
    """
    parts = (
        Ground(),
        *(Layer(index) for index in range(layer_count(look.motif))),
        *_names(width, height, venue, office),
    )
    card = draw_pages(width, height, look, [parts])[0].convert("RGB")
    return _png(card), _png(card.point(lambda value: round(value * _DIMMED)))


def _names(width: int, height: int, venue: str, office: str) -> tuple[Part, ...]:
    sizes = measures(width, height)
    venue_row, office_row = (
        LabelledRow(venue, sizes.body, tone="accent", marked=True),
        LabelledRow(office, sizes.small, tone="soft"),
    )
    # On a small screen the office's name gives way.
    for rows, share in (((venue_row, office_row), _TOP), ((venue_row,), 1)):
        blocks = fit_rows(rows, sizes.safe.width, most_lines=2)
        if blocks and rows_height(rows, blocks) <= sizes.safe.height * share:
            return tuple(set_rows(rows, blocks, sizes.safe.x, sizes.safe.y))
    what = text("too long for a screen of {width}×{height} pixels; shorten it", width=width, height=height)
    raise InputError(Problem(venue, what))


def _png(picture: Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, format="PNG", optimize=True)
    return stream.getvalue()
