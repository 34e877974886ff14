"""The door: logging in and out, and one's own password. Only where others on the network reach the desk."""

from __future__ import annotations

from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import lock_at
from desk.people.acts import record_act
from desk.people.logins import Logins, TooSoonError
from desk.people.managing import set_password
from desk.people.roles import ANYONE, EVERYBODY
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import NOT_FOUND, SESSION_COOKIE, Ask, ours


def show_login(ask: Ask) -> Response:
    """Name and password."""
    if ask.is_inside:
        return ask.go("/")
    return ask.show("login.html.j2", back=ours(ask.query("back")), problems=())


def log_in(ask: Ask) -> Response:
    """Begin a session; the one that the browser came with ends."""
    logins, back = _logins(ask), ours(ask.said("back"))
    try:
        token = logins.enter(ask.said("name"), ask.raw("password"), ask.client, ask.token)
    except TooSoonError as error:
        answer = ask.show("login.html.j2", status=429, back=back, problems=error.problems)
        answer.headers["Retry-After"] = str(error.wait_s)
        return answer
    except InputError as error:
        return ask.show("login.html.j2", status=401, back=back, problems=error.problems)
    person = logins.person(token)
    record_act(ask.workspace.cache_dir, person.name if person else "", text("logged in").pattern)
    return ask.enter(back, token)


def log_out(ask: Ask) -> Response:
    """End the session, on the server, too."""
    _logins(ask).leave(ask.token)
    answer = ask.go("/login")
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return answer


def show_account(ask: Ask) -> Response:
    """Who one is, and the form for another password."""
    _logins(ask)
    return ask.show("account.html.j2", changed=bool(ask.query("changed")), problems=())


def change_password(ask: Ask) -> Response:
    """Take another password, if the present one is known; all other sessions of the name end."""
    logins, person = _logins(ask), ask.person
    assert person is not None  # noqa: S101  (for the type checker: EVERYBODY has logged in)
    try:
        logins.check(person.name, ask.raw("password"), ask.client)
    except InputError as error:
        return _not_taken(ask, error)
    if ask.raw("new") != ask.raw("again"):
        return _not_taken(ask, InputError(Problem("", text("the new password was typed in two different ways"))))
    try:
        with lock_at(ask.workspace.root):
            set_password(ask.workspace, person.name, person.name, ask.raw("new"))
    except InputError as error:
        return _not_taken(ask, error)
    return ask.enter("/account?changed=1", logins.renew(person.name))


def _not_taken(ask: Ask, error: InputError) -> Response:
    return ask.show("account.html.j2", status=422, changed=False, problems=error.problems)


def _logins(ask: Ask) -> Logins:
    """The door.

    Raises:
        InputError: there is none, alone on this computer.
    """
    if ask.desk.logins is None:
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    return ask.desk.logins


ROOM = DeskRoom(
    text("Log in"),
    "/login",
    (
        DeskRoute("GET", "/login", show_login, roles=ANYONE),
        DeskRoute("POST", "/login", log_in, roles=ANYONE, records=False),
        DeskRoute("POST", "/logout", log_out, roles=EVERYBODY, records=False),
        DeskRoute("GET", "/account", show_account, roles=EVERYBODY),
        DeskRoute("POST", "/account", change_password, roles=EVERYBODY, records=False),
    ),
    in_menu=False,
)
