"""总览: the county at a glance, and what waits for the office; the first page."""

from __future__ import annotations

from starlette.responses import Response

from courseware.errors import text
from desk.county.glance import SILENT_DAYS, week_gaps
from desk.county.places import venues_there
from desk.people.roles import EDITORS, EVERYBODY, OFFICE, REVIEWERS
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import Ask
from playlists.almanac import clock
from playlists.schedules.words import week_label


def show_first(ask: Ask) -> Response:
    """The first page of the menu that is for who asks."""
    return ask.go(ask.rooms[0].address if ask.rooms else "/tasks")


def show_overview(ask: Ask) -> Response:
    """What is known at once; the rest as it was looked over last."""
    workspace, lookout = ask.workspace, ask.desk.lookout
    venues, problems = venues_there(workspace)
    weeks = (clock.present_week(workspace), clock.coming_week(workspace))
    return ask.show(
        "overview.html.j2",
        glance=lookout.glance(ask.desk.apart, workspace),
        is_looking=lookout.is_looking,
        problems=(*problems, *lookout.problems),
        venues=venues,
        known={one.id for one in venues},
        gaps=[(week_label(week), week_gaps(workspace, venues, week)) for week in weeks],
        silent_days=SILENT_DAYS,
    )


ROOM = DeskRoom(
    text("Overview"),
    "/overview",
    (
        DeskRoute("GET", "/", show_first, roles=EVERYBODY),
        DeskRoute("GET", "/overview", show_overview, roles=OFFICE | EDITORS | REVIEWERS, in_turn=True),
    ),
)
