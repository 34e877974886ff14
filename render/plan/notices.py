"""Renditions of words alone: a slogan that stands, a notice that scrolls. Pure: draws nothing and starts nothing.

Such a rendition has no ident, title card or end card; the words are all of it.
"""

from __future__ import annotations

from fractions import Fraction

from render.plan.order import Order
from render.plan.picture import Stream
from render.plan.profiles import Profile
from templates.cards.cards import Card
from templates.cards.idents import Ident
from templates.cards.notices import NoticeSheet, Scroll, notice_motion
from templates.cards.slogans import SloganCard


def words_card(order: Order, profile: Profile) -> SloganCard | NoticeSheet:
    """What is drawn for a slogan or a notice: a card of the canvas's size, or a longer sheet.

    Raises:
        ValueError: the order is for a video.
    """
    width, height = profile.canvas
    screen = order.screen_of(profile.name)
    place = (screen.least_px, screen.clear_top_px, screen.clear_bottom_px)
    if order.slogan:
        about = (order.look, order.slogan, order.printed_series, order.office)
        return SloganCard(width, height, *about, order.picture, *place)
    if order.notice:
        return NoticeSheet(width, height, order.look, order.title, order.notice, order.office, *place)
    raise ValueError(order.lesson)


def words_frames(order: Order, profile: Profile) -> int:
    """How many frames a slogan or a notice lasts: whole seconds, a notice as long as people need to read it.

    Raises:
        ValueError: the order is for a video.
    """
    scroll = scroll_of(words_card(order, profile), profile.fps)
    if scroll is not None:
        return scroll.frames
    unit = profile.fps.numerator
    return -(-int(order.seconds * profile.fps) // unit) * unit


def scroll_of(card: Card, fps: Fraction) -> Scroll | None:
    """How a sheet moves; None for a card that stands."""
    return notice_motion(card, fps) if isinstance(card, NoticeSheet) else None


def stands(picture: Card | Ident, fps: Fraction) -> bool:
    """Whether all pictures of what was drawn are the same."""
    return not isinstance(picture, Ident) and scroll_of(picture, fps) is None


def notice_picture(stream: Stream, scroll: Scroll, width: int, height: int, first_frame: int = 0) -> Stream:
    """The part of the sheet that the canvas shows, frame after frame, without end; to be cut by who asks.

    Args:
        stream: the drawn sheet as an ffmpeg-python input of one picture, with the profile's frame rate.
        width, height: of the canvas.
        first_frame: of the notice; what the stream begins with.

    Returns:
        RGB of the canvas's size. Cropped before any scaling, so that every frame is pixels of the sheet, unblended.
    """
    moved = f"(n+{first_frame - scroll.first})*{scroll.pixels.numerator}/{scroll.pixels.denominator}"
    offset = f"max(0,min(floor({moved}),{scroll.distance}))"
    x, y = ("0", offset) if scroll.direction == "up" else (offset, "0")
    # The last picture repeated is the same picture; nothing is copied before the crop.
    held = stream.video.filter("format", pix_fmts="rgb24").filter("tpad", stop_mode="clone", stop=-1)
    return held.filter("crop", w=width, h=height, x=x, y=y, exact=1)
