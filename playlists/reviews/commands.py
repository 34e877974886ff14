"""The command review: submit, approve, reject, status, export, verify. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import BatchError, InputError, Problem, Text, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE, WRITES
from playlists.options import DESPITE_CLOCK
from playlists.reviews.comments import commands as comments

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from courseware.lessons.settings import ReviewSettings
    from courseware.lessons.workspace import Workspace
    from courseware.reviews.comments import ReviewComment
    from courseware.reviews.items import ReviewItem
    from courseware.reviews.ledger import Action
    from courseware.reviews.work import Progress, ReviewOutcome, ReviewRequest

_FILE = click.Path(dir_okay=False, path_type=Path)
_LESSONS = click.argument("lessons", nargs=-1, metavar="[NAME]…")
_BY = click.option("--by", metavar="PERSON", required=True, help="Your name; it is kept with the decision.")


@click.group(
    help="Review of finished videos before they are shown (谁公开、谁审核、谁负责). Each decision is tied to the very"
    " bytes of the video: one that is made again needs a new review. With required = true under [review] in"
    " yuanjiao.toml, only videos that took all steps of the review are planned and published. A planned week"
    " (week:2026-W49; needed with weeks = true) and an issue of a column (column:12) are reviewed in the same steps.",
    short_help="Submit, approve and reject videos, weeks, issues.",
    epilog="Examples:\n\n  yuanjiao review submit --by 王芳\n\n"
    "  yuanjiao review approve jujube-pruning --by 李主任\n\n"
    "  yuanjiao review submit week:下周 column:扶贫振兴之路/12 --by 王芳",
)
def review() -> None:
    """Hold the commands below."""


for _command in (comments.comment, comments.settle):
    review.add_command(_command)


@review.command(
    "submit",
    help="Hand in for review the finished videos of the lessons named, or of all that are new or changed; a planned"
    " week (week:2026-W49), an issue of a column (column:12).",
    short_help="Hand in videos for review.",
    epilog="Example:\n\n  yuanjiao review submit --by 王芳",
)
@_LESSONS
@_BY
@click.option("--note", metavar="WORDS", default="", help="A line for the reviewer.")
@DESPITE_CLOCK
@WRITES
@JSON
@click.pass_obj
def submit(
    console: Console,
    *,
    lessons: tuple[str, ...],
    by: str,
    note: str,
    despite_clock: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Write submissions; fails when a lesson that was named cannot be handed in."""
    from courseware.reviews import work

    order = work.ReviewRequest(lessons, by, note, despite_clock)
    done = text("Handed in: {lessons} lessons, {videos} videos")
    _carry_out(console, folder, "submitted", work.submit, order, _counted(done), as_json=as_json)


