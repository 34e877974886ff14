"""What is known of a report: which days it may be asked for, which pages it has, and as what they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from courseware.errors import Text
from courseware.lessons.settings import Office
from playlists.reports.played import CountyRecord
from templates.pages.report import ReportPage

Span = Literal["week", "month", "year"]
FileKind = Literal["html", "pdf", "xlsx"]
NamedPage = tuple[str, ReportPage]
"""A page and what its files are called, without suffix."""


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report of what the venues have shown; all of it stands in one module of `playlists/reports/kinds`.

    Attributes:
        name: as it is chosen by.
        help, short_help, example: of its command; the example is what is typed after "yuanjiao report".
        spans: of which days it may be asked for; of the first when nothing is said, of the last that is.
        pages: the report as it is printed.
        files: as what each page is written.
        is_book: it is nothing but files, so that its command wants a folder and shows no table.
    """

    name: Text
    help: str
    short_help: str
    example: str
    spans: tuple[Span, ...]
    pages: Callable[[CountyRecord, Office], Sequence[NamedPage]]
    files: tuple[FileKind, ...] = ("html", "pdf", "xlsx")
    is_book: bool = False
