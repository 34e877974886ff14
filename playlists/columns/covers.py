"""Covers and pictures of an issue, made the sizes that pages and WeChat ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem
from courseware.lessons.settings import Settings
from playlists.columns.article import Article
from playlists.columns.issue import ColumnIssue
from playlists.columns.stills import moment_of
from playlists.columns.writing import MadePicture
from templates.cards.backgrounds import set_on_picture
from templates.cards.cards import TitleCard, plan_card
from templates.cards.drawing import Ground, Layer, Part, TextLine, draw_pages
from templates.cards.looks import Look, look_of
from templates.cards.motifs import layer_count
from templates.cards.pictures import open_picture
from templates.tokens import colour

if TYPE_CHECKING:
    from PIL.Image import Image

COVER, SQUARE = "cover.jpg", "cover-square.jpg"
COVERS: Mapping[str, tuple[int, int]] = {COVER: (900, 383), SQUARE: (900, 900)}
_WIDEST, _TALLEST = 1280, 1920
_QUALITY = 86
_LARGER = (2, 1)
_MIDDLE = (0.06, 0.16, 0.94, 0.82)  # left, top, right, bottom, as shares


def make_pictures(issue: ColumnIssue, article: Article) -> dict[str, MadePicture]:
    """Name in the article → the picture, no larger than a page shows it.

    Raises:
        InputError: some cannot be shown; all of them are named.
    """
    made: dict[str, MadePicture] = {}
    problems: list[Problem] = []
    for number, name in enumerate(article.pictures, 1):
        try:
            made[name] = _made(issue.folder / name, f"picture-{number}", f"{issue.where}/{name}")
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return made


def cover_picture(issue: ColumnIssue, article: Article) -> Path | None:
    """The picture behind the words of the cover; None for scenery."""
    name = issue.said.cover or next(iter(article.pictures), "")
    return issue.folder / name if name else None


def make_covers(issue: ColumnIssue, article: Article, settings: Settings, *, draft: bool) -> dict[str, bytes]:
    """The cover as WeChat's list shows it, and as a square.

    Raises:
        InputError: the picture cannot be shown, or the title is too long.
    """
    path = cover_picture(issue, article)
    ground = _ground(path, f"{issue.where}/{path.name}") if path else None
    look = look_of(settings.series_named(issue.about.series)) if issue.about else own_look()
    heading = f"第{issue.number}期·草稿" if draft else f"第{issue.number}期"
    return {
        name: _as_jpeg(_drawn(size, look, ground, plan_cover(size, look, issue, heading)))
        for name, size in COVERS.items()
    }


def own_look() -> Look:
    """Of an issue that is about no lesson."""
    return Look(colour("red"), colour("gold"), "road")


def plan_cover(size: tuple[int, int], look: Look, issue: ColumnIssue, heading: str) -> list[Part]:
    """Words as large as can be, of a long title smaller, so that the number, and 草稿, are not left out."""
    parts: list[Part] = []
    for larger in _LARGER:
        width, height = (side // larger for side in size)
        card = TitleCard(width, height, look, issue.said.title, issue.column.name, heading, "", "")
        parts = [_enlarged(part, larger) for part in plan_card(card)]
        if any(isinstance(part, TextLine) and heading in part.text for part in parts):
            break
    return parts


def _drawn(size: tuple[int, int], look: Look, ground: Image | None, parts: Sequence[Part]) -> Image:
    if ground:
        return set_on_picture(*size, look, ground, parts)
    scenery: tuple[Part, ...] = (Ground(), *(Layer(index) for index in range(layer_count(look.motif))))
    return draw_pages(*size, look, [[*scenery, *parts]])[0].convert("RGB")


def _enlarged(part: Part, larger: int) -> Part:
    """On a phone a cover is as wide as a thumb: words are placed as on a smaller canvas."""
    kept = {"kind", "text", "weight", "tone", "rim", "runs", "index"}
    sizes = {one.name: getattr(part, one.name) * larger for one in fields(part) if one.name not in kept}
    return replace(part, **sizes)


def _ground(path: Path, where: str) -> Image:
    """The picture behind the words; of a still the middle, without the logo above and the subtitle below."""
    picture = open_picture(path, where)
    if moment_of(path.name) is None:
        return picture
    left, top, right, bottom = (
        round(share * size) for share, size in zip(_MIDDLE, (picture.width, picture.height) * 2, strict=True)
    )
    return picture.crop((left, top, right, bottom))


def _made(path: Path, name: str, where: str) -> MadePicture:
    from PIL import Image as Pictures

    picture = open_picture(path, where, (_WIDEST, _TALLEST))
    if picture.mode == "RGBA":
        ground = Pictures.new("RGBA", picture.size, "white")
        picture = Pictures.alpha_composite(ground, picture)
    picture = picture.convert("RGB")
    picture.thumbnail((_WIDEST, _TALLEST), Pictures.Resampling.LANCZOS)
    return MadePicture(f"{name}.jpg", picture.width, picture.height, _as_jpeg(picture))


def _as_jpeg(picture: Image) -> bytes:
    packed = BytesIO()
    picture.save(packed, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return packed.getvalue()
