"""Logging in: who gets in, for how long, and what an attacker at the door learns."""

from __future__ import annotations

import stat
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from courseware.errors import InputError
from courseware.lessons.workspace import open_workspace
from desk.people import logins, managing, passwords
from desk.people.delays import LoginDelays
from desk.people.passwords import hash_password, is_password
from desk.people.users import load_users
from desk.session.asking import SESSION_COOKIE
from desk.session.state import Desk
from tests.desk.people import PASSWORD, logged_in, visitor_of


class _Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock(network: Desk) -> _Clock:
    assert network.logins is not None
    found = _Clock()
    network.logins.now = network.logins.delays.now = found
    return found


def try_login(browser: TestClient, name: str, password: str) -> tuple[int, str]:
    answer = browser.post("/login", data={"name": name, "password": password})
    return answer.status_code, answer.text


def test_who_has_not_logged_in_is_led_to_the_door_and_back(network: Desk) -> None:
    browser = visitor_of(network)
    assert browser.get("/lessons/dose").headers["location"] == "/login?back=/lessons/dose"
    page = browser.get("/login?back=/lessons/dose").text
    assert 'value="/lessons/dose"' in page
    assert "yuanjiao.toml" not in page
    assert network.root is not None
    assert f"<span>{network.root.name}</span>" not in page
    answer = browser.post("/login", data={"name": "王芳", "password": PASSWORD, "back": "/lessons/dose"})
    assert answer.headers["location"] == "/lessons/dose"
    assert "王芳" in browser.get("/lessons").text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_door_leads_to_no_other_site(network: Desk, back: str) -> None:
    browser = visitor_of(network)
    answer = browser.post("/login", data={"name": "王芳", "password": PASSWORD, "back": back})
    assert answer.headers["location"] == "/"


