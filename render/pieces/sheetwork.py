"""Sets sheets for the store, where somebody else wants to print them: some to a piece, for each is small."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from courseware.files import write_bytes
from render.plan.keys import digest
from render.work.ffmpeg import StoppedError
from render.work.workshop import Workshop
from templates.pages.typeset import Sheet, SheetPress

AT_ONCE = 16  # about a second of one core, and 300 kB of data


@dataclass(frozen=True, slots=True)
class SheetsJob:
    """Sheets to be set together, as plain data that any process can carry out.

    Attributes:
        name: for people.
        key: that what is set of them is kept under.
    """

    name: str
    key: str
    sheets: tuple[Sheet, ...]


def sheets_jobs(sheets: Sequence[Sheet], tools: str) -> Iterator[SheetsJob]:
    """Jobs for all of them, in their order.

    Args:
        tools: stands for all that they are set with.
    """
    for start in range(0, len(sheets), AT_ONCE):
        some = tuple(sheets[start : start + AT_ONCE])
        yield SheetsJob(some[0].where, sheets_key(some, tools), some)


def sheets_key(sheets: Sequence[Sheet], tools: str) -> str:
    """The hash of all that their bytes depend on."""
    return digest(["sheets", tools, [[one.template, one.medium, one.data] for one in sheets]])


def make_sheets(workshop: Workshop, job: SheetsJob, press: SheetPress) -> None:
    """Set the sheets; afterwards they are in the store.

    Raises:
        ToolError: one of them cannot be typeset.
        StoppedError: the batch was called off.
        OSError: the disk refuses.
    """
    contents = []
    for content in press(job.sheets):
        if workshop.stop.is_set():
            raise StoppedError
        contents.append(content)
    with workshop.work_folder() as work:
        made = work / "made.pages"
        write_bytes(made, json.dumps([len(one) for one in contents]).encode() + b"\n" + b"".join(contents))
        workshop.store.put(job.key, "pages", made)


def load_sheets(path: Path, count: int) -> tuple[bytes, ...] | None:
    """The bytes of each sheet of what `make_sheets` wrote; None for anything else."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        sizes = json.loads(head)
    except (OSError, ValueError):
        return None
    if not (isinstance(sizes, list) and all(type(one) is int and one >= 0 for one in sizes)):
        return None
    if len(sizes) != count or sum(sizes) != len(body):
        return None
    return tuple(body[start:end] for start, end in pairwise(accumulate(sizes, initial=0)))
