"""What is known of a source: facts, hash, loudness. Kept in the cache until the file changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from courseware.files import sha256, write_text
from courseware.media import MediaFacts, probe
from render.sound import Level

_FORMAT = 1  # raise when the facts change their meaning


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was looked into.

    Attributes:
        size, mtime_ns: of the file when it was looked into; others mean that it has changed.
        level: of its sound; None when there is none or when it was not measured yet.
    """

    form: int
    size: int
    mtime_ns: int
    sha256: str
    facts: MediaFacts
    level: Level | None = None


def look_into(path: Path, cache_dir: Path) -> Source:
    """Facts and hash of a source; at once when the file is as it was the last time.

    Raises:
        MediaError: it cannot be used.
        OSError: it cannot be read.
    """
    record = _record(path, cache_dir)
    known = _recall(record)
    try:
        status = path.stat()
    except OSError:
        probe(path)  # says what is wrong, in plain words
        raise
    if known and (known.form, known.size, known.mtime_ns) == (_FORMAT, status.st_size, status.st_mtime_ns):
        return known
    source = Source(_FORMAT, status.st_size, status.st_mtime_ns, sha256="", facts=probe(path))
    source = replace(source, sha256=sha256(path))
    _remember(record, source)
    return source


def with_level(source: Source, level: Level, path: Path, cache_dir: Path) -> Source:
    """The source with its loudness, which is kept as well."""
    measured = replace(source, level=level)
    _remember(_record(path, cache_dir), measured)
    return measured


def _record(path: Path, cache_dir: Path) -> Path:
    name = hashlib.sha256(str(path.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return cache_dir / "sources" / f"{name}.json"


def _recall(record: Path) -> Source | None:
    try:
        return _adapter().validate_json(record.read_bytes())
    except (OSError, ValidationError):
        return None


def _remember(record: Path, source: Source) -> None:
    write_text(record, _adapter().dump_json(source, indent=1).decode())


def _adapter() -> TypeAdapter[Source]:
    return TypeAdapter(Source)
