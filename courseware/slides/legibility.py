"""Whether the letters of a page are large enough to be read on the screens of a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from courseware.errors import Text, text
from courseware.lessons.profile import LED_FLOOR_PX, Canvas, canvas_of, legible_px
from courseware.lessons.profiles import PROFILES
from courseware.lessons.settings import Settings

LETTERS = "yuanjiao-letters"  # in the head of a page's picture: the em in parts of its height
_MOST_NAMED = 12
_ROUNDED = 0.05  # of a pixel, in writing the size down
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


class Lettered(NamedTuple):
    """A page, its smaller letters' em in parts of its height, and its width by its height."""

    name: str
    letters: float
    ratio: float


def small_pages(pages: Sequence[Lettered], screens: Sequence[ReadScreen]) -> Iterator[Text]:
    """On which screens the words of which pages are too small to be read."""
    for screen in screens:
        sizes = {page.name: screen.letters_px(page.letters, page.ratio) for page in pages}
        small = {name: px for name, px in sizes.items() if px < screen.least_px}
        if small:
            yield text(
                "On {profile} the words of pages {pages} are too small to be read ({px} of {least} pixels); with "
                "--as-cards they become cards of large letters",
                profile=screen.profile,
                pages=listed_pages(list(small)),
                px=int(min(small.values()) + _ROUNDED),
                least=screen.least_px,
            )


def listed_pages(names: Sequence[str]) -> str:
    """The first of many, and how many there are."""
    shown = "、".join(names[:_MOST_NAMED])
    return f"{shown} … ({len(names)})" if len(names) > _MOST_NAMED else shown


def written_letters(path: Path) -> Lettered | None:
    """What a picture of a page says of its letters, where it was made of slides; opens no more than its head."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            comment = (picture.info.get("comment") or b"").decode("ascii")
            said = picture.info.get(LETTERS) or (comment.removeprefix(LETTERS) if LETTERS in comment else "")
            return Lettered(path.stem, float(said), picture.width / picture.height) if said else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def read_screens(settings: Settings) -> Iterator[ReadScreen]:
    """The screens that lessons of a workspace are made for."""
    for profile in settings.render.profiles:
        canvas, said = canvas_of(profile), settings.render.screen(profile)
        least = LED_FLOOR_PX if profile not in PROFILES else max(LED_FLOOR_PX, canvas.height // _SMALLEST_ON_TV)
        if said.distance_m and said.pitch_mm:
            least = legible_px(said.distance_m, said.pitch_mm)
        yield ReadScreen(profile, canvas, least)
