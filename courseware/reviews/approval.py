"""Whether a finished video may be shown: not what the quality check calls unfit, was rejected, or nobody approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from courseware.errors import Text, text
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.reviews.book import load_book
from courseware.reviews.verdicts import Unfit, load_unfit


@dataclass(frozen=True, slots=True)
class Approval:
    """What may be shown.

    Attributes:
        contents: sha256 of the files that took all steps of the review; None where no approval is asked for.
        rejected: sha256 of the files that stand rejected; they are not shown where no approval is asked for, either.
        unfit: by sha256, files that the quality check would have made again and the office has not accepted.
    """

    contents: frozenset[str] | None = None
    rejected: frozenset[str] = frozenset()
    unfit: Mapping[str, Unfit] = field(default_factory=dict)

    def allows(self, content: str) -> bool:
        """Whether the file with that sha256 may be shown."""
        if content in self.unfit or content in self.rejected:
            return False
        return self.contents is None or content in self.contents

    def is_draft(self, rendition: Rendition | None) -> bool:
        """Whether approval is asked for, and this file has none; of a file that is not there yet, too."""
        return self.contents is not None and (rendition is None or rendition.sha256 not in self.contents)

    def why_not(self, content: str) -> Text:
        """Why a file that is not allowed may not be shown, and what to do."""
        found = self.unfit.get(content)
        if found is None and self.contents is None:
            return text("was rejected; see “yuanjiao review status”, mend it and make it again")
        if found is None:
            return text("is not approved for showing; see “yuanjiao review status”")
        return text(
            'must be made again ({fault}); or write accept = ["{lesson}"] below [quality] in yuanjiao.toml',
            fault=found.fault,
            lesson=found.lesson,
        )

    def choose(self, renditions: Mapping[str, Rendition]) -> tuple[dict[str, Rendition], tuple[str, ...]]:
        """Those that may be shown, by lesson, and the lessons of the others."""
        allowed = {lesson: one for lesson, one in renditions.items() if self.allows(one.sha256)}
        return allowed, tuple(lesson for lesson in renditions if lesson not in allowed)


def unaccepted(workspace: Workspace) -> dict[str, Unfit]:
    """By sha256, what the quality check would have made again and yuanjiao.toml does not accept by name."""
    accepted = workspace.settings.quality.accept
    return {content: one for content, one in load_unfit(workspace).items() if one.lesson not in accepted}


def load_approval(workspace: Workspace) -> Approval:
    """What may be shown in this workspace.

    Raises:
        InputError, StorageError: the ledger cannot be read.
    """
    rules = workspace.settings.review
    book = load_book(workspace.cache_dir, rules)
    return Approval(book.approved if rules.required else None, frozenset(book.rejected), unaccepted(workspace))
