"""Whether a finished video may be shown: always, unless yuanjiao.toml asks that each be approved first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.reviews.ledger import load_book


@dataclass(frozen=True, slots=True)
class Approval:
    """What may be shown.

    Attributes:
        contents: sha256 of the files that stand approved; None where no approval is asked for.
    """

    contents: frozenset[str] | None = None

    def allows(self, content: str) -> bool:
        """Whether the file with that sha256 may be shown."""
        return self.contents is None or content in self.contents

    def choose(self, renditions: Mapping[str, Rendition]) -> tuple[dict[str, Rendition], tuple[str, ...]]:
        """Those that may be shown, by lesson, and the lessons of the others."""
        allowed = {lesson: one for lesson, one in renditions.items() if self.allows(one.sha256)}
        return allowed, tuple(lesson for lesson in renditions if lesson not in allowed)


def load_approval(workspace: Workspace) -> Approval:
    """What may be shown in this workspace.

    Raises:
        InputError, StorageError: the ledger cannot be read.
    """
    if not workspace.settings.review.required:
        return Approval()
    return Approval(load_book(workspace.cache_dir).approved)
