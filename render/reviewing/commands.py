"""The command review page. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE, profile_option


@click.command(
    "page",
    help="Write one page for the review of LESSON that needs nothing but a browser: the finished video, made small;"
    " its subtitles, to click; what the quality check finds; cards and longest subtitles on every screen; the steps"
    " of the review, and what was changed since the last approval. A video of more than 40 MB lies beside the page.",
    short_help="A page for a reviewer who has only a browser.",
    epilog="Examples:\n\n  yuanjiao review page jujube-pruning\n\n"
    "  yuanjiao review page jujube-pruning --profile led-512x320 -o 审核.html",
)
@click.argument("lesson", metavar="LESSON")
@profile_option(default="", help="Whose video the page shows; else that of the largest screen.")
@click.option(
    "--output",
    "-o",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page; else reviews/LESSON.html in the workspace.",
)
@click.option("--beside", is_flag=True, help="Leave the video beside the page, also a small one.")
@click.option("--force", is_flag=True, help="Replace the page if it exists.")
@WORKSPACE
@JSON
@click.pass_obj
def page(
    console: Console,
    *,
    lesson: str,
    profile: str,
    target: Path | None,
    beside: bool,
    force: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.reviewing.page."""
    from courseware.documents import said
    from render.reviewing.page import PageWish, write_review_page

    done = write_review_page(folder, PageWish(lesson, profile, target, beside, force), console)
    if as_json:
        console.document(
            {
                "file": str(done.page),
                "size": done.size,
                "video": str(done.video) if done.video else None,
                "video_size": done.video_size,
                "problems": said(done.problems, console.tr),
            }
        )
        return
    console.problems(done.problems)
    sizes = {"size": f"{done.size / 1_000_000:.1f}", "video": f"{done.video_size / 1_000_000:.1f}"}
    if done.video:
        what = text(
            "{page} is written, {size} MB; the video lies beside: {file}, {video} MB. Send both.",
            **sizes,
            page=done.page,
            file=done.video.name,
        )
    else:
        what = text("{page} is written, {size} MB, the video of {video} MB in it.", **sizes, page=done.page)
    console.say(what)
