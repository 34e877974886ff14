"""课件: all lessons with what is made of them; a lesson's fields; any moment on any screen; renders."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import MutableMapping, Sequence
from functools import partial
from pathlib import Path

from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from courseware.times import clock, parse_shift
from desk.county.places import catalogue_there
from desk.lessons.editing import LessonForm, folder_of, load_form, save_form
from desk.lessons.fields import FIELDS, GROUPS, choices_of, fields_for
from desk.lessons.shelf import load_row, load_shelf
from desk.lessons.thumbnails import thumbnail_of
from desk.people.roles import EDITORS, OFFICE, REVIEWERS
from desk.reviews.dossier import asked_by_lesson, asked_of
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.acting import when_of
from desk.session.asking import Ask
from desk.work import TaskConsole
from render.making.batch import raise_failures
from render.making.preview import PreviewAsked, draw_preview
from render.making.workflow import Asked, check_made, render_workspace
from render.work.machine import workers


def show_lessons(ask: Ask) -> Response:
    """The table."""
    workspace = ask.workspace
    shelf = load_shelf(workspace, catalogue_there(workspace), ask.desk.failed)
    return ask.show(
        "lessons.html.j2",
        rows=shelf.rows,
        problems=shelf.problems,
        profiles=workspace.settings.render.profiles,
        asked=asked_by_lesson(workspace),
    )


def show_lesson(ask: Ask) -> Response:
    """A lesson: its fields, its screens, a picture of any moment."""
    lesson = ask.path("lesson")
    return _lesson_page(ask, lesson, load_form(ask.workspace, lesson))


def save_lesson(ask: Ask) -> Response:
    """Take the fields, or show what is wrong beside each."""
    lesson, workspace = ask.path("lesson"), ask.workspace
    given = {field.key: ask.said(field.key) for field in FIELDS if field.kind == "yes" or field.key in ask.form}
    form = save_form(workspace, lesson, given, ask.said("version"))
    if form.is_refused or any(form.wrong.get(key) for key in given):
        return _lesson_page(ask, lesson, form, status=422)
    return ask.go(f"/lessons/{lesson}?saved=1")


def show_frame(ask: Ask) -> Response:
    """One moment of a lesson on one screen, as PNG."""
    lesson, profile = ask.path("lesson"), ask.query("profile")
    folder_of(ask.workspace, lesson)
    at_ms = parse_shift(ask.query("at") or "0")
    if at_ms is None or at_ms < 0:
        raise InputError(Problem("", text("write it like 0:42 or 1:02:30.5")))
    with tempfile.TemporaryDirectory(prefix=".yuanjiao-desk-") as scratch:
        picture = Path(scratch) / "frame.png"
        draw_preview(ask.workspace.root, PreviewAsked(lesson, (profile,), picture, at_ms))
        return Response(picture.read_bytes(), media_type="image/png")


def show_thumbnail(ask: Ask) -> Response:
    """A small picture of the lesson's video."""
    picture = thumbnail_of(ask.workspace, ask.path("lesson"))
    if picture is None:
        return Response(status_code=404)
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=60"})


def start_render(ask: Ask) -> Response:
    """Put a render into the queue: the lessons that were chosen, or all."""
    lessons = tuple(str(value) for value in ask.form.getlist("lesson"))
    profiles = tuple(str(value) for value in ask.form.getlist("profile"))
    for lesson in lessons:
        folder_of(ask.workspace, lesson)
    name = text("Render {lessons}", lessons="、".join(lessons)) if lessons else text("Render all lessons")
    run, then = partial(_render, ask.workspace.root, lessons, profiles), partial(_remember, ask.desk.failed)
    ask.queue(name, run, then=then, link=f"/lessons/{lessons[0]}" if len(lessons) == 1 else "/lessons")
    return ask.go("/tasks")


def _render(
    root: Path, lessons: Sequence[str], profiles: Sequence[str], console: TaskConsole, stop: threading.Event
) -> None:
    """What `yuanjiao render` does; what became of each video is its document."""
    done = render_workspace(root, lessons, profiles, console, Asked(workers(), stop=stop))
    for outcome in done.outcomes:
        console.document((outcome.target.lesson, outcome.target.profile.name, outcome.state))
    made = sum(outcome.state == "made" for outcome in done.outcomes)
    kept = sum(outcome.state == "kept" for outcome in done.outcomes)
    console.say(text("made: {made}, already there: {kept}", made=made, kept=kept))
    console.problems(done.skipped)
    if made:
        check_made(root, done, console)
    raise_failures(done.outcomes, done.broken)


def _remember(failed: MutableMapping[str, set[str]], outcomes: Sequence[object]) -> None:
    """What could not be made, for the table."""
    for outcome in outcomes:
        match outcome:
            case (str(lesson), str(profile), "failed"):
                failed.setdefault(lesson, set()).add(profile)
            case (str(lesson), str(profile), _):
                failed.get(lesson, set[str]()).discard(profile)


def _lesson_page(ask: Ask, lesson: str, form: LessonForm, status: int = 200) -> Response:
    workspace = ask.workspace
    row = load_row(workspace, lesson, ask.desk.failed)
    fields = fields_for(form.values, form.wrong)
    return ask.show(
        "lesson.html.j2",
        status=status,
        id=lesson,
        form=form,
        saved=bool(ask.query("saved")),
        row=row,
        fields=fields,
        groups=GROUPS,
        filled={key for key, value in form.values.items() if value} | form.wrong.keys(),
        choices={
            field.key: choices_of(field, workspace.settings, form.values[field.key])
            for group in fields.values()
            for field in group
            if field.kind == "choice"
        },
        clock=clock,
        comments=asked_of(workspace, lesson),
        is_finished=any(screen.seconds for screen in row.screens) if row else False,
        by=ask.known,
        when=when_of(ask),
    )


_LOOK = EDITORS | REVIEWERS | OFFICE
ROOM = DeskRoom(
    text("Courseware"),
    "/lessons",
    (
        DeskRoute("GET", "/lessons", show_lessons, roles=_LOOK, in_turn=True),
        DeskRoute("GET", "/lessons/{lesson}", show_lesson, roles=_LOOK),
        DeskRoute("POST", "/lessons/{lesson}", save_lesson, roles=EDITORS),
        DeskRoute("GET", "/lessons/{lesson}/frame.png", show_frame, roles=_LOOK),
        DeskRoute("GET", "/lessons/{lesson}/thumbnail.jpg", show_thumbnail, roles=_LOOK),
        DeskRoute("POST", "/render", start_render, roles=EDITORS | OFFICE),
    ),
)
