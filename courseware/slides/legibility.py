"""Whether the letters of a page are large enough to be read on the screens of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from courseware.lessons.profile import LED_FLOOR_PX, Canvas, canvas_of, legible_px
from courseware.lessons.profiles import PROFILES
from courseware.lessons.settings import Settings

_SMALLEST_ON_TV = 40  # a picture is so many times as high: half of what captions have by GY/T 288-2014


@dataclass(frozen=True, slots=True)
class ReadScreen:
    """A screen on which letters are to be read; `least_px` is the smallest em that can be."""

    profile: str
    canvas: Canvas
    least_px: int

    def letters_px(self, letters: float, ratio: float) -> float:
        """How many pixels an em has where a picture is shown whole.

        Args:
            letters: the em in parts of the picture's height.
            ratio: the picture's width by its height.
        """
        return letters * min(self.canvas.height, self.canvas.width / ratio)


def read_screens(settings: Settings) -> Iterator[ReadScreen]:
    """The screens that lessons of a workspace are made for."""
    for profile in settings.render.profiles:
        canvas, said = canvas_of(profile), settings.render.screen(profile)
        least = LED_FLOOR_PX if profile not in PROFILES else max(LED_FLOOR_PX, canvas.height // _SMALLEST_ON_TV)
        if said.distance_m and said.pitch_mm:
            least = legible_px(said.distance_m, said.pitch_mm)
        yield ReadScreen(profile, canvas, least)
