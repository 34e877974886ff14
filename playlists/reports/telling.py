"""A record of what was shown as the terminal's tables, as a JSON document, and as files. Judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from courseware.documents import said
from courseware.errors import Text, text
from courseware.files import write_bytes
from courseware.sheets.workbook import WorkSheet, dump_workbook
from playlists.asrun.reconcile import NOTICE_REASON, SlotOutcome
from playlists.reports.coverage import attendance, lesson_coverage, series_coverage, silent_days, unplanned
from playlists.reports.kinds.report import FileKind, NamedPage
from playlists.reports.monthly import hours_of
from playlists.reports.played import STATES, CountyRecord, DayRecord, ShownTotals, VenueRecord, sum_up
from templates.pages.report import PrintedTable, ReportPage, dump_report_html, make_report_pdf

Row = tuple[str, ...]
PLAYED_HEADINGS = (
    text("Venue"),
    text("Name"),
    text("Planned"),
    text("Whole"),
    text("Late"),
    text("Part"),
    text("Replaced"),
    text("Missing"),
    text("Doubtful"),
    text("Not reported"),
    text("Hours"),
    text("People"),
)
DAY_HEADINGS = (text("Day"), *PLAYED_HEADINGS[2:])
SLOT_HEADINGS = (text("Day"), text("Time"), text("Title"), text("State"), text("Shown"), text("Reason"))
UNKEPT_HEADINGS = (text("Venue"), text("Obligation"), text("From"), text("Verdict"), text("Evidence"))
STATE_SAID: dict[str, Text] = {
    "whole": text("whole"),
    "late": text("late"),
    "part": text("part"),
    "replaced": text("replaced"),
    "missing": text("missing"),
    "doubtful": text("doubtful"),
    "silent": text("not reported"),
}
NOTICE_SAID = text("replaced by an emergency notice")
_VERDICTS = {"fail": text("not kept"), "unknown": text("not certain yet")}
_WITHOUT_REMARK = frozenset({"whole", "silent"})


def venue_rows(record: CountyRecord) -> list[Row]:
    """A row for each venue, and one for all."""
    rows = [(one.venue.id, one.venue.name, *_cells(sum_up(one.days))) for one in record.venues]
    if len(rows) > 1:
        rows.append(("*", "", *_cells(sum_up(day for one in record.venues for day in one.days))))
    return rows


def day_rows(record: VenueRecord) -> list[Row]:
    """A row for each day of a venue."""
    return [(str(day.day.date), *_cells(sum_up([day]))) for day in record.days]


def slot_rows(days: Sequence[DayRecord], translate: Callable[[Text], str]) -> list[Row]:
    """A row for each slot that is reported and was not whole."""
    return [
        (
            str(day.day.date),
            f"{one.slot.start:%H:%M:%S}",
            one.slot.title,
            translate(STATE_SAID[one.state]),
            f"{one.ms // 1000}/{one.slot.seconds} s",
            translate(NOTICE_SAID) if one.reason == NOTICE_REASON else one.reason,
        )
        for day in days
        for one in day.outcomes
        if one.state not in _WITHOUT_REMARK
    ]


def unkept_rows(record: CountyRecord, translate: Callable[[Text], str]) -> list[Row]:
    """A row for each obligation that is not kept; what only waits for reports is left to the report's pages."""
    return [
        (
            venue.venue.id,
            finding.obligation.name,
            str(finding.first),
            translate(_VERDICTS[finding.verdict]),
            translate(finding.evidence),
        )
        for venue in record.venues
        for finding in venue.findings
        if finding.verdict == "fail"
    ]


def _cells(totals: ShownTotals) -> Row:
    states = (str(totals.states[state]) for state in STATES)
    return (str(totals.planned), *states, hours_of(totals.ms), str(totals.people))


