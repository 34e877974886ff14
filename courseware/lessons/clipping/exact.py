"""A lesson of an exact length, as spots are sold and counted (公益广告 of 15 or 30 seconds).

The body is never cut by us. What is left is the end card; with more room comes the title card, then the ident.
"""

from __future__ import annotations

from fractions import Fraction

from courseware.errors import Text, text

BRIEF_END_MS = 2_000  # the name of the office takes that long to read


def too_long(exactly_s: int | None, body_ms: Fraction | int) -> Text | None:
    """Why a body does not fit into so many seconds, with how much is to be cut; None where it does."""
    if exactly_s is None:
        return None
    over_ms = body_ms + BRIEF_END_MS - exactly_s * 1000
    if over_ms <= 0:
        return None
    return text(
        "{exactly} seconds in all hold {room} s of video and {end} s of end card, but the body lasts {body} s;"
        " cut {over} s",
        exactly=exactly_s,
        room=exactly_s - BRIEF_END_MS // 1000,
        end=BRIEF_END_MS // 1000,
        body=_seconds(body_ms),
        over=_seconds(over_ms),
    )


def _seconds(ms: Fraction | int) -> str:
    """Rounded up to tenths, so that whoever cuts so much has cut enough."""
    return f"{-(-ms // 100) / 10:.1f}"
