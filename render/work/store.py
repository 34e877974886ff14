"""The store: finished pieces of picture and sound, found by the hash of everything they are made from.

A piece is there when its note is there; the note is written last and holds the checksum. Nothing is ever changed in
place, so several processes may read and write at once. Nobody waits for the disk: what a power cut leaves half
written does not have its checksum, and is made again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from courseware.files import replacing, sha256, sweep, write_text
from render.work.piece_facts import NOTHING_KNOWN, PieceFacts, dump_piece_facts, load_piece_facts

Kind = Literal["picture", "sound", "ident", "bridge", "splice", "narration", "footage", "speech", "facts", "pages"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_FOLDER = re.compile(r"[0-9a-f]{2}")
_SUFFIXES: dict[Kind, str] = {
    "picture": ".mp4",
    "sound": ".m4a",
    "ident": ".mkv",
    "bridge": ".mp4",
    "splice": ".wv",
    "narration": ".wv",
    "footage": ".mp4",
    "speech": ".wav",
    "facts": ".facts",
    "pages": ".pages",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A piece in the store.

    Attributes:
        size: bytes.
        sha256: of its bytes.
        facts: what was found out about it when it was made.
    """

    key: str
    kind: Kind
    path: Path
    size: int
    sha256: str
    facts: PieceFacts = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class Usage:
    """How much room one kind of piece takes."""

    kind: Kind
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What was removed: pieces and bytes; and what is left."""

    removed: int
    freed: int
    left: int


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of pieces: <first two letters of the key>/<key>.<suffix> and, beside each, <key>.json."""

    root: Path

    def find(self, key: str, *, check: bool = False) -> Stored | None:
        """The piece, or None when it is not there, or not as it was put there.

        Args:
            check: read all of it and compare the checksum; a piece that fails is removed.
        """
        note = self._note(key)
        found = self._noted(key)
        if found is None:
            return None
        try:
            intact = found.path.stat().st_size == found.size and (not check or sha256(found.path) == found.sha256)
        except OSError:
            return None
        if not intact:
            self.discard(key)
            return None
        if check:
            with suppress(OSError):
                os.utime(note)  # it was used: gc takes the others first
        return found

    def _noted(self, key: str) -> Stored | None:
        """What its note says, believed only as far as it speaks of this piece: no path comes out of it."""
        try:
            match json.loads(self._note(key).read_text(encoding="utf-8")):
                case {"key": found, "kind": kind, "size": int(size), "sha256": str(digest), "facts": dict(facts)}:
                    if found == key and kind in KINDS:
                        return Stored(key, kind, self.place(key, kind), size, digest, load_piece_facts(facts))
        except (OSError, ValueError):
            pass
        return None

    def place(self, key: str, kind: Kind) -> Path:
        """Where the file of a piece lies, or will lie."""
        return self._note(key).with_name(key + _SUFFIXES[kind])

    def put(self, key: str, kind: Kind, made: Path, facts: PieceFacts = NOTHING_KNOWN) -> Stored:
        """Take a finished file in; it is moved. What is known of it goes into its note.

        Raises:
            OSError: the store cannot be written to; nothing is left of the piece.
        """
        path = self.place(key, kind)
        stored = Stored(key, kind, path, made.stat().st_size, sha256(made), facts)
        with replacing(path, lasting=False) as scratch:
            shutil.move(made, scratch)
        try:
            write_text(self._note(key), _dump_note(stored), lasting=False)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return stored

    def sweep(self) -> None:
        """Remove what killed renders left half stored. Costs milliseconds: it lists names only."""
        sweep(*self._folders())

    def discard(self, key: str) -> None:
        """Forget a piece; the note goes first."""
        note = self._note(key)
        note.unlink(missing_ok=True)
        for kind in KINDS:
            note.with_name(key + _SUFFIXES[kind]).unlink(missing_ok=True)

    def usage(self) -> tuple[Usage, ...]:
        """What the store holds, by kind."""
        found = [one for one, _ in self._all()]
        return tuple(
            Usage(kind, sum(one.kind == kind for one in found), sum(one.size for one in found if one.kind == kind))
            for kind in KINDS
        )

    def collect(self, most_bytes: int) -> Collected:
        """Remove what was not used for the longest time until at most `most_bytes` are left."""
        self.sweep()
        self._remove_strays()
        found = sorted(self._all(), key=lambda one: one[1])
        total, count, freed = sum(one.size for one, _ in found), 0, 0
        for one, _ in found:
            if total - freed <= most_bytes:
                break
            self.discard(one.key)
            count, freed = count + 1, freed + one.size
        return Collected(count, freed, total - freed)

    def _note(self, key: str) -> Path:
        return self.root / key[:2] / f"{key}.json"

    def _folders(self) -> Iterator[Path]:
        """Ours only: a link may lead anywhere."""
        with suppress(OSError):
            yield from sorted(
                path
                for path in self.root.iterdir()
                if _FOLDER.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
            )

    def _all(self) -> Iterator[tuple[Stored, float]]:
        """Every piece with the moment of its last use."""
        for folder in self._folders():
            for note in folder.glob(f"{folder.name}*.json"):
                found = self.find(note.stem)
                with suppress(OSError):
                    if found is not None:
                        yield found, note.stat().st_mtime

    def _remove_strays(self) -> None:
        """Files whose note was never written: the power went between the two. The youngest may be on their way."""
        for folder in self._folders():
            for path in folder.iterdir():
                if path.suffix == ".json" or path.with_suffix(".json").is_file():
                    continue
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > _STRAY_S:
                        path.unlink()


_STRAY_S = 3600


def _dump_note(piece: Stored) -> str:
    """What `Store._noted` reads."""
    facts = dump_piece_facts(piece.facts)
    values = {"key": piece.key, "kind": piece.kind, "size": piece.size, "sha256": piece.sha256, "facts": facts}
    return json.dumps(values, ensure_ascii=False)
