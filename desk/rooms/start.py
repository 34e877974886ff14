"""The first start: a new workspace, the sample county, or one that is there. And the browser's language."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import find_root
from desk.people.roles import ADMINISTRATORS, ANYONE
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import LANGUAGE_COOKIE, Ask, ours
from templates.start.demo import copy_county
from templates.start.skeleton import make_workspace
from templates.tokens import css_properties


def show_start(ask: Ask) -> Response:
    """Three ways to begin."""
    if ask.desk.root is not None:
        return ask.go("/")
    return ask.show("start.html.j2", folder=ask.desk.proposed)


def begin(ask: Ask) -> Response:
    """Make or open a workspace and stand on it; later the desk keeps to it."""
    if ask.desk.root is not None:
        raise InputError(
            Problem("", text("the desk has a workspace open already; close it and start it with another one"))
        )
    way, folder = ask.said("way"), _folder(ask.said("folder"))
    match way:
        case "new":
            make_workspace(folder, ask.said("county"))
        case "sample":
            copy_county(folder)
        case "open":
            folder = find_root(folder)
        case _:
            raise InputError(Problem("", text("choose one of the three ways to begin")))
    ask.desk.root = folder.resolve()
    ask.desk.workspace()  # what is wrong in its settings is told now
    return ask.go("/")


def choose_language(ask: Ask) -> Response:
    """Remember the language in the browser."""
    wanted = ask.said("language")
    answer = ask.go(ours(ask.said("back")))
    if wanted in ask.desk.consoles:
        answer.set_cookie(LANGUAGE_COOKIE, wanted, max_age=400 * 86400, httponly=True, samesite="strict")
    return answer


def send_colours(_ask: Ask) -> Response:
    """The colours that all pages and prints of the county share, for the desk's own style."""
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(css_properties(), media_type="text/css", headers=headers)


def _folder(given: str) -> Path:
    if not given:
        raise InputError(Problem("", text("name the folder")))
    return Path(given).expanduser()


ROOM = DeskRoom(
    text("Start"),
    "/start",
    (
        DeskRoute("GET", "/start", show_start, roles=ADMINISTRATORS, without_workspace=True),
        DeskRoute("POST", "/start", begin, roles=ADMINISTRATORS, without_workspace=True),
        DeskRoute("GET", "/tokens.css", send_colours, roles=ANYONE, without_workspace=True),
        DeskRoute("POST", "/language", choose_language, roles=ANYONE, records=False, without_workspace=True),
    ),
    in_menu=False,
)
