"""专栏: the issues of each column and how they stand; a new one, its pages made, looked at and published."""

from __future__ import annotations

import threading
from functools import partial

from starlette.responses import Response

from courseware.errors import BatchError, InputError, Problem, Text, text
from courseware.lessons.column import Column, column_named
from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from desk.county.articles import ArticleText, load_text, save_text, tidy
from desk.county.places import catalogue_there
from desk.people.roles import EDITORS, OFFICE, REVIEWERS
from desk.rooms.office.files import KINDS, send_from, send_look
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import NOT_FOUND, Ask, render_page
from desk.work import TaskConsole
from playlists.columns import drafting
from playlists.columns.building import FOLDER, build_issue, look_at_issue
from playlists.columns.issue import numbered_folders, subject_of
from playlists.columns.progress import STATES, IssueProgress, column_progress
from playlists.columns.publishing import publish_column


def show_columns(ask: Ask) -> Response:
    """Every column with its issues, and what makes the next one."""
    workspace, catalogue = ask.workspace, catalogue_there(ask.workspace)
    return ask.show(
        "columns.html.j2",
        columns=[column_progress(workspace, one, catalogue) for one in workspace.settings.columns],
        lessons=[(one.id, one.title) for one in catalogue.lessons],
        state_of=_state_of,
    )


def show_issue(ask: Ask) -> Response:
    """An issue: how it stands, what is missing, its article, its files."""
    return _issue_page(ask, _text_of(ask))


def save_article(ask: Ask) -> Response:
    """Write the article; who comes second sees both texts."""
    column, number, content = _column(ask), ask.number("issue"), ask.raw("content")
    theirs = save_text(ask.workspace, column, number, content, ask.said("version"))
    if theirs is None:
        return ask.go(f"/columns/{column.slug}/{number}?saved=1#text")
    # Whoever saves again after having seen what the other wrote means to.
    return _issue_page(ask, ArticleText(tidy(content), theirs.version), theirs.content)


def look_at_article(ask: Ask) -> Response:
    """The issue's page with the text as it was sent, or what is wrong with it; both within the page that asks."""
    try:
        with lock_at(ask.workspace.root):
            page = look_at_issue(ask.workspace, _column(ask), ask.number("issue"), tidy(ask.raw("content")))
    except InputError as error:
        return send_look(render_page(ask, "article_look.html.j2", {"problems": error.problems}), is_ours=True)
    return send_look(page)


def start_issue(ask: Ask) -> Response:
    """Put the making of the next issue's folder into the queue."""
    column, lesson, title = _column(ask), ask.said("lesson"), ask.said("title")
    drafting.needs_something(lesson, None, title)
    run = partial(_begin, ask.workspace, column.name, lesson, title)
    ask.queue(text("New issue of {column}", column=column.name), run, link="/columns")
    return ask.go("/tasks")


def start_build(ask: Ask) -> Response:
    """Put the making of an issue's pages into the queue."""
    column, number = _column(ask), ask.number("issue")
    name = text("Make issue {number} of {column}", number=number, column=column.name)
    ask.queue(name, partial(_build, ask.workspace, column.name, number), link=f"/columns/{column.slug}/{number}")
    return ask.go("/tasks")


def start_publication(ask: Ask) -> Response:
    """Put the publication of an issue, or of all that may be, into the queue."""
    column, chosen = _column(ask), ask.said("number")
    numbers = (int(chosen),) if chosen.isascii() and chosen.isdigit() else ()
    name = text("Publish {column}", column=column.name)
    ask.queue(name, partial(_publish, ask.workspace, column.name, numbers), link="/columns")
    return ask.go("/tasks")


def send_made(ask: Ask) -> Response:
    """A file that was made of an issue, as it will be seen."""
    folders = numbered_folders(ask.workspace, _column(ask)).get(ask.number("issue"), ())
    return send_from(ask, folders[0] / FOLDER if folders else None, ask.path("file"))


