"""Title card and end card of a lesson, and all other cards, as pictures. Decides what a canvas has room for.

What is dropped first where room is short: names and offices, then the QR code. The title and the credit, which
licences such as CC BY ask for, are never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text
from courseware.files import replacing
from templates.cards.alerts import AlertCard, alert_texts, draw_alert
from templates.cards.backgrounds import set_on_picture
from templates.cards.drawing import Ground, Layer, Part, draw_pages
from templates.cards.layout import (
    BODY_FLOOR,
    LAST_RESORT,
    SMALL_LIMIT,
    Box,
    LabelledRow,
    Measures,
    clear_of,
    fit_code,
    fit_hero,
    fit_rows,
    measures,
    rows_height,
    set_hero,
    set_rows,
    weight_of,
)
from templates.cards.looks import Look
from templates.cards.motifs import layer_count
from templates.cards.notices import NoticeSheet, draw_notice, notice_texts
from templates.cards.pictures import Picture, open_ground
from templates.cards.slogans import SloganCard, plan_slogan, slogan_texts
from templates.cards.steps.card import StepCard, step_texts
from templates.cards.steps.drawing import draw_step
from templates.type.fonts import advance

if TYPE_CHECKING:
    from PIL.Image import Image

# Part of every key of a rendition: raise it when the drawing changes.
CARD_RECIPE = 1
_HEADER_LINES = 2
_CODE_SHARE = 0.4  # of the safe width and, where there is room for more than the code, of the safe height
_GREETING, _SCAN = "谢谢观看", "手机扫码观看"
_PRESENTER, _PRODUCER, _REVIEWER = "主讲", "制作", "审核"


@dataclass(frozen=True, slots=True)
class TitleCard:
    """What stands before a lesson. Empty presenter or producer: not shown.

    Attributes:
        width, height: canvas in pixels.
        picture: behind the words, in the place of the look's scenery.
        clear_top_px, clear_bottom_px: covered by a clock or a ticker of the player's.
    """

    width: int
    height: int
    look: Look
    title: str
    series: str
    form: str
    presenter: str
    producer: str
    picture: Picture | None = None
    clear_top_px: int = 0
    clear_bottom_px: int = 0


@dataclass(frozen=True, slots=True)
class EndCard:
    """What stands after a lesson. Empty texts are not shown, an empty link makes no QR code.

    Attributes:
        width, height: canvas in pixels.
        credit: whom the licence of footage or sound wants named.
        clear_top_px, clear_bottom_px: covered by a clock or a ticker of the player's.
    """

    width: int
    height: int
    look: Look
    title: str
    producer: str
    reviewer: str
    office: str
    credit: str
    link: str
    clear_top_px: int = 0
    clear_bottom_px: int = 0


Card = TitleCard | EndCard | SloganCard | NoticeSheet | AlertCard | StepCard


@dataclass(frozen=True, slots=True)
class _Version:
    """One way to fill a card; richer ones are tried first."""

    header: tuple[LabelledRow, ...]
    hero: str
    footer: tuple[LabelledRow, ...]
    link: str = ""


def card_texts(card: Card) -> tuple[str, ...]:
    """Every text a card may draw, for the check of glyphs."""
    match card:
        case TitleCard():
            texts = [_PRESENTER, _PRODUCER, card.title, _series_line(card), card.presenter, card.producer]
        case EndCard():
            texts = [_PRODUCER, _REVIEWER, _GREETING, _SCAN]
            texts += [card.title, card.producer, card.reviewer, card.office, card.credit]
        case SloganCard():
            texts = [*slogan_texts(card)]
        case NoticeSheet():
            texts = [*notice_texts(card)]
        case AlertCard():
            texts = [*alert_texts(card)]
        case StepCard():
            texts = [*step_texts(card)]
    return tuple(one for one in texts if one)


def draw_card(card: Card, target: Path) -> None:
    """Write the card as an RGB PNG of exactly width × height pixels, a notice as long as it is; all or nothing.

    Raises:
        InputError: a text is too long for the canvas, or the background picture cannot be shown.
    """
    match card:
        case NoticeSheet():
            picture = draw_notice(card)
        case AlertCard():
            picture = draw_alert(card)
        case StepCard():
            picture = draw_step(card)
        case _:
            picture = _drawn(card)
    with replacing(target, lasting=False) as scratch:
        picture.save(scratch, format="PNG", compress_level=3)


def _drawn(card: TitleCard | EndCard | SloganCard) -> Image:
    parts = plan_card(card)
    if not isinstance(card, EndCard) and card.picture:
        ground = open_ground(card.picture.path, around=(card.width, card.height))
        return set_on_picture(card.width, card.height, card.look, ground, parts)
    parts = (Ground(), *(Layer(index) for index in range(layer_count(card.look.motif))), *parts)
    return draw_pages(card.width, card.height, card.look, [parts])[0].convert("RGB")


def plan_card(card: TitleCard | EndCard | SloganCard) -> tuple[Part, ...]:
    """What stands before the scenery, placed: of all versions the first that leaves the main text large.

    Raises:
        InputError: the title, the credit or the slogan is too long for so small a canvas at any size.
    """
    if isinstance(card, SloganCard):
        return plan_slogan(card)
    sizes = clear_of(measures(card.width, card.height), card.height, card.clear_top_px, card.clear_bottom_px)
    match card:
        case TitleCard():
            versions = tuple(_title_versions(card, sizes))
            smallest = _company_floor(card.title, sizes)
        case EndCard():
            versions = tuple(_end_versions(card, sizes))
            smallest = round(sizes.body * 1.25)
    placed = (_place(version, sizes, smallest) for version in versions[:-1])
    found = next((parts for parts in placed if parts is not None), None)
    found = found or _place(versions[-1], sizes, LAST_RESORT)
    if found is None:
        raise InputError(_too_long(card))
    return found


def _too_long(card: TitleCard | EndCard) -> Problem:
    where = "credit" if isinstance(card, EndCard) and card.credit else "title"
    what = text("too long for a screen of {width}×{height} pixels; shorten it", width=card.width, height=card.height)
    return Problem(where, what)


def _company_floor(title: str, sizes: Measures) -> int:
    """How small other texts may make the title: a little smaller than alone, or clearly larger than they are."""
    alone = fit_hero(title, sizes.safe, sizes.hero)
    best = alone.em if alone else LAST_RESORT
    return max(round(sizes.body * 1.25), min(round(best * 0.9), round(sizes.body * 1.8)))


def _title_versions(card: TitleCard, sizes: Measures) -> Iterator[_Version]:
    people = tuple(
        LabelledRow(name, sizes.body, label)
        for label, name in ((_PRESENTER, card.presenter), (_PRODUCER, card.producer))
        if name
    )
    series, both = (
        (LabelledRow(name, sizes.body, tone="accent", marked=True),) for name in (card.series, _series_line(card))
    )
    for footer in dict.fromkeys((people, people[:1], ())):
        for header in dict.fromkeys((both, series)):
            yield _Version(header, card.title, footer)
    yield _Version((), card.title, ())


def _series_line(card: TitleCard) -> str:
    return "·".join(part for part in (card.series, card.form) if part)


def _end_versions(card: EndCard, sizes: Measures) -> Iterator[_Version]:
    header = (LabelledRow(card.title, sizes.body, tone="accent", marked=True),) if card.title else ()
    made = tuple(
        LabelledRow(name, sizes.body, label)
        for label, name in ((_PRODUCER, card.producer), (_REVIEWER, card.reviewer))
        if name
    )
    office = (
        (LabelledRow(card.office, sizes.body, tone="soft"),) if card.office and card.office != card.producer else ()
    )
    credit = _credit(card, sizes.small)
    people = (made + office, made, made[:1], ())
    for link in dict.fromkeys((card.link, "")):
        for rows in dict.fromkeys(people):
            for top in dict.fromkeys((header, ()) if rows == people[0] else ((),)):
                yield _Version(top, _GREETING, rows + credit, link)
    for em in range(sizes.small - 1, SMALL_LIMIT - 1, -1):
        yield _Version((), _GREETING, _credit(card, em))
    yield _Version((), card.credit or _GREETING, ())


def _credit(card: EndCard, em: int) -> tuple[LabelledRow, ...]:
    return (LabelledRow(card.credit, em, tone="soft"),) if card.credit else ()


def _place(version: _Version, sizes: Measures, smallest: int) -> tuple[Part, ...] | None:
    """The version's parts, or None when something does not fit."""
    code_parts, box = _place_code(version.link, sizes)
    if version.link and not code_parts:
        return None
    header = fit_rows(version.header, box.width)
    footer = fit_rows(version.footer, min(box.width, sizes.footer))
    if header is None or footer is None:
        return None
    if any(len(block.lines) > _HEADER_LINES for block in header):
        return None
    above, below = rows_height(version.header, header), rows_height(version.footer, footer)
    between = round(sizes.body * 0.6)
    middle = Box(
        box.x,
        box.y + above + (between if above else 0),
        box.width,
        box.height - above - below - (between if above else 0) - (between if below else 0),
    )
    hero = fit_hero(version.hero, middle, sizes.hero, smallest)
    if hero is None:
        return None
    return (
        *code_parts,
        *set_rows(version.header, header, box.x, box.y),
        *set_hero(hero, middle),
        *set_rows(version.footer, footer, box.x, box.y + box.height - below),
    )


