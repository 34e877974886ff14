"""What the quality check would have made again, kept by content; approval.py decides that it is not shown."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from courseware.files import write_text
from courseware.lessons.workspace import Workspace

FILE_NAME = "unfit.json"


class Unfit(BaseModel):
    """A finished file with a fault that a viewer notices.

    Attributes:
        lesson, profile: whose it is.
        fault: the gravest, in the words of the report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lesson: str
    profile: str
    fault: str


_BOOK: TypeAdapter[dict[str, Unfit]] = TypeAdapter(dict[str, Unfit])


def load_unfit(workspace: Workspace) -> dict[str, Unfit]:
    """By sha256, what the last check of each file called unfit; nothing where none was checked, or nobody knows."""
    try:
        return _BOOK.validate_json((workspace.quality_dir / FILE_NAME).read_bytes())
    except (OSError, ValidationError):
        return {}


def keep_verdicts(workspace: Workspace, verdicts: Mapping[str, Unfit | None]) -> None:
    """Note, by sha256, what a check has found: what is unfit, or None for what is fit.

    Call under the workspace's lock.
    """
    before = load_unfit(workspace)
    after = {content: one for content, one in {**before, **verdicts}.items() if one is not None}
    if after != before:
        values = {content: one.model_dump() for content, one in sorted(after.items())}
        write_text(workspace.quality_dir / FILE_NAME, json.dumps(values, ensure_ascii=False, indent=2) + "\n")