def record_document(record: CountyRecord, translate: Callable[[Text], str]) -> dict[str, Any]:
    """Everything, for --json."""
    return {
        "first": str(record.first),
        "last": str(record.last),
        "venues": [_venue_document(one, translate) for one in record.venues],
        "requests": [
            {
                "venue": one.venue.id,
                "lesson": one.request.lesson,
                "on": str(one.request.on),
                "shown": one.shown.isoformat() if one.shown else None,
            }
            for one in record.answers
        ],
        "series": [
            {
                "series": one.series,
                "shown": one.titles,
                "stock": one.stock,
                "times": one.times,
                "seconds": one.ms // 1000,
                "venues": one.venues,
            }
            for one in series_coverage(record)
        ],
        "lessons": [asdict(one) for one in lesson_coverage(record)],
        "attendance": [
            {"venue": one.venue.id, "start": one.start.isoformat(), "title": one.title, "people": one.people}
            for one in attendance(record)
        ],
        "unplanned": [{"venue": one.venue.id, "what": one.what, "times": one.times} for one in unplanned(record)],
        "silent": [one.venue.id for one in record.venues if one.is_silent],
        "problems": said(record.problems, translate),
    }


def _venue_document(one: VenueRecord, translate: Callable[[Text], str]) -> dict[str, Any]:
    return {
        "venue": one.venue.id,
        "name": one.venue.name,
        "town": one.venue.town,
        **_totals_document(sum_up(one.days)),
        "heard": str(one.heard) if one.heard else None,
        "silent_days": [str(day) for day in silent_days(one)],
        "days": [{"date": str(day.day.date), **_totals_document(sum_up([day]))} for day in one.days],
        "remarks": [_slot_document(outcome) for outcome in one.outcomes if outcome.state not in _WITHOUT_REMARK],
        "findings": [
            {
                "obligation": finding.obligation.name,
                "first": str(finding.first),
                "last": str(finding.last),
                "verdict": finding.verdict,
                "evidence": translate(finding.evidence),
            }
            for finding in one.findings
        ],
    }


def _slot_document(one: SlotOutcome) -> dict[str, Any]:
    """A slot that is reported and was not whole."""
    return {
        "slot": one.id,
        "title": one.slot.title,
        "state": one.state,
        "planned": one.slot.seconds,
        "seconds": one.ms // 1000,
        "late": one.late_ms // 1000,
        "reason": one.reason,
    }


def _totals_document(totals: ShownTotals) -> dict[str, Any]:
    return {
        "planned": totals.planned,
        "states": dict(totals.states),
        "seconds": totals.ms // 1000,
        "openings": totals.openings,
        "lectures": totals.lectures,
        "activities": totals.activities,
        "people": totals.people,
    }


def write_pages(pages: Iterable[NamedPage], files: Iterable[FileKind], folder: Path) -> list[Path]:
    """Each page as a page for browsers, for printing or as workbook."""
    kinds = tuple(files)
    paths = []
    for name, page in pages:
        for kind in kinds:
            paths.append(folder / f"{name}.{kind}")
            write_bytes(paths[-1], _DUMPS[kind](page))
    return paths


def _workbook(page: ReportPage) -> bytes:
    return dump_workbook([_worksheet(page, one) for one in page.tables])


_DUMPS: dict[FileKind, Callable[[ReportPage], bytes]] = {
    "html": lambda page: dump_report_html(page).encode(),
    "pdf": lambda page: make_report_pdf([page]),
    "xlsx": _workbook,
}


def _worksheet(page: ReportPage, table: PrintedTable) -> WorkSheet:
    return WorkSheet(
        name=table.title,
        title=f"{page.title}：{table.title}",
        subtitle="　　".join(f"{label}：{value}" for label, value in page.facts),
        headings=table.headings,
        rows=tuple(tuple(_value(cell, column, table) for column, cell in enumerate(row)) for row in table.rows),
        footers=(*((table.note,) if table.note else ()), "　　　　".join(f"{sign}：" for sign in page.signs)),
    )


def _value(cell: str, column: int, table: PrintedTable) -> str | int | float:
    """A number where the column holds numbers, so that a spreadsheet can reckon with it."""
    if column not in table.numbers:
        return cell
    if cell.isascii() and cell.isdecimal():
        return int(cell)
    whole, _, part = cell.partition(".")
    return float(cell) if cell.isascii() and whole.isdecimal() and part.isdecimal() else cell
