"""The command asrun: bring play logs in, print the sheet that is kept by hand. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WORKSPACE, WRITES
from playlists.options import WEEK


@click.group(
    help="What the screens have shown: bring the players' logs in, print the sheet for those who keep it by hand.",
    short_help="Bring in what the screens have shown.",
    epilog="Example:\n\n  yuanjiao asrun import E:\\远教\\asrun",
)
def asrun() -> None:
    """Hold the commands below."""


@asrun.command(
    "import",
    help="Bring in play logs: of our player (.jsonl, from the folder “asrun” on the stick), ffplayout, Xibo (.csv),"
    " VNNOX (.csv, .json), and the record sheet that is kept by hand (.xlsx). The same log may be brought as often as"
    " you like. What was changed, cut, or is of another venue or of the future is named and does not count.",
    short_help="Bring in play logs and record sheets.",
    epilog="Example:\n\n  yuanjiao asrun import E:\\远教\\asrun",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR…", type=click.Path(path_type=Path))
@click.option("--venue", metavar="VENUE", default="", help="Whose logs they are, where they do not say: ffplayout.")
@ALL
@WRITES
@JSON
@click.pass_obj
def import_files(console: Console, *, files: tuple[Path, ...], venue: str, folder: Path, as_json: bool) -> None:
    """Say what was new, and of which days."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.asrun.bringing import bring_logs, say_brought

    found = bring_logs(console, open_workspace(folder), files, venue)
    if as_json:
        console.document(
            {
                "files": [{"file": name, "format": kind, "new": fresh} for name, kind, fresh in found.files],
                "torn": found.torn,
                "venues": {venue: [str(first), str(last)] for venue, (first, last) in found.venues.items()},
                "problems": said(found.problems, console.tr),
            }
        )
        return
    say_brought(console, found)


@asrun.command(
    "sheet",
    help="Make the blank record sheet (播放记录表, .xlsx) of a venue's week, for those whose screen keeps no log: a"
    " row for each opening and event, with room for what was shown and how many came. Filled in, it comes back"
    " with “yuanjiao asrun import”.",
    short_help="Make the record sheet to fill in by hand.",
    epilog="Example:\n\n  yuanjiao asrun sheet square-01 --week 2026-W49",
)
@click.argument("venue", metavar="VENUE")
@WEEK
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; else called by the venue and the week.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@WORKSPACE
@JSON
@click.pass_obj
def sheet(
    console: Console, *, venue: str, week: str, output: Path | None, force: bool, folder: Path, as_json: bool
) -> None:
    """Write the file."""
    from courseware.files import write_bytes
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import week_typed
    from playlists.asrun.blank import blank_sheet
    from playlists.county.weeks import schedule_at
    from playlists.schedules.words import week_label

    workspace = open_workspace(folder)
    plan = schedule_at(workspace, venue, week_typed(week, today(workspace)), "")
    console.note(week_label(plan.week))
    target = output or Path(f"{plan.venue}_{plan.week}_记录表.xlsx")
    if target.exists() and not force:
        what = text("is there already; choose another name, or add --force to replace it")
        raise InputError(Problem(str(target), what))
    write_bytes(target, blank_sheet(plan, workspace.settings.office))
    if as_json:
        console.document({"file": target.as_posix()})
    else:
        console.say(text("{file} is written", file=target))
