"""A lesson's review as one HTML file for a reviewer who has a browser and nothing else. Published, so Chinese.

Its policy lets nothing in but what it carries itself: style and script are named by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from templates.pages.typeset import PAGES_DIR
from templates.tokens import css_properties
from templates.type.webfont import inline_faces

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class TimedWords:
    """Words at a moment of the video.

    Attributes:
        at_ms: of the finished video.
        clock: the same as printed.
        label: who says it, or what sort of thing it is; "" for neither.
        tone: of a finding: "error", "warning", "info".
        more: what to do about it.
    """

    at_ms: int
    clock: str
    words: str
    label: str = ""
    tone: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class CardPicture:
    """What a screen shows at a moment; the picture as JPEG in base64."""

    at_ms: int
    clock: str
    width: int
    height: int
    jpeg: str


@dataclass(frozen=True, slots=True)
class ReviewedScreen:
    """A finished video of the lesson, all as printed.

    Attributes:
        mark: the beginning of its checksum.
        since: what was changed since the last approval; a sentence where nothing was, or there was none.
    """

    name: str
    size: str
    state: str
    approved: bool
    mark: str
    since: tuple[str, ...]
    findings: tuple[TimedWords, ...]
    pictures: tuple[CardPicture, ...]


@dataclass(frozen=True, slots=True)
class ReviewStepRow:
    """A step of the review, or an entry of its history, all as printed."""

    when: str
    step: str
    who: str
    screens: str
    note: str


@dataclass(frozen=True, slots=True)
class ReviewFilm:
    """The video of the page.

    Attributes:
        name: of the file beside the page; "" where the page carries it.
        content: its bytes in base64; "" where it lies beside.
        size: as printed.
    """

    screen: str
    width: int
    height: int
    size: str
    name: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything on the page.

    Attributes:
        draft: nobody has approved it.
        facts: what lesson.toml says, each with its name.
        missing: screens for which nothing is finished.
        steps: those of the review, in order, with who took each.
    """

    title: str
    office: str
    made: str
    draft: bool
    facts: tuple[tuple[str, str], ...]
    film: ReviewFilm
    cues: tuple[TimedWords, ...]
    comments: tuple[TimedWords, ...]
    screens: tuple[ReviewedScreen, ...]
    missing: str
    steps: tuple[ReviewStepRow, ...]
    history: tuple[ReviewStepRow, ...]


def review_page(page: ReviewPage, *, fonts: bool = True) -> str:
    """The page as HTML.

    Args:
        fonts: with the characters it shows, so that it is the same where no Chinese font is installed.

    Raises:
        ToolError: a shipped font cannot be read.
    """
    own = css_properties() + _asset("review.css")
    plain = _rendered(page, own)
    if not fonts:
        return plain
    # What the page carries in base64 is no word of it.
    shown = {ch for ch in plain if ch.isprintable()}
    faces = "".join(
        f"@font-face {{ font-family: {face.name}; font-weight: {face.weight};"
        f' src: url(data:font/woff;base64,{face.woff}) format("woff"); }}\n'
        for face in inline_faces(shown)
    )
    return _rendered(page, faces + own)


def _rendered(page: ReviewPage, style: str) -> str:
    script = _asset("review.js")
    return _template().render(
        page=page, style=style, script=script, style_hash=_hashed(style), script_hash=_hashed(script)
    )


def _asset(name: str) -> str:
    return (PAGES_DIR / "assets" / name).read_text(encoding="utf-8")


def _hashed(content: str) -> str:
    """As a content policy names what a page carries."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(PAGES_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("review.html.j2")
