"""现场: a venue's day and week, its stick, its play logs brought back, and what it has shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, Response

from courseware.errors import BatchError, InputError, Problem, text
from courseware.lessons.workspace import Workspace, lock_at
from courseware.storage.keys_folder import keys_folder
from desk.county.drives import removable_drives
from desk.county.places import county_there, venues_there
from desk.lessons.inbox import forget, inbox_of, receive
from desk.people.roles import OFFICE, OPERATORS
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import NOT_FOUND, Ask
from desk.work import TaskConsole, until
from playlists.almanac import clock
from playlists.almanac.days import week_of
from playlists.asrun.bringing import bring_logs, say_brought
from playlists.county.county import load_county
from playlists.county.weeks import schedule_of, week_if_planned, week_meant
from playlists.files.venues import Venue
from playlists.kits.keys import load_key, office_key, own_key
from playlists.kits.sums import HOME
from playlists.reports.played import VenueRecord, days_of_week, load_record
from playlists.reports.telling import DAY_HEADINGS, SLOT_HEADINGS, day_rows, slot_rows
from playlists.schedules.onair import on_air
from playlists.schedules.schedule import is_week, monday_of
from playlists.schedules.words import day_label, week_label
from playlists.sticks.building import showable_weeks, weeks_from
from playlists.sticks.making import make_kit, say_verdict, verify_stick
from playlists.sticks.sizing import size_on
from playlists.sticks.telling import megabytes, tell_of_windows

VENUE_COOKIE = "yuanjiao-venue"
_MOST_WEEKS = 8
_POSTERS = {"pdf": "application/pdf", "png": "image/png"}
_YEAR_S = 400 * 86400


def show_venues(ask: Ask) -> Response:
    """All venues, or at once the one that this browser calls its own."""
    every, problems = venues_there(ask.workspace)
    venues, mine = [one for one in every if ask.sees(one.id)], _mine(ask)
    if mine in {one.id for one in venues} and not ask.query("all"):
        return ask.go(f"/venues/{mine}")
    return ask.show("venues.html.j2", venues=venues, problems=problems, mine=mine)


def show_venue(ask: Ask) -> Response:
    """What is on and next; the week day by day; what of it was shown."""
    workspace, venue = ask.workspace, _venue(ask)
    moment = clock.now(workspace)
    week = _week_asked(ask)
    schedule, problems = week_if_planned(workspace, venue.id, week)
    around = (week_of(moment.date() + timedelta(days=days)) for days in (-1, 0, 7))
    known = [found for one in dict.fromkeys(around) if (found := week_if_planned(workspace, venue.id, one)[0])]
    record = _record(workspace, venue, week) if schedule else None
    return ask.show(
        "venue.html.j2",
        venue=venue,
        is_mine=_mine(ask) == venue.id,
        moment=moment,
        on_air=on_air(known, moment),
        week=week,
        label=week_label(week),
        day_of=day_label,
        weeks=[week_of(monday_of(week) + timedelta(weeks=step)) for step in (-1, 1)],
        schedule=schedule,
        problems=problems,
        posters=[suffix for suffix in _POSTERS if _poster(workspace, venue, week, suffix).is_file()],
        day_headings=DAY_HEADINGS,
        slot_headings=SLOT_HEADINGS,
        days=day_rows(record) if record else [],
        heard=record.heard if record else None,
        faults=slot_rows(record.days, ask.console.tr) if record else [],
    )


def keep_venue(ask: Ask) -> Response:
    """Let this browser open with the venue."""
    venue = _venue(ask)
    answer = ask.go(f"/venues/{venue.id}")
    answer.set_cookie(VENUE_COOKIE, venue.id, max_age=_YEAR_S, httponly=True, samesite="strict")
    return answer


def show_poster(ask: Ask) -> Response:
    """The published poster of a week, to be printed."""
    venue, week, suffix = _venue(ask), ask.path("week"), ask.path("suffix")
    path = _poster(ask.workspace, venue, week, suffix) if is_week(week) and suffix in _POSTERS else None
    if path is None or not path.is_file():
        return ask.refuse((Problem(ask.request.url.path, NOT_FOUND),), 404)
    return FileResponse(path, media_type=_POSTERS[suffix], filename=f"{venue.name}_{week}.{suffix}")


def show_stick(ask: Ask) -> Response:
    """Choose a drive or a folder; for a chosen one, what would be copied."""
    workspace, venue = ask.workspace, _venue(ask)
    folder = ask.query("folder") or ask.query("drive")
    week, count = _week_meant(ask, ask.query), _weeks_meant(ask.query)
    size = None
    if folder:
        stick = _stick(ask, folder)
        planned = [schedule_of(workspace, venue.id, one) for one in weeks_from(week, count)]
        size = size_on(workspace, planned, stick)
    return ask.show(
        "stick.html.j2",
        venue=venue,
        drives=removable_drives(),
        has_key=load_key(keys_folder()) is not None,
        folder=folder,
        week=week,
        label=week_label(week),
        count=count,
        most=_MOST_WEEKS,
        size=size,
        megabytes=megabytes,
    )


def start_stick(ask: Ask) -> Response:
    """Put the making of a stick into the queue."""
    workspace, venue, stick = ask.workspace, _venue(ask), _stick(ask, ask.said("folder"))
    own_key()
    weeks = weeks_from(_week_meant(ask, ask.said), _weeks_meant(ask.said))
    name = text("Make the stick of {venue} in {folder}", venue=venue.name, folder=stick)
    run = partial(_make, workspace, venue, weeks, stick)
    ask.queue(name, run, link=f"/venues/{venue.id}")
    return ask.go("/tasks")


def make_office_key(ask: Ask) -> Response:
    """Make the key with which sticks are signed, unless there is one."""
    office_key(ask.workspace)
    return ask.go(f"/venues/{_venue(ask).id}/stick")


def bring_back(ask: Ask) -> Response:
    """Put play logs that were dropped into the queue."""
    venue = _venue(ask)
    uploads = [value for value in ask.form.getlist("files") if isinstance(value, UploadFile) and value.filename]
    if not uploads:
        raise InputError(Problem("", text("choose the play logs: the files in the folder 远教/asrun of the stick")))
    token = receive(ask.workspace, uploads)
    name = text("Bring in the play logs of {venue}", venue=venue.name)
    ask.queue(name, partial(_bring, ask.workspace, venue, token), link=f"/venues/{venue.id}")
    return ask.go("/tasks")


def _make(
    workspace: Workspace,
    venue: Venue,
    weeks: tuple[str, ...],
    stick: Path,
    console: TaskConsole,
    stop: threading.Event,
) -> None:
    """What `yuanjiao kit build` and `yuanjiao kit verify` do, one after the other."""
    own, also = own_key(), until(stop)
    showable, unfit = showable_weeks(workspace, (venue,), weeks)
    if venue.id not in showable:
        raise InputError(*unfit)
    tell_of_windows(console.note)
    county, planned = load_county(workspace), showable[venue.id]
    make_kit(console, workspace, venue, planned, county, own, stick / HOME, also=lambda _: also())
    found = verify_stick(console, stick, also=lambda _: also())
    say_verdict(console, found)
    if found.problems:
        raise BatchError(*found.problems)


def _bring(workspace: Workspace, venue: Venue, token: str, console: TaskConsole, stop: threading.Event) -> None:
    """What `yuanjiao asrun import` does; the files are forgotten once they were read."""
    folder = inbox_of(workspace, token)
    with lock_at(workspace.root):
        say_brought(console, bring_logs(console, workspace, sorted(folder.iterdir()), venue.id, until(stop)))
    forget(folder)


def _venue(ask: Ask) -> Venue:
    """The venue of the address.

    Raises:
        InputError: there is none of that id.
    """
    wanted = ask.path("venue")
    venues, problems = venues_there(ask.workspace)
    found = next((one for one in venues if one.id == wanted), None)
    if found is None:
        raise InputError(Problem(wanted, text("there is no venue of this id in venues.csv")), *problems)
    return found


def _record(workspace: Workspace, venue: Venue, week: str) -> VenueRecord:
    """What the venue has shown in the week, as `yuanjiao report played` tells."""
    days, county = days_of_week(week), county_there(workspace)
    return load_record(workspace, days, clock.now(workspace), (venue.id,), county=county).venues[0]


def _mine(ask: Ask) -> str:
    return ask.request.cookies.get(VENUE_COOKIE, "")


def _week_asked(ask: Ask) -> str:
    week = ask.query("week") or clock.present_week(ask.workspace)
    monday_of(week)  # says what a week is where it is none
    return week


def _week_meant(ask: Ask, given: Callable[[str], str]) -> str:
    """The week of the form, or the one that `yuanjiao kit build` would take."""
    return week_meant(ask.workspace, given("week"))


def _weeks_meant(given: Callable[[str], str]) -> int:
    """How many weeks the form asks for; one where it does not say."""
    count = given("weeks") or "1"
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= _MOST_WEEKS):
        raise InputError(Problem(count, text("so many weeks do not go on a stick; at most {most}", most=_MOST_WEEKS)))
    return int(count)


def _stick(ask: Ask, folder: str) -> Path:
    """The drive or folder, which must be there; for who comes over the network, a drive alone.

    Raises:
        InputError: it is not.
    """
    if not folder:
        raise InputError(Problem("", text("choose a drive, or name the folder")))
    path = Path(folder).expanduser()
    if not path.is_absolute() or not path.is_dir():
        what = text("there is no such drive or folder; plug the stick in and write its whole path")
        raise InputError(Problem(folder, what))
    if ask.person and not any(path.resolve().is_relative_to(drive.path) for drive in removable_drives()):
        what = text("is no drive that is plugged into the computer on which the desk runs")
        raise InputError(Problem(folder, what))
    return path


def _poster(workspace: Workspace, venue: Venue, week: str, suffix: str) -> Path:
    return workspace.published_dir / week / f"{venue.id}.{suffix}"


ROOM = DeskRoom(
    text("On site"),
    "/venues",
    (
        DeskRoute("GET", "/venues", show_venues, roles=OPERATORS, in_turn=True),
        DeskRoute("GET", "/venues/{venue}", show_venue, roles=OPERATORS, in_turn=True),
        DeskRoute("POST", "/venues/{venue}/mine", keep_venue, roles=OPERATORS, records=False),
        DeskRoute("GET", "/venues/{venue}/poster/{week}.{suffix}", show_poster, roles=OPERATORS),
        DeskRoute("GET", "/venues/{venue}/stick", show_stick, roles=OPERATORS),
        DeskRoute("POST", "/venues/{venue}/stick", start_stick, roles=OPERATORS),
        DeskRoute("POST", "/venues/{venue}/key", make_office_key, roles=OFFICE),
        DeskRoute("POST", "/venues/{venue}/logs", bring_back, roles=OPERATORS, takes_files=True),
    ),
)
