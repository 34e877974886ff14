"""The report of a month (播放月报表)."""

from __future__ import annotations

from courseware.errors import text
from courseware.lessons.settings import Office
from playlists.reports.kinds.report import NamedPage, ReportKind
from playlists.reports.monthly import month_heading, plan_named
from playlists.reports.played import CountyRecord


def plan_month(record: CountyRecord, office: Office) -> tuple[NamedPage, ...]:
    """One page for the county."""
    return plan_named(record, office, month_heading(office.county, record.first))


REPORT = ReportKind(
    name=text("Month's report"),
    help="The report of a month (播放月报表) for the office above: hours, openings, every obligation judged by what"
    " was shown, with the evidence, coverage by series and lesson, requests, attendance, and who has not reported."
    " With --output as a page, for printing (PDF) and as workbook (XLSX).",
    short_help="The month's report.",
    example="month --month 上月 --output 月报",
    spans=("month",),
    pages=plan_month,
)
