"""What schedule check, lecturers and trainings say: rows of tables, documents for --json."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from courseware.documents import said
from courseware.errors import Text, text
from playlists.almanac.days import week_of
from playlists.checking.checker import Report
from playlists.duties.obligations import Verdict
from playlists.files.centres import Training
from playlists.people.lectures import Visit

OBLIGATION_HEADINGS = (text("Obligation"), text("Kept"), text("Not kept"), text("Not yet known"))
VISIT_HEADINGS = (text("Time"), text("Venue"), text("Lecturer"), text("Topic"))
TRAINING_HEADINGS = (
    text("Date"),
    text("Time"),
    text("Centre"),
    text("Room"),
    text("Course"),
    text("Batch"),
    text("People"),
)
_VERDICTS: tuple[Verdict, ...] = ("pass", "fail", "unknown")

Translate = Callable[[Text], str]


def weeks_of(days: Iterable[date]) -> tuple[str, ...]:
    """The ISO weeks that the days lie in, in order."""
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    return tuple(week_of(day) for day in mondays)


def obligation_rows(report: Report) -> list[tuple[str, str, str, str]]:
    """For each obligation, in how many periods and venues it is kept, not kept, not yet known."""
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for one in report.findings:
        counts[one.obligation.name][one.verdict] += 1
    return [(name, str(own["pass"]), str(own["fail"]), str(own["unknown"])) for name, own in counts.items()]


def report_document(report: Report, weeks: Sequence[str], translate: Translate) -> dict[str, Any]:
    """Everything that was found, for --json."""
    return {
        "weeks": list(weeks),
        "venues": report.venues,
        "days": report.days,
        "passed": not report.broken,
        "breaches": [
            {
                "venue": breach.venue,
                "at": breach.at.isoformat(),
                "rule": breach.rule,
                "hard": breach.hard,
                "what": translate(breach.what),
            }
            for breach in report.breaches
        ],
        "obligations": [
            {
                "venue": finding.venue,
                "name": finding.obligation.name,
                "first": finding.first.isoformat(),
                "last": finding.last.isoformat(),
                "verdict": finding.verdict,
                "must": finding.obligation.must,
                "evidence": translate(finding.evidence),
            }
            for finding in report.findings
        ],
        "problems": said(report.problems, translate),
    }


def visit_rows(visits: Iterable[Visit]) -> list[tuple[str, str, str, str]]:
    """Lectures by time."""
    return [
        (f"{visit.session.start:%m-%d %H:%M}", visit.session.venue.name, visit.name or "—", visit.topic or "—")
        for visit in visits
    ]


def visit_documents(visits: Iterable[Visit]) -> list[dict[str, str]]:
    """Lectures for --json."""
    return [
        {
            "venue": visit.session.venue.id,
            "start": visit.session.start.isoformat(),
            "lecturer": visit.name,
            "topic": visit.topic,
        }
        for visit in visits
    ]


def training_rows(trainings: Iterable[Training]) -> list[tuple[str, ...]]:
    """Trainings by time."""
    return [
        (
            str(training.date),
            training.at,
            training.centre,
            training.room,
            training.course,
            str(training.batch),
            str(training.people),
        )
        for training in trainings
    ]
