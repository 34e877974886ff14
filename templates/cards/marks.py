"""Station logos and watermarks: whether they can be shown, and how they look. Places nothing on a canvas.

A dark mark has a light edge and a light mark a dark one, so that it is seen on any footage.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.clutter import listed
from courseware.errors import Problem, Text, text
from courseware.files import leads_out
from courseware.lessons import settings as settings_file
from courseware.lessons.profile import canvas_of
from courseware.lessons.settings import ALL_SCREENS, ScreenSettings, Settings
from courseware.validate import nearest, not_one_of
from templates.captions import LOOKS
from templates.cards.drawing import TextLine, draw_pages
from templates.cards.looks import Look
from templates.cards.pictures import picture_problems
from templates.type.fonts import advance, missing_glyphs

if TYPE_CHECKING:
    from PIL.Image import Image

LOGO_SUFFIXES = (".png", ".webp")
MOST_LOGO_BYTES = 5_000_000
SMALLEST = 16  # pixels a mark is high at least; a smaller one is a speck
WIDEST_LOGO, WIDEST_WORDS = 40, 50  # percent of the canvas's width
_SMALLEST_EM = 12  # of words; where strokes begin to touch
_CLEAR_SHARE = 40  # percent of the height that clock and ticker may take
_EDGE = 0.07  # of the height
_EDGE_OPACITY = 0.75
_MIDDLE_GREY = 140
_LOOK = Look("#202020", "#FFFFFF", "wave")  # of words without a series; only white of it is drawn


def screen_problems(settings: Settings, root: Path) -> tuple[Problem, ...]:
    """What is wrong with the screens of yuanjiao.toml, their logos and their room for captions.

    Args:
        root: folder of the workspace, which logos are named from.
    """
    return tuple(_problems(settings, root))


def _problems(settings: Settings, root: Path) -> Iterator[Problem]:
    for name, screen in settings.render.screens.items():
        where = f"{settings_file.FILE_NAME}: render.screens.{name}"
        if screen.logo:
            yield from _logo_problems(screen.logo, root, f"{where}.logo")
        if screen.caption_look and screen.caption_look not in LOOKS:
            yield Problem(f"{where}.caption_look", not_one_of(screen.caption_look, LOOKS))
        missing = missing_glyphs(screen.watermark)
        if missing:
            what = text("no font can print {characters}; write it otherwise", characters=" ".join(missing))
            yield Problem(f"{where}.watermark", what)
    for profile in dict.fromkeys((*settings.render.profiles, *settings.render.screens)):
        if profile != ALL_SCREENS:
            yield from _room_problems(settings.render.screen(profile), profile)
            yield from _width_problems(settings.render.screen(profile), profile)


def _logo_problems(name: str, root: Path, where: str) -> Iterator[Problem]:
    path = root / name
    found = _found(path, root)
    if isinstance(found, Text):
        yield Problem(where, found)
    elif path.suffix.lower() not in LOGO_SUFFIXES:
        yield Problem(
            where, text("{name} is of another kind; this can be {suffixes}", name=name, suffixes=".png .webp")
        )
    elif path.stat().st_size > MOST_LOGO_BYTES:
        limit = MOST_LOGO_BYTES // 1_000_000
        yield Problem(where, text("the file is larger than {limit} MB; save the picture smaller", limit=limit))
    else:
        yield from picture_problems(path, where)


def _found(path: Path, root: Path) -> Path | Text:
    try:
        if leads_out(path, root):
            return text("{name} lies outside the workspace; copy it there", name=path.name)
        if path.is_file():
            return path
        beside = [one.name for one in listed(path.parent) if one.suffix.lower() in LOGO_SUFFIXES]
    except (OSError, ValueError):
        beside = []
    guess = nearest(path.name, beside)
    if guess:
        return text("no such file: {name}; did you mean {guess}?", name=path.name, guess=guess)
    return text("no such file: {name}", name=path.name)


def _room_problems(screen: ScreenSettings, profile: str) -> Iterator[Problem]:
    height = canvas_of(profile).height
    taken = screen.clear_top + screen.clear_bottom
    if taken * 100 > height * _CLEAR_SHARE:
        what = text(
            "clear_top and clear_bottom take {taken} of {height} pixels, and captions need room; at most {limit}",
            taken=taken,
            height=height,
            limit=height * _CLEAR_SHARE // 100,
        )
        yield Problem(f"{settings_file.FILE_NAME}: render.screens.{profile}", what)


def _width_problems(screen: ScreenSettings, profile: str) -> Iterator[Problem]:
    width, height = canvas_of(profile)
    if advance(screen.watermark, _SMALLEST_EM) > width * WIDEST_WORDS // 100:
        what = text("too long for a screen of {width}×{height} pixels; shorten it", width=width, height=height)
        yield Problem(f"{settings_file.FILE_NAME}: render.screens.{profile}.watermark", what)


def draw_logo(logo: Image, width: int, height: int, opacity: int) -> Image:
    """The logo with its edge, RGBA, no larger than asked.

    Args:
        logo: RGB or RGBA.
        opacity: in percent.
    """
    from PIL import Image as Pictures

    logo = logo.convert("RGBA")
    box = logo.getchannel("A").getbbox()
    logo = logo.crop(box) if box else logo
    edge = _edge_of(height)
    share = min((width - 2 * edge) / logo.width, (height - 2 * edge) / logo.height)
    size = (max(1, round(logo.width * share)), max(1, round(logo.height * share)))
    return _edged(logo.resize(size, Pictures.Resampling.LANCZOS), edge, opacity)


def draw_words(words: str, width: int, height: int, opacity: int) -> Image:
    """White words with a dark edge, RGBA, no larger than asked."""
    edge = _edge_of(height)
    em = max(1, height - 2 * edge)
    while em > 1 and advance(words, em) > width - 2 * edge:
        em -= 1
    page = (ceil(advance(words, em)) + 4, ceil(em * 1.3))
    line = TextLine(words, 1, round(em * 0.98), page[0], em, "Bold", "white", rim=False)
    drawn = draw_pages(*page, _LOOK, [(line,)])[0]
    return _edged(drawn.crop(drawn.getchannel("A").getbbox()), edge, opacity)


def _edge_of(height: int) -> int:
    return max(1, round(height * _EDGE))


def _edged(mark: Image, edge: int, opacity: int) -> Image:
    """The mark, with an edge that is as dark as it is light, or as light as it is dark."""
    from PIL import Image as Pictures
    from PIL import ImageFilter

    whole = Pictures.new("RGBA", (mark.width + 2 * edge, mark.height + 2 * edge), (0, 0, 0, 0))
    whole.paste(mark, (edge, edge))
    tone = (16, 16, 16) if _lightness(mark) >= _MIDDLE_GREY else (245, 245, 245)
    # Blurred and made dense again it has grown, roundly.
    around = whole.getchannel("A").filter(ImageFilter.GaussianBlur(edge * 0.75))
    ground = Pictures.new("RGBA", whole.size, (*tone, 255))
    ground.putalpha(around.point([round(min(255, level * 4) * _EDGE_OPACITY) for level in range(256)]))
    whole = Pictures.alpha_composite(ground, whole)
    whole.putalpha(whole.getchannel("A").point([level * opacity // 100 for level in range(256)]))
    return whole


def _lightness(mark: Image) -> float:
    """Mean grey level of what is not clear."""
    from PIL import ImageStat

    return float(ImageStat.Stat(mark.convert("L"), mark.getchannel("A").point([0] * 128 + [255] * 128)).mean[0])
