"""报表: what was shown, for the offices above, made in the queue, kept in the folder reports; the standards."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial
from pathlib import Path

from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from courseware.files import is_plain
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from desk.county.places import venues_there
from desk.people.roles import OFFICE
from desk.rooms.office.files import KINDS, send_from
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import Ask
from desk.work import TaskConsole
from playlists.almanac import clock
from playlists.almanac.typed import month_typed, week_typed
from playlists.reports import standards, telling
from playlists.reports.kinds import REPORTS
from playlists.reports.kinds.report import ReportKind
from playlists.reports.played import days_of_week, days_of_year, load_record

FOLDER = "reports"


def show_reports(ask: Ask) -> Response:
    """What can be made, and what was."""
    workspace = ask.workspace
    home = workspace.root / FOLDER
    folders = sorted((path for path in home.glob("*") if path.is_dir()), key=_written, reverse=True)
    return ask.show(
        "reports.html.j2",
        kinds=REPORTS,
        towns=list(dict.fromkeys(one.town for one in venues_there(workspace)[0] if one.town)),
        today=clock.today(workspace),
        made=[(path.name, sorted(one.name for one in path.iterdir() if one.suffix in KINDS)) for path in folders],
    )


def start(ask: Ask) -> Response:
    """Put a report into the queue."""
    workspace, key = ask.workspace, ask.said("report")
    kind = REPORTS.get(key)
    if kind is None:
        raise InputError(Problem("", text("choose a report")))
    town = ask.said("town")
    if town and town not in {one.town for one in venues_there(workspace)[0]}:
        raise InputError(Problem(town, text("there is no venue of this town")))
    span, days = _days(ask, workspace, kind)
    folder = "-".join(filter(None, (key, span, town)))
    if not is_plain(folder):
        raise InputError(Problem(town, text("this cannot be the name of a file")))
    run = partial(_make, workspace, key, days, town, folder)
    ask.queue(text("Report {name}", name=folder), run, link="/reports")
    return ask.go("/tasks")


def show_standards(ask: Ask) -> Response:
    """Which venues meet the standards."""
    found = standards.load_standing(ask.workspace)
    return ask.show(
        "standards.html.j2",
        problems=found.problems,
        headings=standards.STANDARD_HEADINGS,
        rows=standards.standard_rows(found),
        unmet_headings=standards.UNMET_HEADINGS,
        unmet=standards.unmet_rows(found, ask.console.tr),
    )


def send_file(ask: Ask) -> Response:
    """A file of a report."""
    folder = ask.path("report")
    return send_from(ask, ask.workspace.root / FOLDER / folder if is_plain(folder) else None, ask.path("file"))


def _make(
    workspace: Workspace,
    key: str,
    days: tuple[date, ...],
    town: str,
    folder: str,
    console: TaskConsole,
    _stop: threading.Event,
) -> None:
    """What `yuanjiao report` does with --output."""
    fresh, kind = open_workspace(workspace.root), REPORTS[key]
    record = load_record(fresh, days, clock.now(fresh), (), (town,) if town else ())
    console.problems(record.problems)
    target = workspace.root / FOLDER / folder
    pages = kind.pages(record, fresh.settings.office)
    with lock_at(workspace.root):
        files = telling.write_pages(pages, kind.files, target)
    console.say(text("{files} files in {folder}", files=len(files), folder=target))


def _days(ask: Ask, workspace: Workspace, kind: ReportKind) -> tuple[str, tuple[date, ...]]:
    """The days of the span that was chosen, where the report can have it, else of its first; and their name.

    Raises:
        InputError: it names no week, month or year.
    """
    chosen, today = ask.said("span"), clock.today(workspace)
    span = next((one for one in kind.spans if one == chosen), kind.spans[0])
    typed = ask.said(span)
    match span:
        case "week":
            week = week_typed(typed, today) or clock.present_week(workspace)
            return week, days_of_week(week)
        case "month":
            days = month_typed(typed or "本月", today)
            return f"{days[0]:%Y-%m}", days
        case "year":
            year = int(typed) if typed.isascii() and typed.isdigit() and 2000 <= int(typed) < 2200 else today.year  # noqa: PLR2004  (as the command's)
            return str(year), days_of_year(year)


def _written(path: Path) -> float:
    return path.stat().st_mtime


ROOM = DeskRoom(
    text("Reports"),
    "/reports",
    (
        DeskRoute("GET", "/reports", show_reports, roles=OFFICE),
        DeskRoute("POST", "/reports", start, roles=OFFICE),
        DeskRoute("GET", "/reports/standards", show_standards, roles=OFFICE),
        DeskRoute("GET", "/reports/{report}/{file}", send_file, roles=OFFICE),
    ),
)
