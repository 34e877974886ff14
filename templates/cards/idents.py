"""The ident (片头) of a series: three seconds in which its motif builds up and its name appears, and a jingle.

Typst draws the pieces once, MoviePy runs the clock, Pillow lays the pieces over one another. The last frames hold the
same ground as the title card, so that only the words change at the cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text
from courseware.times import frames_for_ms
from templates.cards.drawing import Bar, Ground, Layer, Part, TextLine, draw_pages
from templates.cards.layout import Box, LabelledRow, fit_hero, fit_rows, measures, rows_height, set_hero, set_rows
from templates.cards.looks import Look
from templates.cards.motifs import MOTIONS, Motion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = NDArray[np.uint8]

# Part of every key of a rendition: raise it when the drawing, the movement or the sound changes.
IDENT_RECIPE = 1
SCRIPT_MS = 3000  # what all the times here and in MOTIONS refer to; another length is played slower or faster
_LETTER_FROM_MS, _LETTERS_MS, _LETTER_MS = 600, 600, 450
_RULE, _OFFICE = Motion("unroll", 900, 1400), Motion("fade", 1350, 1850)
_LARGER = 1.2  # the name than a lesson's title
_FOOT = 0.43  # where on its width a plant of typst/motifs.typ stands


@dataclass(frozen=True, slots=True)
class Ident:
    """What stands before the title card; the same for all lessons of a series.

    Attributes:
        width, height: canvas in pixels.
        series, office: names as printed; the office is left out where it would not be legible.
    """

    width: int
    height: int
    look: Look
    series: str
    office: str
    fps: Fraction = Fraction(25)
    duration_ms: int = SCRIPT_MS


@dataclass(frozen=True, slots=True)
class _Sprite:
    """A piece of the picture: its pixels without the clear border, its place at rest, how it gets there."""

    pixels: Image
    mask: Image
    x: int
    y: int
    motion: Motion


def ident_texts(ident: Ident) -> tuple[str, ...]:
    """Every text an ident may draw, for the check of glyphs."""
    return tuple(one for one in (ident.series, ident.office) if one)


def ident_frames(ident: Ident) -> Iterator[bytes]:
    """The pictures as rgb24: height × width × 3 bytes each, as many as last `duration_ms`."""
    from moviepy import VideoClip

    fps, count = ident.fps, frames_for_ms(ident.duration_ms, ident.fps)
    stage = _Stage.of(ident)

    def picture(seconds: float) -> Pixels:
        return stage.at(round(seconds * 1000) * SCRIPT_MS // ident.duration_ms)

    clip = VideoClip(picture, duration=float(count / fps))
    for index in range(count):
        yield clip.get_frame(float(index / fps)).tobytes()


@dataclass(slots=True)
class _Stage:
    """The pieces in order, back to front. What has come to rest is painted into the ground and not moved again."""

    ground: Image
    waiting: list[_Sprite]
    settled_ms: int = field(default=-1, init=False)

    @classmethod
    def of(cls, ident: Ident) -> _Stage:
        """Everything drawn, nothing shown yet."""
        motions = MOTIONS[ident.look.motif]
        texts = plan_ident(ident)
        pages: list[Sequence[Part]] = [(Ground(),), *((Layer(index),) for index in range(len(motions)))]
        pages += [(part,) for part in texts]
        ground, *pictures = draw_pages(ident.width, ident.height, ident.look, pages)
        layers, words = pictures[: len(motions)], pictures[len(motions) :]
        sprites = [_sprite(picture, motion) for picture, motion in zip(layers, motions, strict=True)]
        sprites += _word_sprites(texts, words)
        return cls(ground.convert("RGB"), [sprite for sprite in sprites if sprite is not None])

    def at(self, now_ms: int) -> Pixels:
        """The picture at a moment of the script, height × width × 3; moments must not go back."""
        import numpy as np

        while self.waiting and self.waiting[0].motion.end_ms <= now_ms:
            _paint(self.ground, self.waiting.pop(0), now_ms)
        picture = self.ground.copy()
        for sprite in self.waiting:
            _paint(picture, sprite, now_ms)
        return np.asarray(picture)


def plan_ident(ident: Ident) -> tuple[TextLine | Bar, ...]:
    """The series' name, a rule and the office, placed; the name stays large, the office may be left out."""
    sizes = measures(ident.width, ident.height)
    safe, gap = sizes.safe, max(3, round(sizes.body * 0.55))
    rule = max(2, round(sizes.body * 0.14))
    office = (LabelledRow(ident.office, sizes.body, tone="soft"),)
    blocks = fit_rows(office, safe.width, 2) if ident.office else None
    for company in (blocks, None) if blocks else (None,):
        below = rule + 2 * gap + (rows_height(office, company) + gap if company else 0)
        box = Box(safe.x, safe.y, safe.width, safe.height - below)
        hero = fit_hero(ident.series, box, round(sizes.hero * _LARGER), round(sizes.body * 1.2) if company else 1)
        if hero is not None:
            break
    else:
        what = text(
            "too long for a screen of {width}×{height} pixels; shorten it", width=ident.width, height=ident.height
        )
        raise InputError(Problem(ident.series, what))
    lines = tuple(set_hero(hero, box))
    top = lines[-1].baseline + round(hero.em * 0.22) + gap
    bar = Bar(safe.x, top, min(safe.width, round(hero.em * 1.6)), rule, "accent")
    return (*lines, bar, *(set_rows(office, company, safe.x, top + rule + gap) if company else ()))


