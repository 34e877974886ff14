"""The looks of burned-in subtitles. A further one is a module with a LOOK, imported here, and a line."""

from __future__ import annotations

from templates.captions import box, outline
from templates.captions.caption_look import CaptionLook

LOOKS: dict[str, CaptionLook] = {
    "outline": outline.LOOK,
    "box": box.LOOK,
}
USUAL = "outline"
