"""The command cover. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import BatchError, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WRITES, moment_option


@click.command(
    short_help="Draw a picture of each lesson for WeChat.",
    help="Draw covers/LESSON.jpg, 900 × 500, for LESSON… (or every lesson): the title before the lesson's own"
    " picture, or before one of its video.",
    epilog="Example:\n\n  yuanjiao cover prune --at 0:42",
)
@click.argument("lessons", nargs=-1, metavar="[LESSON]…")
@moment_option("The moment of the finished video to take.")
@WRITES
@JSON
@click.pass_obj
def cover(console: Console, *, lessons: tuple[str, ...], at_ms: int | None, folder: Path, as_json: bool) -> None:
    """Handed over to render.making.covers."""
    from render.covers.drawing import draw_covers

    found = draw_covers(folder, lessons, console, at_ms=at_ms)
    if as_json:
        console.document({"files": [str(path) for path in found.made]})
    for path in () if as_json else found.made:
        console.say(text("{file} is written", file=path))
    if found.problems:
        raise BatchError(*found.problems)
