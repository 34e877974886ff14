"""The reports of what was shown. A further one is a module with a REPORT, imported here, and a line."""

from __future__ import annotations

from playlists.reports.kinds import books, month, played, year
from playlists.reports.kinds.report import ReportKind

REPORTS: dict[str, ReportKind] = {
    "played": played.REPORT,
    "month": month.REPORT,
    "year": year.REPORT,
    "books": books.REPORT,
}