def _word_sprites(parts: Sequence[TextLine | Bar], pictures: Sequence[Image]) -> Iterator[_Sprite | None]:
    """The name letter by letter, then the rule, then the office."""
    rule = next(index for index, part in enumerate(parts) if isinstance(part, Bar))
    letters = [
        (picture, edges)
        for part, picture in zip(parts[:rule], pictures, strict=False)
        if isinstance(part, TextLine)
        for edges in _letter_edges(part)
    ]
    for number, (picture, (left, right)) in enumerate(letters):
        start = _LETTER_FROM_MS + _LETTERS_MS * number // len(letters)
        piece = picture.crop((left, 0, right, picture.height))
        yield _sprite(piece, Motion("fade", start, start + _LETTER_MS), left)
    yield _sprite(pictures[rule], _RULE)
    for picture in pictures[rule + 1 :]:
        yield _sprite(picture, _OFFICE)


def _letter_edges(line: TextLine) -> Iterator[tuple[int, int]]:
    """Where each character begins and ends; the outer ones take what overhangs."""
    from templates.type.fonts import advance

    left = 0
    for index in range(1, len(line.text) + 1):
        last = index == len(line.text)
        right = line.x + line.width + line.em if last else line.x + round(advance(line.text[:index], line.em, "Bold"))
        yield left, right
        left = right


def _sprite(picture: Image, motion: Motion, offset: int = 0) -> _Sprite | None:
    """The picture without its clear border; None when it is all clear, as a blank is."""
    box = picture.getchannel("A").getbbox()
    if box is None:
        return None
    piece = picture.crop(box)
    return _Sprite(piece.convert("RGB"), piece.getchannel("A"), box[0] + offset, box[1], motion)


def _paint(picture: Image, sprite: _Sprite, now_ms: int) -> None:
    """Lay the sprite over the picture as far as it has come."""
    kind, start, end = sprite.motion
    share = _eased(min(1.0, max(0.0, (now_ms - start) / (end - start))))
    if share == 0:
        return
    pixels, mask, x, y = sprite.pixels, sprite.mask, sprite.x, sprite.y
    if share < 1:
        match kind:
            case "rise":
                y += round((picture.height - y) * (1 - share))
            case "fade":
                mask = mask.point([round(level * share) for level in range(256)])
                y += round(pixels.height * 0.35 * (1 - share))
            case "unroll":
                pixels, mask, y = _lower_part(pixels, mask, y, share)
            case "grow":
                pixels, mask, x, y = _smaller(pixels, mask, x, y, share)
    picture.paste(pixels, (x, y), mask)


def _eased(share: float) -> float:
    """Quick at first, then gentler, at rest in the end."""
    return float(1 - (1 - share) ** 3)


def _lower_part(pixels: Image, mask: Image, y: int, share: float) -> tuple[Image, Image, int]:
    cut = min(pixels.height - 1, round(pixels.height * (1 - share)))
    box = (0, cut, pixels.width, pixels.height)
    return pixels.crop(box), mask.crop(box), y + cut


def _smaller(pixels: Image, mask: Image, x: int, y: int, share: float) -> tuple[Image, Image, int, int]:
    from PIL import Image as Pictures

    size = (max(1, round(pixels.width * share)), max(1, round(pixels.height * share)))
    left, top = x + round((pixels.width - size[0]) * _FOOT), y + pixels.height - size[1]
    bilinear = Pictures.Resampling.BILINEAR
    return pixels.resize(size, bilinear), mask.resize(size, bilinear), left, top


def write_jingle(ident: Ident, target: Path) -> None:
    """Write the ident's sound: WAV, 48 kHz, stereo, 16 bit, exactly `duration_ms`; all or nothing."""
    from templates.cards.jingle import write_melody

    write_melody(ident.look.motif, ident.duration_ms, target)
