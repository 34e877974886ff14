"""What a place asks of its screen beside the canvas: text for its distance, a logo, room for a clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from courseware.errors import InputError
from courseware.files import sha256
from courseware.lessons.profile import legible_px
from courseware.lessons.settings import ALL_SCREENS, ScreenSettings, Settings
from templates.captions import USUAL
from templates.cards.marks import screen_problems
from templates.cards.pictures import Picture

Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


@dataclass(frozen=True, slots=True)
class CornerMark:
    """A station logo, or a few words in its place, in a corner of the picture.

    Attributes:
        logo: None when words stand there.
        words: "" when a logo stands there.
        opacity: in percent.
        height: in thousandths of the picture's height.
    """

    logo: Picture | None = None
    words: str = ""
    corner: Corner = "top-right"
    opacity: int = 80
    height: int = 80


@dataclass(frozen=True, slots=True)
class Screen:
    """A profile at its place.

    Attributes:
        profile: its name, or ALL_SCREENS for every one without a screen of its own.
        distance_m, pitch_mm: from where the farthest people look, from one pixel to the next; None when not known.
        clear_top_px, clear_bottom_px: to be kept free of captions and logo, for a clock or a ticker of the player's.
        look: of its captions, one of LOOKS.
    """

    profile: str = ALL_SCREENS
    distance_m: float | None = None
    pitch_mm: float | None = None
    clear_top_px: int = 0
    clear_bottom_px: int = 0
    mark: CornerMark | None = None
    look: str = USUAL

    @property
    def least_px(self) -> int:
        """The smallest em that can be read from there; 0 when that is not known."""
        return legible_px(self.distance_m, self.pitch_mm) if self.distance_m and self.pitch_mm else 0


def load_screens(settings: Settings, root: Path) -> tuple[Screen, ...]:
    """The screens of yuanjiao.toml, with their logos found.

    Args:
        root: folder of the workspace.

    Raises:
        InputError: a logo cannot be shown, words cannot be printed, or captions have no room; all problems at once.
    """
    problems = screen_problems(settings, root)
    if problems:
        raise InputError(*problems)
    return tuple(_screen(name, settings.render.screen(name), root) for name in settings.render.screens)


def _screen(name: str, given: ScreenSettings, root: Path) -> Screen:
    mark = None
    if given.logo or given.watermark:
        logo = Picture(root / given.logo, sha256(root / given.logo)) if given.logo else None
        opacity, height = round(given.logo_opacity * 100), round(given.logo_height * 1000)
        mark = CornerMark(logo, given.watermark, given.logo_place, opacity, height)
    look = given.caption_look or USUAL
    return Screen(name, given.distance_m, given.pitch_mm, given.clear_top, given.clear_bottom, mark, look)
