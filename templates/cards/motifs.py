"""How the layers of each motif come into an ident. The layers themselves are drawn in typst/motifs.typ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple


class Motion(NamedTuple):
    """How a layer arrives, in milliseconds of a three-second ident; what begins before 0 is already on its way.

    Attributes:
        kind: "rise" comes up from below, "fade" appears, "unroll" is uncovered from its foot, "grow" grows from
            its foot.
    """

    kind: Literal["rise", "fade", "unroll", "grow"]
    start_ms: int
    end_ms: int


# One entry a layer, back to front, as in typst/motifs.typ.
MOTIONS: Mapping[str, tuple[Motion, ...]] = {
    "sunrise": (
        Motion("rise", 0, 1700),
        Motion("rise", -300, 900),
        Motion("rise", -300, 700),
        Motion("rise", -300, 500),
    ),
    "terraces": (
        Motion("rise", -300, 600),
        Motion("rise", -150, 850),
        Motion("rise", 100, 1000),
        Motion("rise", 300, 1200),
        Motion("rise", 500, 1400),
        Motion("rise", 700, 1600),
    ),
    "road": (
        Motion("rise", 0, 1300),
        Motion("rise", -300, 500),
        Motion("unroll", 300, 1400),
        Motion("unroll", 700, 1700),
        Motion("rise", -300, 700),
    ),
    "sprout": (
        Motion("rise", -300, 600),
        Motion("rise", -300, 500),
        Motion("grow", 500, 1200),
        Motion("grow", 750, 1500),
        Motion("grow", 1000, 1800),
        Motion("rise", -300, 700),
    ),
    "wave": (
        Motion("rise", -300, 700),
        Motion("rise", -150, 950),
        Motion("rise", 100, 1250),
        Motion("rise", 300, 1550),
    ),
}


def layer_count(motif: str) -> int:
    """How many layers a motif has."""
    return len(MOTIONS[motif])
