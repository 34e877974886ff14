"""The farm's shelf: contents under the hash of their bytes, and notes that say which content a piece is.

`content/ab/<sha256>` holds a content, or a block of a larger one, whose blocks `content/ab/<sha256>.list` names;
`notes/ab/<key>.json` belongs to a piece and is written last. Nothing is believed without its hash. What was half sent
or half fetched is gone on with, block by block.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from courseware.files import blaming, flush, sha256
from render.farm.shared.objects import Objects
from render.work.piece_facts import PieceFacts, dump_piece_facts, load_piece_facts
from render.work.store import KINDS, Kind, Stored

BLOCK = 8 * 1024 * 1024  # what a broken line costs at most
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes, by their hash.

    Attributes:
        suffix: of the file they come from, by which ffmpeg tells a few formats.
    """

    sha256: str
    size: int
    suffix: str = ""

    @property
    def name(self) -> str:
        """Of a file with these bytes."""
        return self.sha256 + self.suffix


@dataclass(frozen=True, slots=True)
class ShelfNote:
    """What the shelf says of a piece.

    Attributes:
        maker: the worker that made it.
    """

    kind: Kind
    content: Content
    facts: PieceFacts
    maker: str


class ChangedError(Exception):
    """A file does not have the bytes any more that it was named after."""


class LyingError(Exception):
    """The shelf has other bytes than it should, or lacks some; they are taken away, so that they can be put anew."""


@dataclass(frozen=True, slots=True)
class PieceShelf:
    """Contents and notes among the objects of a farm."""

    objects: Objects

    def find(self, key: str) -> ShelfNote | None:
        """The note of a piece whose content is there; None when there is none that makes sense."""
        note = _load_note(self.objects.get(_note(key)), key)
        return note if note is not None and self._has(note.content) else None

    def note(self, piece: Stored, maker: str) -> None:
        """Say which content a piece is."""
        self.objects.put(_note(piece.key), _dump_note(piece, maker))

    def discard(self, key: str) -> None:
        """Forget a piece; the note goes first."""
        note = _load_note(self.objects.get(_note(key)), key)
        self.objects.remove(_note(key))
        if note is not None:
            self._drop(note.content)

    def offer(self, path: Path, content: Content) -> None:
        """Lay a file's bytes there unless they are; blocks that are there are not sent again.

        Raises:
            ChangedError: the file has other bytes by now.
            OSError: it cannot be read.
            StorageError: the shelf refuses them.
        """
        if self._has(content):
            return
        names: list[str] = []
        whole = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                whole.update(block)
                names.append(hashlib.sha256(block).hexdigest())
                if self.objects.size(_content(names[-1])) != len(block):
                    self.objects.put(_content(names[-1]), block)
        if whole.hexdigest() != content.sha256:
            raise ChangedError
        if content.size > BLOCK:
            self.objects.put(_list(content.sha256), json.dumps(names).encode())

    def fetch(self, content: Content, target: Path) -> None:
        """Make `target` of the content; what an earlier try brought is used.

        Raises:
            LyingError: it is not there, or with other bytes than its name says.
            OSError: this computer's disk refuses.
            StorageError: the shelf refuses.
        """
        half = target.with_name(f"{target.name}.half")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            names = self._blocks(content)
            with blaming(target, half), half.open("a+b") as stream:
                for name in names[_already(stream, names) :]:
                    stream.write(self._block(name))
            _prove(half, content)
        except LyingError:
            self._drop(content)
            raise
        flush(half)
        half.replace(target)

    def _blocks(self, content: Content) -> list[str]:
        if content.size <= BLOCK:
            return [content.sha256]
        try:
            names = json.loads(self.objects.get(_list(content.sha256)) or b"")
        except ValueError:
            raise LyingError from None
        if not (isinstance(names, list) and all(isinstance(one, str) and _HASH.fullmatch(one) for one in names)):
            raise LyingError
        return names

    def _block(self, name: str) -> bytes:
        block = self.objects.get(_content(name))
        if block is None or hashlib.sha256(block).hexdigest() != name:
            self.objects.remove(_content(name))
            raise LyingError
        return block

    def _has(self, content: Content) -> bool:
        if content.size > BLOCK:
            return self.objects.size(_list(content.sha256)) is not None
        return self.objects.size(_content(content.sha256)) == content.size

    def _drop(self, content: Content) -> None:
        self.objects.remove(_content(content.sha256) if content.size <= BLOCK else _list(content.sha256))


def _already(stream: IO[bytes], names: list[str]) -> int:
    """How many blocks at the beginning are there and right; what follows is cut off."""
    there = end = stream.seek(0)
    while there < len(names) and hashlib.sha256(stream.read(BLOCK)).hexdigest() == names[there]:
        there, end = there + 1, stream.tell()
    stream.truncate(end)
    return there


def _prove(half: Path, content: Content) -> None:
    if sha256(half) != content.sha256:
        half.unlink()
        raise LyingError


def _content(name: str) -> str:
    return f"content/{name[:2]}/{name}"


def _list(name: str) -> str:
    return f"{_content(name)}.list"


def _note(key: str) -> str:
    return f"notes/{key[:2]}/{key}.json"


def _dump_note(piece: Stored, maker: str) -> bytes:
    values = {
        "key": piece.key,
        "kind": piece.kind,
        "size": piece.size,
        "sha256": piece.sha256,
        "maker": maker,
        "facts": dump_piece_facts(piece.facts),
    }
    return json.dumps(values, ensure_ascii=False).encode()


def _load_note(content: bytes | None, key: str) -> ShelfNote | None:
    """What `_dump_note` wrote for this piece; None for anything else."""
    try:
        match json.loads(content or b""):
            case {
                "key": found,
                "kind": kind,
                "size": int(size),
                "sha256": str(digest),
                "maker": str(maker),
                "facts": dict(facts),
            } if found == key and kind in KINDS and _HASH.fullmatch(digest):
                return ShelfNote(kind, Content(digest, size), load_piece_facts(facts), maker)
    except ValueError:
        pass
    return None
