"""The command column. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import BatchError, Text, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE, WRITES

if TYPE_CHECKING:
    from courseware.lessons.column import Column
    from courseware.lessons.workspace import Workspace
    from playlists.columns.progress import ColumnProgress, IssueProgress

_SHOWN = 2  # things to be done that a row names
_DRAFT = click.Path(dir_okay=False, path_type=Path)
_COLUMN = click.option(
    "--column", "-c", "name", metavar="COLUMN", default="", help="Which column, where there are several."
)
_HEADINGS = (
    text("Issue number"),
    text("Title"),
    text("Date"),
    text("State"),
    text("Reviewed by"),
    text("To be done"),
)


@click.group(
    help="A column (专栏): a numbered row of articles, for WeChat and for web sites. The columns stand under"
    " [[columns]] in yuanjiao.toml; without any there is 扶贫振兴之路. An article is written in"
    " columns/COLUMN/NUMBER/article.md, made with “build”, reviewed with “yuanjiao review”, shown with “publish”.",
    short_help="Articles of a column: new, build, publish.",
    epilog="Examples:\n\n  yuanjiao column new jujube-pruning\n\n  yuanjiao column build 12\n\n"
    "  yuanjiao review submit column:12 --by 王芳\n\n  yuanjiao column publish 12",
)
def column() -> None:
    """Hold the commands below."""


@column.command(
    "new",
    help="Make the folder of the next issue: issue.toml with its title and facts, article.md with the text. From"
    " LESSON the draft has what the lesson says and pictures of its video. Numbers have no gaps and no doubles.",
    short_help="Make the next issue.",
    epilog="Examples:\n\n  yuanjiao column new jujube-pruning\n\n  yuanjiao column new --from 走访.md",
)
@click.argument("lesson", metavar="[LESSON]", default="")
@click.option("--from", "source", type=_DRAFT, help="Take this draft (Markdown); pictures beside it come with it.")
@click.option("--title", metavar="TITLE", default="", help="Else that of the lesson, or the draft's first heading.")
@_COLUMN
@WRITES
@JSON
@click.pass_obj
def new(
    console: Console, *, lesson: str, source: Path | None, title: str, name: str, folder: Path, as_json: bool
) -> None:
    """One folder."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.columns import drafting

    workspace = open_workspace(folder)
    chosen = _chosen(workspace, name)
    drafting.needs_something(lesson, source, title)
    if source:
        draft = drafting.from_file(source)
    elif lesson:
        draft = drafting.from_lesson(workspace, lesson)
    else:
        draft = drafting.DraftIssue(title, "")
    made = drafting.new_issue(workspace, chosen, drafting.titled(draft, title))
    if as_json:
        told = {"column": chosen.name, "number": made.number, "folder": made.folder.as_posix(), "title": made.title}
        console.document({**told, "notes": said(made.notes, console.tr)})
        return
    console.problems(made.notes)
    console.say(text("Issue {number}: {folder}", number=made.number, folder=made.folder))


