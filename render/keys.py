"""Keys: the hash of everything that can change a rendition's bytes. The same key, the same file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import cache

from courseware.files import sha256
from render.order import Order
from render.plan import RECIPE, Encode, RenditionPlan, source_url
from templates.cards import CARD_RECIPE
from templates.fonts import font_files
from templates.idents import IDENT_RECIPE


@cache
def font_hashes() -> tuple[str, ...]:
    """Of the shipped fonts, in their order."""
    return tuple(sha256(path) for path in font_files())


def rendition_key(plan: RenditionPlan, order: Order, source_sha256: str, ffmpeg_version: str) -> str:
    """Key of the rendition that `plan`, made without levels, stands for.

    Every setting that reaches the plan reaches the key. Where the source lies does not; its bytes do. The levels
    follow from the bytes.
    """
    steps = [{"kind": type(step).__name__, **asdict(step)} for step in plan.steps]
    for step, planned in zip(steps, plan.steps, strict=True):
        if isinstance(planned, Encode):
            step["args"] = ["source" if arg == source_url(order) else arg for arg in planned.args]
    parts = {
        "recipes": [RECIPE, CARD_RECIPE, IDENT_RECIPE],
        "source": source_sha256,
        "ffmpeg": ffmpeg_version,
        "fonts": font_hashes(),
        "profile": [plan.profile, plan.loudness_lkfs, plan.true_peak_dbtp],
        "describes": [order.lesson, order.title, order.series, order.form],
        "steps": steps,
    }
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()
