"""审核: what waits for whom; a lesson's video with its subtitles, steps and comments; what is decided of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.rendition import load_rendition
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from courseware.reviews import work
from courseware.reviews.approval import unaccepted
from courseware.reviews.comments import CommentWish, comment, settle
from courseware.reviews.rules import why_refused
from courseware.reviews.work import Progress, ReviewOutcome, ReviewRequest
from courseware.times import clock
from desk.county.places import catalogue_there
from desk.cues.footage import is_played
from desk.lessons.editing import folder_of
from desk.people.roles import EDITORS, OFFICE, REVIEWERS
from desk.reviews.dossier import known_profiles, load_dossier, review_rows, steps_shown
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.acting import acting, remembering, when_of
from desk.session.asking import NOT_FOUND, Ask
from desk.work import TaskConsole
from playlists.reviews.rejecting import reject
from playlists.reviews.subjects import standing
from render.reviewing.page import FOLDER_NAME, PageWish, write_review_page
from render.reviewing.proxy import small_video, small_video_at

_DONE = {
    "submit": text("Handed in."),
    "approve": text("The step is passed."),
    "reject": text("Rejected."),
    "comment": text("The comment is written down; the editors see it with the lesson."),
    "settle": text("Settled."),
}


def show_reviews(ask: Ask) -> Response:
    """All that is finished and how it stands; what waits first."""
    workspace = ask.workspace
    return ask.show(
        "reviews.html.j2",
        rows=review_rows(workspace, catalogue_there(workspace)),
        wholes=ask.desk.outlook.wholes.look(ask.desk.apart, workspace, ""),
        standing=standing,
        required=workspace.settings.review.required,
        when=when_of(ask),
        by=ask.known,
        done=_DONE.get(ask.query("done")),
    )


def submit_many(ask: Ask) -> Response:
    """Hand in the lessons that were chosen, or all that is new or changed."""
    lessons = tuple(str(value) for value in ask.form.getlist("lesson"))
    order = ReviewRequest(lessons, acting(ask), ask.said("note"))
    with lock_at(ask.workspace.root):
        done = work.submit(open_workspace(ask.workspace.root), order)
    if done.problems:
        raise InputError(*done.problems)
    return remembering(ask, ask.go("/reviews?done=submit"))


def show_review(ask: Ask) -> Response:
    """One lesson."""
    return _page(ask, done=_DONE.get(ask.query("done")))


def submit_one(ask: Ask) -> Response:
    """Hand in a lesson."""
    return _decided(ask, "submit", work.submit)


def approve(ask: Ask) -> Response:
    """Take the next step for a lesson."""
    return _decided(ask, "approve", work.approve)


def refuse(ask: Ask) -> Response:
    """Reject a lesson; what still holds it is told."""
    return _decided(ask, "reject", reject)


def say(ask: Ask) -> Response:
    """Write a comment down."""
    workspace, lesson = ask.workspace, ask.path("lesson")
    folder_of(workspace, lesson)
    with lock_at(workspace.root):
        wish = CommentWish(lesson, ask.said("at"), ask.said("words"), acting(ask), ask.said("profile"))
        comment(open_workspace(workspace.root), wish)
    return remembering(ask, _back(ask, "comment"))


def settle_one(ask: Ask) -> Response:
    """Write down that what a comment asks for was seen to."""
    workspace, number = ask.workspace, ask.said("number")
    folder_of(workspace, ask.path("lesson"))
    with lock_at(workspace.root):
        numbers = (int(number) if number.isascii() and number.isdigit() else 0,)
        settle(open_workspace(workspace.root), numbers, acting(ask), ask.said("note"))
    return remembering(ask, ask.show("settled.html.j2") if ask.is_part else _back(ask, "settle"))


def send_finished(ask: Ask) -> Response:
    """A finished video, or any part of it that the browser asks for."""
    lesson, profile, workspace = ask.path("lesson"), ask.path("profile"), ask.workspace
    folder_of(workspace, lesson)
    known = profile in known_profiles(workspace)
    made = load_rendition(workspace.renditions_dir / profile, lesson) if known else None
    if made is None:
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    path, copy = workspace.renditions_dir / profile / made.file, small_video_at(workspace, made)
    shown = copy if not is_played(path) and copy.is_file() else path
    return FileResponse(
        shown,
        media_type="video/mp4",
        filename=f"{Path(made.file).stem}{shown.suffix}",
        content_disposition_type="inline",
        headers={"Cache-Control": "private, no-cache"},
    )


def start_copy(ask: Ask) -> Response:
    """Put the making of a small copy into the queue, of a finished video that browsers do not play."""
    workspace, lesson, profile = ask.workspace, ask.path("lesson"), ask.said("profile")
    folder_of(workspace, lesson)
    if profile not in known_profiles(workspace):
        raise InputError(Problem(profile, NOT_FOUND))
    name = text("Copy of {lesson} for the browser", lesson=lesson)
    run = partial(_make_copy, workspace, lesson, profile)
    ask.queue(name, run, link=f"/reviews/{lesson}?profile={quote(profile)}")
    return ask.go("/tasks")


def start_page(ask: Ask) -> Response:
    """Put the making of a page for a reviewer elsewhere into the queue."""
    workspace, lesson = ask.workspace, ask.path("lesson")
    folder_of(workspace, lesson)
    run = partial(_make_page, workspace, lesson, ask.said("profile"))
    name = text("Page for the review of {lesson}", lesson=lesson)
    ask.queue(name, run, link=f"/reviews/{lesson}")
    return ask.go("/tasks")


def send_page(ask: Ask) -> Response:
    """That page, to be kept and sent; a browser that is ours does not open it here."""
    workspace, lesson = ask.workspace, ask.path("lesson")
    folder_of(workspace, lesson)
    path = _page_of(workspace, lesson)
    if not path.is_file():
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    return FileResponse(path, media_type="text/html", filename=path.name)


def _page_of(workspace: Workspace, lesson: str) -> Path:
    return workspace.root / FOLDER_NAME / f"{lesson}.html"


def _make_copy(workspace: Workspace, lesson: str, profile: str, console: TaskConsole, _stop: threading.Event) -> None:
    made = load_rendition(workspace.renditions_dir / profile, lesson)
    if made is None:
        raise InputError(Problem(lesson, text("is not rendered yet; render it on the page “Courseware”")))
    small_video(workspace, made, console, anyway=True)
    console.say(text("The copy for the browser is made."))


def _make_page(workspace: Workspace, lesson: str, profile: str, console: TaskConsole, _stop: threading.Event) -> None:
    """What `yuanjiao review page` does; a page from before is replaced."""
    done = write_review_page(workspace.root, PageWish(lesson, profile), console)
    console.problems(done.problems)
    console.say(text("{page} is written.", page=done.page))
    if done.video:
        console.say(text("The video lies beside it: {file}. Send both.", file=done.video.name))


def _decided(ask: Ask, what: str, act: Callable[[Workspace, ReviewRequest, Progress], ReviewOutcome]) -> Response:
    """Do it, and show the lesson again with what is worth saying beside.

    Raises:
        InputError: it cannot be done; then nothing was written.
    """
    workspace, lesson = ask.workspace, ask.path("lesson")
    folder_of(workspace, lesson)
    order = ReviewRequest((lesson,), acting(ask), ask.said("note"), step=ask.said("step"))
    with lock_at(workspace.root):
        done = act(open_workspace(workspace.root), order, lambda _read, _total: None)
    if done.problems:
        raise InputError(*done.problems)
    return remembering(ask, _page(ask, done.notes, done=_DONE[what]) if done.notes else _back(ask, what))


def _back(ask: Ask, done: str) -> Response:
    """To the page from which it was done."""
    lesson = ask.path("lesson")
    if ask.said("back") == "lesson":
        return ask.go(f"/lessons/{lesson}")
    return ask.go(f"/reviews/{lesson}?done={done}&profile={quote(ask.said('profile'))}")


def _page(ask: Ask, told: tuple[Problem, ...] = (), done: Text | None = None) -> Response:
    workspace, by = ask.workspace, ask.known
    catalogue = catalogue_there(workspace)
    dossier = load_dossier(workspace, ask.path("lesson"), ask.query("profile") or ask.said("profile"), catalogue)
    rules = workspace.settings.review
    seen = dossier.seen
    finished = workspace.renditions_dir / seen.rendition.profile / seen.rendition.file
    return ask.show(
        "review.html.j2",
        dossier=dossier,
        seen=seen,
        remaining=steps_shown(seen, [step.name for step in rules.taken_in]),
        refusal=why_refused(rules, seen, by, "") if by else None,
        unfit=unaccepted(workspace).get(seen.rendition.sha256),
        is_played=is_played(finished) or small_video_at(workspace, seen.rendition).is_file(),
        has_page=_page_of(workspace, dossier.lesson.id).is_file(),
        told=told,
        done=done,
        by=ask.who,
        when=when_of(ask),
        clock=clock,
    )


_LOOK = EDITORS | REVIEWERS | OFFICE

ROOM = DeskRoom(
    text("Reviews"),
    "/reviews",
    (
        DeskRoute("GET", "/reviews", show_reviews, roles=_LOOK, in_turn=True),
        DeskRoute("POST", "/reviews", submit_many, roles=EDITORS),
        DeskRoute("GET", "/reviews/{lesson}", show_review, roles=_LOOK, in_turn=True),
        DeskRoute("GET", "/reviews/{lesson}/video/{profile}", send_finished, roles=_LOOK),
        DeskRoute("GET", "/reviews/{lesson}/page.html", send_page, roles=_LOOK),
        DeskRoute("POST", "/reviews/{lesson}/copy", start_copy, roles=_LOOK),
        DeskRoute("POST", "/reviews/{lesson}/page", start_page, roles=EDITORS | REVIEWERS),
        DeskRoute("POST", "/reviews/{lesson}/submit", submit_one, roles=EDITORS),
        DeskRoute("POST", "/reviews/{lesson}/approve", approve, roles=REVIEWERS),
        DeskRoute("POST", "/reviews/{lesson}/reject", refuse, roles=REVIEWERS),
        DeskRoute("POST", "/reviews/{lesson}/comment", say, roles=EDITORS | REVIEWERS),
        DeskRoute("POST", "/reviews/{lesson}/settle", settle_one, roles=EDITORS | REVIEWERS),
    ),
)
