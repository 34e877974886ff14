"""What schedule check, lecturers and trainings say: rows of tables, documents for --json, which problems first."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from courseware.errors import InputError, Problem, Text, text
from playlists.almanac.days import week_of
from playlists.checking.checker import Report, finding_problem
from playlists.documents import said
from playlists.files.centres import Training
from playlists.files.obligations import Verdict
from playlists.people.roster import Visit

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
_MOST_ALIKE = 3
_MONTH = re.compile(r"(2[01]\d{2})-(\d{1,2})", re.ASCII)

Translate = Callable[[Text], str]


def days_of_month(month: str) -> tuple[date, ...]:
    """All days of a month written 2026-11.

    Raises:
        InputError: not of that form, or no such month.
    """
    found = _MONTH.fullmatch(month.strip())
    if not found or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004  (December)
        raise InputError(Problem("--month", text("“{month}” is not a month; write 2026-11", month=month)))
    year, number = int(found[1]), int(found[2])
    return tuple(date(year, number, day) for day in range(1, monthrange(year, number)[1] + 1))


def weeks_of(days: Iterable[date]) -> tuple[str, ...]:
    """The ISO weeks that the days lie in, in order."""
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    return tuple(week_of(day) for day in mondays)


def broken(report: Report) -> tuple[Problem, ...]:
    """What breaks a rule or an obligation, the first few of each kind at each venue."""
    hard = [(f"{one.venue} {one.rule}", one.venue, one.problem) for one in report.breaches if one.hard]
    unkept = [one for one in report.findings if one.verdict == "fail" and one.obligation.must]
    return _first_few([*hard, *((f"{o.venue} {o.obligation.name}", o.venue, finding_problem(o)) for o in unkept)])


def remarks(report: Report) -> tuple[Problem, ...]:
    """What is worth saying, the first few of each kind at each venue."""
    soft = [(f"{one.venue} {one.rule}", one.venue, one.problem) for one in report.breaches if not one.hard]
    unkept = [one for one in report.findings if one.verdict == "fail" and not one.obligation.must]
    return _first_few([*soft, *((f"{o.venue} {o.obligation.name}", o.venue, finding_problem(o)) for o in unkept)])


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
                "venue": one.venue,
                "at": one.at.isoformat(),
                "rule": one.rule,
                "hard": one.hard,
                "what": translate(one.what),
            }
            for one in report.breaches
        ],
        "obligations": [
            {
                "venue": one.venue,
                "name": one.obligation.name,
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "verdict": one.verdict,
                "must": one.obligation.must,
                "evidence": translate(one.evidence),
            }
            for one in report.findings
        ],
        "problems": said(report.problems, translate),
    }


def visit_rows(visits: Iterable[Visit]) -> list[tuple[str, str, str, str]]:
    """Lectures by time."""
    return [
        (f"{one.session.start:%m-%d %H:%M}", one.session.venue.name, one.name or "—", one.topic or "—")
        for one in visits
    ]


def visit_documents(visits: Iterable[Visit]) -> list[dict[str, str]]:
    """Lectures for --json."""
    return [
        {
            "venue": one.session.venue.id,
            "start": one.session.start.isoformat(),
            "lecturer": one.name,
            "topic": one.topic,
        }
        for one in visits
    ]


def training_rows(trainings: Iterable[Training]) -> list[tuple[str, ...]]:
    """Trainings by time."""
    return [
        (str(one.date), one.at, one.centre, one.room, one.course, str(one.batch), str(one.people))
        for one in trainings
    ]


def _first_few(found: Iterable[tuple[str, str, Problem]]) -> tuple[Problem, ...]:
    seen: Counter[str] = Counter()
    venues: dict[str, str] = {}
    shown: dict[str, list[Problem]] = defaultdict(list)
    for key, venue, problem in found:
        seen[key] += 1
        venues[key] = venue
        if seen[key] <= _MOST_ALIKE:
            shown[key].append(problem)
    for key, count in seen.items():
        if count > _MOST_ALIKE:
            what = text("{count} more of this kind; --json lists all", count=count - _MOST_ALIKE)
            shown[key].append(Problem(venues[key], what))
    return tuple(problem for some in shown.values() for problem in some)
