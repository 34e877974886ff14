"""Attacks on a desk that others in the network reach: each is tried here, and nothing comes of it."""

from __future__ import annotations

import asyncio
import io
import re
import struct
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from playwright.sync_api import Browser
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.testclient import TestClient

from courseware.lessons.workspace import open_workspace
from desk.people.managing import add_user
from desk.people.users import load_users
from desk.serving import app as serving
from desk.serving.app import make_app
from desk.serving.guard import reached_at, refused
from desk.serving.server import addresses_of, hosts_of
from desk.serving.throttle import Throttle
from desk.session.state import Desk
from templates.desk.pages import DESK_DIR
from tests.desk.conftest import browser_of, desk_on
from tests.desk.people import HOST, OURS, PASSWORD, logged_in, visitor_of
from tests.desk.process import serving as started
from tests.desk.serving import serving as visit
from tests.desk.serving import visiting
from tests.desk.test_lessons import settle
from tests.playlists.factories import write_workspace

EVIL = "http://evil.example"


# Names that lead here, and pages of other sites


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("192.168.1.5:8787", True),
        ("office-pc:8787", True),
        ("office-pc.local:8787", True),
        ("127.0.0.1:8787", True),
        ("localhost:8787", True),
        ("192.168.1.5.nip.io:8787", False),
        ("192.168.1.6:8787", False),
        ("192.168.1.5", False),
        ("evil.example:8787", False),
        ("office-pc.evil.example:8787", False),
        ("0.0.0.0:8787", False),
        ("", False),
    ],
)
def test_no_name_that_was_made_to_lead_here_is_believed(
    monkeypatch: pytest.MonkeyPatch, host: str, *, is_ours: bool
) -> None:
    """DNS rebinding: the browser believes that it speaks to another site, so its name stands there."""
    monkeypatch.setattr("socket.gethostname", lambda: "Office-PC")
    hosts = hosts_of(8787, in_network=True) | reached_at(("192.168.1.5", 8787))
    assert (refused("GET", Headers({"host": host}), hosts) == "") is is_ours


def test_only_numbers_are_believed_of_the_address_at_which_one_came_in() -> None:
    assert reached_at(("evil.example", 8787)) == frozenset()
    assert reached_at(None) == frozenset()
    assert reached_at(("fe80::1", 8787)) == {"[fe80::1]:8787"}
    assert reached_at(("192.168.1.5", 80)) == {"192.168.1.5:80", "192.168.1.5"}


def test_alone_no_address_of_the_network_is_ours(desk: Desk) -> None:
    """Also when something forwards requests to this computer."""
    browser = TestClient(make_app(desk), base_url="http://192.168.1.5:8787", follow_redirects=False)
    assert browser.get("/lessons").status_code == 403
    assert all(address.startswith("http://") and "127." not in address for address in addresses_of(8787))


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://192.168.1.66:8787"},
        {"Origin": f"http://{HOST}.evil.example"},
        {"Origin": EVIL, "Referer": f"http://{HOST}/people"},
        {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": ""},
    ],
)
def test_a_page_of_another_site_changes_nothing_with_the_session_of_who_is_inside(
    network: Desk, sent: dict[str, str]
) -> None:
    """CSRF. A browser over plain http in a network says nothing but the Origin."""
    browser = logged_in(network, "管主任")
    assert network.root is not None
    form = {"do": "add", "name": "贼", "role": "administrator", "password": PASSWORD}
    del browser.headers["Origin"]
    for address in ("/people", "/login", "/logout", "/render", "/account"):
        assert browser.post(address, data=form, headers=sent).status_code == 403
    assert "贼" not in load_users(network.root / ".yuanjiao")
    assert browser.get("/people").status_code == 200
    browser.headers.update(OURS)
    assert browser.post("/people", data=form).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"])
def test_no_other_method_does_anything(network: Desk, method: str) -> None:
    assert logged_in(network, "管主任").request(method, "/people").status_code in {403, 405}


# Ways out of the workspace


ESCAPES = ("%2e%2e", "..%5C..%5Csecret", "%00", "C%3A", "CON", "~", "%2e%2e%2fsecret", "x" * 300)


