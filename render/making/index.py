"""The index: of which files, by size, times and inode, each rendition was made. An unchanged lesson costs one look.

It only ever says that nothing has changed; whoever is not in it is examined by content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from courseware.clutter import listed
from courseware.files import write_text
from courseware.lessons.dictionary import FILE_NAME as DICTIONARY
from courseware.lessons.lesson import Lesson
from courseware.lessons.proofs import stamp
from courseware.lessons.rendition import load_rendition
from courseware.lessons.workspace import Workspace
from courseware.speaking.pronunciations import FILE_NAME as PRONUNCIATIONS
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
        mark = self.marks.get(name)
        if mark is None or mark.signature != signature:
            return None
        found = load_rendition(finished.parent, finished.stem)
        return found.seconds if found and found.sha256 == mark.sha256 else None

    def mark(self, name: str, signature: str, finished: Path) -> None:
        """Remember that a rendition was finished just now, or found to be up to date."""
        found = load_rendition(finished.parent, finished.stem)
        if found:
            self.marks[name] = IndexEntry(signature, found.sha256)

    def signature(self, lesson: Lesson) -> str:
        """Of the lesson's settings, of every file in its folder, and of those it names in a folder below."""
        beside = (lesson.subtitles_path, lesson.subtitles_second_path, lesson.music_path, *lesson.narration_paths)
        named = (*lesson.shown_files, *beside, lesson.picture_path)
        paths = {*lesson.folder.iterdir(), *(path for path in named if path)}
        return _hash([self.common, repr(lesson), *_stamps(paths)])

    def save(self) -> None:
        """Write it for the next run, which is only quicker for it."""
        with suppress(OSError):
            write_text(self.path, json.dumps({"common": self.common, "marks": self.marks}), lasting=False)


def load_index(workspace: Workspace, ffmpeg: Ffmpeg, *, salvage: bool) -> Index:
    """The index of a workspace; empty when there is none or when something changed that concerns all lessons."""
    ours = (ffmpeg.version, repr(workspace.settings), str(salvage))
    common = _hash([*ours, *_stamps([*font_files(), *_shared_files(workspace)])])
    path = workspace.cache_dir / "made" / "index.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        marks = {name: IndexEntry(*mark) for name, mark in values["marks"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Index(path, common)
    return Index(path, common, marks if values.get("common") == common else {})


def _shared_files(workspace: Workspace) -> Iterator[Path]:
    """What every rendition depends on: the dictionary, how words are read, logos, a voice model and our own code."""
    yield workspace.root / DICTIONARY
    yield workspace.root / PRONUNCIATIONS
    if workspace.settings.render.voice_model:
        yield from listed(workspace.root / workspace.settings.render.voice_model)
    yield from (workspace.root / screen.logo for screen in workspace.settings.render.screens.values() if screen.logo)
    home = Path(__file__).parents[2]
    yield from (home / "templates" / "typst").iterdir()
    yield from (path for package in _OUR_CODE for path in (home / package).rglob("*.py"))


def _stamps(paths: Iterable[Path]) -> list[str]:
    return [f"{path} {_stamp(path)}" for path in sorted(paths)]


def _stamp(path: Path) -> str:
    try:
        return stamp(path.stat())
    except OSError:
        return "-"


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
