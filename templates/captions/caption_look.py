"""What is known of a look of burned-in subtitles: its colours, and what lies behind the letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextArea:
    """Where the lines of a subtitle lie on the canvas, in pixels."""

    left_px: float
    top_px: float
    width_px: float
    height_px: float


@dataclass(frozen=True, slots=True)
class CaptionLook:
    """How subtitles are drawn; where they stand and how large they are is no matter of looks.

    Attributes:
        label: in Chinese, as the docs explain it.
        letters, edge, shadow: colours as ASS writes them: &H, then transparency, blue, green, red.
        behind: the text of an ASS event that draws what lies behind the lines; None for nothing.
    """

    label: str
    letters: str = "&H00FFFFFF"
    edge: str = "&H00141414"
    shadow: str = "&H96000000"
    behind: Callable[[TextArea], str] | None = None
