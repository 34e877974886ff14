"""Looks at the long pages ahead, after the start and after each task, so that whoever comes finds them known."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from courseware.errors import YuanjiaoError
from desk.county.places import catalogue_there, venues_there
from desk.rooms import ROOMS
from desk.session.asking import Ask
from desk.session.state import Desk
from playlists.almanac import clock

_MOST_STEPS = 3  # from a room's first page to the one that it sends to


@dataclass(slots=True)
class LookAhead:
    """Does it beside, as often as it is asked to."""

    desk: Desk
    _wanted: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Look for the first time, and from then on after each task."""
        self.desk.work.after = self._wanted.set
        self._wanted.set()
        threading.Thread(target=self._work, name="ahead", daemon=True).start()

    def _work(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            look_ahead(self.desk)


def look_ahead(desk: Desk) -> None:
    """Look at each page once; what is wrong with one is told to whoever asks for it."""
    with suppress(YuanjiaoError, OSError):
        for address in _addresses(desk) if desk.root else ():
            with suppress(YuanjiaoError, OSError):
                _look(desk, address)


def _addresses(desk: Desk) -> Iterator[str]:
    """The first page of every room, and of the other long ones an example."""
    yield from (room.address for room in ROOMS if room.in_menu)
    workspace = desk.workspace()
    yield f"/publishing/month/{clock.today(workspace):%Y-%m}"
    for venue in venues_there(workspace)[0][:1]:
        yield f"/weeks/{clock.coming_week(workspace)}/{venue.id}"
        yield from (f"/venues/{venue.id}", f"/venues/{venue.id}/stick")
    for lesson in catalogue_there(workspace).lessons[:1]:
        yield from (f"/lessons/{lesson.id}", f"/lessons/{lesson.id}/subtitles", f"/reviews/{lesson.id}")


def _look(desk: Desk, address: str) -> None:
    for _ in range(_MOST_STEPS):
        answer = _answered(desk, address)
        if answer is None or "location" not in answer.headers:
            return
        address = answer.headers["location"]


def _answered(desk: Desk, address: str) -> Response | None:
    """What the room answers that has the address."""
    path = address.partition("?")[0]
    for route in (one for room in ROOMS for one in room.routes if one.method == "GET"):
        if found := compile_path(route.path)[0].match(path):
            scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
            return route.answer(Ask(Request({**scope, "path_params": found.groupdict()}), desk, FormData()))
    return None
