"""Who may what: every address held against every role, and what an operator sees of other venues."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from courseware.errors import text
from desk.people import passwords
from desk.people.roles import ADMINISTRATORS, ROLES, Person, admits
from desk.rooms import ROOMS
from desk.serving import app as serving
from desk.session.asking import NAME_COOKIE, SESSION_COOKIE
from desk.session.state import Desk
from desk.work import TaskConsole
from tests.desk.people import PASSWORD, PEOPLE, add_people, logged_in, network_desk, quick_hasher, visitor_of
from tests.playlists.factories import write_workspace

# Address: for whom it is besides the administrator, who may do everything. A new address gets a line here.
TABLE = """
GET / | office editor reviewer operator
GET /overview | office editor reviewer
GET /lessons | office editor reviewer
GET /lessons/{lesson} | office editor reviewer
POST /lessons/{lesson} | editor
GET /lessons/{lesson}/frame.png | office editor reviewer
GET /lessons/{lesson}/thumbnail.jpg | office editor reviewer
POST /render | office editor
GET /lessons/{lesson}/subtitles | office editor reviewer
GET /lessons/{lesson}/subtitles/cues.json | office editor reviewer
GET /lessons/{lesson}/subtitles/sound.json | office editor reviewer
GET /lessons/{lesson}/subtitles/video | office editor reviewer
POST /lessons/{lesson}/subtitles/judge | office editor reviewer
POST /lessons/{lesson}/subtitles/save | editor
POST /lessons/{lesson}/subtitles/copy | office editor reviewer
POST /lessons/{lesson}/subtitles/align | editor
POST /lessons/{lesson}/subtitles/move | editor
GET /lessons/{lesson}/subtitles/moved.json | editor
POST /lessons/{lesson}/subtitles/take | editor
GET /import | editor
POST /import | editor
GET /import/{token} | editor
POST /import/{token} | editor
GET /make | editor
POST /make | editor
GET /make/{token} | editor
POST /make/{token} | editor
GET /reviews | office editor reviewer
POST /reviews | editor
GET /reviews/{lesson} | office editor reviewer
GET /reviews/{lesson}/video/{profile} | office editor reviewer
POST /reviews/{lesson}/submit | editor
POST /reviews/{lesson}/approve | reviewer
POST /reviews/{lesson}/reject | reviewer
POST /reviews/{lesson}/comment | editor reviewer
POST /reviews/{lesson}/settle | editor reviewer
GET /wholes/{name:path} | office editor reviewer
POST /wholes/submit | office editor
POST /wholes/approve | reviewer
POST /wholes/reject | reviewer
GET /weeks | office editor
GET /weeks/{week} | office editor
POST /weeks/{week} | office
GET /weeks/{week}/{venue} | office editor
POST /weeks/{week}/{venue} | office
GET /publishing | office editor
GET /publishing/month/{month} | office editor
GET /publishing/{week} | office editor
POST /publishing/{week} | office
GET /takeovers | office editor
POST /takeovers | office
POST /takeovers/{number}/cancel | office
GET /notices | office
POST /notices | office
POST /notices/look | office
POST /notices/{number}/withdraw | office
GET /notices/{number}/{file} | office editor reviewer operator
GET /reports | office
POST /reports | office
GET /reports/standards | office
GET /reports/{report}/{file} | office
GET /columns | office editor reviewer
POST /columns/{column} | office editor
POST /columns/{column}/publish | office
GET /columns/{column}/{issue} | office editor reviewer
POST /columns/{column}/{issue}/article | office editor
POST /columns/{column}/{issue}/look | office editor
POST /columns/{column}/{issue}/build | office editor
GET /columns/{column}/{issue}/made/{file} | office editor reviewer
GET /tables | office
GET /tables/{table} | office
POST /tables/{table} | office
POST /tables/{table}/taken | office
GET /tables/{table}/taken/{token} | office
POST /tables/{table}/taken/{token} | office
GET /tables/{table}/sheet.xlsx | office
GET /published/{name:path} | office editor reviewer operator
GET /venues | office operator
GET /venues/{venue} | office operator
POST /venues/{venue}/mine | office operator
GET /venues/{venue}/poster/{week}.{suffix} | office operator
GET /venues/{venue}/stick | office operator
POST /venues/{venue}/stick | office operator
POST /venues/{venue}/key | office
POST /venues/{venue}/logs | office operator
GET /tasks | office editor reviewer operator
GET /tasks/events | office editor reviewer operator
POST /tasks/{number}/cancel | office editor reviewer operator
GET /guides | office editor reviewer operator
GET /guides/{guide} | office editor reviewer operator
GET /guides/{guide}/quick.pdf | office editor reviewer operator
GET /people |
POST /people |
GET /people/log |
GET /login | office editor reviewer operator visitor
POST /login | office editor reviewer operator visitor
POST /logout | office editor reviewer operator
GET /account | office editor reviewer operator
POST /account | office editor reviewer operator
GET /reviews/{lesson}/page.html | office editor reviewer
POST /reviews/{lesson}/copy | office editor reviewer
POST /reviews/{lesson}/page | editor reviewer
GET /tokens.css | office editor reviewer operator visitor
GET /start |
POST /start |
POST /language | office editor reviewer operator visitor
"""
MEANT = {
    address: {"administrator", *roles.split()}
    for address, _, roles in (line.partition(" |") for line in TABLE.strip().splitlines())
}
OWN, OTHER = "square-01", "station-01"


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(passwords, "_hasher", quick_hasher)
    root = write_workspace(tmp_path)
    add_people(root, OWN)
    desk = network_desk(root)
    yield desk
    desk.work.close()


def stubbed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The desk with its door and its guard, behind which every room only says that one is in."""
    rooms = tuple(
        replace(
            room,
            routes=tuple(replace(route, handler=lambda _: PlainTextResponse("inside")) for route in room.routes),
        )
        for room in ROOMS
    )
    monkeypatch.setattr(serving, "ROOMS", rooms)
    return visitor_of(desk)


