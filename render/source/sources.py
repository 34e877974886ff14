"""What is known of a source: facts and checksum. Kept in the cache until the file changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from courseware.files import sha256
from courseware.media.facts import MediaFacts, probe
from courseware.storage.sealed import read_sealed, write_sealed
from courseware.unchanged import stamp

FACTS_RECIPE = 6  # raise when the facts change their meaning


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was looked into.

    Attributes:
        stamp: of the file when it was looked into; another means that it may have changed.
        read_from: the archive with the pictures of a sequence; None for what is one file.
    """

    form: int
    stamp: str
    sha256: str
    facts: MediaFacts
    read_from: Path | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """A source that is to be looked into, and how.

    Attributes:
        audio, salvage: as of look_into.
    """

    path: Path
    audio: int | None = None
    salvage: bool = False


def is_seen(one: Unseen, cache_dir: Path) -> bool:
    """Whether `look_into` knows at once what is in it."""
    known = _recall(_record(one.path, cache_dir, f"{one.audio} {one.salvage}"))
    with suppress(OSError):
        return known is not None and (known.form, known.stamp) == (FACTS_RECIPE, stamp(one.path.stat()))
    return False


def unseen(wanted: Iterable[Unseen], cache_dir: Path) -> list[Unseen]:
    """Those of which nothing is known yet, each once."""
    return [one for one in dict.fromkeys(wanted) if not is_seen(one, cache_dir)]


def remember_facts(one: Unseen, cache_dir: Path, seen: str, digest: str, facts: MediaFacts) -> None:
    """Let `look_into` know what was found elsewhere.

    Args:
        seen: the stamp that the file had.
        digest: of its bytes then, which the facts are of.
    """
    source = Source(FACTS_RECIPE, seen, digest, facts)
    _remember(_record(one.path, cache_dir, f"{one.audio} {one.salvage}"), _dumped(source))


def look_into(path: Path, cache_dir: Path, *, audio: int | None = None, salvage: bool = False) -> Source:
    """Facts and checksum of a source; at once when the file is as it was the last time.

    Args:
        audio: the sound track to take, counted from 1; None for the usual one.
        salvage: take what is readable of a file that breaks off.

    Raises:
        MediaError: it cannot be used.
        OSError: it cannot be read.
    """
    record = _record(path, cache_dir, f"{audio} {salvage}")
    known = _recall(record)
    try:
        status = path.stat()
    except OSError:
        probe(path)  # says what is wrong, in plain words
        raise
    if known and (known.form, known.stamp) == (FACTS_RECIPE, stamp(status)):
        return known
    facts = probe(path, audio=audio, salvage=salvage)
    source = Source(FACTS_RECIPE, stamp(status), sha256(path), facts)
    _remember(record, _dumped(source))
    return source


def checksum(path: Path, cache_dir: Path) -> str:
    """SHA-256 of a file; at once when it is as it was the last time."""
    status = path.stat()
    record = _record(path, cache_dir, "checksum").with_suffix(".txt")
    now = f"{stamp(status)} "
    known = read_sealed(record)
    if known and known.startswith(now):
        return known.removeprefix(now)
    found = sha256(path)
    _remember(record, now + found)
    return found


def _remember(record: Path, content: str) -> None:
    # Only to be quicker the next time: a dry run on a disk that cannot be written to does without.
    with suppress(OSError):
        write_sealed(record, content)


def _record(path: Path, cache_dir: Path, what: str) -> Path:
    name = hashlib.sha256(f"{path.absolute()}\0{what}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return cache_dir / "sources" / f"{name}.json"


def _dumped(source: Source) -> str:
    return _adapter().dump_json(source, indent=1).decode()


def _recall(record: Path) -> Source | None:
    try:
        return _adapter().validate_json(read_sealed(record) or "")
    except ValidationError:
        return None


@cache
def _adapter() -> TypeAdapter[Source]:
    return TypeAdapter(Source)
