"""How the venues stand to the standards of their kinds, as rows and as a document. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from courseware.documents import said
from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import Workspace
from playlists.duties import standards as standards_file
from playlists.duties.obligations import Verdict
from playlists.duties.standards import Standard, StandardMark, check_standards, judge_venues, load_standards
from playlists.files import venues as venues_file
from playlists.files.naming import select_venues
from playlists.files.scope import by_ids, printed_kinds
from playlists.files.venues import Venue, load_venues

STANDARD_HEADINGS = (text("Standard"), text("For"), text("Met"), text("Not met"), text("Not known"))
UNMET_HEADINGS = (text("Venue"), text("Name"), text("Standard"), text("Verdict"), text("Evidence"))
_VERDICTS: dict[Verdict, Text] = {"pass": text("met"), "fail": text("not met"), "unknown": text("not known")}
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandardsReport:
    """The standards, how each venue stands to those of its kind, and what is wrong in the files."""

    standards: tuple[Standard, ...]
    venues: tuple[Venue, ...]
    marks: tuple[StandardMark, ...]
    problems: tuple[Problem, ...]


def load_standing(workspace: Workspace, ids: Sequence[str] = ()) -> StandardsReport:
    """Read venues.csv and standards.toml, and judge.

    Args:
        ids: of venues; all when empty.

    Raises:
        InputError: no venue can be read, an id names none, or standards.toml is wrong.
    """
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    if not venues:
        raise InputError(
            *(problems or (Problem(venues_file.FILE_NAME, text("has no venues yet; add a row for each")),))
        )
    chosen = select_venues(venues, ids)
    standards = by_ids(load_standards(workspace.root / standards_file.FILE_NAME), venues)
    unknown = check_standards(standards, venues)
    return StandardsReport(standards, chosen, judge_venues(standards, chosen), (*problems, *unknown))


def standard_rows(found: StandardsReport) -> list[Row]:
    """One row for each standard that binds any of the venues."""
    rows = []
    for standard in found.standards:
        verdicts = [mark.verdict for mark in found.marks if mark.standard == standard]
        if not verdicts:
            continue
        counts = (str(verdicts.count(verdict)) for verdict in _VERDICTS)
        rows.append((standard.name, _for_whom(standard), *counts))
    return rows


def unmet_rows(found: StandardsReport, translate: Callable[[Text], str]) -> list[Row]:
    """One row for each standard that a venue does not meet or does not say."""
    return [
        (
            mark.venue.id,
            mark.venue.name,
            mark.standard.name,
            translate(_VERDICTS[mark.verdict]),
            translate(mark.evidence),
        )
        for mark in found.marks
        if mark.verdict != "pass"
    ]


def standing_document(found: StandardsReport, translate: Callable[[Text], str]) -> dict[str, Any]:
    """Everything, for --json."""
    marks = [
        {
            "venue": mark.venue.id,
            "kind": mark.venue.kind,
            "standard": mark.standard.name,
            "must": mark.standard.must,
            "verdict": mark.verdict,
            "evidence": translate(mark.evidence),
        }
        for mark in found.marks
    ]
    return {"venues": len(found.venues), "marks": marks, "problems": said(found.problems, translate)}


def _for_whom(standard: Standard) -> str:
    return "、".join(filter(None, (printed_kinds(standard.kind), *standard.groups, *standard.venues))) or "*"
