"""Small kits on disk, for the tests of this folder: real names and signatures, videos of some bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from playlists.kits.keys import OfficeKey, dump_public, make_key
from playlists.kits.plan import KitPlan, dump_plan
from playlists.kits.verifying import Verified, verify_kit
from playlists.kits.writing import Contents, Video
from tests.playlists.kits.weeks import BUILT, content_of, plan, week

NOW = BUILT + timedelta(days=3)


def old_plan() -> KitPlan:
    """Revision 3: an evening of the first two videos."""
    return _of_slots("2026-W49", slice(2), 3)


def new_plan() -> KitPlan:
    """Revision 4: an evening of the last two."""
    return _of_slots("2026-W50", slice(1, 3), 4)


def _of_slots(name: str, some: slice, revision: int) -> KitPlan:
    one = week(name)
    monday = one.days[0].model_copy(update={"slots": one.days[0].slots[some]})
    return plan(one.model_copy(update={"days": (monday, *one.days[1:])}), revision=revision)


def contents(made: KitPlan, videos: Path, key: OfficeKey) -> Contents:
    """The kit of a plan; its videos are written to the folder `videos`."""
    videos.mkdir(exist_ok=True)
    for number in range(3):
        (videos / f"{number}.mp4").write_bytes(content_of(number))
    sources = {(videos / f"{n}.mp4").read_bytes(): videos / f"{n}.mp4" for n in range(3)}
    by_hash = {Video(path, len(content), _hash(content)).sha256: path for content, path in sources.items()}
    papers: dict[str, bytes | Path] = {
        "plan.json": dump_plan(made).encode(),
        "key.pub": dump_public(key.public),
        "fallback/ident.mp4": by_hash[_hash(content_of(2))],
        "fallback/card.png": b"card",
        "fallback/idle.png": b"idle",
        "player/yuanjiao.lua": b"-- revision %d" % made.revision,
        "播放.html": b"<html>",
    }
    return Contents(
        {one.path: Video(by_hash[one.sha256], one.size, one.sha256) for one in made.files.values()}, papers
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def office(folder: Path) -> OfficeKey:
    """A key of its own."""
    return make_key(folder / "keys", "测试县远教办")


def verified(stick: Path, key: OfficeKey, now: datetime = NOW, newest: int = 0) -> Verified:
    """What is said of the kit by whoever trusts that key alone."""
    return verify_kit(stick, {key.public.fingerprint: key.public}, now, newest)
