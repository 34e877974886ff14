"""Says what a rendition is made from, and why it is made anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from courseware.errors import Text, text
from courseware.lessons.made_from import Inputs, changes
from render.plan.graph import encoder
from render.plan.keys import digest, font_hashes
from render.plan.order import Order
from render.plan.plan import CrossFade, RenditionPlan, SourceStretch
from templates.cards.pictures import drawn_facts


def inputs_of(
    plan: RenditionPlan, order: Order, sources: Sequence[str], keys: Sequence[str], sound: str, ffmpeg_version: str
) -> Inputs:
    """What a rendition of this plan is made from.

    Args:
        sources: SHA-256 of each video.
    """
    footage = [piece.picture for piece in plan.pieces if isinstance(piece.picture, SourceStretch | CrossFade)]
    cards = {
        piece.chunk.segment: piece.picture
        for piece in plan.pieces
        if not isinstance(piece.picture, SourceStretch | CrossFade)
    }
    found: dict[str, Any] = {
        "source": "".join(sources),
        "captions": [one.captions for one in footage],
        "mark": next((drawn_facts(piece.mark) for piece in plan.pieces if piece.mark), None),
        **{str(name): drawn_facts(card) for name, card in cards.items()},
        "fit": order.fit,
        "sound": sound,
        "profile": encoder(plan.profile),
        "fonts": font_hashes(),
        "ffmpeg": ffmpeg_version,
        "description": [order.series, order.form],
        "pieces": keys,
    }
    if order.clips or order.rotate:
        found["clips"] = [order.rotate, [replace(clip, path=Path(clip.path.name)) for clip in order.clips]]
    return Inputs(**{name: digest([value])[:16] for name, value in found.items()})


def reasons(
    before: Inputs | None, now: Inputs, plan: RenditionPlan, *, finished: bool, missing: int, sound: bool
) -> tuple[Text, ...]:
    """Why a rendition is due, and how much of it has to be made.

    Args:
        before: what the last one was made from; None when that is not known.
        finished: whether there is a file that was finished once.
        missing: pieces that the store lacks.
        sound: whether the sound has to be made, too.
    """
    return (*_causes(before, now, finished=finished), _amount(plan, missing, sound=sound))


def _causes(before: Inputs | None, now: Inputs, *, finished: bool) -> Iterator[Text]:
    if not finished:
        yield text("it is not there yet, or is not as it was finished")
        return
    if before is None:
        yield text("it was made by another version")
        return
    yield from changes(before, now) or [text("yuanjiao makes it another way now, or the file was changed")]


def _amount(plan: RenditionPlan, missing: int, *, sound: bool) -> Text:
    all_pieces = len(plan.pieces)
    if not missing and not sound:
        return text("all {count} pieces are in the store; they only have to be joined", count=all_pieces)
    if sound:
        return text("to make: {missing} of {count} pieces, and the sound", missing=missing, count=all_pieces)
    return text("to make: {missing} of {count} pieces", missing=missing, count=all_pieces)
