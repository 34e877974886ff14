"""公布: what a week's publication would change and what it breaks, shown before it is done; a month at a glance."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

from starlette.responses import FileResponse, Response

from courseware.errors import BatchError, InputError, Problem, text
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from desk.county.outlook import mark_of_week
from desk.county.places import venues_there
from desk.people.roles import EDITORS, EVERYBODY, OFFICE
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import NOT_FOUND, Ask
from desk.work import TaskConsole, until
from playlists.almanac import clock
from playlists.almanac.days import week_of
from playlists.publishing.publish import Choice, publish_aloud, told_edition
from playlists.schedules.diff import DIFF_HEADINGS, row
from playlists.schedules.schedule import monday_of
from playlists.schedules.words import week_label
from playlists.weeks.ahead import stretch_typed
from playlists.weeks.comparing import compare_week

_MOST_CHANGES = 400
_KINDS = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".json": "application/json",
}


def show_first(ask: Ask) -> Response:
    """The coming week, planned or not."""
    return ask.go(f"/publishing/{clock.coming_week(ask.workspace)}")


def show_week(ask: Ask) -> Response:
    """What a publication of the week would change."""
    workspace, week = ask.workspace, _week(ask)
    seen = ask.desk.outlook.weeks.look(ask.desk.apart, workspace, week)
    edition = ask.query("edition")
    then = None
    if edition.isascii() and edition.isdigit() and int(edition):
        then = compare_week(workspace, week, int(edition))
    monday = monday_of(week)
    return ask.show(
        "publishing.html.j2",
        week=week,
        label=week_label(week),
        before=week_of(monday - timedelta(days=7)),
        after=week_of(monday + timedelta(days=7)),
        seen=seen,
        found=seen.found if seen else None,
        compared=then or (seen.found.comparison if seen and seen.found else None),
        towns=list(dict.fromkeys(one.town for one in venues_there(workspace)[0] if one.town)),
        headings=DIFF_HEADINGS,
        row=row,
        most=_MOST_CHANGES,
        hub=(workspace.published_dir / "index.html").is_file(),
        is_published=(workspace.published_dir / week / "index.html").is_file(),
        month=f"{monday:%Y-%m}",
    )


def publish(ask: Ask) -> Response:
    """Put the publication into the queue, if the plan is still the one that was seen."""
    workspace, week = ask.workspace, _week(ask)
    if ask.said("seen") != mark_of_week(workspace, week):
        what = text("something has changed since you looked; look at the differences once more, then publish")
        raise InputError(Problem(week, what))
    town = ask.said("town")
    run = partial(_publish, workspace, week, _choice(workspace, town))
    ask.queue(text("Publish {week}", week=week_label(week)), run, link=f"/publishing/{week}")
    return ask.go("/tasks")


def show_month(ask: Ask) -> Response:
    """What is planned of a month, and how far each town keeps its obligations."""
    workspace, month = ask.workspace, ask.path("month")
    days = stretch_typed(month, "", "", clock.today(workspace)).days
    seen = ask.desk.outlook.months.look(ask.desk.apart, workspace, month)
    found = seen.found if seen else None
    return ask.show(
        "month.html.j2",
        month=month,
        before=f"{days[0] - timedelta(days=1):%Y-%m}",
        after=f"{days[-1] + timedelta(days=1):%Y-%m}",
        seen=seen,
        found=found,
        towns=found.towns if found else (),
        week_label=week_label,
    )


def send_published(ask: Ask) -> Response:
    """A file of what was published, as everybody sees it."""
    root = ask.workspace.published_dir
    path = root / ask.path("name")
    kind = _KINDS.get(path.suffix.lower())
    if kind is None or not _lies_in(path, root):
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    return FileResponse(path, media_type=kind, filename=path.name, content_disposition_type="inline")


def _lies_in(path: Path, root: Path) -> bool:
    try:
        found = path.resolve(strict=True)
    except (OSError, ValueError):
        return False
    return found.is_file() and found.is_relative_to(root.resolve())


def _choice(workspace: Workspace, town: str) -> Choice:
    """All venues, or those of a town.

    Raises:
        InputError: there is no such town.
    """
    if not town:
        return Choice()
    chosen = frozenset(one.id for one in venues_there(workspace)[0] if one.town == town)
    if not chosen:
        raise InputError(Problem(town, text("there is no venue of this town")))
    return Choice(chosen)


def _publish(workspace: Workspace, week: str, choice: Choice, console: TaskConsole, stop: threading.Event) -> None:
    """What `yuanjiao publish` does."""
    with lock_at(workspace.root):
        done = publish_aloud(console, open_workspace(workspace.root), week, choice, until(stop))
    console.say(told_edition(done, workspace.published_dir / week))
    if done.problems:
        raise BatchError(*done.problems)


def _week(ask: Ask) -> str:
    """The week of the address.

    Raises:
        InputError: not a week.
    """
    monday_of(ask.path("week"))
    return ask.path("week")


ROOM = DeskRoom(
    text("Publishing"),
    "/publishing",
    (
        DeskRoute("GET", "/publishing", show_first, roles=OFFICE | EDITORS),
        DeskRoute("GET", "/publishing/month/{month}", show_month, roles=OFFICE | EDITORS, in_turn=True),
        DeskRoute("GET", "/publishing/{week}", show_week, roles=OFFICE | EDITORS, in_turn=True),
        DeskRoute("POST", "/publishing/{week}", publish, roles=OFFICE),
        DeskRoute("GET", "/published/{name:path}", send_published, roles=EVERYBODY),
    ),
)
