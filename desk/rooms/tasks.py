"""The queue (任务): what waits, runs and has ended; how far it is, as it goes; cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from courseware.errors import InputError, Problem, text
from desk.people.roles import EVERYBODY
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import Ask, render_page
from desk.work import DeskTask

_LOOK_S = 0.5  # so often is looked whether something has changed
_BREATH_S = 15  # so often something is sent, or a proxy would hang up


def show_tasks(ask: Ask) -> Response:
    """The queue."""
    return ask.show("tasks.html.j2", tasks=_tasks(ask))


def follow_tasks(ask: Ask) -> Response:
    """The list of the queue again and again, whenever it has changed (server-sent events)."""
    return StreamingResponse(_changes(ask), media_type="text/event-stream")


def cancel_task(ask: Ask) -> Response:
    """Stop a task."""
    number = ask.path("number")
    task = ask.desk.work.find(int(number)) if number.isascii() and number.isdigit() else None
    if task is None or not _is_theirs(ask, task):
        raise InputError(Problem("", text("this task is no longer in the queue")))
    ask.desk.work.cancel(task.number)
    return ask.go("/tasks")


def _tasks(ask: Ask) -> list[DeskTask]:
    """The newest first; an operator sees no other people's."""
    return [task for task in ask.desk.work.tasks()[::-1] if _is_theirs(ask, task)]


def _is_theirs(ask: Ask, task: DeskTask) -> bool:
    person = ask.person
    return person is None or person.name == task.by or bool(person.roles - {"operator"})


async def _changes(ask: Ask) -> AsyncIterator[str]:
    last, silent_s = "", 0.0
    while not await ask.request.is_disconnected():
        # Who has logged out meanwhile, or was let in no more, is told nothing more.
        if not await run_in_threadpool(ask.is_still_inside):
            return
        now = await run_in_threadpool(render_page, ask, "task_list.html.j2", {"tasks": _tasks(ask)})
        if now != last:
            last, silent_s = now, 0.0
            lines = "".join(f"data: {line}\n" for line in now.splitlines())
            yield f"event: tasks\n{lines}\n"
        elif silent_s >= _BREATH_S:
            silent_s = 0.0
            yield ": still here\n\n"
        silent_s += _LOOK_S
        await asyncio.sleep(_LOOK_S)


ROOM = DeskRoom(
    text("Tasks"),
    "/tasks",
    (
        DeskRoute("GET", "/tasks", show_tasks, roles=EVERYBODY),
        DeskRoute("GET", "/tasks/events", follow_tasks, roles=EVERYBODY),
        DeskRoute("POST", "/tasks/{number}/cancel", cancel_task, roles=EVERYBODY),
    ),
)
