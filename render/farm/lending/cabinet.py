"""A worker's cabinet: contents that jobs read, by their hash, up to a size; what was not used longest goes first."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from render.farm.shared.shelf import Content, PieceShelf
from render.source.sources import checksum
from render.work.workshop import Workshop, check_room


@dataclass(frozen=True, slots=True)
class Cabinet:
    """A folder of contents.

    Attributes:
        most_bytes: that it may hold; what is being read is never taken away, even beyond it.
    """

    workshop: Workshop
    shelf: PieceShelf
    most_bytes: int
    _held: Counter[str] = field(default_factory=Counter)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.workshop.cache_dir / "contents"

    @contextmanager
    def holding(self, contents: Sequence[Content]) -> Iterator[dict[str, str]]:
        """Bring contents here and keep them while they are read.

        Yields:
            Their paths, by their names.

        Raises:
            LyingError: the shelf lacks one, or has other bytes.
            StorageError: the shelf or the disk refuses.
        """
        names = [one.name for one in contents]
        with self._guard:
            self._held.update(names)
        try:
            yield {one.name: str(self._brought(one)) for one in contents}
        finally:
            with self._guard:
                self._held.subtract(names)

    def _brought(self, content: Content) -> Path:
        path = self.folder / content.name
        with self.workshop.locks[f"content {content.name}"]:
            if not self._is_right(path, content):
                self.folder.mkdir(parents=True, exist_ok=True)
                self._make_room(content.size)
                check_room(self.folder, content.size)
                self.shelf.fetch(content, path)
            os.utime(path)
        return path

    def _is_right(self, path: Path, content: Content) -> bool:
        with suppress(OSError):
            return checksum(path, self.workshop.cache_dir) == content.sha256
        return False

    def _make_room(self, size: int) -> None:
        with self._guard:
            there = [path for path in self.folder.iterdir() if path.is_file()]
            left = sum(path.stat().st_size for path in there) + size
            for path in sorted(there, key=lambda one: one.stat().st_mtime):
                if left <= self.most_bytes:
                    return
                if not self._held[path.name.removesuffix(".half")]:
                    left -= path.stat().st_size
                    # Windows keeps what somebody reads.
                    with suppress(OSError):
                        path.unlink()
