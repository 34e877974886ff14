"""Covers and pictures of an issue, made the sizes that pages and WeChat ask for."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem
from courseware.files import sha256
from courseware.lessons.settings import Settings
from playlists.columns.article import Article
from playlists.columns.issue import ColumnIssue
from playlists.columns.writing import MadePicture
from templates.cards.cards import TitleCard, draw_card
from templates.cards.looks import Look, look_of
from templates.cards.pictures import Picture, open_picture
from templates.tokens import colour

if TYPE_CHECKING:
    from PIL.Image import Image

COVER, SQUARE = "cover.jpg", "cover-square.jpg"
COVERS: Mapping[str, tuple[int, int]] = {COVER: (900, 383), SQUARE: (900, 900)}
_WIDEST, _TALLEST = 1280, 1920
_QUALITY = 86


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
        InputError: the picture cannot be shown.
    """
    path = cover_picture(issue, article)
    picture = Picture(path, sha256(path)) if path else None
    look = look_of(settings.series_named(issue.about.series)) if issue.about else _own_look()
    number = f"第{issue.number}期"
    return {
        name: _as_jpeg(
            _drawn(
                TitleCard(
                    width=width,
                    height=height,
                    look=look,
                    title=issue.said.title,
                    series=issue.column.name,
                    form=f"{number}·草稿" if draft else number,
                    presenter="",
                    producer="",
                    picture=picture,
                )
            )
        )
        for name, (width, height) in COVERS.items()
    }


def _own_look() -> Look:
    return Look(colour("red"), colour("gold"), "road")


def _drawn(card: TitleCard) -> Image:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "cover.png"
        draw_card(card, target)
        return open_picture(target)


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
