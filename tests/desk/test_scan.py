"""A scanner fills every address and every form of the desk with anything: no fault of ours, no markup of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from starlette.routing import Route
from starlette.testclient import TestClient

from desk.people import passwords
from desk.people.delays import LoginDelays
from desk.serving import app as serving
from desk.serving.throttle import Throttle
from desk.session.state import Desk
from templates.desk.pages import DESK_DIR
from tests.desk.people import add_people, logged_in, network_desk, quick_hasher
from tests.desk.test_attacks import foreign
from tests.playlists.factories import write_workspace

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

EXAMPLES = 25  # of each address
AnyCase = schemathesis.Case[Any]
ENDLESS = {"/tasks/events", "/logout"}
KNOWN = {
    "lesson": "lesson-000",
    "venue": "square-01",
    "week": "2026-W48",
    "month": "2026-11",
    "profile": "led-512x320",
    "number": "1",
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """As others in the network reach it: there nobody names a folder of the server."""
    monkeypatch.setattr(passwords, "_hasher", quick_hasher)
    monkeypatch.setattr(Throttle, "allows", lambda *_, **__: True)
    monkeypatch.setattr(LoginDelays, "wait_s", lambda *_: 0)
    root = write_workspace(tmp_path, (31, 31))
    add_people(root, "square-01")
    opened = network_desk(root)
    yield opened
    opened.work.close()


def document(desk: Desk) -> dict[str, Any]:
    """The application as OpenAPI: each address with its ids, and every field that any form of ours has."""
    templates = "".join(path.read_text(encoding="utf-8") for path in DESK_DIR.glob("*.j2"))
    fields = {name: {"type": "string"} for name in re.findall(r'\bname="([a-z_]+)"', templates)}
    form = {"type": "object", "properties": fields}
    body = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    paths: dict[str, dict[str, Any]] = {}
    for route in serving.make_app(desk).routes:
        if isinstance(route, Route) and route.path not in ENDLESS:
            path = route.path.replace(":path", "")
            for method in (route.methods or set()) - {"HEAD"}:
                told: dict[str, Any] = {"responses": {"200": {"description": ""}}}
                told["parameters"] = [*map(_of_path, re.findall(r"\{(\w+)\}", path)), *map(_of_query, _QUERY)]
                paths.setdefault(path, {})[method.lower()] = told | (
                    {"requestBody": body} if method == "POST" else {}
                )
    return {"openapi": "3.1.0", "info": {"title": "desk", "version": "1"}, "paths": paths}


_QUERY = ("all", "at", "back", "day", "done", "folder", "profile", "q", "week", "weeks")


def _of_path(name: str) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    schema = {"anyOf": [{"enum": [KNOWN[name]]}, text]} if name in KNOWN else text
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _of_query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def test_whatever_a_scanner_sends_is_answered_with_a_page_of_ours(desk: Desk) -> None:
    asked = 0
    for found in schemathesis.openapi.from_dict(document(desk)).get_all_operations():
        assert isinstance(found, Ok)

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=found.ok().as_strategy())
        def scan(case: AnyCase) -> None:
            nonlocal asked
            asked += 1
            judge(browser, case)

        with logged_in(desk, "管主任") as browser:
            scan()
    assert asked > 50 * EXAMPLES // 2


def judge(browser: TestClient, case: AnyCase) -> None:
    form = {name: str(value) for name, value in case.body.items()} if isinstance(case.body, dict) else {}
    answer = browser.request(case.method, case.formatted_path, params=case.query or {}, data=form)
    assert answer.status_code < 500, answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert foreign(answer.text) == []
