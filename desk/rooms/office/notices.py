"""紧急通知: written, looked at on each canvas, sent, withdrawn. What is sent waits for no other work."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.responses import Response

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.alert import Alert
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from desk.county.places import county_there, venues_there
from desk.lessons.inbox import inbox_of, receive
from desk.people.roles import EVERYBODY, OFFICE
from desk.rooms.office.files import send_from
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.acting import acting, remembering
from desk.session.asking import NOT_FOUND, Ask
from desk.work import TaskConsole
from playlists.almanac import clock
from playlists.county.county import load_county
from playlists.kits.keys import own_key
from playlists.notices.asked import NoticeOrder, NoticeWish, checked_line, closed_then, ordered
from playlists.notices.ledger import STATES, load_ledger, records_of
from playlists.notices.sending import MESSAGE_NAME, PAGE_NAME, folder_of, send, withdraw
from render.alerts.making import make_videos
from templates.cards.alerts import AlertCard, alert_pages, draw_alert

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDEST = 480  # pixels of a picture on the page
_MOST_PAGES = 4  # of a notice that are shown on each canvas
FIELDS = {
    "TEXT": text("Words"),
    "--title": text("Title"),
    "--venues": text("Venues"),
    "--town": text("Town"),
    "--all": text("All venues"),
    "--from": text("From"),
    "--until": text("Until"),
    "--repeat": text("Without a break"),
    "--voice": text("Recording"),
    "--by": text("Your name"),
    "--reason": text("Reason"),
}


def show_notices(ask: Ask) -> Response:
    """What was sent and how it stands; a new one."""
    workspace, now = ask.workspace, clock.now(ask.workspace)
    records = records_of(load_ledger(workspace.notices_dir))[::-1]
    return ask.show(
        "notices.html.j2",
        records=[(one, one.state_at(now), STATES[one.state_at(now)]) for one in records],
        towns=list(dict.fromkeys(one.town for one in venues_there(workspace)[0] if one.town)),
        papers=(PAGE_NAME, MESSAGE_NAME),
        by=ask.known,
    )


def look(ask: Ask) -> Response:
    """The notice on each canvas, for whom it is, who is closed then; it is sent from there."""
    workspace, county = ask.workspace, county_there(ask.workspace)
    token = _voice_sent(ask)
    own_key()
    with ask.naming(FIELDS):
        order = ordered(_wish(ask, token), workspace, county, clock.now(workspace))
    profiles = dict.fromkeys(venue.profile for venue in order.venues)
    answer = ask.show(
        "notice_look.html.j2",
        order=order,
        screens=[(profile, _pictures(order, profile)) for profile in profiles],
        closed=closed_then(order, workspace, county),
        sent=[(name, ask.said(name)) for name in _SINGLE],
        towns=ask.several("town"),
        token=token,
    )
    return remembering(ask, answer)


def start(ask: Ask) -> Response:
    """Send it, at once."""
    workspace = ask.workspace
    own_key()
    with ask.naming(FIELDS):
        order = ordered(_wish(ask, ask.said("token")), workspace, county_there(workspace), clock.now(workspace))
    run = partial(_send, workspace, order)
    ask.queue(text("Notice: {words}", words=order.alert.content[:24]), run, link="/notices", urgent=True)
    return remembering(ask, ask.go("/tasks"))


def start_withdrawal(ask: Ask) -> Response:
    """Take a notice back, at once."""
    number = ask.number("number")
    own_key()
    with ask.naming(FIELDS):
        by = checked_line(acting(ask), "--by")
        why = checked_line(ask.said("reason"), "--reason") if ask.said("reason") else ""
    run = partial(_withdraw, ask.workspace, number, by, why)
    ask.queue(text("Withdraw notice {number}", number=number), run, link="/notices", urgent=True)
    return remembering(ask, ask.go("/tasks"))


def send_paper(ask: Ask) -> Response:
    """The page of a notice, or its message for chat groups."""
    if ask.path("file") not in (PAGE_NAME, MESSAGE_NAME):
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    return send_from(ask, folder_of(ask.workspace, ask.number("number")), ask.path("file"))


_SINGLE = ("words", "title", "venues", "all", "from", "until", "minutes", "repeat")


def _wish(ask: Ask, token: str) -> NoticeWish:
    """What was filled in.

    Raises:
        InputError: it is for nobody, or for all and for some.
    """
    some, every = bool(ask.said("venues") or ask.several("town")), ask.said("all") == "on"
    if some == every:
        what = text("choose towns, name venues, or choose all; all goes with neither")
        raise InputError(Problem(ask.console.tr(FIELDS["--venues"]), what))
    voice = next((path for path in inbox_of(ask.workspace, token).iterdir()), None) if token else None
    minutes = ask.said("minutes")
    return NoticeWish(
        ask.said("words"),
        ask.said("title"),
        voice,
        (ask.said("venues"),) if ask.said("venues") else (),
        ask.several("town"),
        every,
        ask.said("from"),
        ask.said("until"),
        int(minutes) if minutes.isascii() and minutes.isdigit() and 0 < int(minutes) <= 240 else None,  # noqa: PLR2004  (as the option says)
        ask.said("repeat") == "on",
        acting(ask),
    )


def _voice_sent(ask: Ask) -> str:
    """The token of a recording that came with the form; "" for none."""
    upload = ask.form.get("voice")
    return receive(ask.workspace, [upload]) if isinstance(upload, UploadFile) and upload.filename else ""


def _pictures(order: NoticeOrder, profile: str) -> list[str]:
    """The first pages on a canvas, small, as addresses that hold them."""
    card = AlertCard(*canvas_of(profile), order.alert.title, order.alert.content, order.alert.signature)
    return [_address(draw_alert(page)) for page in alert_pages(card)[:_MOST_PAGES]]


def _address(picture: Image) -> str:
    picture.thumbnail((_WIDEST, _WIDEST))
    stream = BytesIO()
    picture.save(stream, format="PNG")
    return f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"


def _send(workspace: Workspace, order: NoticeOrder, console: TaskConsole, _stop: threading.Event) -> None:
    """What `yuanjiao notice send` does."""

    def make(alert: Alert, profiles: Sequence[str], place: Path) -> tuple[Rendition, ...]:
        return make_videos(alert, workspace, profiles, place, console)

    sent = send(order, workspace, own_key(), clock.now(workspace), make)
    values = {"number": sent.act.notice, "venues": len(sent.act.venues), "folder": sent.folder}
    console.say(Text("Notice {number}: kits for {venues} venues are in {folder}", values))
    console.say(text("Copy venues/<venue>/notices to that venue's stick, beside 远教, or into its player's folder."))


def _withdraw(
    workspace: Workspace, number: int, by: str, why: str, console: TaskConsole, _stop: threading.Event
) -> None:
    """What `yuanjiao notice withdraw` does."""
    with lock_at(workspace.root):
        fresh = open_workspace(workspace.root)
        done = withdraw(number, by, why, fresh, load_county(fresh).venues, own_key(), clock.now(fresh))
    values = {"number": number, "folder": done.folder}
    console.say(Text("Notice {number} is withdrawn; the kits that take it off are in {folder}", values))


ROOM = DeskRoom(
    text("Notices"),
    "/notices",
    (
        DeskRoute("GET", "/notices", show_notices, roles=OFFICE),
        DeskRoute("POST", "/notices/look", look, roles=OFFICE, takes_files=True, records=False),
        DeskRoute("POST", "/notices", start, roles=OFFICE),
        DeskRoute("POST", "/notices/{number}/withdraw", start_withdrawal, roles=OFFICE),
        DeskRoute("GET", "/notices/{number}/{file}", send_paper, roles=EVERYBODY),
    ),
)
