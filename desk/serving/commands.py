"""The command desk. Reads options, hands over."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER


@click.command(
    short_help="Do everything in the browser.",
    help="Open the desk in the browser of this computer: lessons, subtitles, schedules, what goes to the venues."
    " WORKSPACE is the folder of a workspace; without one, the one that this folder lies in, or a first start.",
    epilog="Examples:\n\n  yuanjiao desk\n\n  yuanjiao desk 汉阴远教 --port 8800 --no-browser\n\n"
    "  yuanjiao desk --lan",
)
@click.argument("workspace", metavar="[WORKSPACE]", required=False, type=FOLDER)
@click.option("--port", type=click.IntRange(1, 65535), help="The port; else 8787, or the next that is free.")
@click.option("--no-browser", is_flag=True, help="Only say the address.")
@click.option(
    "--lan",
    "in_network",
    is_flag=True,
    help="Let others in this network reach it; everybody logs in then (see “yuanjiao user”).",
)
@click.pass_obj
def desk(console: Console, *, workspace: Path | None, port: int | None, no_browser: bool, in_network: bool) -> None:
    """Handed over to desk.serving.server."""
    from desk.serving.opening import open_desk

    open_desk(console, workspace, port, browser=not no_browser, in_network=in_network)
