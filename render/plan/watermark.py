"""Where a logo or watermark stands on a canvas, and how it comes onto the picture; captions keep clear of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from courseware.files import replacing
from courseware.lessons.profile import Canvas
from render.plan.captions import CaptionStyle, caption_style
from render.plan.order import Order
from render.plan.picture import Stream
from render.plan.profiles import Profile
from render.plan.screens import CornerMark, Screen
from templates.captions import LOOKS
from templates.cards.marks import SMALLEST, WIDEST_LOGO, WIDEST_WORDS, draw_logo, draw_words
from templates.cards.pictures import open_picture

WATERMARK_RECIPE = 1  # part of every key with a watermark: raise it when the drawing changes


@dataclass(frozen=True, slots=True)
class Watermark:
    """A mark on a canvas; all in pixels.

    Attributes:
        width, height: of the canvas.
        most_wide, high: of the mark; a flat logo is lower.
        margin: to the left and right edge.
        top, bottom: of the canvas, that the mark keeps clear of.
    """

    width: int
    height: int
    mark: CornerMark
    most_wide: int
    high: int
    margin: int
    top: int
    bottom: int


def watermark_of(order: Order, profile: Profile) -> Watermark | None:
    """The mark of a profile, placed; None when the settings ask for none, and where there is no video."""
    screen = order.screen_of(profile.name)
    if screen.mark is None or order.is_bare:
        return None
    width, height = profile.canvas
    return Watermark(
        width,
        height,
        screen.mark,
        most_wide=width * (WIDEST_WORDS if screen.mark.words else WIDEST_LOGO) // 100,
        high=max(SMALLEST, height * screen.mark.height // 1000),
        margin=safe_px(width),
        top=_edge(height, screen.clear_top_px),
        bottom=_edge(height, screen.clear_bottom_px),
    )


def caption_style_for(order: Order, profile: Profile) -> CaptionStyle:
    """The style of captions on a profile at its place: large enough for its distance, clear of clock and mark."""
    screen, (width, height) = order.screen_of(profile.name), profile.canvas
    usual = caption_style(Canvas(width, height), profile.led, screen.least_px)
    top, bottom = caption_room(screen, height)
    look = LOOKS[screen.look]
    roomy = replace(usual, clear_top_px=top, clear_bottom_px=bottom, look=look, words=order.words)
    return roomy if roomy.fits(roomy.max_lines) else replace(roomy, max_lines=1)


def caption_room(screen: Screen, height: int) -> tuple[int, int]:
    """What captions keep clear of at the top and at the bottom, beyond the safe frame: clock, ticker and mark."""
    safe = safe_px(height)
    room = {
        "top": _edge(height, screen.clear_top_px) - safe,
        "bottom": _edge(height, screen.clear_bottom_px) - safe,
    }
    if screen.mark:
        side = screen.mark.corner.partition("-")[0]
        room[side] += max(SMALLEST, height * screen.mark.height // 1000) + max(2, safe // 2)
    return room["top"], room["bottom"]


def draw_watermark(watermark: Watermark, target: Path) -> None:
    """Write a PNG of the canvas's size, RGBA, clear but for the mark; all or nothing.

    Raises:
        InputError: the logo cannot be shown.
    """
    from PIL import Image as Pictures

    mark = watermark.mark
    size = (watermark.most_wide, watermark.high, mark.opacity)
    drawn = draw_logo(open_picture(mark.logo.path), *size) if mark.logo else draw_words(mark.words, *size)
    canvas = Pictures.new("RGBA", (watermark.width, watermark.height), (0, 0, 0, 0))
    left, top = watermark.margin, watermark.top
    if mark.corner.endswith("right"):
        left = watermark.width - watermark.margin - drawn.width
    if mark.corner.startswith("bottom"):
        top = watermark.height - watermark.bottom - drawn.height
    canvas.paste(drawn, (left, top))
    with replacing(target, lasting=False) as scratch:
        canvas.save(scratch, format="PNG", compress_level=3)


def overlaid(stream: Stream, mark: Stream) -> Stream:
    """The mark on every frame of the picture, in television's colours.

    Args:
        mark: an ffmpeg-python input of the drawn PNG.
    """
    clear = mark.video.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", pix_fmts="yuva420p")
    return stream.overlay(clear, format="yuv420", eof_action="repeat", shortest=0)


def safe_px(side_px: int) -> int:
    """4 % of a side, which some screens do not show."""
    return -(-side_px * 4 // 100)


def _edge(height: int, clear_px: int) -> int:
    """From the canvas's edge to what is drawn: the safe frame, or a little more than what must stay clear."""
    safe = safe_px(height)
    return max(safe, clear_px + safe // 2) if clear_px else safe
