"""Who may ask the desk, and what a browser may do with its answers."""

from __future__ import annotations

import mimetypes

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from desk.serving.guard import refused
from desk.session.state import Desk
from tests.desk.conftest import HOST, browser_of

HOSTS = frozenset({HOST})
GOOD = {"host": HOST}


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "", f"{HOST}.evil.example", "localhost:8787"]
)
def test_a_name_that_is_not_ours_is_refused_also_for_reading(host: str) -> None:
    assert refused("GET", Headers({"host": host}), HOSTS) == "unknown host"


def test_reading_needs_nothing_but_our_name() -> None:
    assert refused("GET", Headers(GOOD), HOSTS) == ""


@pytest.mark.parametrize(
    ("sent", "allowed"),
    [
        ({"sec-fetch-site": "same-origin", "origin": f"http://{HOST}"}, True),
        ({"origin": f"http://{HOST}"}, True),  # plain http in a local network
        ({"sec-fetch-site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"sec-fetch-site": "cross-site", "origin": f"http://{HOST}"}, False),
        ({"sec-fetch-site": "same-site", "origin": f"http://{HOST}"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "http://evil.example"}, False),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_change_must_come_from_our_own_page(method: str, sent: dict[str, str], *, allowed: bool) -> None:
    assert (refused(method, Headers(GOOD | sent), HOSTS) == "") is allowed


def test_a_page_of_another_site_changes_nothing(browser: TestClient) -> None:
    answer = browser.post("/render", headers={"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Nothing to do" in browser.get("/tasks").text


@pytest.mark.parametrize("address", ["/lessons", "/no-such-page", "/static/desk.js", "/start"])
def test_no_answer_lets_foreign_or_inline_scripts_run(browser: TestClient, address: str) -> None:
    headers = browser.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_scripts_run_also_where_the_system_calls_them_plain_text(desk: Desk) -> None:
    """As the registry of many a Windows does; under “nosniff” no browser would run them."""
    mimetypes.add_type("text/plain", ".js")
    mimetypes.add_type("text/plain", ".css")
    page = browser_of(desk)
    assert page.get("/static/desk.js").headers["content-type"].startswith("text/javascript")
    assert page.get("/static/desk.css").headers["content-type"].startswith("text/css")


def test_pages_hold_no_inline_script_or_style(browser: TestClient) -> None:
    for address in ("/lessons", "/lessons/dose", "/lessons/dose/subtitles", "/tasks"):
        page = browser.get(address).text
        assert "<style" not in page
        assert " style=" not in page
        assert all("src=" in part.split(">", 1)[0] for part in page.split("<script")[1:])
        assert not any(f" on{event}=" in page for event in ("click", "load", "error", "submit"))


def test_browsers_keep_our_scripts_and_ask_each_time_but_keep_no_page(browser: TestClient) -> None:
    script = browser.get("/static/desk.js")
    assert script.headers["cache-control"] == "no-cache"
    again = browser.get("/static/desk.js", headers={"If-None-Match": script.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.get("/lessons").headers["cache-control"] == "no-store"
