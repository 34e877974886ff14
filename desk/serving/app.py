"""The desk as an ASGI application: the rooms' routes behind the guard, and errors turned into pages."""

from __future__ import annotations

import mimetypes
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from courseware.errors import Problem, StorageError, YuanjiaoError, reason_of, text
from desk.rooms import ROOMS, DeskRoute
from desk.serving.guard import SAFE_METHODS, Guard
from desk.session.asking import NOT_FOUND, Ask, MenuItem
from desk.session.state import Desk
from templates.desk.pages import STATIC_DIR

MENU = tuple(MenuItem(room.name, room.address) for room in ROOMS if room.in_menu)
_STATIC_TYPES = {".js": "text/javascript", ".css": "text/css"}
_LARGEST_FORM, _SPARE = 4_000_000, 200_000_000
_MOST_FIELDS, _MOST_FILES, _MOST_BYTES_OF_A_FIELD = 2_000, 200, 1_000_000


def make_app(desk: Desk) -> Starlette:
    """The application for a desk."""
    # Windows' registry may call scripts plain text, which no browser runs under “nosniff”.
    for suffix, kind in _STATIC_TYPES.items():
        mimetypes.add_type(kind, suffix)
    routes = [Route(one.path, _endpoint(desk, one), methods=[one.method]) for room in ROOMS for one in room.routes]
    return Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=STATIC_DIR))],
        middleware=[Middleware(Guard, hosts=desk.hosts)],
        exception_handlers={HTTPException: _missing(desk)},
    )


def _endpoint(desk: Desk, route: DeskRoute) -> Callable[[Request], Awaitable[Response]]:
    """The route's handler, in a thread of its own, with the form read before it."""

    async def endpoint(request: Request) -> Response:
        if request.method in SAFE_METHODS:
            return await run_in_threadpool(_answer, route, Ask(request, desk, FormData(), MENU))
        refusal = _too_large(request, desk, route)
        if refusal is not None:
            return await run_in_threadpool(Ask(request, desk, FormData(), MENU).refuse, (refusal,), 413)
        limits = {"max_files": _MOST_FILES, "max_fields": _MOST_FIELDS, "max_part_size": _MOST_BYTES_OF_A_FIELD}
        async with request.form(**limits) as form:
            return await run_in_threadpool(_answer, route, Ask(request, desk, form, MENU))

    return endpoint


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
        return route.handler(ask)
    except YuanjiaoError as error:
        return ask.refuse(error.problems)
    except OSError as error:
        what = text("cannot be read or written: {reason}", reason=reason_of(error))
        return ask.refuse(StorageError(Problem(str(error.filename or ""), what)).problems, 507)


def _missing(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    """The page for what is not there."""

    async def handler(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        ask = Ask(request, desk, FormData(), MENU)
        return await run_in_threadpool(ask.refuse, (Problem(request.url.path, NOT_FOUND),), status)

    return handler
