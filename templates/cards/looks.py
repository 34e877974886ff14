"""The look of a series: the colours and the motif that its ident and cards share."""

from __future__ import annotations

from dataclasses import dataclass

from courseware.lessons.series import Series


@dataclass(frozen=True, slots=True)
class Look:
    """What cards and idents are coloured and decorated with.

    Attributes:
        colour: "#RRGGBB", the ground; white text is legible on it.
        accent: "#RRGGBB", for rules and marks.
        motif: name of the drawing, one of courseware.lessons.series.MOTIFS.
    """

    colour: str
    accent: str
    motif: str


GREY = Look("#4A4A4A", "#9A9A9A", "wave")
"""Of days of mourning (哀悼日): nothing on the screen has a colour."""


def look_of(series: Series) -> Look:
    """The look a series is shown in."""
    return Look(series.colour, series.accent, series.motif)
