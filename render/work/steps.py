"""What has to lie in a work folder before ffmpeg runs there. Plain data; user text goes nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from render.plan.watermark import Watermark
from templates.cards.cards import Card
from templates.cards.idents import Ident


@dataclass(frozen=True, slots=True)
class WriteText:
    """Write a UTF-8 file."""

    file: str
    content: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class DrawCard:
    """Draw a card as a PNG."""

    file: str
    card: Card
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True)
class DrawMark:
    """Draw a watermark as a PNG of the canvas's size."""

    file: str
    mark: Watermark
    kind: Literal["mark"] = "mark"


@dataclass(frozen=True, slots=True)
class LayIdent:
    """Make the ident, or take it from the store."""

    file: str
    ident: Ident
    kind: Literal["ident"] = "ident"


Step = WriteText | DrawCard | DrawMark | LayIdent