def test_the_cookie_is_for_no_script_and_no_other_site_and_ends_with_the_browser(network: Desk) -> None:
    answer = visitor_of(network).post("/login", data={"name": "王芳", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie


def test_a_session_that_somebody_else_planted_is_worth_nothing(network: Desk) -> None:
    """Session fixation: the number changes at every login, and a number that we did not give is none."""
    victim = visitor_of(network)
    victim.cookies.set(SESSION_COOKIE, "known-to-the-attacker")
    victim.post("/login", data={"name": "王芳", "password": PASSWORD})
    attacker = visitor_of(network)
    attacker.cookies.set(SESSION_COOKIE, "known-to-the-attacker")
    assert attacker.get("/lessons").status_code == 303


def test_a_session_ends_with_the_next_login_of_the_same_browser(network: Desk) -> None:
    browser = logged_in(network, "王芳")
    old = browser.cookies[SESSION_COOKIE]
    browser.post("/login", data={"name": "赵审", "password": PASSWORD})
    assert browser.cookies[SESSION_COOKIE] != old
    thief = visitor_of(network)
    thief.cookies.set(SESSION_COOKIE, old)
    assert thief.get("/lessons").status_code == 303


def test_logging_out_ends_the_session_on_the_server(network: Desk) -> None:
    browser = logged_in(network, "王芳")
    token = browser.cookies[SESSION_COOKIE]
    assert browser.post("/logout").headers["location"] == "/login"
    thief = visitor_of(network)
    thief.cookies.set(SESSION_COOKIE, token)
    assert thief.get("/lessons").status_code == 303


@pytest.mark.parametrize(("step", "times"), [(logins.IDLE_S + 1, 1), (logins.IDLE_S - 1, 6)])
def test_a_session_ends_when_it_is_not_used_and_at_last_anyway(
    network: Desk, clock: _Clock, step: int, times: int
) -> None:
    browser = logged_in(network, "王芳")
    for _ in range(times - 1):
        clock.at += step
        browser.get("/tasks")
    clock.at += step
    assert browser.get("/lessons").status_code == 303


def test_what_is_sent_after_the_session_has_ended_is_told_and_not_lost_in_a_login_page(network: Desk) -> None:
    browser = logged_in(network, "王芳")
    assert network.logins is not None
    network.logins.leave(browser.cookies[SESSION_COOKIE])
    answer = browser.post("/lessons/dose", data={"title": "新题目", "version": "x"})
    assert answer.status_code == 401
    assert "log in on another tab" in answer.text


@pytest.mark.parametrize("change", ["password", "remove"])
def test_who_gets_another_password_or_is_removed_is_out_at_once(network: Desk, change: str) -> None:
    browser, other = logged_in(network, "王芳"), logged_in(network, "赵审")
    assert network.root is not None
    workspace = open_workspace(network.root)
    if change == "password":
        managing.set_password(workspace, "test", "王芳", "秋收万颗子2026")
    else:
        managing.remove_user(workspace, "test", "王芳")
    assert browser.get("/lessons").status_code == 303
    assert other.get("/lessons").status_code == 200


def test_a_role_that_is_taken_is_gone_at_once(network: Desk) -> None:
    browser = logged_in(network, "王芳")
    assert browser.get("/import").status_code == 200
    assert network.root is not None
    managing.change_user(open_workspace(network.root), "test", "王芳", ["reviewer"], ())
    assert browser.get("/import").status_code == 403


def test_names_that_exist_are_told_by_no_word_and_no_delay(network: Desk, clock: _Clock) -> None:
    answers = {}
    for name in ("王芳", "没有此人"):
        browser = visitor_of(network)
        assert network.logins is not None
        network.logins.delays = LoginDelays(clock)
        answers[name] = [try_login(browser, name, "wrong password") for _ in range(6)]
        answers[name] = [(code, page.replace(name, "")) for code, page in answers[name]]
    assert answers["王芳"] == answers["没有此人"]
    assert [code for code, _ in answers["王芳"]] == [401, 401, 401, 429, 429, 429]


def test_an_unknown_name_costs_a_hash_as_a_known_one_does(monkeypatch: pytest.MonkeyPatch, network: Desk) -> None:
    """No time tells which names exist: the same work is done for both."""
    asked: list[bool] = []

    def refuse(_password: str, hashed: str | None) -> bool:
        asked.append(hashed is None)
        return False

    monkeypatch.setattr(logins, "is_password", refuse)
    for name in ("王芳", "没有此人", "", "x" * 5000, "a\nb"):
        try_login(visitor_of(network), name, "wrong password")
        assert network.logins is not None
        network.logins.delays = LoginDelays()
    assert asked == [False, True, True, True, True]


def test_where_there_is_no_hash_one_is_computed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  (argon2's name)
            verified.append(str(hash))
            return super().verify(hash, password)

    verified: list[str] = []
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", lambda: Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert not is_password("wrong password", None)
    assert verified[0].startswith("$argon2id$")
    passwords._nobodys.cache_clear()


def test_delays_grow_and_end_and_nothing_is_tried_meanwhile(network: Desk, clock: _Clock) -> None:
    browser = visitor_of(network)
    for _ in range(3):
        assert try_login(browser, "王芳", "wrong password")[0] == 401
    answer = browser.post("/login", data={"name": "王芳", "password": PASSWORD})
    assert answer.status_code == 429  # also the right one: a guesser learns nothing
    assert answer.headers["retry-after"] == "1"
    clock.at += 1
    assert try_login(browser, "王芳", "wrong password")[0] == 401
    clock.at += 1
    assert try_login(browser, "王芳", PASSWORD)[0] == 429
    clock.at += 1
    assert try_login(browser, "王芳", PASSWORD)[0] == 303


def test_a_guesser_waits_a_quarter_of_an_hour_but_nobody_is_locked_out_for_long() -> None:
    clock = _Clock()
    delays = LoginDelays(clock)
    for _ in range(20):
        delays.failed("王芳", "10.0.0.66")
    assert delays.wait_s("王芳", "10.0.0.66") == 900
    assert delays.wait_s("赵审", "10.0.0.66") == 900
    assert delays.wait_s("王芳", "10.0.0.5") == 60
    assert delays.wait_s("赵审", "10.0.0.5") == 0
    clock.at += 4000
    delays.failed("x", "10.0.0.5")
    assert delays.wait_s("王芳", "10.0.0.66") == 0


def test_names_that_are_tried_fill_no_memory() -> None:
    delays = LoginDelays(_Clock())
    for number in range(12_000):
        delays.failed(f"name {number}", f"10.0.{number // 250}.{number % 250}")
    assert len(delays._failures) <= 10_002


def test_when_too_many_names_are_tried_those_go_first_that_were_tried_longest_ago() -> None:
    delays = LoginDelays(_Clock())
    for number in range(12_000):
        delays.failed(f"name {number}", f"10.0.{number // 250}.{number % 250}")
        if number % 1000 == 0:
            delays.failed("王芳", "10.1.1.1")
    assert delays.wait_s("王芳", "10.2.2.2") == 60
    assert ("name", "name 5000") not in delays._failures


def test_ones_own_password_is_changed_with_the_old_one_and_other_browsers_are_out(network: Desk) -> None:
    browser, elsewhere = logged_in(network, "王芳"), logged_in(network, "王芳")
    new = "秋收万颗子2026"
    form = {"password": PASSWORD, "new": new, "again": new}
    for wrong in ({"password": "not it at all"}, {"again": "x"}, {"new": "short", "again": "short"}):
        assert browser.post("/account", data=form | wrong).status_code == 422
    assert browser.post("/account", data=form).headers["location"] == "/account?changed=1"
    assert browser.get("/lessons").status_code == 200
    assert elsewhere.get("/lessons").status_code == 303
    assert logged_in(network, "王芳", new).get("/lessons").status_code == 200


@pytest.mark.parametrize("password", ["", "1234567", "aaaabbbbcccc", "11111111", "王芳王芳王芳2026", "x" * 201])
def test_a_password_that_anybody_would_guess_is_not_taken(password: str) -> None:
    with pytest.raises(InputError):
        hash_password(password, "王芳")


def test_hashes_are_argon2id_salted_and_cost_memory() -> None:
    """With the real cost: 64 MB, as RFC 9106 asks of a server."""
    first, second = hash_password(PASSWORD, "王芳"), hash_password(PASSWORD, "王芳")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert is_password(PASSWORD, first)
    assert not is_password(PASSWORD + " ", first)
    assert not is_password("", None)
    assert not is_password(PASSWORD, "damaged")


def test_what_is_known_of_people_can_be_read_by_the_owner_alone_and_holds_no_password(network: Desk) -> None:
    logged_in(network, "王芳")
    assert network.root is not None
    folder = network.root / ".yuanjiao" / "people"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "users.json").stat().st_mode) == 0o600
    assert all(PASSWORD not in path.read_text(encoding="utf-8") for path in folder.iterdir())


def test_a_damaged_list_of_users_lets_nobody_in(network: Desk) -> None:
    assert network.root is not None
    browser = logged_in(network, "王芳")
    (network.root / ".yuanjiao" / "people" / "users.json").write_text("{}", encoding="utf-8")
    assert browser.get("/lessons").status_code == 303
    assert visitor_of(network).post("/login", data={"name": "王芳", "password": PASSWORD}).status_code != 303


@pytest.mark.parametrize(
    ("attempt", "given", "said"),
    [
        (
            "add_user",
            (
                "王芳",
                ("editor",),
                (),
                PASSWORD,
            ),
            "already",
        ),
        (
            "add_user",
            (
                "a\nb",
                ("editor",),
                (),
                PASSWORD,
            ),
            "a name has",
        ),
        (
            "add_user",
            (
                "新人",
                (),
                (),
                PASSWORD,
            ),
            "at least one role",
        ),
        (
            "add_user",
            (
                "新人",
                ("operator",),
                (),
                PASSWORD,
            ),
            "an operator has venues",
        ),
        (
            "add_user",
            (
                "新人",
                ("editor",),
                ("square-01",),
                PASSWORD,
            ),
            "an operator has",
        ),
        (
            "add_user",
            (
                "新人",
                ("operator",),
                ("nowhere",),
                PASSWORD,
            ),
            "no venue of this id",
        ),
        (
            "change_user",
            (
                "管主任",
                ("office",),
                (),
            ),
            "must be an administrator",
        ),
        ("remove_user", ("管主任",), "must be an administrator"),
        ("remove_user", ("没有此人",), "no user of this name"),
        (
            "set_password",
            (
                "王芳",
                "123",
            ),
            "must have 8",
        ),
    ],
)
def test_what_cannot_become_of_users_is_told_and_nothing_changes(
    network: Desk, attempt: str, given: tuple[Any, ...], said: str
) -> None:
    assert network.root is not None
    workspace = open_workspace(network.root)
    before = dict(load_users(workspace.cache_dir))
    with pytest.raises(InputError) as refused:
        getattr(managing, attempt)(workspace, "test", *given)
    assert any(said in problem.render(str) for problem in refused.value.problems)
    assert dict(load_users(workspace.cache_dir)) == before
