"""The report of a year (播放年报表)."""

from __future__ import annotations

from courseware.errors import text
from courseware.lessons.settings import Office
from playlists.reports.kinds.report import NamedPage, ReportKind
from playlists.reports.monthly import plan_named, year_heading
from playlists.reports.played import CountyRecord


def plan_year(record: CountyRecord, office: Office) -> tuple[NamedPage, ...]:
    """One page for the county."""
    return plan_named(record, office, year_heading(office.county, record.first))


REPORT = ReportKind(
    name=text("Year's report"),
    help="The report of a year: as that of a month, with a row for each month.",
    short_help="The year's report.",
    example="year --year 2026 --output 年报",
    spans=("year",),
    pages=plan_year,
)
