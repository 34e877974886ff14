"""Keys: the hash of everything that can change a piece's bytes. The same key, the same bytes.

What cannot change them stays out: where the source lies, who asks, how far ffmpeg had to seek.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from courseware.files import sha256
from render.plan.chunks import cut_stretch
from render.plan.graph import DRAWN_OUTPUT, WantedChunk, drawn_arguments, fade_arguments, footage_arguments
from render.plan.montage import Reel
from render.plan.plan import CrossFade, Piece, RenditionPlan, SourceStretch
from render.plan.profiles import Profile
from render.plan.timeline import IDENT_MS
from render.plan.watermark import WATERMARK_RECIPE
from templates.cards.cards import CARD_RECIPE
from templates.cards.idents import IDENT_RECIPE, Ident
from templates.cards.looks import Look
from templates.cards.pictures import drawn_facts
from templates.type.fonts import font_files

RECIPE = 2  # raise when the same arguments would be carried out differently


@cache
def font_hashes() -> tuple[str, ...]:
    """Of the shipped fonts, in their order."""
    return tuple(sha256(path) for path in font_files())


def piece_keys(plan: RenditionPlan, ffmpeg_version: str) -> tuple[str, ...]:
    """A key for each piece of the plan, in order."""
    footage = [_footage_base(reel, plan.profile) for reel in plan.reels]
    return tuple(digest([RECIPE, ffmpeg_version, *_piece_parts(plan, piece, footage)]) for piece in plan.pieces)


def ident_key(ident: Ident, ffmpeg_version: str) -> str:
    """Of an ident before it is encoded for a profile."""
    return digest([RECIPE, IDENT_RECIPE, ffmpeg_version, font_hashes(), drawn_facts(ident)])


def jingle_key(look: Look) -> str:
    """Of the sound of an ident, which is the same on every canvas."""
    return digest([IDENT_RECIPE, look.motif, IDENT_MS])


def rendition_key(plan: RenditionPlan, pieces: Sequence[str], sound: str, describes: Sequence[str]) -> str:
    """Of the finished file: its pieces, its sound, what joins them, and what its description says.

    Args:
        pieces: their keys.
        sound: key of the soundtrack.
        describes: the words of the description.
    """
    import av

    return digest([RECIPE, sorted(av.library_versions.items()), plan.profile.name, pieces, sound, describes])


def _footage_base(reel: Reel, profile: Profile) -> list[Any]:
    """What all stretches of a source have in common: every argument that a run from the beginning would have."""
    whole = reel.frames(profile.fps)
    first = WantedChunk(profile, cut_stretch(0, whole, whole, profile.fps)[0], "out.mp4")
    return [reel.content, footage_arguments(reel, [first], seek=False)]


def _piece_parts(plan: RenditionPlan, piece: Piece, footage: list[list[Any]]) -> list[Any]:
    chunk, picture = piece.chunk, piece.picture
    mark = [drawn_facts(piece.mark), WATERMARK_RECIPE] if piece.mark else []
    if isinstance(picture, SourceStretch | CrossFade):
        shown = [chunk.start, chunk.frames, chunk.last, picture.captions, mark]
        fonts = font_hashes() if picture.captions or mark else ()
        if isinstance(picture, SourceStretch):
            return ["footage", *footage[picture.reel], *shown, fonts]
        reels = [plan.reels[number] for number in picture.reels]
        wanted = WantedChunk(plan.profile, chunk, "out.mp4")
        arguments = fade_arguments(reels, picture.starts, picture.frames, wanted, seek=False)
        return ["fade", *(reel.content for reel in reels), arguments, *shown, fonts]
    recipe = IDENT_RECIPE if isinstance(picture, Ident) else CARD_RECIPE
    arguments = drawn_arguments(picture, [WantedChunk(plan.profile, chunk, DRAWN_OUTPUT)], colours="each")
    return [type(picture).__name__, drawn_facts(picture), recipe, mark, font_hashes(), arguments]


def digest(parts: Sequence[Any]) -> str:
    """Hash of anything that JSON, or a word, can stand for."""
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