def test_no_part_of_any_address_leads_out_of_the_workspace(workspace: Path, tmp_path: Path) -> None:
    """Every address with something in the place of every id."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "lesson.toml").write_text("canary = 4711", encoding="utf-8")
    desk = desk_on(workspace, tmp_path / "new")
    browser = browser_of(desk)
    there = sorted(str(path) for path in tmp_path.rglob("*") if ".yuanjiao" not in path.parts)
    routes = [route for route in make_app(desk).routes if isinstance(route, Route) and "{" in route.path]
    assert len(routes) > 20
    for route in routes:
        for escape in ESCAPES:
            address = re.sub(r"\{[^}]+\}", escape, route.path)
            for method in (route.methods or set()) - {"HEAD"}:
                answer = browser.request(method, address, data={"week": "../x", "version": "x"})
                assert answer.status_code < 500, (method, address)
                assert "4711" not in answer.text, (method, address)
    settle(desk)
    assert sorted(str(path) for path in tmp_path.rglob("*") if ".yuanjiao" not in path.parts) == there
    desk.work.close()


@pytest.mark.parametrize(
    "name", ["C:evil.mp4", "CON.mp4", "..", "a/../../b.mp4", "\\\\srv\\x\\b.mp4", "x\0.mp4", "."]
)
def test_no_name_of_a_file_that_is_sent_leads_out_of_what_was_received(
    browser: TestClient, workspace: Path, name: str
) -> None:
    sheet = "标题,系列,形式\n新课,扶贫实用技术,微视频\n".encode()
    files = [("files", ("list.csv", sheet)), ("files", (name, b"x"))]
    before = {path for path in workspace.parent.rglob("*") if ".yuanjiao" not in path.parts}
    browser.post("/import", files=files)
    assert {path for path in workspace.parent.rglob("*") if ".yuanjiao" not in path.parts} == before


# Too much


def received(desk: Desk, address: str, headers: dict[str, str]) -> tuple[int, bool]:
    """The answer's status, and whether anything of the body was read before."""
    read: list[bool] = []
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        read.append(True)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    told = {"host": "127.0.0.1:8787", "origin": "http://127.0.0.1:8787", **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": address,
        "raw_path": address.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8787),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
    }
    asyncio.run(make_app(desk)(scope, receive, send))
    return statuses[0], bool(read)


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/import", {"content-length": str(10**15)}),
        ("/import", {"content-length": "-1"}),
        ("/import", {"content-length": "１００"}),
        ("/import", {"transfer-encoding": "chunked"}),
        ("/venues/square-01/logs", {"content-length": str(10**15)}),
        ("/people", {"content-length": str(10**7)}),
        ("/language", {"content-length": str(10**7)}),
    ],
)
def test_what_is_too_large_or_of_unknown_length_is_refused_before_a_byte_is_read(
    desk: Desk, address: str, headers: dict[str, str]
) -> None:
    try:
        encoded = {name: value.encode("latin-1").decode("latin-1") for name, value in headers.items()}
    except UnicodeEncodeError:
        encoded = {"content-length": "\xb2"}  # a digit to some, no ASCII
    assert received(desk, address, encoded) == (413, False)


def test_a_visitor_is_refused_before_a_byte_of_an_upload_is_read(network: Desk) -> None:
    network.hosts = frozenset({"127.0.0.1:8787"})
    assert received(network, "/import", {"content-length": "1000"}) == (401, False)


