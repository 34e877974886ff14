"""The command leaflet. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import Text, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE

_POINTS = text("{file} is written: {count} points out of {source}")


@click.command(
    help="Make of LESSON a leaflet to take home (技术明白纸): A4, two pages, its steps out of script.txt, each with"
    " the picture of its moment in the video, and a QR code where lesson.toml has a link. Lines like 第一步：…, 1、…"
    " or headings are steps; a script without them, or subtitles alone, make points.",
    short_help="A lesson's steps as a printed leaflet.",
    epilog="Examples:\n\n  yuanjiao leaflet jujube-pruning\n\n  yuanjiao leaflet jujube-pruning -o 枣树修剪.pdf",
)
@click.argument("lesson", metavar="LESSON")
@click.option(
    "--output",
    "-o",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The leaflet, a .pdf file; else leaflets/LESSON.pdf in the workspace.",
)
@click.option("--force", is_flag=True, help="Replace the leaflet if it exists.")
@WORKSPACE
@JSON
@click.pass_obj
def leaflet(console: Console, *, lesson: str, target: Path | None, force: bool, folder: Path, as_json: bool) -> None:
    """Handed over to playlists.leaflets.leaflet."""
    from courseware import documents
    from playlists.leaflets.leaflet import make_leaflet

    done = make_leaflet(folder, lesson, target, force=force)
    if as_json:
        steps = [{"title": step.title, "text": step.body, "at_ms": step.at_ms} for step in done.text.steps]
        console.document(
            {
                "file": str(done.file),
                "source": done.source,
                "numbered": done.text.numbered,
                "steps": steps,
                "problems": documents.said(done.problems, console.tr),
            }
        )
        return
    console.problems(done.problems)
    values = {"file": done.file, "count": len(done.text.steps), "source": done.source}
    said = text("{file} is written: {count} steps out of {source}") if done.text.numbered else _POINTS
    console.say(Text(said.pattern, values))
