"""The printed sheet beside a numbered folder: which file is meant for which minute."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from templates.pages.looks import make_sheet
from templates.pages.week import Imprint


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, or a live event, which has none; all as printed."""

    time: str
    file: str
    title: str
    length: str


@dataclass(frozen=True, slots=True)
class SheetWindow:
    """An opening window and its folder."""

    label: str
    folder: str
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class FileSheet:
    """All windows of a venue's days."""

    name: str
    week: str
    windows: tuple[SheetWindow, ...]
    imprint: Imprint


def sheet_pdf(sheet: FileSheet) -> bytes:
    """The sheet for printing on A4.

    Raises:
        ToolError: it cannot be typeset.
    """
    return make_sheet("sheet", json.dumps({**dataclasses.asdict(sheet), "qr": ""}, ensure_ascii=False), sheet.name)
