"""统一播放: one lesson at many venues for some hours; written, called off, listed."""

from __future__ import annotations

from starlette.responses import Response

from courseware.errors import text
from courseware.lessons.workspace import lock_at, open_workspace
from desk.county.places import county_there
from desk.people.roles import EDITORS, OFFICE
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.acting import acting, remembering
from desk.session.asking import Ask
from playlists.almanac import clock
from playlists.files.venues import KIND_NAMES
from playlists.schedules.schedule import is_week
from playlists.schedules.words import week_label
from playlists.weeks.takeovers.asking import STATES, PlacedTakeover, TakeoverWish, call_off, place_takeover, state_of

FIELDS = {
    "--lesson": text("Lesson"),
    "--from": text("From"),
    "--until": text("Until"),
    "--town": text("Town"),
    "--group": text("Group"),
    "schedule takeover": text("Venues"),
}


def show_takeovers(ask: Ask) -> Response:
    """All of them, and a new one."""
    return _page(ask)


def place(ask: Ask) -> Response:
    """Write one into edits.toml, and tell where it is shown and where it is shut then."""
    wish = TakeoverWish(
        lesson=ask.said("lesson"),
        start=ask.said("from"),
        end=ask.said("until"),
        towns=ask.several("town"),
        groups=ask.several("group"),
        once=ask.said("once") == "on",
        by=acting(ask),
        reason=ask.said("reason"),
    )
    root = ask.workspace.root
    with ask.naming(FIELDS), lock_at(root):
        placed = place_takeover(open_workspace(root), wish)
    return remembering(ask, _page(ask, placed))


def cancel(ask: Ask) -> Response:
    """Call one off."""
    root, number = ask.workspace.root, ask.number("number")
    with ask.naming({f"--cancel {number}": text("Takeover {number}", number=number)}), lock_at(root):
        call_off(open_workspace(root), number)
    return ask.go("/takeovers?done=cancelled")


def _page(ask: Ask, placed: PlacedTakeover | None = None) -> Response:
    county, now = county_there(ask.workspace), clock.now(ask.workspace).replace(tzinfo=None)
    week = ask.query("week")
    known = [(number, one, state_of(one, now)) for number, one in enumerate(county.edits.takeover, 1)]
    shown = [count for count in placed.shown.values() if count] if placed else []
    return ask.show(
        "takeovers.html.j2",
        known=known[::-1],
        states=STATES,
        placed=placed,
        shown=shown,
        cancelled=ask.query("done") == "cancelled",
        week=week if is_week(week) else "",
        label=week_label(week) if is_week(week) else None,
        lessons=[(one.id, one.title) for one in county.catalogue.lessons],
        towns=list(dict.fromkeys(one.town for one in county.venues if one.town)),
        groups=list(dict.fromkeys((*(group for one in county.venues for group in one.groups), *KIND_NAMES.values()))),
        by=ask.known,
    )


ROOM = DeskRoom(
    text("Takeover"),
    "/takeovers",
    (
        DeskRoute("GET", "/takeovers", show_takeovers, roles=OFFICE | EDITORS),
        DeskRoute("POST", "/takeovers", place, roles=OFFICE),
        DeskRoute("POST", "/takeovers/{number}/cancel", cancel, roles=OFFICE),
    ),
    in_menu=False,
)
