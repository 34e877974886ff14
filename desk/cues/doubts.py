"""Which cues a person should still look at after a script was timed; kept in the cache, by lesson."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from courseware.align.report import DOUBTS
from courseware.files import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from courseware.align.confidence import Doubt
    from courseware.lessons.workspace import Workspace

CueKey = tuple[int, str]  # where it starts and what it says: after a change of either it was looked at


def keep_doubts(workspace: Workspace, lesson: str, doubts: Iterable[tuple[int, str, Sequence[Doubt]]]) -> None:
    """Remember them in the place of those from before."""
    content = json.dumps([[start_ms, said, list(why)] for start_ms, said, why in doubts], ensure_ascii=False)
    write_text(_record(workspace, lesson), content, lasting=False)


def doubts_of(workspace: Workspace, lesson: str) -> Mapping[CueKey, tuple[Doubt, ...]]:
    """What was remembered; nothing when the record is damaged or away."""
    try:
        entries: Any = json.loads(_record(workspace, lesson).read_text(encoding="utf-8"))
        return {(int(at), str(said)): tuple(one for one in why if one in DOUBTS) for at, said, why in entries}
    except (OSError, ValueError, TypeError):
        return {}


def _record(workspace: Workspace, lesson: str) -> Path:
    return workspace.cache_dir / "desk" / "doubts" / f"{lesson}.json"