def asked(browser: TestClient, address: str, venue: str = OWN) -> bool:
    """Whether one gets in."""
    method, _, path = address.partition(" ")
    filled = path.replace("{venue}", venue)
    for name in (
        "lesson",
        "week",
        "token",
        "number",
        "suffix",
        "profile",
        "month",
        "name:path",
        "column",
        "issue",
        "file",
    ):
        filled = filled.replace(f"{{{name}}}", "x")
    answer = browser.request(method, filled)
    if answer.text == "inside":
        return True
    assert answer.status_code in {401, 403} or answer.headers["location"].startswith("/login"), answer.text
    return False


def test_the_table_names_every_address_of_the_application(county: Desk) -> None:
    routes = [route for route in serving.make_app(county).routes if isinstance(route, Route)]
    addresses = {f"{method} {route.path}" for route in routes for method in (route.methods or ()) if method != "HEAD"}
    assert addresses == MEANT.keys(), "a new address says for whom it is, and gets a line in the table"


@pytest.mark.parametrize("role", [*ROLES, "visitor"])
def test_every_address_is_for_those_of_the_table_and_nobody_else(
    county: Desk, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    assert county.logins is not None
    name = next((name for name, roles in PEOPLE.items() if role in roles), "")
    token = county.logins.enter(name, PASSWORD, "test") if name else ""
    browser = stubbed(county, monkeypatch)
    browser.cookies.set(SESSION_COOKIE, token)
    assert {address for address in MEANT if asked(browser, address)} == {
        address for address, roles in MEANT.items() if role in roles
    }


def test_an_operator_reaches_no_venue_but_the_own_ones(county: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert county.logins is not None
    token = county.logins.enter("李强", PASSWORD, "test")
    browser = stubbed(county, monkeypatch)
    browser.cookies.set(SESSION_COOKIE, token)
    of_venues = [address for address, roles in MEANT.items() if "{venue}" in address and "operator" in roles]
    assert of_venues
    assert not any(asked(browser, address, OTHER) for address in of_venues)
    assert not any(
        asked(browser, address, odd) for address in of_venues for odd in ("%2e%2e", f"{OWN}%00", OWN.upper())
    )


def test_an_operator_is_shown_no_other_venue_and_no_other_peoples_tasks(county: Desk) -> None:
    browser = logged_in(county, "李强")
    assert browser.get("/").headers["location"] == "/venues"
    page = browser.get("/venues").text
    assert f"/venues/{OWN}" in page
    assert OTHER not in page
    assert "/overview" not in page

    def wait(_console: TaskConsole, stop: threading.Event) -> None:
        stop.wait(20)

    county.work.add(text("Plan {week}", week="w"), wait, county.consoles["en"], by="王芳")
    assert "Plan w" not in browser.get("/tasks").text
    assert "Plan w" in logged_in(county, "远教办").get("/tasks").text
    assert browser.post("/tasks/1/cancel").status_code == 422
    assert not county.work.tasks()[0].stop.is_set()


def test_who_comes_over_the_network_writes_into_no_folder_of_the_server(county: Desk, tmp_path: Path) -> None:
    for name in ("李强", "远教办", "管主任"):
        browser = logged_in(county, name)
        asked = {"folder": str(tmp_path), "week": "2026-W48"}
        for answer in (
            browser.post(f"/venues/{OWN}/stick", data=asked),
            browser.get(f"/venues/{OWN}/stick", params=asked),
        ):
            assert answer.status_code == 422
            assert "no drive that is plugged in" in answer.text


def test_an_acting_name_comes_from_the_login_and_never_from_the_form(county: Desk) -> None:
    browser = logged_in(county, "王芳")
    browser.cookies.set(NAME_COOKIE, quote("赵审"))
    browser.post("/render", data={"by": "赵审"})
    assert [task.by for task in county.work.tasks()] == ["王芳"]


def test_roles_add_up_and_an_operators_venues_limit_the_operator_alone() -> None:
    both = Person("甲", frozenset({"operator", "office"}), frozenset({OWN}))
    assert admits(frozenset({"office", "operator"}), both, OTHER)
    assert both.sees(OTHER)
    alone = Person("乙", frozenset({"operator"}), frozenset({OWN}))
    assert not admits(frozenset({"office", "operator"}), alone, OTHER)
    assert not alone.sees(OTHER)
    assert not admits(ADMINISTRATORS, None)
