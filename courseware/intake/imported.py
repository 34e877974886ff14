"""What an import remembers in each lesson's folder, and what it can tell by that: renamed, doubled, gone lessons."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.clutter import listed
from courseware.errors import Problem, text
from courseware.intake.merge import Merge

MEMORY_NAME = ".import.json"
_MOST_NAMED = 10  # lessons that a remark lists


@dataclass(frozen=True, slots=True)
class Imported:
    """A lesson that an import made or touched: its sheet, and the fingerprint of its video ("" without one)."""

    id: str
    sheet: str
    video: str


def load_memory(folder: Path) -> dict[str, Any]:
    """What the last import wrote; nothing when there was none, so that whatever stands there is a person's."""
    try:
        memory = json.loads((folder / MEMORY_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    parts = memory.items() if isinstance(memory, dict) else ()
    return {key: value for key, value in parts if isinstance(value, dict)}


def memory_text(values: Merge, files: Merge, sheet: str) -> str:
    """The file's content after an import."""
    memory = {"values": values.remembered, "files": files.remembered, "from": {"sheet": sheet}}
    return json.dumps(memory, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def imported_lessons(lessons_dir: Path) -> tuple[Imported, ...]:
    """Every lesson that an import knows, by id."""
    found = []
    for folder in listed(lessons_dir):
        if memory := load_memory(folder):
            sheet, video = memory.get("from", {}).get("sheet", ""), memory.get("files", {}).get("source", "")
            found.append(Imported(folder.name, str(sheet), str(video)))
    return tuple(found)


def renamed_from(video: str, known: Iterable[Imported], listed_ids: Collection[str]) -> str:
    """The lesson that has this video and is in the sheet no more: it was most likely given a new title; or ""."""
    others = (one.id for one in known if video and one.video == video and one.id.casefold() not in listed_ids)
    return next(others, "")


def doubled(videos: Iterable[tuple[str, str, str]], known: Iterable[Imported]) -> tuple[Problem, ...]:
    """Lessons of the sheet that have one and the same video, each told once.

    Args:
        videos: of each lesson of the sheet its id, the fingerprint of its video and its place.
    """
    rows = [one for one in videos if one[1]]
    ids = {one[0] for one in rows}
    bearers = defaultdict[str, list[str]](list)
    for lesson, video, _ in rows:
        bearers[video].append(lesson)
    for other in known:
        if other.id not in ids and other.video in bearers:
            bearers[other.video].append(other.id)
    places = {video: place for _, video, place in rows}
    return tuple(
        Problem(places[video], text("one and the same video is in several lessons: {ids}", ids="、".join(lessons)))
        for video, lessons in bearers.items()
        if len(lessons) > 1
    )


def no_longer_listed(sheet: str, known: Iterable[Imported], listed_ids: Collection[str]) -> tuple[Problem, ...]:
    """Lessons that an earlier import of a sheet of this name brought, and that are in it no more."""
    gone = [one.id for one in known if one.sheet == sheet and one.id.casefold() not in listed_ids]
    if not gone:
        return ()
    names = "、".join(gone[:_MOST_NAMED]) + ("…" if len(gone) > _MOST_NAMED else "")
    what = text(
        "{count} lessons are in the sheet no more, and stay: {ids}; remove their folders if they are not wanted, then"
        " “yuanjiao clean”",
        count=len(gone),
        ids=names,
    )
    return (Problem(sheet, what),)
