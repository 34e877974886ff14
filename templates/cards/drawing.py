"""Pictures drawn by Typst from parts at given pixels. Places nothing itself and uses no font but the shipped ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from templates.cards.looks import Look
from templates.cards.palette import palette_of
from templates.type.fonts import FAMILIES, FONTS_DIR, Weight

if TYPE_CHECKING:
    from PIL.Image import Image

_SOURCE = Path(__file__).parents[1] / "typst" / "cards.typ"
RIM_PERCENT = 65  # how much of the darkest sky the rim around a text is
Tone = Literal["accent", "soft", "white", "glow", "deep"]


@dataclass(frozen=True, slots=True)
class Ground:
    """The sky of a look, over the whole canvas."""

    kind: str = field(default="ground", init=False)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a look's motif; 0 lies at the back."""

    index: int
    kind: str = field(default="layer", init=False)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text, `width` pixels wide, its baseline at `baseline`.

    Attributes:
        rim: a faint dark edge, for grounds that are not plain.
    """

    text: str
    x: int
    baseline: int
    width: int
    em: int
    weight: Weight
    tone: Tone
    rim: bool = True
    kind: str = field(default="line", init=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle."""

    x: int
    y: int
    width: int
    height: int
    tone: Tone
    kind: str = field(default="bar", init=False)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code on a white square of `side` pixels, quiet zone included.

    Attributes:
        module: pixels a module.
        runs: (column, row, length) of dark modules, counted from the square's corner.
    """

    x: int
    y: int
    side: int
    module: int
    runs: tuple[tuple[int, int, int], ...]
    kind: str = field(default="code", init=False)


Part = Ground | Layer | TextLine | Bar | Code


def draw_pages(width: int, height: int, look: Look, pages: Sequence[Sequence[Part]]) -> list[Image]:
    """Each page as an RGBA picture of exactly width × height pixels, clear where nothing is drawn."""
    import typst
    from PIL import Image

    data = {
        "width": width,
        "height": height,
        "motif": look.motif,
        "palette": asdict(palette_of(look)),
        "families": FAMILIES,
        "rim": RIM_PERCENT,
        "pages": [[asdict(part) for part in page] for page in pages],
    }
    made: Any = typst.compile(
        _SOURCE,
        root=_SOURCE.parent,
        font_paths=[FONTS_DIR],
        ignore_system_fonts=True,
        format="png",
        ppi=72,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    # One page comes as bytes, several as a list of bytes.
    return [Image.open(BytesIO(page)).convert("RGBA") for page in (made if isinstance(made, list) else [made])]
