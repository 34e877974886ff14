"""Three-way merge of what the last import wrote, what stands there now, and what the sheet says now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_SAMPLE = 1_000_000  # bytes read at each end of a file to tell whether it changed


class Conflict(NamedTuple):
    """A person's value and the sheet's, where both changed what the last import wrote."""

    mine: object
    theirs: object


@dataclass(slots=True)
class Merge:
    """Settles one key after the other and remembers what became of it. Values are only compared, whatever they are.

    Attributes:
        base: what the last import wrote; empty when there was none, so that whatever stands there is a person's.
        overwrite: the sheet wins where a person and the sheet changed the same value.
        changed: keys that take the sheet's value.
        kept: keys that a person changed and the sheet did not.
        conflicts: by key; the person's value stays.
    """

    base: Mapping[str, object]
    overwrite: bool = False
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    _seen: dict[str, object] = field(default_factory=dict)

    def settle(self, key: str, mine: object, theirs: object) -> object:
        """The value that stands afterwards; None is "not there"."""
        base = self.base.get(key)
        self._seen[key] = theirs
        if mine == theirs:
            return mine
        if mine != base and theirs == base:
            self.kept.append(key)
            return mine
        if mine not in (base, None) and not self.overwrite:
            self.conflicts[key] = Conflict(mine, theirs)
            # The old one stays in memory: the conflict is reported until it is settled.
            self._seen[key] = base
            return mine
        return self.take(key, theirs)

    def take(self, key: str, theirs: object) -> object:
        """The sheet's value, without asking."""
        self._seen[key] = theirs
        self.changed.append(key)
        return theirs

    @property
    def remembered(self) -> dict[str, object]:
        """The base of the next import."""
        return {key: value for key, value in {**self.base, **self._seen}.items() if value is not None}


def fingerprint(file: Path) -> str:
    """Tells one version of a file from another without reading all of it: size, first and last megabyte."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        digest = hashlib.sha256(stream.read(_SAMPLE))
        stream.seek(max(size - _SAMPLE, 0))
        digest.update(stream.read(_SAMPLE))
    return f"{size}:{digest.hexdigest()}"
