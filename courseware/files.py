"""Files: write beside and rename, hash, and names that every player and stick accepts."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³")}
_LONGEST = 255  # bytes of a file name on ext4; FAT32 and NTFS count 255 UTF-16 units and so allow no less


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a scratch path beside target; it becomes target only if the block succeeds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not mkstemp: its files are private (0600) and the players could not read them. The suffix stays, since
    # ffmpeg and Typst choose the format by it.
    scratch = target.with_name(f".part-{os.getpid()}-{target.name}")
    if len(scratch.name.encode()) > _LONGEST:
        short = hashlib.sha256(target.name.encode()).hexdigest()[:16]
        scratch = target.with_name(f".part-{os.getpid()}-{short}{target.suffix}")
    try:
        yield scratch
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)


def write_text(target: Path, content: str) -> None:
    """Write UTF-8 without BOM and with LF, all or nothing."""
    with replacing(target) as scratch:
        scratch.write_text(content, encoding="utf-8", newline="\n")


def sha256(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def safe_name(name: str, limit: int = 80) -> str:
    """`name` made fit for FAT32, Windows and every player: no reserved character or word, no end dot.

    Args:
        name: any text, e.g. a lesson title.
        limit: at most this many characters remain.
    """
    cleaned = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name))
    cleaned = "".join(ch for ch in cleaned if unicodedata.category(ch) not in {"Cf", "Cs", "Co", "Cn"})
    cleaned = " ".join(cleaned.split()).lstrip(" .")[:limit]
    # Room is left for a number before the name and a suffix behind it.
    cleaned = cleaned.encode()[: _LONGEST - 25].decode(errors="ignore").strip(" .")
    if not cleaned or cleaned.split(".")[0].strip().lower() in _RESERVED:
        cleaned = f"_{cleaned}"
    return cleaned


def is_safe_id(name: str) -> bool:
    """Whether `name` may name a lesson or venue: letters (any script), digits, "-" and "_", not reserved."""
    if not re.fullmatch(r"\w[\w-]{0,63}", name) or len(name.encode()) > _LONGEST - 25:
        return False
    return name.lower() not in _RESERVED
