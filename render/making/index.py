"""The index: of which files, by size, times and inode, each rendition was made. An unchanged lesson costs one look.

It only ever says that nothing has changed; whoever is not in it is examined by content.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from courseware.clutter import listed
from courseware.files import write_text
from courseware.lessons.dictionary import FILE_NAME as DICTIONARY
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition, load_rendition
from courseware.lessons.workspace import Workspace
from courseware.speaking.pronunciations import FILE_NAME as PRONUNCIATIONS
from courseware.unchanged import stamp, while_unchanged
from render.work.ffmpeg import Ffmpeg
from templates.type.fonts import font_files

_OUR_CODE = ("courseware", "render", "templates")


class IndexEntry(NamedTuple):
    """A finished rendition: what its lesson was, and the bytes that were made of it."""

    signature: str
    sha256: str


@dataclass(slots=True)
class Index:
    """What the last runs made.

    Attributes:
        common: signature of everything that concerns all lessons.
    """

    path: Path
    common: str
    marks: dict[str, IndexEntry] = field(default_factory=dict)

    def seconds_of(self, name: str, signature: str, finished: Path) -> int | None:
        """Length of a rendition that is as it was left, and whose lesson is; None when that cannot be said.

        Args:
            name: of the rendition.
            signature: of the lesson as it is now.
        """
        if name not in self.marks:
            return None
        found = load_rendition(finished.parent, finished.stem)
        return found.seconds if found and self.holds(name, signature, found) else None

    def holds(self, name: str, signature: str, found: Rendition) -> bool:
        """Whether the lesson of a rendition that is as it was made is as it was then."""
        return self.marks.get(name) == (signature, found.sha256)

    def mark(self, name: str, signature: str, finished: Path) -> None:
        """Remember that a rendition was finished just now, or found to be up to date."""
        found = load_rendition(finished.parent, finished.stem)
        if found:
            self.marks[name] = IndexEntry(signature, found.sha256)

    def signature(self, lesson: Lesson) -> str:
        """Of the lesson's settings, of every file in its folder, and of those it names in a folder below."""
        told, named = _told(lesson)
        there = {os.path.join(lesson.folder, name) for name in os.listdir(lesson.folder)}  # noqa: PTH118, PTH208  (a page asks it of all)
        return _hash([self.common, told, *_stamps(there | named)])

    def save(self) -> None:
        """Write it for the next run, which is only quicker for it."""
        with suppress(OSError):
            write_text(self.path, json.dumps({"common": self.common, "marks": self.marks}), lasting=False)


def load_index(workspace: Workspace, ffmpeg: Ffmpeg, *, salvage: bool) -> Index:
    """The index of a workspace; empty when there is none or when something changed that concerns all lessons."""
    ours = (ffmpeg.version, repr(workspace.settings), str(salvage))
    common = _hash([*ours, *_own_stamps(), *_stamps(map(str, _shared_files(workspace)))])
    path = workspace.cache_dir / "made" / "index.json"
    before, marks = _marks_in(path)
    return Index(path, common, dict(marks) if before == common else {})


@while_unchanged(lambda path: (path,), most=2)
def _marks_in(path: Path) -> tuple[str, Mapping[str, IndexEntry]]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return str(values.get("common")), {name: IndexEntry(*mark) for name, mark in values["marks"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", {}


def _shared_files(workspace: Workspace) -> Iterator[Path]:
    """What every rendition of a workspace depends on: the dictionary, how words are read, logos, a voice model."""
    yield workspace.root / DICTIONARY
    yield workspace.root / PRONUNCIATIONS
    if workspace.settings.render.voice_model:
        yield from listed(workspace.root / workspace.settings.render.voice_model)
    yield from (workspace.root / screen.logo for screen in workspace.settings.render.screens.values() if screen.logo)


@cache
def _own_stamps() -> tuple[str, ...]:
    """Of our fonts, pages and code as this process uses them, in which they stay the same."""
    home = Path(__file__).parents[2]
    code = (path for package in _OUR_CODE for path in (home / package).rglob("*.py"))
    return tuple(_stamps(map(str, [*font_files(), *(home / "templates" / "typst").iterdir(), *code])))


@lru_cache(maxsize=4096)
def _told(lesson: Lesson) -> tuple[str, frozenset[str]]:
    """A lesson's settings, and the files that it names."""
    beside = (lesson.subtitles_path, lesson.subtitles_second_path, lesson.music_path, *lesson.narration_paths)
    return repr(lesson), frozenset(str(path) for path in (*lesson.shown_files, *beside, lesson.picture_path) if path)


def _stamps(paths: Iterable[str]) -> list[str]:
    return [f"{path} {_stamp(path)}" for path in sorted(paths)]


def _stamp(path: str) -> str:
    try:
        return stamp(os.stat(path))  # noqa: PTH116  (as above)
    except OSError:
        return "-"


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
