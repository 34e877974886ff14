"""The same letters on a half-transparent box, for footage as restless as the text."""

from templates.captions.caption_look import CaptionLook, TextArea


def draw_box(area: TextArea) -> str:
    """The box, in ASS."""
    width, height = area.width_px, area.height_px
    place = rf"\an7\pos({area.left_px:.2f},{area.top_px:.2f})"
    shape = f"m 0 0 l {width:.0f} 0 l {width:.0f} {height:.0f} l 0 {height:.0f}"
    return rf"{{{place}\bord0\shad0\1c&H101010&\1a&H60&\p1}}{shape}"


LOOK = CaptionLook("白字下面垫半透明的深色底框", behind=draw_box)
