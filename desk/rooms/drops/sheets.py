"""A spreadsheet and videos dropped onto a page: what would change is shown before it is taken."""

from __future__ import annotations

import threading
from functools import partial

from starlette.datastructures import UploadFile
from starlette.responses import Response

from courseware.errors import BatchError, text
from courseware.intake.importing import carry_out_import, plan_import
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from desk.lessons.inbox import forget, inbox_of, one_sheet, receive, sheet_in
from desk.people.roles import EDITORS
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import Ask
from desk.work import TaskConsole


def show_drop(ask: Ask) -> Response:
    """Where files are dropped."""
    return ask.show("import.html.j2")


def receive_files(ask: Ask) -> Response:
    """Keep what was sent, and show what it would change."""
    uploads = [value for value in ask.form.getlist("files") if isinstance(value, UploadFile) and value.filename]
    return ask.go(f"/import/{receive(ask.workspace, uploads, one_sheet)}")


def show_changes(ask: Ask) -> Response:
    """What each row would change."""
    token = ask.path("token")
    folder = inbox_of(ask.workspace, token)
    sheet, intake = plan_import(ask.workspace, sheet_in(folder), folder)
    return ask.show("import_changes.html.j2", token=token, sheet=sheet, intake=intake)


def take_changes(ask: Ask) -> Response:
    """Put the import into the queue, or forget what was sent."""
    folder = inbox_of(ask.workspace, ask.path("token"))
    if ask.said("do") != "take":
        forget(folder)
        return ask.go("/import")
    overwrite = ask.said("overwrite") == "on"
    name = text("Take {sheet}", sheet=sheet_in(folder).name)
    run = partial(_take, ask.workspace, ask.path("token"), overwrite)
    ask.queue(name, run, link="/lessons")
    return ask.go("/tasks")


def _take(workspace: Workspace, token: str, overwrite: bool, console: TaskConsole, _stop: threading.Event) -> None:  # noqa: FBT001  (bound by partial)
    """What `yuanjiao import` does; the files are forgotten once every row was taken."""
    folder = inbox_of(workspace, token)
    with lock_at(workspace.root):
        _rows, plan = plan_import(open_workspace(workspace.root), sheet_in(folder), folder, overwrite=overwrite)
        done = carry_out_import(plan, console)
    console.say(
        text(
            "{new} new, {updated} changed, {unchanged} as before",
            **{kind: len(done.ids(kind)) for kind in ("new", "updated", "unchanged")},
        )
    )
    console.problems((*done.conflicts, *done.remarks))
    if done.problems:
        raise BatchError(*done.problems)
    forget(folder)


ROOM = DeskRoom(
    text("Import"),
    "/import",
    (
        DeskRoute("GET", "/import", show_drop, roles=EDITORS),
        DeskRoute("POST", "/import", receive_files, roles=EDITORS, takes_files=True),
        DeskRoute("GET", "/import/{token}", show_changes, roles=EDITORS),
        DeskRoute("POST", "/import/{token}", take_changes, roles=EDITORS),
    ),
)
