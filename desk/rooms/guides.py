"""帮助: the guides as pages, and the sheet of each to print."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from courseware.errors import Problem, Text, text
from desk.people.roles import EVERYBODY
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import NOT_FOUND, Ask
from templates.guides.guides import GUIDES, guide_html, guide_sections
from templates.guides.quick import quick_pdf

NAMES: dict[str, Text] = {
    "editor": text("Guide for courseware editors"),
    "operator": text("Guide for squares and stations"),
    "county": text("Guide for the county's office"),
}


def show_guides(ask: Ask) -> Response:
    """All guides with their sections."""
    guides = [(name, NAMES[name], guide_sections(name)) for name in GUIDES]
    return ask.show("guides.html.j2", guides=guides)


def show_guide(ask: Ask) -> Response:
    """One guide. It is in Chinese, whatever language the desk speaks."""
    name = ask.path("guide")
    if name not in GUIDES:
        return _not_there(ask)
    return ask.show("guide.html.j2", name=name, title=NAMES[name], body=Markup(guide_html(name)))  # noqa: S704  (ours)


def show_quick(ask: Ask) -> Response:
    """The sheet of a guide, to be printed."""
    name = ask.path("guide")
    if name not in GUIDES:
        return _not_there(ask)
    return Response(quick_pdf(name, ask.workspace.settings.office), media_type="application/pdf")


def _not_there(ask: Ask) -> Response:
    return ask.refuse((Problem(ask.request.url.path, NOT_FOUND),), 404)


ROOM = DeskRoom(
    text("Help"),
    "/guides",
    (
        DeskRoute("GET", "/guides", show_guides, roles=EVERYBODY),
        DeskRoute("GET", "/guides/{guide}", show_guide, roles=EVERYBODY),
        DeskRoute("GET", "/guides/{guide}/quick.pdf", show_quick, roles=EVERYBODY),
    ),
)