def saying(archive: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size told of one of its parts, as one of zeros would have it."""
    at = archive.rindex(b"PK\x01\x02", 0, archive.rindex(name.encode()))
    return archive[: at + 24] + struct.pack("<I", size) + archive[at + 28 :]


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_a_spreadsheet_that_unpacks_to_gigabytes_is_told_and_not_unpacked(browser: TestClient, name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(name, bytes(1 << 20))
    bomb = saying(made.getvalue(), name, 3 << 30)
    sent = browser.post("/import", files=[("files", ("list.xlsx", bomb))])
    answer = browser.get(sent.headers["location"])
    assert answer.status_code == 422
    assert "unpacks to more than" in answer.text, answer.text


def test_who_asks_too_often_waits_and_others_do_not() -> None:
    at = [0.0]
    throttle = Throttle(now=lambda: at[0])
    assert sum(throttle.allows("10.0.0.66", reads=False) for _ in range(1000)) == 200
    assert throttle.allows("10.0.0.5", reads=False)
    assert throttle.allows("10.0.0.66", reads=True)
    at[0] = 1.0
    assert sum(throttle.allows("10.0.0.66", reads=False) for _ in range(100)) == 20
    for number in range(12_000):
        throttle.allows(f"fe80::{number:x}", reads=True)
    assert len(throttle._left) <= 5000


def test_too_many_requests_are_told_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    throttle = Throttle(now=lambda: 0.0)
    monkeypatch.setattr(serving, "Throttle", lambda: throttle)
    browser = browser_of(desk)
    assert all(throttle.allows("testclient", reads=False) for _ in range(197))
    assert [browser.post("/tasks/7/cancel").status_code for _ in range(4)] == [422, 422, 422, 429]


# What people and files say is never markup


XSS = "\"><script>pwned()</script><img src=x onerror='pwned()'>{{7*7}}</textarea></title>"
SHORT = "<b onclick=pwn()>"


class _Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def foreign(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """The elements that no template of ours has."""
    parser = _Elements()
    parser.feed(page)
    return [
        (tag, attrs)
        for tag, attrs in parser.found
        if (tag == "script" and not (attrs.get("src") or "").startswith("/static/"))
        or (tag == "img" and attrs.get("src") == "x")
        or any(name.startswith("on") or "javascript:" in (value or "") for name, value in attrs.items())
    ]


@pytest.fixture
def poisoned(tmp_path: Path) -> Iterator[Desk]:
    """A county whose every field says XSS: lessons, venues, subtitles, users, the folder itself."""
    root = write_workspace(tmp_path, (31, 31))
    told = XSS.replace('"', '\\"')
    settings = (root / "yuanjiao.toml").read_text(encoding="utf-8")
    settings = re.sub(r'(name|county) = "[^"]*"', rf"\1 = '{SHORT}'", settings)
    (root / "yuanjiao.toml").write_text(settings, encoding="utf-8")
    with (root / "venues.csv").open("a", encoding="utf-8") as venues:
        venues.write(f"square-99,{SHORT},广场,{SHORT},{SHORT},512x320,每天 19:00-19:20,\n")
    folder = root / "courseware" / "lesson-000"
    lesson = (folder / "lesson.toml").read_text(encoding="utf-8")
    fields = "".join(f'{name} = "{told}"\n' for name in ("presenter", "producer", "credit"))
    lesson = re.sub(r'title = "[^"]*"', lambda _: f'title = "{told}"', lesson)
    (folder / "lesson.toml").write_text(lesson + fields, encoding="utf-8")
    (folder / "subtitles.srt").write_text(f"1\n00:00:01,000 --> 00:00:03,000\n{XSS}\n", encoding="utf-8")
    desk = desk_on(root, tmp_path / XSS.replace("/", ""))
    add_user(open_workspace(root), XSS, XSS[:40], ["administrator"], (), PASSWORD)
    yield desk
    desk.work.close()


def test_nothing_that_a_file_or_a_form_says_becomes_markup_on_any_page(poisoned: Desk) -> None:
    browser = browser_of(poisoned)
    browser.post("/render", data={"lesson": "lesson-000", "profile": XSS, "by": XSS})
    settle(poisoned)
    routes = [route for route in make_app(poisoned).routes if isinstance(route, Route)]
    names = {"lesson": "lesson-000", "week": "2026-W48", "venue": "square-99", "month": "2026-11"}
    seen = 0
    for route in routes:
        if "GET" not in (route.methods or ()) or route.path == "/tasks/events":
            continue
        for ids in (names, dict.fromkeys(names, quote(XSS.replace("/", ""), safe=""))):
            address = route.path
            for name, value in ids.items():
                address = address.replace(f"{{{name}}}", value)
            address = re.sub(r"\{[^}]+\}", "x", address)
            answer = browser.get(address, params={"q": XSS, "profile": XSS, "at": XSS, "day": XSS, "back": XSS})
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert foreign(answer.text) == [], address
                assert "49</textarea>" not in answer.text
                seen += "&lt;script&gt;pwned()" in answer.text
    assert seen >= 8, "the pages that show what was poisoned"


def test_what_is_sent_back_from_a_refused_form_is_no_markup(poisoned: Desk) -> None:
    browser = browser_of(poisoned)
    for address in (
        "/lessons/lesson-000",
        "/people",
        "/start",
        "/weeks/2026-W48",
        "/venues/square-99/stick",
        "/import",
    ):
        names = ("title", "name", "do", "folder", "week", "venue", "version", "series", "county", "way", "venues")
        answer = browser.post(address, data=dict.fromkeys(names, XSS))
        assert foreign(answer.text) == [], address


@pytest.mark.parametrize("name", ["x.svg", "x.html", "x.xhtml", "x.xml"])
def test_what_was_sent_as_a_page_or_a_drawing_is_never_served_as_one(
    browser: TestClient, workspace: Path, name: str
) -> None:
    """As a lesson's video, cover or anything: a browser would run what stands in it, in our name."""
    folder = workspace / "courseware" / "dose"
    (folder / name).write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>", encoding="utf-8")
    content = (folder / "lesson.toml").read_text(encoding="utf-8")
    (folder / "lesson.toml").write_text(f'{content}source = "{name}"\n', encoding="utf-8")
    (workspace / "published").mkdir()
    (workspace / "published" / "x.svg").write_text("<svg/>", encoding="utf-8")
    for address in (
        "/lessons/dose/subtitles/video",
        "/lessons/dose/thumbnail.jpg",
        f"/lessons/dose/{name}",
        f"/static/{name}",
        "/published/x.svg",
    ):
        answer = browser.get(address)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "pwned" not in answer.text
        assert answer.status_code >= 400


# Secrets


def test_passwords_are_sent_in_no_address() -> None:
    for path in sorted(DESK_DIR.glob("*.j2")):
        for form in re.findall(r"<form.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
            assert 'type="password"' not in form or 'method="post"' in form, path.name


def test_no_session_stands_in_a_page_or_an_address(network: Desk) -> None:
    browser = logged_in(network, "管主任")
    token = browser.cookies["yuanjiao-session"]
    for address in ("/", "/lessons", "/people", "/account", "/people/log", "/tasks"):
        answer = browser.get(address)
        assert token not in answer.text
        assert token not in answer.headers.get("location", "")
        assert PASSWORD not in answer.text


def test_a_line_break_in_the_address_to_return_to_becomes_no_header(network: Desk) -> None:
    browser = visitor_of(network)
    answer = browser.post(
        "/login", data={"name": "王芳", "password": PASSWORD, "back": "/x\r\nSet-Cookie: yuanjiao-session=known"}
    )
    assert "known" not in answer.headers["set-cookie"]
    assert "\n" not in answer.headers["location"]


def lasting(addresses: list[str]) -> list[str]:
    """Without those of the range for testing networks (RFC 2544), which come and go with other tests' cables."""
    return [one for one in addresses if not one.startswith("http://198.18.")]


@pytest.mark.long
def test_a_real_desk_in_the_network_says_no_password_and_no_session_in_its_log(network: Desk, tmp_path: Path) -> None:
    """Nor to the window it runs in; and it is reached at the address that it tells."""
    log = tmp_path / "log.txt"
    assert network.root is not None
    wrong = "geheim-und-falsch"
    with started(network.root, "--lan", log=log) as served, served.browser() as browser:
        assert browser.get("/lessons").headers["location"].startswith("/login")
        assert browser.post("/login", data={"name": "王芳", "password": wrong}).status_code == 401
        assert browser.post("/login", data={"name": "王芳", "password": PASSWORD}).status_code == 303
        token = browser.cookies["yuanjiao-session"]
        browser.get("/lessons")
        assert browser.post("/account", data={"password": wrong, "new": wrong, "again": wrong}).status_code == 422
        browser.post("/login", content=b"\xff" * 100, headers={"content-type": "multipart/form-data"})
        told = re.findall(r"From other computers in this network: (\S+/)", log.read_text(encoding="utf-8"))
        assert lasting(told) == lasting(addresses_of(int(served.address.rpartition(":")[2])))
        for address in lasting(told):
            assert httpx2.get(f"{address}login").status_code == 200
            assert httpx2.get(f"{address}login", headers={"Host": "evil.example"}).status_code == 403
    kept = [log, *(path for path in (network.root / ".yuanjiao").rglob("*") if path.is_file())]
    for path in kept:
        content = path.read_bytes()
        assert all(secret.encode() not in content for secret in (PASSWORD, wrong, token)), path
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.mark.long
def test_no_script_of_ours_makes_markup_of_what_a_file_says(poisoned: Desk, chromium: Browser) -> None:
    """In a browser, where scripts of ours build parts of pages; `visiting` fails on a broken policy."""
    with visit(poisoned) as address, visiting(chromium) as page:
        page.add_init_script("window.pwned = window.pwn = () => { window.harmed = true; };")
        pages = ("", "/subtitles")
        for path in ("/lessons", "/reviews", "/venues", "/weeks/2026-W48", "/people", "/overview", "/tasks"):
            page.goto(f"{address}{path}")
            assert not page.evaluate("window.harmed")
        for path in pages:
            page.goto(f"{address}/lessons/lesson-000{path}")
            page.wait_for_timeout(300)
            assert page.locator("img[src=x], script:not([src])").count() == 0
            assert not page.evaluate("window.harmed")
