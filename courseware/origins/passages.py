"""What a text is made of, in order, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a point of a list, or a figure.

    Attributes:
        heading: under which it stands; "" before the first.
        text: its words, of a figure the caption; "" where a heading stands alone.
        label: of a point in a numbered list: "1.".
        picture: name of the file of a figure; with words, what is shown beside them.
        alone: whether it is a figure, which fills the screen.
    """

    heading: str
    text: str
    label: str = ""
    picture: str = ""
    alone: bool = False