def _begin(
    workspace: Workspace, name: str, lesson: str, title: str, console: TaskConsole, _stop: threading.Event
) -> None:
    """What `yuanjiao column new` does."""
    with lock_at(workspace.root):
        fresh = open_workspace(workspace.root)
        draft = drafting.from_lesson(fresh, lesson) if lesson else drafting.DraftIssue(title, "")
        column = column_named(fresh.settings.columns, name)
        made = drafting.new_issue(fresh, column, drafting.titled(draft, title))
    console.problems(made.notes)
    console.say(text("Issue {number}: {folder}", number=made.number, folder=made.folder))


def _build(workspace: Workspace, name: str, number: int, console: TaskConsole, _stop: threading.Event) -> None:
    """What `yuanjiao column build` does."""
    with lock_at(workspace.root):
        fresh = open_workspace(workspace.root)
        done = build_issue(fresh, column_named(fresh.settings.columns, name), number)
    console.problems(done.kept)
    console.say(text("{files} files in {folder}", files=len(done.files), folder=done.folder))


def _publish(
    workspace: Workspace, name: str, numbers: tuple[int, ...], console: TaskConsole, _stop: threading.Event
) -> None:
    """What `yuanjiao column publish` does."""
    with lock_at(workspace.root):
        fresh = open_workspace(workspace.root)
        done = publish_column(fresh, column_named(fresh.settings.columns, name), numbers or None)
    for number, why in done.removed.items():
        console.note(text("Issue {number} is no longer shown: {why}", number=number, why=why))
    console.problems(done.kept)
    console.say(text("{count} issues are published, in {folder}", count=done.issues, folder=done.folder))
    if done.problems:
        raise BatchError(*done.problems)


def _issue_page(ask: Ask, article: ArticleText | None, theirs: str | None = None) -> Response:
    column, number = _column(ask), ask.number("issue")
    progress = column_progress(ask.workspace, column, catalogue_there(ask.workspace))
    issue = next((one for one in progress.issues if one.number == number), None)
    if issue is None:
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    folders = numbered_folders(ask.workspace, column).get(number, ())
    made = sorted(folders[0].joinpath(FOLDER).glob("*")) if folders else []
    return ask.show(
        "column_issue.html.j2",
        status=200 if theirs is None else 422,
        column=column,
        issue=issue,
        state=_state_of(issue),
        subject=subject_of(column, number),
        folder=folders[0].relative_to(ask.workspace.root).as_posix() if folders else "",
        made=[path.name for path in made if path.suffix in KINDS],
        article=article,
        theirs=theirs,
        saved=bool(ask.query("saved")),
    )


def _text_of(ask: Ask) -> ArticleText | None:
    """The article; None where it cannot be read, which stands among what is missing."""
    try:
        return load_text(ask.workspace, _column(ask), ask.number("issue"))
    except InputError:
        return None


def _state_of(issue: IssueProgress) -> Text:
    return Text(STATES[issue.state].pattern, {"step": issue.due or text("approval")})


def _column(ask: Ask) -> Column:
    """The column of the address, by its slug or its name.

    Raises:
        InputError: there is none.
    """
    return column_named(ask.workspace.settings.columns, ask.path("column"))


_LOOK = EDITORS | REVIEWERS | OFFICE
ROOM = DeskRoom(
    text("Columns"),
    "/columns",
    (
        DeskRoute("GET", "/columns", show_columns, roles=_LOOK, in_turn=True),
        DeskRoute("POST", "/columns/{column}", start_issue, roles=EDITORS | OFFICE),
        DeskRoute("POST", "/columns/{column}/publish", start_publication, roles=OFFICE),
        DeskRoute("GET", "/columns/{column}/{issue}", show_issue, roles=_LOOK),
        DeskRoute("POST", "/columns/{column}/{issue}/article", save_article, roles=EDITORS | OFFICE),
        DeskRoute("POST", "/columns/{column}/{issue}/look", look_at_article, roles=EDITORS | OFFICE, records=False),
        DeskRoute("POST", "/columns/{column}/{issue}/build", start_build, roles=EDITORS | OFFICE),
        DeskRoute("GET", "/columns/{column}/{issue}/made/{file}", send_made, roles=_LOOK),
    ),
)
