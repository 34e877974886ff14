"""Chains records: a link is a hash of the one before and of a record; none is changed, moved or lost unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

START = "0" * 64
"""What the first link is chained to."""


def link(before: str, record: Mapping[str, object]) -> str:
    """The link of a record behind the link `before`.

    A field that is empty is no part of it, so records may get further fields and what was linked without them holds.
    """
    said = {name: value for name, value in record.items() if value not in ("", None)}
    document = json.dumps([before, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()


def links_of(records: Iterable[Mapping[str, object]], before: str = START) -> Iterator[str]:
    """The link of each record, one behind the other."""
    for record in records:
        before = link(before, record)
        yield before
