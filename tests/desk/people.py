"""A desk that others in the network reach, and people who log in to it; their passwords cost little here."""

from __future__ import annotations

from pathlib import Path

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from cli import make_console
from courseware.lessons.workspace import open_workspace
from desk.people.logins import Logins
from desk.people.managing import add_user
from desk.people.roles import UserRole
from desk.serving.app import make_app
from desk.session.state import Desk

HOST = "192.168.1.5:8787"
OURS = {"Origin": f"http://{HOST}"}  # all that a browser says over plain http in a network
PASSWORD = "春种一粒粟2026"  # noqa: S105  (of people that live in tests alone)
PEOPLE: dict[str, tuple[UserRole, ...]] = {
    "管主任": ("administrator",),
    "远教办": ("office",),
    "王芳": ("editor",),
    "赵审": ("reviewer",),
    "李强": ("operator",),
}


def quick_hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def add_people(root: Path, venue: str = "") -> None:
    """Everybody of PEOPLE; without a venue no operator."""
    workspace = open_workspace(root)
    for name, roles in PEOPLE.items():
        if venue or "operator" not in roles:
            add_user(workspace, "test", name, roles, (venue,) if "operator" in roles else (), PASSWORD)


def network_desk(root: Path) -> Desk:
    consoles = {language: make_console(language) for language in ("zh", "en")}
    logins = Logins(open_workspace(root).cache_dir)
    return Desk(consoles, "en", frozenset({HOST}), root, root, logins=logins)


def visitor_of(desk: Desk) -> TestClient:
    return TestClient(make_app(desk), base_url=f"http://{HOST}", headers=OURS, follow_redirects=False)


def logged_in(desk: Desk, name: str, password: str = PASSWORD) -> TestClient:
    browser = visitor_of(desk)
    assert browser.post("/login", data={"name": name, "password": password}).status_code == 303
    return browser
