"""What of a column was published: columns/<column>/published.json, written by `column publish` alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from courseware.errors import InputError, Problem, text
from courseware.files import replacing
from courseware.lessons.column import Column
from courseware.lessons.workspace import Workspace

FILE_NAME = "published.json"


class PublishedIssue(BaseModel):
    """An issue as it was published last.

    Attributes:
        content: hash of what was approved.
        at: when it was published first.
        lesson: id; "" for none.
        reviewers: who approved it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    summary: str
    day: date | None
    lesson: str
    content: str
    at: datetime
    reviewers: tuple[str, ...] = ()


class ColumnRecord(BaseModel):
    """Number → the issue, of all that are published now, and the numbers that ever were."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issues: Mapping[int, PublishedIssue] = {}
    used: tuple[int, ...] = ()


def load_record(workspace: Workspace, column: Column) -> ColumnRecord:
    """The record; empty where nothing was published.

    Raises:
        InputError: it is damaged.
    """
    path = _path(workspace, column)
    try:
        return ColumnRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return ColumnRecord()
    except ValidationError:
        what = text("is damaged; put it back from the backup, or remove it and publish the issues again")
        raise InputError(Problem(f"columns/{column.name}/{FILE_NAME}", what)) from None


@contextmanager
def saving_record(workspace: Workspace, column: Column, record: ColumnRecord) -> Iterator[None]:
    """Let the record count when the block succeeds; it is on the disk before, so that a full one is met in time."""
    with replacing(_path(workspace, column)) as scratch:
        scratch.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
        yield


def _path(workspace: Workspace, column: Column) -> Path:
    return workspace.columns_dir / column.name / FILE_NAME