@column.command(
    "build",
    help="Make of issue NUMBER, into the folder made beside its article: index.html for web sites, wechat.html to be"
    " copied into WeChat's editor, covers, pictures. 草稿 stands on it until it is approved.",
    short_help="Make an issue's pages and covers.",
    epilog="Example:\n\n  yuanjiao column build 12",
)
@click.argument("number", metavar="NUMBER", type=click.IntRange(1, 99_999))
@_COLUMN
@WRITES
@JSON
@click.pass_obj
def build(console: Console, *, number: int, name: str, folder: Path, as_json: bool) -> None:
    """One folder of files; fails when something of the issue is wrong."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.columns.building import build_issue

    workspace = open_workspace(folder)
    chosen = _chosen(workspace, name)
    done = build_issue(workspace, chosen, number)
    if as_json:
        files = [path.as_posix() for path in done.files]
        told = {"column": chosen.name, "number": number, "content": done.item.subject.sha256, "draft": done.draft}
        console.document({**told, "state": done.item.state, "files": files, "notes": said(done.kept, console.tr)})
        return
    console.problems(done.kept)
    console.say(text("{files} files in {folder}", files=len(done.files), folder=done.folder))
    if done.draft:
        subject = done.item.subject.lesson
        console.note(text("It is a draft until it is approved: yuanjiao review submit {name} --by …", name=subject))


@column.command(
    "publish",
    help="Put issue NUMBER… into published/columns, with the list of all issues and the RSS feed; without a number,"
    " all that are approved. Not what nobody approved (columns = false under [review] in yuanjiao.toml does without)."
    " What was withdrawn or rejected since disappears.",
    short_help="Publish issues that are approved.",
    epilog="Examples:\n\n  yuanjiao column publish 12\n\n  yuanjiao column publish",
)
@click.argument("numbers", metavar="[NUMBER]…", nargs=-1, type=click.IntRange(1, 99_999))
@_COLUMN
@WRITES
@JSON
@click.pass_obj
def publish(console: Console, *, numbers: tuple[int, ...], name: str, folder: Path, as_json: bool) -> None:
    """The pages of a column; fails when an issue that was named cannot be published."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.columns.publishing import publish_column

    workspace = open_workspace(folder)
    chosen = _chosen(workspace, name)
    done = publish_column(workspace, chosen, numbers or None)
    for number, why in done.removed.items():
        console.note(text("Issue {number} is no longer shown: {why}", number=number, why=why))
    if as_json:
        told = {"column": chosen.name, "folder": done.folder.as_posix(), "published": done.issues}
        removed = {str(number): console.tr(why) for number, why in done.removed.items()}
        problems, notes = said(done.problems, console.tr), said(done.kept, console.tr)
        console.document({**told, "new": list(done.new), "removed": removed, "notes": notes, "problems": problems})
    else:
        console.problems(done.kept)
        console.say(_came_to(chosen, done.issues, done.folder))
        if not chosen.link:
            console.note(
                text("There is no RSS feed; write below [[columns]] where the pages lie: link = “https://…”")
            )
    if done.problems:
        raise BatchError(*done.problems)


@column.command(
    "status",
    help="How far a column has come: every issue with its date, how it stands, who reviewed it, what is missing.",
    short_help="How far a column has come.",
    epilog="Example:\n\n  yuanjiao column status",
)
@_COLUMN
@WORKSPACE
@JSON
@click.pass_obj
def status(console: Console, *, name: str, folder: Path, as_json: bool) -> None:
    """A table for each column, or one document."""
    from courseware.lessons.workspace import open_workspace
    from playlists.columns.progress import column_progress

    workspace = open_workspace(folder)
    chosen = (_chosen(workspace, name),) if name else workspace.settings.columns
    found = [column_progress(workspace, one) for one in chosen]
    if as_json:
        console.document({"columns": [_document(one, console) for one in found]})
        return
    for progress in found:
        console.problems(progress.problems)
        console.table(_HEADINGS, [_row(issue, console) for issue in progress.issues])
        console.say(_came_to(progress.column, progress.published, None))


def _chosen(workspace: Workspace, name: str) -> Column:
    from courseware.lessons.column import column_named

    return column_named(workspace.settings.columns, name)


def _came_to(chosen: Column, published: int, folder: Path | None) -> Text:
    if folder:
        what = text("{column}: {published} of {goal} issues are published, in {folder}", folder=folder)
    else:
        what = text("{column}: {published} of {goal} issues are published")
    values = {"column": chosen.name, "published": published, "goal": chosen.goal or "∞"}
    return Text(what.pattern, {**what.values, **values})


def _row(issue: IssueProgress, console: Console) -> tuple[str, ...]:
    from playlists.columns.progress import STATES

    state = Text(STATES[issue.state].pattern, {"step": issue.due or console.tr(text("approval"))})
    first = "；".join(problem.render(console.translate) for problem in issue.missing[:_SHOWN])
    more = text("{first} … {count} in all", first=first, count=len(issue.missing))
    missing = console.tr(more) if len(issue.missing) > _SHOWN else first
    day = issue.day.isoformat() if issue.day else ""
    return str(issue.number), issue.title, day, console.tr(state), "、".join(issue.reviewers), missing


def _document(found: ColumnProgress, console: Console) -> dict[str, Any]:
    from courseware.documents import said

    issues = [
        {
            "number": one.number,
            "title": one.title,
            "date": one.day.isoformat() if one.day else None,
            "state": one.state,
            "due": one.due,
            "reviewers": list(one.reviewers),
            "missing": said(one.missing, console.tr),
        }
        for one in found.issues
    ]
    return {
        "column": found.column.name,
        "published": found.published,
        "goal": found.column.goal,
        "issues": issues,
        "problems": said(found.problems, console.tr),
    }
