"""What a person may have changed since it was last written here: told by its hash, and never lost.

What was written is remembered in .yuanjiao/written, a record for each folder. What no record names is a person's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from courseware.errors import Problem, text
from courseware.files import sha256, write_bytes, write_text


@dataclass(slots=True)
class WrittenFiles:
    """The files of a folder as they were last written here; use `remembering`.

    Attributes:
        root: of the workspace, for the names that people are told.
        aside: where what a person touched is kept; None for beside it.
        marks: name → sha256.
    """

    root: Path
    aside: Path | None = None
    marks: dict[str, str] = field(default_factory=dict)

    def is_touched(self, path: Path) -> bool:
        """Whether something lies there that is not what was written last."""
        return path.is_file() and sha256(path) != self.marks.get(path.name)

    def put(self, path: Path, content: str | bytes, *, keep: bool = False) -> tuple[Problem, ...]:
        """Write bytes, or text as UTF-8; what a person touched is kept first, and that is told.

        Args:
            keep: keep what lies there in any case.
        """
        data = content.encode() if isinstance(content, str) else content
        kept = self.spare(path, data, keep=keep)
        self._write(path, data)
        return kept

    def spare(self, path: Path, content: bytes, *, keep: bool = False) -> tuple[Problem, ...]:
        """Keep what a person touched, where something else is about to be put in its place."""
        if path.is_file() and (keep or self.is_touched(path)) and path.read_bytes() != content:
            return (self._kept(path),)
        return ()

    def remove(self, path: Path) -> tuple[Problem, ...]:
        """Remove a file; what a person touched is kept first, and that is told."""
        kept = (self._kept(path),) if self.is_touched(path) else ()
        path.unlink()
        self.marks.pop(path.name, None)
        return kept

    def amend(self, path: Path, content: str) -> None:
        """Write what was read there and added to; what a person touched still counts as touched."""
        if self.is_touched(path):
            write_text(path, content)
        else:
            self._write(path, content.encode())

    def _write(self, path: Path, content: bytes) -> None:
        write_bytes(path, content)
        self.marks[path.name] = hashlib.sha256(content).hexdigest()

    def _kept(self, path: Path) -> Problem:
        copy = _copied(path, self.aside or path.parent)
        name = _named(copy, self.root) if self.aside else copy.name
        what = text("was changed by hand; what stood in it is kept as {file}", file=name)
        if path.name not in self.marks:
            what = text("was there, and no record tells whether a person changed it; it is kept as {file}", file=name)
        return Problem(_named(path, self.root), what)


@contextmanager
def remembering(root: Path, folder: Path, aside: Path | None = None) -> Iterator[WrittenFiles]:
    """What was written into the folder before, and is written into it in the block.

    Args:
        root: of the workspace.
        aside: where what a person touched is kept, for a folder that everybody sees; None for beside it.
    """
    name = hashlib.sha256(_named(folder, root).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    record = root / ".yuanjiao" / "written" / f"{name}.json"
    written = WrittenFiles(root, aside, _recall(record))
    try:
        yield written
    finally:
        with suppress(OSError):  # then more counts as a person's the next time
            write_text(record, json.dumps(written.marks, ensure_ascii=False, indent=0))


def _recall(record: Path) -> dict[str, str]:
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def _copied(path: Path, folder: Path) -> Path:
    """A copy under a name that is free in the folder, or holds the same already."""
    content = path.read_bytes()
    names = chain((f"{path.name}.bak",), (f"{path.name}.{number}.bak" for number in count(2)))
    spare = next(one for one in (folder / name for name in names) if not one.exists() or one.read_bytes() == content)
    write_bytes(spare, content)
    return spare


def _named(path: Path, root: Path) -> str:
    """As people write it: from the workspace's folder on."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path.absolute())
