"""What an import remembers in each lesson's folder, and what it can tell by that: renamed, doubled, gone lessons."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import Problem, text

MEMORY_NAME = ".import.json"
_MOST_NAMED = 10  # lessons that a remark lists


@dataclass(frozen=True, slots=True)
class Imported:
    """A lesson that an import made or touched: its sheet, and the fingerprint of its video ("" without one)."""

    id: str
    sheet: str
    video: str


@dataclass(frozen=True, slots=True)
class ImportMemory:
    """What an import wrote into a lesson's folder.

    Attributes:
        values: of lesson.toml, by key.
        files: fingerprint of each file that was brought, by the key that names it.
        sheet: name of the list of lessons.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, object] = field(default_factory=dict)
    sheet: str = ""

    @property
    def video(self) -> str:
        """The fingerprint of the video; "" without one."""
        return str(self.files.get("source", ""))


NO_MEMORY = ImportMemory()


def load_memory(folder: Path) -> ImportMemory:
    """What the last import wrote; nothing when there was none, so that whatever stands there is a person's."""
    try:
        memory = json.loads((folder / MEMORY_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return NO_MEMORY
    values, files, origin = (_table(memory, name) for name in ("values", "files", "from"))
    return ImportMemory(values, files, str(origin.get("sheet", "")))


def _table(memory: object, name: str) -> Mapping[str, object]:
    found = memory.get(name) if isinstance(memory, dict) else None
    return found if isinstance(found, dict) else {}


def dump_memory(memory: ImportMemory) -> str:
    """What `load_memory` reads."""
    parts = {"values": memory.values, "files": memory.files, "from": {"sheet": memory.sheet}}
    return json.dumps(parts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def imported_lessons(lessons_dir: Path) -> tuple[Imported, ...]:
    """Every lesson that an import knows, by id."""
    known = ((folder.name, load_memory(folder)) for folder in listed(lessons_dir))
    return tuple(Imported(lesson, memory.sheet, memory.video) for lesson, memory in known if memory != NO_MEMORY)


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
