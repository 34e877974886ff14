"""The command subtitle sync. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "sync",
    short_help="Move subtitles to where somebody speaks.",
    help="Write FILE with the times at which the sound of a video or of a LESSON of the workspace has them, without a"
    " script: moved, stretched to another frame rate, and part by part where something was cut out. What fits nowhere"
    " is refused.",
    epilog="Examples:\n\n  yuanjiao subtitle sync spray.srt --video spray.mp4 -o spray.moved.srt\n\n"
    "  yuanjiao subtitle sync old.srt --lesson AK001 -o new.srt",
)
@click.argument("file", type=_FILE)
@click.option("--video", type=_FILE, help="The video or sound file.")
@click.option("--lesson", metavar="LESSON", help="The lesson in whose time they are to stand.")
@click.option("--output", "-o", type=_FILE, required=True, help="The file to write; its suffix names the format.")
@click.option("--force", is_flag=True, help="Replace the output if it exists.")
@WORKSPACE
@JSON
@click.pass_obj
def sync(
    console: Console,
    *,
    file: Path,
    video: Path | None,
    lesson: str | None,
    output: Path,
    force: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.subtitles.sync.syncing."""
    from render.subtitles.sync.syncing import sync_to_lesson, sync_to_video, synced_document, tell_synced

    if video and not lesson:
        done = sync_to_video(file, video, output, force=force)
    elif lesson and not video:
        done = sync_to_lesson(file, folder, lesson, output, force=force)
    else:
        raise InputError(Problem("subtitle sync", text("name either a --video or a --lesson")))
    if as_json:
        console.document(synced_document(console, output, done))
    else:
        tell_synced(console, output, done)