@review.command(
    "approve",
    help="Take the next step of the review for the videos of the lessons named, for a week or an issue, or with --all"
    " for every video that waits; the last step approves. The steps, and who may take them, stand under [review] in"
    " yuanjiao.toml. What was made again since it was handed in is not approved.",
    short_help="Approve videos, step by step.",
    epilog="Examples:\n\n  yuanjiao review approve jujube-pruning --by 李主任\n\n"
    "  yuanjiao review approve --all --step 复审 --by 赵主任 --note 可播",
)
@_LESSONS
@click.option("--all", "every", is_flag=True, help="Every video that waits.")
@click.option("--step", metavar="STEP", default="", help="Only what stands at this step of the review.")
@_BY
@click.option("--note", metavar="WORDS", default="", help="A line to keep with it.")
@DESPITE_CLOCK
@WRITES
@JSON
@click.pass_obj
def approve(
    console: Console,
    *,
    lessons: tuple[str, ...],
    every: bool,
    step: str,
    by: str,
    note: str,
    despite_clock: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Write approvals; fails when a lesson that was named cannot be approved."""
    from courseware.reviews import telling, work

    if bool(lessons) == every:
        raise InputError(
            Problem("review approve", text("name the lessons, or write --all for everything that waits"))
        )
    order = work.ReviewRequest(lessons, by, note, despite_clock, step)
    _carry_out(console, folder, "approved", work.approve, order, telling.taken_lines, as_json=as_json)


@review.command(
    "reject",
    help="Reject the videos of the lessons named, also ones approved before: they are not planned any more. An issue"
    " of a column (column:12) that is published disappears.",
    short_help="Reject videos, or take back an approval.",
    epilog="Example:\n\n  yuanjiao review reject old-subsidy --by 李主任 --reason 政策已调整",
)
@click.argument("lessons", nargs=-1, required=True, metavar="NAME…")
@_BY
@click.option("--reason", metavar="WORDS", required=True, help="Why; the editors read it in the status.")
@DESPITE_CLOCK
@WRITES
@JSON
@click.pass_obj
def reject(
    console: Console,
    *,
    lessons: tuple[str, ...],
    by: str,
    reason: str,
    despite_clock: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Write rejections; fails when a lesson that was named cannot be rejected."""
    from courseware.reviews.work import ReviewRequest
    from playlists.reviews.rejecting import reject as act

    order = ReviewRequest(lessons, by, reason, despite_clock)
    done = text("Rejected: {lessons} lessons, {videos} videos")
    _carry_out(console, folder, "rejected", act, order, _counted(done), as_json=as_json)


@review.command(
    "status",
    help="How the finished videos of the lessons named, or of all, stand, and the weeks and issues that were handed"
    " in: approved, at which step and who is waited for, rejected, made again since and what was changed, or never"
    " handed in; who decided and when; and the comments that are open.",
    short_help="How every video stands.",
    epilog="Example:\n\n  yuanjiao review status",
)
@_LESSONS
@WORKSPACE
@JSON
@click.pass_obj
def status(console: Console, *, lessons: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """One table, or one document."""
    from courseware.lessons.rendition import damaged
    from courseware.lessons.workspace import open_workspace
    from courseware.reviews import telling
    from courseware.reviews.comments import load_comments
    from courseware.reviews.items import find_damaged, find_items
    from playlists.reviews import subjects

    workspace = open_workspace(folder)
    named, others = subjects.split(lessons)
    rules, zone = workspace.settings.review, workspace.settings.zone
    items = find_items(workspace, named) if named or not others else ()
    beside = subjects.find_items(workspace, others) if others or not named else ()
    said = load_comments(workspace, named) if named or not others else ()
    if items:
        console.problems([damaged(one) for one in find_damaged(workspace, named)])
    if as_json:
        told = [telling.comment_document(one, zone) for one in said]
        own = subjects.documents(beside, zone, console.tr)
        videos = telling.status_document(items, zone, rules, console.tr)
        console.document({**videos, "comments": told, "subjects": own})
        return
    if beside:
        console.table(subjects.HEADINGS, subjects.rows(beside, zone, console.tr))
    if named or not others:
        _say_videos(console, items, said, zone)
    if not rules.required and not others:
        console.note(
            text("Approval is not asked for; write required = true under [review] in yuanjiao.toml to do so.")
        )


def _say_videos(console: Console, items: Sequence[ReviewItem], said: Sequence[ReviewComment], zone: ZoneInfo) -> None:
    from courseware.reviews import telling

    console.table(telling.STATUS_HEADINGS, telling.status_rows(items, zone, console.tr))
    if waiting := [one for one in said if one.settled is None]:
        console.table(
            telling.COMMENT_HEADINGS, telling.comment_rows(waiting, zone), console.tr(text("Open comments"))
        )
    counts = telling.status_counts(items)
    console.say(
        text("{approved} approved, {waiting} waiting, {rejected} rejected, {changed} made again, {new} new", **counts)
    )


@review.command(
    "export",
    help="Write every review, in order: who took which step of which video, when, with what remark, and the checksum"
    " of the very bytes. CSV opens in a spreadsheet; JSON holds all that the chain of the reviews is made of.",
    short_help="Write all reviews to a file.",
    epilog="Example:\n\n  yuanjiao review export -o reviews.csv",
)
@click.option("--output", "-o", "target", type=_FILE, required=True, help="A new file: NAME.csv or NAME.json.")
@WORKSPACE
@JSON
@click.pass_obj
def export(console: Console, *, target: Path, folder: Path, as_json: bool) -> None:
    """One file; fails when the reviews do not hold together."""
    from courseware.lessons.workspace import open_workspace
    from courseware.reviews.ledger import load_pages
    from playlists.reviews import exporting

    workspace = open_workspace(folder)
    pages = load_pages(workspace.cache_dir)
    exporting.export(pages, target, workspace.settings.zone)
    if as_json:
        console.document({"file": str(target), "entries": len(pages.entries)})
    else:
        console.say(text("Written: {path}, {entries} reviews", path=str(target), entries=len(pages.entries)))


@review.command(
    "verify",
    help="Check that the reviews are those that were written: none changed, moved, put in or taken out. With --accept"
    " they are believed again as they stand, which is written into them with your name.",
    short_help="Check that no review was tampered with.",
    epilog="Examples:\n\n  yuanjiao review verify\n\n"
    "  yuanjiao review verify --accept --by 李主任 --reason 从备份恢复",
)
@click.option("--accept", "accepted", is_flag=True, help="Believe them as they stand.")
@click.option("--by", metavar="PERSON", default="", help="With --accept: your name.")
@click.option("--reason", metavar="WORDS", default="", help="With --accept: what happened.")
@WRITES
@JSON
@click.pass_obj
def verify(console: Console, *, accepted: bool, by: str, reason: str, folder: Path, as_json: bool) -> None:
    """One line, or one document; fails when the reviews do not hold together."""
    from courseware.lessons.workspace import open_workspace
    from courseware.reviews import telling, work
    from courseware.reviews.ledger import faults_of, load_pages

    workspace = open_workspace(folder)
    pages = load_pages(workspace.cache_dir)
    faults = faults_of(pages)
    if accepted:
        work.accept(workspace, by, reason)
        pages = load_pages(workspace.cache_dir)
        console.problems(faults)
        faults = ()
    if as_json:
        console.document(telling.pages_document(pages, faults, console.tr))
    else:
        console.problems(telling.clock_remarks(pages, workspace.settings.zone))
        if not faults:
            console.say(text("{entries} reviews, as they were written", entries=len(pages.entries)))
    if faults:
        raise InputError(*faults)


def _carry_out(
    console: Console,
    folder: Path,
    action: Action,
    act: Callable[[Workspace, ReviewRequest, Progress], ReviewOutcome],
    order: ReviewRequest,
    say: Callable[[ReviewOutcome, ReviewSettings], Iterable[Text]],
    *,
    as_json: bool,
) -> None:
    """Act on the videos of lessons, and on what else is named."""
    from courseware.lessons.workspace import open_workspace
    from courseware.reviews.telling import done_document
    from courseware.reviews.work import nothing_done
    from playlists.reviews import subjects
    from playlists.reviews.rejecting import act_on_subjects

    workspace = open_workspace(folder)
    lessons, others = subjects.split(order.lessons)
    done, wants_videos = nothing_done(), bool(lessons) or not others
    beside = act_on_subjects(workspace, replace(order, lessons=others), action) if others else done
    if wants_videos:
        order = replace(order, lessons=lessons)
        with console.progress() as bars:
            bar = bars.add_task(console.tr(text("Reading")), total=None, visible=False)
            done = act(workspace, order, lambda at, end: bars.update(bar, completed=at, total=end, visible=True))
    problems, notes = (*beside.problems, *done.problems), (*beside.notes, *done.notes)
    if as_json:
        both = replace(done, entries=(*beside.entries, *done.entries), problems=problems, notes=notes)
        console.document(done_document(both, workspace.settings.zone, console.tr))
    else:
        console.problems(notes)
        told = say(done, workspace.settings.review) if wants_videos else ()
        for line in (*subjects.done_lines(beside.entries, workspace.settings.review), *told):
            console.say(line)
    if problems:
        raise BatchError(*problems)


def _counted(said: Text) -> Callable[[ReviewOutcome, ReviewSettings], Iterable[Text]]:
    """The sentence with the lessons and videos of an outcome."""

    def say(done: ReviewOutcome, _rules: ReviewSettings) -> Iterable[Text]:
        yield Text(said.pattern, {"lessons": len({one.lesson for one in done.entries}), "videos": len(done.entries)})

    return say
