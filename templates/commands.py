"""The command that begins a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.console import Console
from courseware.errors import text
from courseware.options import JSON


@click.command(
    help="Make an empty workspace in DIR: settings, venues, programmes and calendar, each with comments that say "
    "what to fill in. Nothing that is there is written over.",
    short_help="Make an empty workspace.",
    epilog="Example:\n\n  yuanjiao init 汉阴远教 --name 汉阴县",
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", default="", help="The county or district, as printed.")
@JSON
@click.pass_obj
def init(console: Console, directory: Path, name: str, as_json: bool) -> None:  # noqa: FBT001  (click passes by name)
    """Write the skeleton and say what comes next."""
    from templates.skeleton import make_workspace

    written = make_workspace(directory, name)
    if as_json:
        console.document({"workspace": str(directory.resolve()), "files": [path.as_posix() for path in written]})
        return
    console.say(text("made the workspace {folder}", folder=directory.resolve()))
    for path in written:
        console.say(f"  {path.as_posix()}")
    console.note(text("Next: fill in yuanjiao.toml and venues.csv, import lessons, then run “yuanjiao check” in it."))
