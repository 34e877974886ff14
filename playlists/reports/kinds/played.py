"""The report of any days (播放情况表), e.g. of a week."""

from __future__ import annotations

from courseware.errors import text
from courseware.lessons.settings import Office
from playlists.reports.kinds.report import NamedPage, ReportKind
from playlists.reports.monthly import plan_named, span_heading
from playlists.reports.played import CountyRecord


def plan_days(record: CountyRecord, office: Office) -> tuple[NamedPage, ...]:
    """One page for the county."""
    return plan_named(record, office, span_heading(office.county, record.first, record.last))


REPORT = ReportKind(
    name=text("Played"),
    help="What the venues have shown, by the logs that were imported: how much of the plan was shown whole, late, in"
    " part, replaced or not, and what nobody has reported, which is not the same as not shown. For one venue also"
    " each day, and each item that was not whole.",
    short_help="What was shown of what was planned.",
    example="played --week 上周",
    spans=("week", "month"),
    pages=plan_days,
)
