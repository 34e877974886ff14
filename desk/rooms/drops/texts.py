"""从文稿做课件: a text with its pictures dropped onto a page; what it would become is shown before it is made."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.responses import Response

from courseware.errors import Problem, YuanjiaoError, text
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from courseware.origins.kinds import ORIGINS
from courseware.origins.making import make_lesson, plan_lesson
from courseware.origins.origin import FOLDER, DraftWish
from courseware.speaking.kokoro import SHIPPED, is_installed
from desk.lessons.inbox import forget, inbox_of, receive
from desk.people.roles import EDITORS
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import Ask
from desk.work import TaskConsole

_SAID = ("id", "title", "series", "form", "presenter", "voice")


def show_dropping(ask: Ask) -> Response:
    """Where the text is dropped."""
    return ask.show("make.html.j2", suffixes=[suffix for suffix in ORIGINS if suffix != FOLDER])


def receive_text(ask: Ask) -> Response:
    """Keep what was sent, and show what it would become."""
    uploads = [value for value in ask.form.getlist("files") if isinstance(value, UploadFile) and value.filename]
    return ask.go(f"/make/{receive(ask.workspace, uploads, one_origin)}")


def show_plan(ask: Ask) -> Response:
    """The lesson as it would be, or what is wrong; with what a person may say of it."""
    token, said = ask.path("token"), {key: ask.query(key) for key in _SAID}
    folder = inbox_of(ask.workspace, token)
    plan, problems = None, tuple[Problem, ...]()
    try:
        plan = plan_lesson(ask.workspace, _wish(folder, said))
    except YuanjiaoError as error:
        problems = error.problems
    settings = ask.workspace.settings
    return ask.show(
        "make_lesson.html.j2",
        status=200 if plan else 422,
        token=token,
        source=_source(folder).name,
        plan=plan,
        problems=problems,
        said=said,
        series=[series.name for series in settings.all_series],
        forms=settings.all_forms,
        voices=SHIPPED if is_installed() else (),
    )


def take_plan(ask: Ask) -> Response:
    """Show it again as it was filled in, put the making into the queue, or forget what was sent."""
    token, said = ask.path("token"), {key: ask.said(key) for key in _SAID}
    folder = inbox_of(ask.workspace, token)
    match ask.said("do"):
        case "take":
            plan = plan_lesson(ask.workspace, _wish(folder, said))
            run = partial(_make, ask.workspace, token, said)
            link = f"/lessons/{plan.folder.name}"
            ask.queue(text("Make a lesson from {name}", name=_source(folder).name), run, link=link)
            return ask.go("/tasks")
        case "look":
            given = {key: value for key, value in said.items() if value}
            return ask.go(f"/make/{token}?{urlencode(given)}")
    forget(folder)
    return ask.go("/make")


def one_origin(names: Sequence[str]) -> Iterator[Problem]:
    """Why no lesson can be made from these: nothing among them that is read, or several."""
    found = [name for name in names if PurePath(name).suffix.lower() in ORIGINS]
    known = " ".join(suffix for suffix in ORIGINS if suffix != FOLDER)
    if not found:
        yield Problem("", text("no file to make a lesson from; add one of {suffixes}", suffixes=known))
    elif len(found) > 1:
        yield Problem("、".join(found), text("several of them; drop what one lesson is made from"))


def _source(folder: Path) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.suffix.lower() in ORIGINS)


def _wish(folder: Path, said: Mapping[str, str]) -> DraftWish:
    values = {key: value for key, value in said.items() if key != "id"}
    return DraftWish(_source(folder), said["id"], folder, values=values)


def _make(
    workspace: Workspace, token: str, said: Mapping[str, str], console: TaskConsole, _stop: threading.Event
) -> None:
    """What `yuanjiao lesson new` does; the files are forgotten once the lesson is there."""
    folder = inbox_of(workspace, token)
    with lock_at(workspace.root):
        plan = plan_lesson(open_workspace(workspace.root), _wish(folder, said))
        make_lesson(plan, _source(folder).name)
    console.problems(plan.remarks)
    console.say(text("the lesson {id} is there; look it over, then render it", id=plan.folder.name))
    forget(folder)


ROOM = DeskRoom(
    text("A lesson from a text"),
    "/make",
    (
        DeskRoute("GET", "/make", show_dropping, roles=EDITORS),
        DeskRoute("POST", "/make", receive_text, roles=EDITORS, takes_files=True),
        DeskRoute("GET", "/make/{token}", show_plan, roles=EDITORS),
        DeskRoute("POST", "/make/{token}", take_plan, roles=EDITORS),
    ),
    in_menu=False,
)
