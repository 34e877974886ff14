"""What was seen and heard of a rendition when its pieces were made, kept so that no check has to decode it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from courseware.lessons.rendition import Rendition
from courseware.storage.sealed import read_sealed, write_sealed
from render.plan.profiles import Profile
from render.quality.checking import Known
from render.quality.facts import dump_facts, joined, load_facts
from render.quality.sound import load_sound
from render.work.store import Stored

Recall = Callable[[Rendition, Profile], Known | None]


def keep_seen(cache_dir: Path, rendition: Rendition, pieces: Sequence[Stored], sound: Stored) -> None:
    """Keep what was found out about the pieces of a finished rendition."""
    picture = joined([load_facts(piece.facts.seen) for piece in pieces])
    write_sealed(_record(cache_dir, rendition), _dump(rendition.sha256, dump_facts(picture), sound.facts.heard))


def recall_from(cache_dir: Path, *, fresh: bool = False) -> Recall:
    """What was kept, by rendition; of others only what their description says.

    Args:
        fresh: the files were written just now, so their bytes need not be compared.
    """

    def recall(about: Rendition, profile: Profile) -> Known | None:
        del profile
        kept = _load(read_sealed(_record(cache_dir, about)) or "")
        if kept is None or kept.sha256 != about.sha256:
            return Known(sha256=about.sha256)
        return replace(kept, sha256="") if fresh else kept

    return recall


def _dump(sha256: str, picture: str, sound: str) -> str:
    return json.dumps({"sha256": sha256, "picture": picture, "sound": sound})


def _load(content: str) -> Known | None:
    """What `_dump` wrote; None for anything else."""
    try:
        values = json.loads(content)
        return Known(values["sha256"], load_facts(values["picture"]), load_sound(values["sound"]))
    except (ValueError, KeyError, TypeError):
        return None


def _record(cache_dir: Path, rendition: Rendition) -> Path:
    return cache_dir / "made" / rendition.profile / f"{rendition.lesson}.seen.json"
