"""Remembers what a rendition was made from, so that it can be said why it is made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from courseware.errors import Text, text
from courseware.files import write_text
from render.plan.graph import encoder
from render.plan.keys import digest, font_hashes
from render.plan.order import Order
from render.plan.plan import RenditionPlan, SourceStretch
from templates.cards.pictures import drawn_facts

_WORDS = {
    "source": text("the video was changed"),
    "captions": text("the subtitles were changed"),
    "mark": text("the logo or watermark was changed"),
    "title": text("the title card was changed"),
    "ident": text("the ident was changed"),
    "end": text("the end card was changed"),
    "body": text("the words were changed"),
    "fit": text("how the picture fills the screen was changed"),
    "sound": text("the sound, or how it is treated, was changed"),
    "profile": text("the settings of the profile were changed"),
    "fonts": text("the fonts were changed"),
    "ffmpeg": text("ffmpeg is another one"),
    "description": text("the series or form was changed"),
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a rendition was made from: a hash of each thing, "" for what it does not have."""

    source: str = ""
    captions: str = ""
    mark: str = ""
    title: str = ""
    ident: str = ""
    end: str = ""
    body: str = ""
    fit: str = ""
    sound: str = ""
    profile: str = ""
    fonts: str = ""
    ffmpeg: str = ""
    description: str = ""
    pieces: str = ""


def inputs_of(
    plan: RenditionPlan, order: Order, source_sha256: str, keys: Sequence[str], sound: str, ffmpeg_version: str
) -> Inputs:
    """What a rendition of this plan is made from."""
    cards = {
        piece.chunk.segment: piece.picture for piece in plan.pieces if not isinstance(piece.picture, SourceStretch)
    }
    footage = [piece.picture for piece in plan.pieces if isinstance(piece.picture, SourceStretch)]
    found: dict[str, Any] = {
        "source": source_sha256,
        "captions": [one.captions for one in footage],
        "mark": next((drawn_facts(piece.mark) for piece in plan.pieces if piece.mark), None),
        **{str(name): drawn_facts(card) for name, card in cards.items()},
        "fit": plan.fit,
        "sound": sound,
        "profile": encoder(plan.profile),
        "fonts": font_hashes(),
        "ffmpeg": ffmpeg_version,
        "description": [order.series, order.form],
        "pieces": keys,
    }
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
    changed = [what for name, what in _WORDS.items() if getattr(before, name) != getattr(now, name)]
    yield from changed or [text("yuanjiao makes it another way now, or the file was changed")]


def _amount(plan: RenditionPlan, missing: int, *, sound: bool) -> Text:
    all_pieces = len(plan.pieces)
    if not missing and not sound:
        return text("all {count} pieces are in the store; they only have to be joined", count=all_pieces)
    if sound:
        return text("to make: {missing} of {count} pieces, and the sound", missing=missing, count=all_pieces)
    return text("to make: {missing} of {count} pieces", missing=missing, count=all_pieces)


def remember(cache_dir: Path, profile: str, lesson: str, inputs: Inputs) -> None:
    """Keep what a rendition was made from."""
    write_text(_record(cache_dir, profile, lesson), json.dumps(asdict(inputs), indent=1), lasting=False)


def load_inputs(cache_dir: Path, profile: str, lesson: str) -> Inputs | None:
    """What a rendition was made from; None when that is not known."""
    try:
        found = json.loads(_record(cache_dir, profile, lesson).read_text(encoding="utf-8"))
        return Inputs(**found)
    except (OSError, ValueError, TypeError):
        return None


def _record(cache_dir: Path, profile: str, lesson: str) -> Path:
    return cache_dir / "made" / profile / f"{lesson}.json"
