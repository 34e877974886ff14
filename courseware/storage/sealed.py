"""Small records of what was measured, each with its own digest behind it: one that is not whole is none."""

from __future__ import annotations

import hashlib
from pathlib import Path

from courseware.files import write_text


def write_sealed(path: Path, content: str) -> None:
    """Keep a record that can be made again.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    write_text(path, f"{content}\n{_seal(content)}\n", lasting=False)


def read_sealed(path: Path) -> str | None:
    """The record as it was written; None when there is none, or not all of it, or it was changed."""
    try:
        content, _, seal = path.read_text(encoding="utf-8").removesuffix("\n").rpartition("\n")
    except (OSError, ValueError):
        return None
    return content if seal == _seal(content) else None


def _seal(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
