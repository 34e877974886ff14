"""The desk as an ASGI application: the rooms' routes behind the guard, and errors turned into pages."""

from __future__ import annotations

import mimetypes
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from courseware.errors import Problem, YuanjiaoError, reason_of, text
from courseware.storage.locks import user_name, waiting_at_most
from desk.people.acts import record_act
from desk.people.roles import admits
from desk.rooms import ROOMS, DeskRoom, DeskRoute
from desk.serving.guard import SAFE_METHODS, Guard
from desk.serving.throttle import Throttle
from desk.session.asking import NOT_FOUND, Ask, MenuItem
from desk.session.state import Desk
from templates.desk.pages import STATIC_DIR

MENU = tuple(MenuItem(room.name, room.address, room.roles) for room in ROOMS if room.in_menu)
_NOT_DONE = 400  # answers from here on say that nothing was changed
_STATIC_TYPES = {".js": "text/javascript", ".css": "text/css"}
_LARGEST_FORM, _SPARE = 4_000_000, 200_000_000
_PATIENCE_S = 8  # so long somebody waits who has pressed “save” while another writes; then it is said who that is
_MOST_FIELDS, _MOST_FILES, _MOST_BYTES_OF_A_FIELD = 2_000, 200, 1_000_000


def make_app(desk: Desk) -> Starlette:
    """The application for a desk."""
    # Windows' registry may call scripts plain text, which no browser runs under “nosniff”.
    for suffix, kind in _STATIC_TYPES.items():
        mimetypes.add_type(kind, suffix)
    routes = [
        Route(one.path, _endpoint(desk, room, one), methods=[one.method]) for room in ROOMS for one in room.routes
    ]
    return Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=STATIC_DIR))],
        middleware=[Middleware(Guard, hosts=desk.hosts, throttle=Throttle(), in_network=desk.logins is not None)],
        exception_handlers={HTTPException: _missing(desk)},
    )


def _endpoint(desk: Desk, room: DeskRoom, route: DeskRoute) -> Callable[[Request], Awaitable[Response]]:
    """The route's handler, in a thread of its own, for whom it is for, with the form read before it."""

    async def endpoint(request: Request) -> Response:
        # As few threads as can be: where many ask, each change of thread waits for its turn.
        if request.method in SAFE_METHODS:
            return await run_in_threadpool(_looked, request, desk, route)
        ask, refusal = await run_in_threadpool(_admitted, request, desk, route)
        if refusal is not None:
            return refusal
        limits = {"max_files": _MOST_FILES, "max_fields": _MOST_FIELDS, "max_part_size": _MOST_BYTES_OF_A_FIELD}
        async with request.form(**limits) as form:
            return await run_in_threadpool(_done, room, route, replace(ask, form=form))

    return endpoint


def _looked(request: Request, desk: Desk, route: DeskRoute) -> Response:
    """What is answered to who only looks."""
    ask = _ask(request, desk)
    return _kept_out(ask, route) or _answer(route, ask)


def _admitted(request: Request, desk: Desk, route: DeskRoute) -> tuple[Ask, Response | None]:
    """Who wants to change something, and the answer where the form is not even read."""
    ask = _ask(request, desk)
    refusal = _kept_out(ask, route)
    if refusal is None and (too_large := _too_large(request, desk, route)):
        refusal = ask.refuse((too_large,), 413)
    return ask, refusal


def _ask(request: Request, desk: Desk) -> Ask:
    """The request, with who asks."""
    ask = Ask(request, desk, FormData(), MENU)
    return replace(ask, person=desk.logins.person(ask.token)) if desk.logins else ask


def _kept_out(ask: Ask, route: DeskRoute) -> Response | None:
    """The answer for whom the address is not for; None for whom it is."""
    if ask.desk.logins is None or admits(route.roles, ask.person, ask.request.path_params.get("venue", "")):
        return None
    if ask.person is not None:
        return ask.refuse((Problem("", text("this is not for you; ask an administrator for the role")),), 403)
    if ask.request.method in SAFE_METHODS and not ask.is_part:
        return ask.go(f"/login?back={quote(ask.request.url.path)}")
    # What was typed is still in the page that sent it.
    what = text("you are no longer logged in; log in on another tab, then come back and send this again")
    return ask.refuse((Problem("", what),), 401)


def _done(room: DeskRoom, route: DeskRoute, ask: Ask) -> Response:
    """What the room answers; what it has changed is written down before that is told."""
    with waiting_at_most(_PATIENCE_S):
        answer = _answer(route, ask)
    if route.records and answer.status_code < _NOT_DONE and ask.desk.root is not None:
        by, where = ask.who or user_name(), ask.request.url.path
        try:
            record_act(ask.workspace.cache_dir, by, room.name.pattern, where, ask.said("do"))
        except (YuanjiaoError, OSError) as error:
            done = Problem("", text("this was done, but who did it could not be written down; do not do it again"))
            return replace(ask, form=FormData()).refuse((done, *_problems_of(error)), 507)
    return answer


def _too_large(request: Request, desk: Desk, route: DeskRoute) -> Problem | None:
    """Why a form is not even read: its length is not told, or too great for it or for the disk."""
    told = request.headers.get("content-length", "")
    if not (told.isascii() and told.isdigit()):
        return Problem("", text("the browser did not say how much it sends"))
    if not route.takes_files:
        return Problem("", text("too much for one form")) if int(told) > _LARGEST_FORM else None
    # Once while it arrives, once where it is kept.
    places = {Path(tempfile.gettempdir()), desk.root or desk.proposed}
    free = min(shutil.disk_usage(place).free for place in places if place.is_dir())
    if int(told) * 2 + _SPARE > free:
        size = int(told) // 1_000_000
        what = text("{size} MB do not fit on the disk, where {free} MB are free", size=size, free=free // 1_000_000)
        return Problem("", what)
    return None


def _answer(route: DeskRoute, ask: Ask) -> Response:
    """What the room answers; before a workspace is chosen, the page on which that is done."""
    if ask.desk.root is None and not route.without_workspace:
        return ask.go("/start")
    try:
        return route.answer(ask)
    except YuanjiaoError as error:
        return ask.refuse(error.problems)
    except OSError as error:
        return ask.refuse(_problems_of(error), 507)


def _problems_of(error: YuanjiaoError | OSError) -> Sequence[Problem]:
    if isinstance(error, YuanjiaoError):
        return error.problems
    what = text("cannot be read or written: {reason}", reason=reason_of(error))
    return (Problem(str(error.filename or ""), what),)


def _missing(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    """The page for what is not there."""

    async def handler(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        problem = Problem(request.url.path, NOT_FOUND)
        return await run_in_threadpool(lambda: _ask(request, desk).refuse((problem,), status))

    return handler
