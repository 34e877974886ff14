"""The commands review comment and review settle. Read options, hand over, report."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WRITES
from playlists.options import DESPITE_CLOCK

_BY = click.option("--by", metavar="PERSON", required=True, help="Your name; it is kept with it.")


@click.command(
    help="Say something of a moment of the finished video of LESSON, for its editors to see to. It is kept with the"
    " reviews; “yuanjiao review status” lists what is open.",
    short_help="Comment on a moment of a video.",
    epilog="Example:\n\n  yuanjiao review comment jujube-pruning 字幕有错字 --at 0:42 --by 李主任",
)
@click.argument("lesson")
@click.argument("words")
@click.option("--at", required=True, metavar="TIME", help="The moment in the finished video, like 0:42.")
@click.option("--profile", "-p", metavar="PROFILE", default="", help="The screen whose video you saw.")
@_BY
@DESPITE_CLOCK
@WRITES
@JSON
@click.pass_obj
def comment(
    console: Console,
    *,
    lesson: str,
    words: str,
    at: str,
    profile: str,
    by: str,
    despite_clock: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Write a comment."""
    from courseware.lessons.workspace import open_workspace
    from courseware.reviews import comments, telling

    workspace = open_workspace(folder)
    wish = comments.CommentWish(lesson, at, words, by, profile, despite_clock)
    said = comments.comment(workspace, wish)
    if as_json:
        console.document(telling.comment_document(said, workspace.settings.zone))
    else:
        console.say(
            text(
                "Comment {number} on {lesson} at {at} is written down", number=said.number, lesson=lesson, at=said.at
            )
        )


@click.command(
    help="Say that what the comments of these numbers ask for was seen to.",
    short_help="Mark comments as seen to.",
    epilog="Example:\n\n  yuanjiao review settle 12 13 --by 王芳 --note 已改字幕",
)
@click.argument("numbers", nargs=-1, required=True, type=int, metavar="NUMBER…")
@_BY
@click.option("--note", metavar="WORDS", default="", help="What was done.")
@DESPITE_CLOCK
@WRITES
@JSON
@click.pass_obj
def settle(
    console: Console,
    *,
    numbers: tuple[int, ...],
    by: str,
    note: str,
    despite_clock: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Write that they are settled; nothing where one of them cannot be."""
    from courseware.lessons.workspace import open_workspace
    from courseware.reviews import comments, telling

    workspace = open_workspace(folder)
    done = comments.settle(workspace, numbers, by, note, despite_clock=despite_clock)
    if as_json:
        zone = workspace.settings.zone
        console.document({"comments": [telling.comment_document(one, zone) for one in done]})
    else:
        console.say(text("Settled: {count} comments", count=len(done)))