def _place_code(link: str, sizes: Measures) -> tuple[tuple[Part, ...], Box]:
    """The QR code with its caption, and the box that is left for the texts; no code where it would be too small."""
    safe, share = sizes.safe, _CODE_SHARE if sizes.roomy or sizes.portrait else 1.0
    code = fit_code(link, round(min(safe.width * _CODE_SHARE, safe.height * share))) if link else None
    if code is None:
        return (), safe
    caption = (LabelledRow(_SCAN, max(sizes.small, BODY_FLOOR)),) if sizes.roomy else ()
    blocks = fit_rows(caption, safe.width) or ()
    gap, tall = max(sizes.small, BODY_FLOOR), rows_height(caption, blocks)
    if sizes.portrait:
        top = safe.y + safe.height - code.side
        words = set_rows(caption, blocks, safe.x + code.side + gap, top + (code.side - tall) // 2)
        return (replace(code, x=safe.x, y=top), *words), Box(
            safe.x, safe.y, safe.width, safe.height - code.side - gap
        )
    left = safe.x + safe.width - code.side
    # Where there is room it stands clear of the scenery.
    top = safe.y if sizes.roomy else safe.y + (safe.height - code.side) // 2
    wide = max((ceil(advance(row.text, row.em, weight_of(row.em))) for row in caption), default=0)
    words = set_rows(caption, blocks, left + (code.side - wide) // 2, top + code.side + gap // 2)
    return (replace(code, x=left, y=top), *words), Box(safe.x, safe.y, safe.width - code.side - 2 * gap, safe.height)
